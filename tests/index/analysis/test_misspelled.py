"""Slips of a key: every term at one edit's distance, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import slips


def distance(first: str, second: str) -> int:
    """Edits between two words, a swap of neighbours being one (optimal string alignment), by the textbook's table."""
    table = {(i, -1): i + 1 for i in range(-1, len(first))} | {(-1, j): j + 1 for j in range(-1, len(second))}
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a != b))
            if i and j and a == second[j - 1] and first[i - 1] == b:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(first) - 1, len(second) - 1]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("netanyahy", "netanyahu"),
        ("kittiwke", "kittiwake"),
        ("kitttiwake", "kittiwake"),
        ("ashfrod", "ashford"),
        ("лебедва", "лебедева"),
        ("xetanyahu", "netanyahu"),
        ("القاهرا", "القاهرة"),
    ],
)
def test_one_wrong_letter_is_found(typed: str, meant: str) -> None:
    """Another letter, one less, one more, two swapped, in three scripts; in a long word the first too."""
    assert meant in set(slips(typed))


@pytest.mark.parametrize("term", ["ford", "a1b2c3d4", "19bn", "市长星期二", "netanyahуу", ""])
def test_what_is_short_or_of_no_one_alphabet_has_none(term: str) -> None:
    """Numbers, words of four letters, mixed scripts."""
    assert list(slips(term)) == []


def test_the_first_letter_of_a_short_word_is_right() -> None:
    """Harris is not Farris."""
    assert "harris" not in set(slips("farris"))
    assert "farrish" in set(slips("farris"))


@given(st.text("abcdefgxyz", min_size=5, max_size=12))
def test_each_is_one_edit_away(term: str) -> None:
    """Or the term itself, where a letter takes the place of its like."""
    assert all(distance(term, slip) <= 1 for slip in set(slips(term)))
