"""Two configurations compared, against counting every way that chance could have it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from index.evaluation import compare, interval, permutation_test, sign_test


def every_sign(differences: list[float]) -> float:
    """The share of all ways to draw the signs that give a sum as far from 0."""
    sums = [
        abs(sum(sign * each for sign, each in zip(signs, differences, strict=True)))
        for signs in itertools.product((-1, 1), repeat=len(differences))
    ]
    return sum(each >= abs(sum(differences)) - 1e-9 for each in sums) / len(sums)


@given(st.lists(st.sampled_from([-0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 1.0]), max_size=9))
def test_few_differences_are_tested_exactly(differences: list[float]) -> None:
    """As counting over all signs gives it, also of those that are 0."""
    assert permutation_test(differences) == pytest.approx(every_sign(differences))


@pytest.mark.parametrize(("higher", "lower"), [(0, 5), (7, 2), (40, 25), (3, 3), (1, 0)])
def test_the_sign_test_is_the_binomial_one(higher: int, lower: int) -> None:
    """As scipy has it; 0 of 5 is twice 1/32."""
    assert sign_test(higher, lower) == pytest.approx(stats.binomtest(higher, higher + lower).pvalue)


def test_differences_of_one_size_are_tested_by_their_signs() -> None:
    """Thirty questions better and twelve worse; ties count nothing."""
    differences = [1.0] * 30 + [-1.0] * 12 + [0.0] * 50
    assert permutation_test(differences) == pytest.approx(stats.binomtest(30, 42).pvalue)


def test_many_differences_are_tested_by_drawing() -> None:
    """Near what the normal approximation gives, and the same each time."""
    differences = np.random.default_rng(5).normal(0.1, 1.0, 300).tolist()
    spread = float(np.sqrt(np.sum(np.square(differences))))
    expected = 2 * stats.norm.sf(abs(sum(differences)) / spread)
    found = permutation_test(differences)
    assert found == pytest.approx(expected, abs=0.02)
    assert found == permutation_test(differences)


def test_without_a_difference_there_is_nothing_to_explain() -> None:
    """The probability is 1."""
    assert permutation_test([0.0, 0.0]) == 1.0
    assert permutation_test([]) == 1.0


def test_a_comparison_is_of_each_question_with_itself() -> None:
    """Means, their difference with its own interval, and in how many questions which was better."""
    first, second = [1.0, 0.0, 0.5, 0.25], [1.0, 1.0, 0.25, 0.5]
    found = compare(first, second)
    assert (found.first, found.second) == (0.4375, 0.6875)
    assert found.difference == interval([0.0, 1.0, -0.25, 0.25])
    assert (found.higher, found.lower, found.questions) == (2, 1, 4)
    assert found.p == pytest.approx(every_sign([0.0, 1.0, -0.25, 0.25]))
