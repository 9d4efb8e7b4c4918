"""The parts of the comparison that need no peer."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest
from toys import ToyEncoder

from tests.benchmarks.peers.cases import later
from tests.benchmarks.peers.figures import figures, gains, latency, paired_difference, rank_by_article
from tests.benchmarks.peers.pieces import pieces
from tests.benchmarks.peers.table import lines
from tests.benchmarks.peers.vectors import KeptVectors

if TYPE_CHECKING:
    from pathlib import Path


def test_more_chunks_of_one_article_take_one_place() -> None:
    """Two chunks of an article found first do not push the next article to the third place."""
    assert rank_by_article(["a", "a", "b", "c"], {"b", "c"}) == 2


def test_what_is_not_found_has_no_rank() -> None:
    """JSON has no infinity, so it is None."""
    assert rank_by_article(["a", "b"], {"c"}) is None
    assert rank_by_article([], {"c"}) is None


def test_figures_of_four_questions() -> None:
    """Ranks 1, 2, 6 and none: one of four first, two among five, and (1 + 1/2 + 1/6) / 4."""
    found = figures([1, 2, 6, None])
    assert (found.recall_1, found.recall_5) == (0.25, 0.5)
    assert found.mrr == pytest.approx((1 + 1 / 2 + 1 / 6) / 4)


def test_the_eleventh_place_gains_nothing() -> None:
    """MRR@10 ends at ten."""
    assert gains([10, 11], "MRR@10") == [pytest.approx(0.1), 0]
    assert gains([1, 2], "recall@1") == [1, 0]


def test_the_difference_is_paired() -> None:
    """Where one is better by the same on every question, no resample says otherwise, however questions differ."""
    found = paired_difference([0.5, 1.0, 0.2], [0.25, 0.75, -0.05])
    assert (found.mean, found.low, found.high) == pytest.approx((0.25, 0.25, 0.25))


def test_the_interval_is_that_of_the_bootstrap() -> None:
    """Of 100 differences, 20 of 1 and 80 of 0, the interval is that of the binomial: .2 +- 1.96 * .04."""
    found = paired_difference([1.0] * 20 + [0.0] * 80, [0.0] * 100)
    assert found.mean == pytest.approx(0.2)
    assert found.low == pytest.approx(0.12, abs=0.011)
    assert found.high == pytest.approx(0.28, abs=0.011)


def test_latency_in_milliseconds() -> None:
    """Of 1 to 100 ms the median is 50.5, and 95 of a hundred are below the 95th percentile."""
    median, late = latency([ms / 1000 for ms in range(1, 101)])
    assert median == pytest.approx(50.5)
    assert 95 < late < 96


def test_kept_vectors_are_those_of_the_encoder(tmp_path: Path) -> None:
    """In the order of the texts, also where one stands there twice, and to the last bit."""
    texts = ["the harbour bridge", "a wet harvest", "the harbour bridge"]
    kept = KeptVectors(ToyEncoder(), tmp_path / "vectors.db")
    assert np.array_equal(kept.encode_passages(texts), ToyEncoder().encode_passages(texts))
    assert np.array_equal(kept.encode_question(texts[0]), ToyEncoder().encode_question(texts[0]))
    assert kept.encode_passages([]).shape == (0, 64)


def test_a_text_is_encoded_once(tmp_path: Path) -> None:
    """A process that comes later encodes only what is new, and gives the same vectors."""
    first, second = ToyEncoder(), ToyEncoder()
    before = KeptVectors(first, tmp_path / "vectors.db").encode_passages(["one", "two", "one"])
    after = KeptVectors(second, tmp_path / "vectors.db").encode_passages(["two", "three", "one"])
    assert first.encoded == ["one", "two"]
    assert second.encoded == ["three"]
    assert np.array_equal(after[[2, 0]], before[:2])


def test_another_encoder_has_its_own_vectors(tmp_path: Path) -> None:
    """The fingerprint is a part of the key."""
    other = ToyEncoder("other")
    KeptVectors(ToyEncoder("toy"), tmp_path / "vectors.db").encode_passages(["one"])
    KeptVectors(other, tmp_path / "vectors.db").encode_passages(["one"])
    assert other.encoded == ["one"]


def test_pieces_are_whole_sentences() -> None:
    """A piece ends where the next sentence would not fit; a sentence that is too long stands alone."""
    text = "One two. Three four!\n\nFive six seven eight nine ten. Eleven."
    assert pieces(text, 20) == ["One two. Three four!", "Five six seven eight nine ten.", "Eleven."]
    assert pieces("", 20) == [""]


def test_three_years_later() -> None:
    """The same day, or the 1st of March for a day that is not in that year."""
    assert later(date(2022, 6, 23)) == date(2025, 6, 23)
    assert later(date(2024, 2, 29)) == date(2027, 3, 1)


def test_the_table_has_newsdesk_beside_the_best_peer() -> None:
    """The best by the same measure, and of the linked only the questions that have any."""
    results = {
        "BM25, whole articles": _measured([1, None, 3]),
        "LangChain, dense": _measured([2, 2, 2]),
        "newsdesk": _measured([1, 1, 3]),
    }
    printed = "\n".join(lines(json.loads(json.dumps(results))))
    assert "undated, recall@1: newsdesk less BM25, whole articles: 0.333 [" in printed
    assert "undated, MRR@10: newsdesk less LangChain, dense: 0.278 [" in printed
    assert "undated, linked, recall@1: newsdesk less BM25, whole articles: 0.500 [" in printed
    assert "(2 questions)" in printed


def _measured(ranks: list[int | None]) -> dict[str, object]:
    asked = {"ranks": ranks, "linked": ranks, "has_linked": [True, True, False], "seconds": [0.01, 0.02, 0.03]}
    return {"news": {"cases": dict.fromkeys(("question", "month", "undated"), asked), "memory": 100.0}}
