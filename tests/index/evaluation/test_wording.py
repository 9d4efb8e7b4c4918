"""Texts compared, against worked examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.evaluation import contains, normalise, token_f1


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
