"""Measures, against worked examples and counting by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.evaluation import (
    auroc,
    contains,
    first_rank,
    interval,
    normalise,
    recall_at,
    reciprocal_rank,
    token_f1,
)


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


@given(st.lists(st.integers(0, 9), min_size=1), st.lists(st.integers(0, 9), min_size=1))
def test_auroc_is_the_share_of_pairs_in_order(positive: list[int], negative: list[int]) -> None:
    """Each pair counts 1 in order, a half in a tie."""
    pairs = [1.0 if above > below else 0.5 if above == below else 0.0 for above in positive for below in negative]
    assert auroc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))


def test_an_interval_holds_the_mean_and_is_the_same_each_time() -> None:
    """Of 30 successes in 100, about .21 to .39, whenever it is computed."""
    values = [1.0] * 30 + [0.0] * 70
    estimate = interval(values)
    assert estimate.mean == pytest.approx(0.3)
    assert estimate.low == pytest.approx(0.21, abs=0.02)
    assert estimate.high == pytest.approx(0.39, abs=0.02)
    assert estimate == interval(values)
    assert str(interval([1.0, 1.0])) == "1.000 [1.000, 1.000]"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("The Cat, a dog & an OWL!", "cat dog owl"),
        ("$19 million", "19 million"),
        ("Straße—МОСКВА", "strasse москва"),
        ("  ", ""),
    ],
)
def test_normalising_takes_off_what_squad_does(text: str, plain: str) -> None:
    """Case, punctuation and English articles."""
    assert normalise(text) == plain


def test_an_answer_is_contained_as_whole_words() -> None:
    """Part of a word is not the word, and nothing is no answer."""
    assert contains("They paid $19 million.", ["19 Million"])
    assert not contains("They paid 190 million.", ["19 million", "90"])
    assert not contains("Anything.", ["", "the"])


def test_token_f1_by_hand() -> None:
    """Two of three words on one side and of four on the other; repeated words count as often as both have them."""
    assert token_f1("red red fox", "red fox runs far") == pytest.approx(2 * (2 / 3) * (2 / 4) / (2 / 3 + 2 / 4))
    assert token_f1("", "") == 1.0
    assert token_f1("x", "y") == 0.0


def test_an_interval_of_another_statistic() -> None:
    """Its mean is the statistic of all values, its ends what resampling with the same seed gives."""
    values = [1.0, 2.0, 4.0, 8.0, 16.0]
    draw = np.random.default_rng(13)
    tops = sorted(max(values[at] for at in draw.integers(0, 5, 5)) for _ in range(1000))
    estimate = interval(values, lambda array: float(array.max()))
    assert (estimate.mean, estimate.low, estimate.high) == (16.0, tops[25], tops[975])


def test_separated_scores_are_told_apart_and_like_ones_are_not() -> None:
    """All above is 1, all below 0, all equal a half."""
    assert auroc([3.0, 4.0], [1.0, 2.0]) == 1.0
    assert auroc([1.0], [2.0, 3.0]) == 0.0
    assert auroc([1.0, 1.0], [1.0]) == 0.5


@given(st.text(alphabet="ab c.", max_size=20), st.text(alphabet="ab c.", max_size=20))
def test_token_f1_is_a_share_that_both_sides_agree_on(one: str, other: str) -> None:
    """It is the same both ways, 1 exactly for the same words in any order, and 0 without a shared one."""
    score = token_f1(one, other)
    ours, theirs = sorted(normalise(one).split()), sorted(normalise(other).split())
    assert 0 <= score <= 1
    assert score == pytest.approx(token_f1(other, one))
    assert (score == pytest.approx(1.0)) is (ours == theirs)
    assert (score == 0) is (not set(ours) & set(theirs) and ours != theirs)


@given(st.text(max_size=40))
def test_normalising_twice_is_normalising_once_and_a_text_contains_itself(text: str) -> None:
    """But for a text of nothing but signs, which contains nothing."""
    plain = normalise(text)
    assert normalise(plain) == plain
    assert contains(f"before {text} behind", [text]) is bool(plain)
