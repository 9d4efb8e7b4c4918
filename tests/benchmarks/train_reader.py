"""Teaches the default encoder to point at answers: writes index/reader/weights.safetensors.

``python -m tests.benchmarks.train_reader`` learns from ../shared/data/reader (SQuADShifts, Reddit and Amazon, Miller et
al. 2020, CC BY 4.0) for 25 minutes on two cores. To each linear layer of the encoder the product of two matrices of
rank 16 is added (Hu et al. 2021, LoRA), and a layer on top gives each token the logits that an answer begins and ends
there, both at the first token where there is none (Devlin et al. 2019). A lesson is a question with a text that answers
it and three that do not: sentences of other passages, which are near by their words, the best by theirs. Two things are
learned of it: to point at the answer, or at the first token, and that the first token's logits be lowest where the
answer is (listwise, Cao et al. 2007), so that they rank texts. Every other question is asked besides of its own passage
less the sentences that say it. A twentieth of the passages is held back, and what was learned is tried on their
questions before and after. Learning goes on from the weights in use, where there are any.
"""

from __future__ import annotations

import itertools
import json
import math
import random
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from sklearn.feature_extraction.text import TfidfVectorizer
from torch import nn

from index import encoder
from index.evaluation import auroc
from index.passages import sentences
from index.reader.model import INPUTS
from tests.benchmarks.data import DATA, there

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from index.domain import Span

SETS = ("squadshifts_amazon", "squadshifts_reddit")
MINUTES = 25.0
RANK, RATE, GROUPS, OTHERS, MOST_TOKENS = 16, 5e-4, 6, 3, 160
MANY, NOISE = (1, 2, 2, 3), 3.0
"""Sentences of a text, and what is added to the worth of each by chance, to choose others now and then."""
WEIGHTS = Path(__file__).parents[2] / "index" / "reader" / "weights.safetensors"

_WARMING = 60
_NEAR = 8


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

    def take(self, learned: Mapping[str, torch.Tensor]) -> None:
        """Go on from what was learned before."""
        state = {f"body.{name}": value.float() for name, value in learned.items() if name.endswith((".a", ".b"))}
        state |= {name: value.float() for name, value in learned.items() if name.startswith("head.")}
        state["body.embeddings.token_type_embeddings.weight"] = learned["types"].float()
        self.load_state_dict(state, strict=False)

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
    vectorizer = TfidfVectorizer(sublinear_tf=True)
    near = _nearest(passages, asked, vectorizer)
    rarity = dict(zip(vectorizer.get_feature_names_out(), vectorizer.idf_, strict=True))
    desk = Desk(passages=passages, asked=asked, near=near, rarity=rarity, words=vectorizer.build_analyzer(), rng=rng)
    pupil = Pupil()
    if WEIGHTS.is_file():
        pupil.take(load_file(WEIGHTS))
    exam = random.Random(1)  # noqa: S311 - no secret
    tried = exam.sample([at for at, each in enumerate(asked) if each.passage in held_back], 300)
    groups = [desk.group(at) for at in tried]
    print(f"before: {_tried(pupil, groups)}", flush=True)
    _learn(pupil, desk, [at for at, each in enumerate(asked) if each.passage not in held_back])
    print(f"after: {_tried(pupil, groups)}", flush=True)
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


def _nearest(passages: Sequence[Passage], asked: Sequence[Asked], vectorizer: TfidfVectorizer) -> list[list[int]]:
    """The passages of others that share most with each question."""
    texts = vectorizer.fit_transform([each.text for each in passages])
    scores = vectorizer.transform([each.text for each in asked]) @ texts.T
    found = []
    for each, row in zip(asked, scores, strict=True):
        best = row.indices[np.argsort(-row.data)][: _NEAR + 1]
        found.append([int(at) for at in best if at != each.passage][:_NEAR])
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All there is to ask and to read, and what lessons are drawn from it."""

    passages: Sequence[Passage]
    asked: Sequence[Asked]
    near: Sequence[Sequence[int]]
    rarity: Mapping[str, float]
    words: Callable[[str], Sequence[str]]
    rng: random.Random

    def group(self, at: int) -> list[Example]:
        """A question of a text that answers it, then of ``OTHERS`` that do not."""
        asked = self.asked[at]
        near = [*self.near[at], *self.rng.sample(range(len(self.passages)), OTHERS)][:_NEAR]
        others = self.rng.sample([each for each in near if each != asked.passage], OTHERS)
        return [self.own(asked, without=False), *(self._of(asked, self.passages[each], ()) for each in others)]

    def own(self, asked: Asked, *, without: bool) -> Example:
        """A question of sentences of its passage: those that answer it all, or none."""
        passage = self.passages[asked.passage]
        telling = [each for each in passage.sentences if any(each[0] <= start < each[1] for start, _ in asked.answers)]
        if without:
            kept = [each for each in passage.sentences if each not in telling]
            return self._of(asked, replace(passage, sentences=tuple(kept)), ())
        return self._of(asked, passage, telling)

    def _of(self, asked: Asked, passage: Passage, telling: Sequence[Span]) -> Example:
        """A question of some sentences, best first by its words, and of those that tell."""
        words = set(self.words(asked.text))
        worth = {
            (start, end): sum(self.rarity.get(word, 0.0) for word in words & set(self.words(passage.text[start:end])))
            for start, end in passage.sentences
        }
        many = self.rng.choice(MANY)
        kept = {*telling, *sorted(worth, key=lambda each: -worth[each] + self.rng.gauss(0, NOISE))[:many]}
        text, places = _joined(passage, sorted(kept))
        answers = [
            (place + start - first, place + min(end, last) - first)
            for first, last, place in places
            for start, end in asked.answers
            if first <= start < last and telling
        ]
        return Example(question=asked.text, text=text, answers=tuple(answers))


def _joined(passage: Passage, kept: Sequence[tuple[int, int]]) -> tuple[str, list[tuple[int, int, int]]]:
    """Sentences under their headline, as index/reading.py gives them to be read, and where each stands in that."""
    text, places = f"{passage.title}\n", []
    for start, end in kept:
        places.append((start, end, len(text)))
        text += f"{passage.text[start:end]} "
    return text, places


def _learn(pupil: Pupil, desk: Desk, asked: Sequence[int]) -> None:
    """Learn for ``MINUTES``, at a rate that falls to nought by the clock."""
    parameters = [each for each in pupil.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.01)
    began, steps, losses = time.monotonic(), 0, []
    while (spent := (time.monotonic() - began) / 60 / MINUTES) < 1:
        chosen = desk.rng.sample(asked, GROUPS)
        groups = [desk.group(at) for at in chosen]
        without = [desk.own(desk.asked[at], without=True) for at in chosen[: GROUPS // 2]]
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1, steps / _WARMING) * max(0.02, 1 - spent)
        logits, counted, answers = _logits(pupil, [*itertools.chain(*groups), *without])
        pointing, ranking = _loss(logits, counted, answers), _ranking(logits[: -len(without)])
        (pointing + ranking).backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append((pointing.item(), ranking.item()))
        steps += 1
        if steps % 50 == 0:
            print(f"{spent:5.0%}  {steps * GROUPS} questions, losses {np.mean(losses[-50:], axis=0)}", flush=True)


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
    quick = "AVX512" in torch.backends.cpu.get_cpu_capability()
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=quick):
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
    """Minus the log likelihood that any of the answers is pointed at; texts with and without one count the same."""
    logs = logits.masked_fill(~counted[..., None], -1e4).log_softmax(1)
    likely = [
        torch.stack([logs[row, start, 0] + logs[row, end, 1] for start, end in set(spans)]).logsumexp(0)
        for row, spans in enumerate(answers)
    ]
    known = torch.tensor([(0, 0) not in spans for spans in answers])
    each = torch.stack(likely)
    return -(each[known].mean() + each[~known].mean()) / 2


def _ranking(logits: torch.Tensor) -> torch.Tensor:
    """Minus the log likelihood of the text that answers, the first of its group, by the first token's logits."""
    return (-logits[:, 0].sum(1)).view(-1, 1 + OTHERS).log_softmax(1)[:, 0].neg().mean()


@torch.no_grad()
def _tried(pupil: Pupil, groups: Sequence[Sequence[Example]]) -> str:
    """How often the likeliest span meets an answer, how well odds tell whether there is one, and which text has it."""
    met, held, odds, first = [], [], [], []
    for at in range(0, len(groups), GROUPS):
        logits, counted, answers = _logits(pupil, [*itertools.chain(*groups[at : at + GROUPS])])
        first += (-logits[:, 0].sum(1)).view(-1, 1 + OTHERS).argmax(1).eq(0).tolist()
        counted[:, 0] = False
        for row, spans in enumerate(answers):
            starts, ends = logits[row].masked_fill(~counted[row][:, None], -1e4).T
            sums = (starts[:, None] + ends[None, :]).where(torch.ones(len(starts), len(ends)).triu().bool(), -1e9)
            begin, end = divmod(int(sums.argmax()), len(ends))
            held.append(spans != [(0, 0)])
            odds.append(float(sums.max() - logits[row, 0].sum()))
            met.append(any(begin <= last and end >= first for first, last in spans))
    known, sure = np.array(held), np.array(odds)
    tells = auroc(sure[known], sure[~known])
    return f"meets an answer {np.array(met)[known].mean():.3f}; AUROC {tells:.3f}; its text first {np.mean(first):.3f}"


if __name__ == "__main__":
    main()
