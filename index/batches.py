"""Texts to vectors by way of tokens: batches of like length, on as many threads as there are cores."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypedDict, cast

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from index.encoder import FloatMatrix, unit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sentence_transformers import SentenceTransformer

TokenMatrix = npt.NDArray[np.int64]
"""A row for each text, padded to the longest of its batch."""
TRIAL = ("Who was there?", "The council of the harbour town voted on Tuesday to close the old bridge, 7 to 2. " * 3)
"""What a model is exported with, and compared by."""


class UnsuitedError(Exception):
    """The model needs more than a fast tokenizer's tokens; sentence-transformers itself can still run it."""


class Reading(TypedDict):
    """How a model reads: the inputs that it wants, where it cuts, and what goes before a text."""

    inputs: list[str]
    dimension: int
    max_tokens: int
    pad_id: int
    question_prompt: str
    passage_prompt: str


def describe(model: SentenceTransformer) -> tuple[str, Reading]:
    """A model's tokenizer, as JSON, and how it reads.

    Raises:
        UnsuitedError: its vectors depend on more than tokens, or its tokenizer is not a fast one.

    """
    features = model.preprocess(list(TRIAL))
    inputs: list[str] = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in features]
    others = {name for name, value in features.items() if hasattr(value, "shape")} - set(inputs)
    if "input_ids" not in inputs or others:
        raise UnsuitedError(f"it wants more than tokens: {', '.join(sorted(others)) or 'no tokens'}")
    prompts = cast("dict[str, str]", model.prompts or {})
    if any(prompts.values()) and any(getattr(module, "include_prompt", True) is False for module in model):
        raise UnsuitedError("its pooling leaves the prompt out")
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise UnsuitedError("its tokenizer is not a fast one")
    chosen = prompts.get(model.default_prompt_name or "", "")
    return backend.to_str(), Reading(
        inputs=inputs,
        dimension=int(model.get_embedding_dimension() or model.encode("one").shape[-1]),
        max_tokens=int(model.max_seq_length or 512),
        pad_id=int(model.tokenizer.pad_token_id or 0),
        question_prompt=prompts.get("query", chosen),
        passage_prompt=next((prompts[name] for name in ("document", "passage", "corpus") if name in prompts), chosen),
    )


def cut(lengths: Sequence[int], most: int) -> list[list[int]]:
    """Positions of texts by batches: like lengths together, the longest first, so that threads end at one time.

    Args:
        lengths: tokens of each text.
        most: tokens of a batch when padded to its longest text; a text of more is a batch of its own.

    """
    batches: list[list[int]] = []
    for at in sorted(range(len(lengths)), key=lambda at: -lengths[at]):
        if batches and (len(batches[-1]) + 1) * lengths[batches[-1][0]] <= most:
            batches[-1].append(at)
        else:
            batches.append([at])
    return batches


class BatchedEncoder:
    """A model that is given tokens. One thread encodes; another may count tokens meanwhile.

    Args:
        run: inputs by name to vectors, one row a text; called from ``workers`` threads at once.
        tokenizer: a fast tokenizer, as JSON.
        reading: how the model reads.
        fingerprint: of its vectors.
        batch_tokens: tokens of a batch, padding included; 0 gives every text a batch of its own.
        workers: threads that run batches; a single batch runs on the caller's own.

    """

    def __init__(
        self,
        run: Callable[[dict[str, TokenMatrix]], FloatMatrix],
        tokenizer: str,
        reading: Reading,
        *,
        fingerprint: str,
        batch_tokens: int,
        workers: int,
    ) -> None:
        self._run = run
        self._reading = reading
        self._batch_tokens = batch_tokens
        self._workers = workers
        self.fingerprint = fingerprint
        self.dimension = reading["dimension"]
        self.max_tokens = reading["max_tokens"]
        # Two tokenizers, never changed again: to change one while another thread uses it raises "Already borrowed".
        self._cutting, self._whole = Tokenizer.from_str(tokenizer), Tokenizer.from_str(tokenizer)
        for each in (self._cutting, self._whole):
            each.no_padding()
        self._whole.no_truncation()
        self._cutting.enable_truncation(self.max_tokens)

    def encode_passages(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of shape (len(texts), dimension), unit norm."""
        return self._encode([self._reading["passage_prompt"] + text for text in texts])

    def encode_question(self, text: str) -> FloatMatrix:
        """One vector of shape (dimension,), unit norm."""
        row: FloatMatrix = self._encode([self._reading["question_prompt"] + text])[0]
        return row

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens, uncut; also while another thread encodes."""
        return [len(encoding.ids) for encoding in self._whole.encode_batch_fast(texts, add_special_tokens=False)]

    def _encode(self, texts: Sequence[str]) -> FloatMatrix:
        rows = [encoding.ids for encoding in self._cutting.encode_batch_fast(texts)]
        lengths = [len(row) for row in rows]
        share = -(-sum(lengths) // self._workers)  # of a few texts every core gets some
        batches = cut(lengths, min(self._batch_tokens, share))
        vectors = np.empty((len(rows), self.dimension), dtype=np.float32)
        if len(batches) == 1:
            vectors[batches[0]] = self._vectors([rows[at] for at in batches[0]])
        elif batches:
            with ThreadPoolExecutor(min(self._workers, len(batches))) as pool:
                made = pool.map(self._vectors, [[rows[at] for at in batch] for batch in batches])
                for batch, part in zip(batches, made, strict=True):
                    vectors[batch] = part
        return unit(vectors)

    def _vectors(self, rows: Sequence[Sequence[int]]) -> FloatMatrix:
        width = max(map(len, rows))
        ids = np.full((len(rows), width), self._reading["pad_id"], dtype=np.int64)
        mask = np.zeros_like(ids)
        for at, row in enumerate(rows):
            ids[at, : len(row)] = row
            mask[at, : len(row)] = 1
        arrays = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        return self._run({name: arrays[name] for name in self._reading["inputs"]})
