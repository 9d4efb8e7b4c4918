"""Batches cut by tokens: every text once, like lengths together; and counting beside encoding."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from index.batches import BatchedEncoder, cut

if TYPE_CHECKING:
    from index.batches import TokenMatrix
    from index.encoder import FloatMatrix

LENGTHS = st.lists(st.integers(1, 256), max_size=60)


@given(LENGTHS, st.integers(0, 2000))
def test_every_text_is_in_one_batch_that_fits(lengths: list[int], most: int) -> None:
    """A batch takes as many rows as it has texts, each as long as the longest; only a lone text may be over."""
    batches = cut(lengths, most)
    assert sorted(at for batch in batches for at in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[at] for at in batch) <= most


@given(LENGTHS, st.integers(0, 2000))
def test_batches_are_in_order_of_length_and_full(lengths: list[int], most: int) -> None:
    """From the longest text to the shortest, and the first of a batch would not have fitted into the one before."""
    batches = cut(lengths, most)
    order = [lengths[at] for batch in batches for at in batch]
    assert order == sorted(lengths, reverse=True)
    for before, after in pairwise(batches):
        assert after
        assert (len(before) + 1) * lengths[before[0]] > most


def test_a_worked_example() -> None:
    """By ten tokens: 7 alone, since two of it are 14; 4 with 3, padded to eight; 2, 2 and 1, padded to six."""
    assert cut([2, 7, 1, 4, 3, 2], 10) == [[1], [3, 4], [0, 5, 2]]


def test_no_tokens_a_batch_means_every_text_alone() -> None:
    """Also texts of one length."""
    assert cut([3, 5, 3], 0) == [[1], [0], [2]]


def test_tokens_are_counted_uncut_while_another_thread_cuts_and_encodes() -> None:
    """A model that only counts what it is given leaves the tokenizer busy: 400 words are 400, and 8 when cut."""
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "word": 1}, unk_token="[UNK]"))  # noqa: S106 - no password
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()

    def given_tokens(arrays: dict[str, TokenMatrix]) -> FloatMatrix:
        counts = arrays["attention_mask"].sum(axis=1)
        return np.stack([counts, np.ones_like(counts)], axis=1).astype(np.float32)

    encoder = BatchedEncoder(
        given_tokens,
        tokenizer.to_str(),
        {
            "inputs": ["attention_mask"],
            "dimension": 2,
            "max_tokens": 8,
            "pad_id": 0,
            "question_prompt": "",
            "passage_prompt": "",
        },
        fingerprint="counts",
        batch_tokens=16,
        workers=2,
    )
    texts = ["word " * 400] * 20
    with ThreadPoolExecutor(1) as pool:
        encoding = [pool.submit(encoder.encode_passages, texts) for _ in range(150)]
        for _ in range(150):
            assert encoder.count_tokens(texts) == [400] * 20
        for each in encoding:
            vectors = each.result()
            assert np.allclose(vectors[:, 0] / vectors[:, 1], 8)
