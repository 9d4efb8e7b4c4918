"""Means with intervals, against counting by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.evaluation import auroc, interval


@given(st.lists(st.integers(0, 9), min_size=1), st.lists(st.integers(0, 9), min_size=1))
def test_auroc_is_the_share_of_pairs_in_order(positive: list[int], negative: list[int]) -> None:
    """Each pair counts 1 in order, a half in a tie."""
    pairs = [1.0 if above > below else 0.5 if above == below else 0.0 for above in positive for below in negative]
    assert auroc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))


def test_separated_scores_are_told_apart_and_like_ones_are_not() -> None:
    """All above is 1, all below 0, all equal a half."""
    assert auroc([3.0, 4.0], [1.0, 2.0]) == 1.0
    assert auroc([1.0], [2.0, 3.0]) == 0.0
    assert auroc([1.0, 1.0], [1.0]) == 0.5


def test_an_interval_holds_the_mean_and_is_the_same_each_time() -> None:
    """Of 30 successes in 100, about .21 to .39, whenever it is computed."""
    values = [1.0] * 30 + [0.0] * 70
    estimate = interval(values)
    assert estimate.mean == pytest.approx(0.3)
    assert estimate.low == pytest.approx(0.21, abs=0.02)
    assert estimate.high == pytest.approx(0.39, abs=0.02)
    assert estimate == interval(values)
    assert str(interval([1.0, 1.0])) == "1.000 [1.000, 1.000]"


def test_an_interval_of_another_statistic() -> None:
    """Its mean is the statistic of all values, its ends what resampling with the same seed gives."""
    values = [1.0, 2.0, 4.0, 8.0, 16.0]
    draw = np.random.default_rng(13)
    tops = sorted(max(values[at] for at in draw.integers(0, 5, 5)) for _ in range(1000))
    estimate = interval(values, lambda array: float(array.max()))
    assert (estimate.mean, estimate.low, estimate.high) == (16.0, tops[25], tops[975])
