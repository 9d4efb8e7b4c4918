"""Teaches the default encoder to point at answers: writes index/reader/weights.safetensors.

``python -m tests.benchmarks.train_reader`` learns from ../shared/data/reader (SQuADShifts, Reddit and Amazon, Miller et
al. 2020, CC BY 4.0) for 36 minutes on two cores. To each linear layer of the encoder the product of two matrices of
rank 16 is added (Hu et al. 2021, LoRA), and a layer on top gives each token the logits that an answer begins and ends
there, both at the first token where there is none (Devlin et al. 2019). Half as many questions as have an answer are
asked of a text without one: the passage less the sentences that say it, or one of others that is near by its words. A
twentieth of the passages is held back, and what was learned is tried on their questions at the end.
"""

from __future__ import annotations

import json
import math
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import save_file
from sklearn.feature_extraction.text import TfidfVectorizer
from torch import nn

from index import encoder
from index.evaluation import auroc
from index.passages import sentences
from index.reader.model import INPUTS
from tests.benchmarks.data import DATA, there

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SETS = ("squadshifts_amazon", "squadshifts_reddit")
MINUTES = 36.0
RANK, RATE, BATCH, MOST_TOKENS = 16, 1e-3, 16, 200
WEIGHTS = Path(__file__).parents[2] / "index" / "reader" / "weights.safetensors"

_WARMING = 60
_NEAR = 4
_LEFT_OUT = (0.0, 0.3, 0.6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A text with its headline, and where its sentences stand."""

    title: str
    text: str
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, the passage that answers it, and where its answers stand there."""

    text: str
    passage: int
    answers: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A question and a text to read, and where in that the answers stand; none where it has none."""

    question: str
    text: str
    answers: tuple[tuple[int, int], ...]


class LowRank(nn.Module):
    """A linear layer, and what is learned beside it."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear
        self.a = nn.Parameter(torch.randn(RANK, linear.in_features) / math.sqrt(linear.in_features))
        self.b = nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """The layer's output with the product's."""
        return self.linear(states) + (states @ self.a.T) @ self.b.T


class Pupil(nn.Module):
    """The encoder with what it learns."""

    def __init__(self) -> None:
        super().__init__()
        model = encoder.load_torch(encoder.locate(encoder.DEFAULT_ENCODER))
        self.tokenizer, self.body = model.tokenizer, model[0].auto_model
        for parameter in self.body.parameters():
            parameter.requires_grad = False
        for layer in self.body.encoder.layer:
            for holder, names in (
                (layer.attention.self, ("query", "key", "value")),
                (layer.attention.output, ("dense",)),
                (layer.intermediate, ("dense",)),
                (layer.output, ("dense",)),
            ):
                for name in names:
                    setattr(holder, name, LowRank(getattr(holder, name)))
        self.body.embeddings.token_type_embeddings.weight.requires_grad = True
        self.head = nn.Linear(self.body.config.hidden_size, 2)

    def forward(self, inputs: Mapping[str, torch.Tensor]) -> torch.Tensor:
        """Logits of shape (texts, tokens, 2)."""
        logits: torch.Tensor = self.head(self.body(**inputs).last_hidden_state.float())
        return logits

    def learned(self) -> dict[str, torch.Tensor]:
        """What index/reader adds to the encoder."""
        state = self.state_dict()
        kept = {name: value for name, value in state.items() if name.endswith((".a", ".b")) or name.startswith("head.")}
        kept["types"] = state["body.embeddings.token_type_embeddings.weight"]
        return {name.removeprefix("body."): value.half().contiguous() for name, value in kept.items()}


def main() -> None:
    """Learn, and write what was learned to the file that is named, or into index/reader."""
    if not there():
        return
    rng = random.Random(0)  # noqa: S311 - no secret
    torch.manual_seed(0)
    passages, asked = _read()
    order = list(range(len(passages)))
    rng.shuffle(order)
    held_back = set(order[: len(order) // 20])
    learnt = [each for each in asked if each.passage not in held_back]
    near = _nearest(passages, learnt)
    pupil = Pupil()
    _learn(pupil, _lessons(passages, learnt, near, rng))
    tried = [each for each in asked if each.passage in held_back][:300]
    print(
        _tried(pupil, [_example(passages, each, rng, without=without) for each in tried for without in (False, True)])
    )
    save_file(pupil.learned(), Path(sys.argv[1]) if len(sys.argv) > 1 else WEIGHTS)


def _read() -> tuple[list[Passage], list[Asked]]:
    passages: list[Passage] = []
    asked: list[Asked] = []
    for name in SETS:
        at = {}
        for row in _rows(name, "passages"):
            at[row["id"]] = len(passages)
            split = tuple(sentences(row["text"], "en"))
            passages.append(Passage(title=row.get("title") or "", text=row["text"], sentences=split))
        for row in _rows(name, "questions"):
            if row["answerable"] and row["relevant"]:
                spans = tuple((start, start + len(text)) for start, text in row["spans"])
                asked.append(Asked(text=row["question"], passage=at[row["relevant"][0]], answers=spans))
    return passages, asked


def _rows(name: str, what: str) -> Iterator[dict]:
    with (DATA / "reader" / name / f"{what}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _nearest(passages: Sequence[Passage], asked: Sequence[Asked]) -> list[list[int]]:
    """The passages of others that share most with each question."""
    vectorizer = TfidfVectorizer(sublinear_tf=True)
    texts = vectorizer.fit_transform([each.text for each in passages])
    scores = vectorizer.transform([each.text for each in asked]) @ texts.T
    found = []
    for each, row in zip(asked, scores, strict=True):
        best = row.indices[np.argsort(-row.data)][: _NEAR + 1]
        found.append([int(at) for at in best if at != each.passage][:_NEAR])
    return found


def _lessons(
    passages: Sequence[Passage], asked: Sequence[Asked], near: Sequence[Sequence[int]], rng: random.Random
) -> Iterator[Example]:
    """Examples without end."""
    while True:
        kinds = [(at, "answer") for at in range(len(asked))]
        kinds += [(at, rng.choice(("without", "other"))) for at in rng.sample(range(len(asked)), len(asked) // 2)]
        rng.shuffle(kinds)
        for at, kind in kinds:
            if kind == "other" and near[at]:
                yield _elsewhere(passages[rng.choice(near[at])], asked[at].text, rng)
            else:
                yield _example(passages, asked[at], rng, without=kind != "answer")


def _elsewhere(passage: Passage, question: str, rng: random.Random) -> Example:
    """A question of some sentences of a passage that is not its own."""
    many = rng.randint(2, 6)
    first = rng.randint(0, max(0, len(passage.sentences) - many))
    text, _ = _joined(passage, passage.sentences[first : first + many])
    return Example(question=question, text=text, answers=())


def _example(passages: Sequence[Passage], asked: Asked, rng: random.Random, *, without: bool) -> Example:
    """A question of its passage, with some sentences left out; of those that answer it all, or none."""
    passage, dropped = passages[asked.passage], rng.choice(_LEFT_OUT)
    telling = {each for each in passage.sentences if any(each[0] <= start < each[1] for start, _ in asked.answers)}
    kept = [
        each
        for each in passage.sentences
        if (each in telling and not without) or (each not in telling and rng.random() >= dropped)
    ]
    text, places = _joined(passage, kept)
    answers = [
        (place + start - first, place + min(end, last) - first)
        for first, last, place in places
        for start, end in asked.answers
        if first <= start < last and not without
    ]
    return Example(question=asked.text, text=text, answers=tuple(answers))


def _joined(passage: Passage, kept: Sequence[tuple[int, int]]) -> tuple[str, list[tuple[int, int, int]]]:
    """Sentences under their headline, as index/reading.py gives them to be read, and where each stands in that."""
    text, places = f"{passage.title}\n", []
    for start, end in kept:
        places.append((start, end, len(text)))
        text += f"{passage.text[start:end]} "
    return text, places


def _learn(pupil: Pupil, lessons: Iterator[Example]) -> None:
    """Learn for ``MINUTES``, at a rate that falls to nought by the clock."""
    parameters = [each for each in pupil.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.01)
    began, steps = time.monotonic(), 0
    while (spent := (time.monotonic() - began) / 60 / MINUTES) < 1:
        some = sorted((next(lessons) for _ in range(20 * BATCH)), key=lambda each: len(each.question + each.text))
        losses = []
        for at in torch.randperm(20).tolist():
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1, steps / _WARMING) * max(0.02, 1 - spent)
            loss = _loss(*_logits(pupil, some[at * BATCH : (at + 1) * BATCH]))
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            optimizer.zero_grad()
            losses.append(loss.item())
            steps += 1
        print(f"{spent:5.0%}  {steps * BATCH} examples, loss {np.mean(losses):.3f}", flush=True)


def _logits(
    pupil: Pupil, examples: Sequence[Example]
) -> tuple[torch.Tensor, torch.Tensor, list[list[tuple[int, int]]]]:
    """Logits, the tokens that count (the first, and the text's), and the answers by their tokens."""
    encoded = pupil.tokenizer(
        [each.question for each in examples],
        [each.text for each in examples],
        truncation="only_second",
        max_length=MOST_TOKENS,
        padding=True,
        return_offsets_mapping=True,
        return_tensors="pt",
    )
    offsets = encoded["offset_mapping"].numpy()
    counted = (encoded["token_type_ids"] == 1) & (encoded["attention_mask"] == 1)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = pupil({name: encoded[name] for name in INPUTS})
    answers = []
    for row, each in enumerate(examples):
        held = [
            np.nonzero(counted[row].numpy() & (offsets[row, :, 0] < end) & (offsets[row, :, 1] > start))[0]
            for start, end in each.answers
        ]
        answers.append([(int(tokens[0]), int(tokens[-1])) for tokens in held if len(tokens)] or [(0, 0)])
    counted[:, 0] = True
    return logits, counted, answers


def _loss(logits: torch.Tensor, counted: torch.Tensor, answers: Sequence[Sequence[tuple[int, int]]]) -> torch.Tensor:
    """Minus the log likelihood that any of the answers is pointed at."""
    logs = logits.masked_fill(~counted[..., None], -1e4).log_softmax(1)
    likely = [
        torch.stack([logs[row, start, 0] + logs[row, end, 1] for start, end in set(spans)]).logsumexp(0)
        for row, spans in enumerate(answers)
    ]
    return -torch.stack(likely).mean()


@torch.no_grad()
def _tried(pupil: Pupil, examples: Sequence[Example]) -> str:
    """How often the likeliest span meets an answer, and how well its odds tell whether there is one."""
    met, held, odds = [], [], []
    for at in range(0, len(examples), BATCH):
        logits, counted, answers = _logits(pupil, examples[at : at + BATCH])
        counted[:, 0] = False
        for row, spans in enumerate(answers):
            starts, ends = logits[row].masked_fill(~counted[row][:, None], -1e4).T
            sums = (starts[:, None] + ends[None, :]).where(torch.ones(len(starts), len(ends)).triu().bool(), -1e9)
            begin, end = divmod(int(sums.argmax()), len(ends))
            held.append(spans != [(0, 0)])
            odds.append(float(sums.max() - logits[row, 0].sum()))
            met.append(any(begin <= last and end >= first for first, last in spans))
    known, sure = np.array(held), np.array(odds)
    return f"meets an answer {np.array(met)[known].mean():.3f}; AUROC {auroc(sure[known], sure[~known]):.3f}"


if __name__ == "__main__":
    main()
