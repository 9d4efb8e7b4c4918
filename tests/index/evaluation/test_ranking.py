"""Measures of ranking, against worked examples."""

from __future__ import annotations

import math

import pytest

from index.evaluation import first_rank, ndcg, recall_at, reciprocal_rank


def test_the_first_rank_is_of_the_first_relevant_item() -> None:
    """Ranks count from 1; nothing relevant is infinitely far."""
    assert first_rank(["a", "b", "c"], {"c", "b"}) == 2.0
    assert first_rank(["a"], {"z"}) == math.inf


def test_recall_counts_the_questions_with_something_in_time() -> None:
    """Of ranks 1, 3, 6 and none, half are within 5."""
    ranks = [1.0, 3.0, 6.0, math.inf]
    assert recall_at(ranks, 1) == 0.25
    assert recall_at(ranks, 5) == 0.5
    assert recall_at([], 5) == 0.0


def test_reciprocal_ranks_beyond_ten_count_nothing() -> None:
    """The mean of 1, 1/4, 0 and 0."""
    assert reciprocal_rank([1.0, 4.0, 11.0, math.inf]) == pytest.approx(1.25 / 4)
    assert reciprocal_rank([]) == 0.0


def test_gains_fall_with_the_logarithm_of_the_rank() -> None:
    """Two of three relevant ones, at 1 and 4: 1 + 1/log2(5), of at most 1 + 1/log2(3) + 1/2."""
    gained, most = 1 + 1 / math.log2(5), 1 + 1 / math.log2(3) + 1 / 2
    assert ndcg([True, False, False, True], 3) == pytest.approx(gained / most)


def test_the_most_is_of_as_many_as_there_is_room_for() -> None:
    """Fifteen relevant ones on ten places are as good as can be; what stands at 11 counts nothing."""
    assert ndcg([True] * 10, 15) == pytest.approx(1.0)
    assert ndcg([False] * 10 + [True], 1) == 0.0
    assert ndcg([False, True], 1, k=1) == 0.0
    assert ndcg([True], 0) == 0.0
