"""Tokens, sentences and shingles by hand; what counts as a fact in scripts with capitals and without."""

from __future__ import annotations

import pytest

from index.near_duplicates.words import facts_of, is_unspaced, sentences_of, shingles_of


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Rain fell. Ice froze!", [("Rain", "fell"), ("Ice", "froze")]),
        ("It rose 3.2 metres, to 1,200.5 at 06:30.", [("It", "rose", "3.2", "metres", "to", "1,200.5", "at", "06:30")]),
        ("“Stop!” she said.\n\nHe did", [("Stop",), ("she", "said"), ("He", "did")]),
        ("It's example.org, isn't it?", [("It", "s", "example", "org", "isn", "t", "it")]),
        ("水涨了3.2米。他们走了", [("水", "涨", "了", "3.2", "米"), ("他", "们", "走", "了")]),
        ("Ｆｕｌｌ width", [("Full", "width")]),
        (" … \n ! ", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_sentences_of_tokens(text: str, sentences: list[tuple[str, ...]]) -> None:
    """Numbers are whole, a character of Chinese is a token, a point inside a number or a name ends nothing."""
    assert sentences_of(text) == sentences


def test_shingles_are_every_four_tokens() -> None:
    """Of five tokens two; of fewer than four the whole."""
    assert shingles_of(list("abcde")) == {"a b c d", "b c d e"}
    assert shingles_of(["a", "b"]) == {"a b"}
    assert shingles_of([]) == {""}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("The mayor met Ines Okafor. Soon the 12 left.", {"ines", "okafor", "soon", "12"}),
        ("LONDON is wet. In London it rained on Monday.", {"london", "monday", "in"}),
        ("В среду мэр уехал в Залесск на 3 дня.", {"среду", "залесск", "3"}),
        ("El lunes llovió en Valdeoro.", {"el", "lunes", "valdeoro"}),
        ("星期一，青河涨了3米。", {"3"}),
    ],
)
def test_facts_are_numbers_days_and_what_always_has_a_capital(text: str, facts: set[str]) -> None:
    """A word that is somewhere written small is none; days are, also where a language writes them small."""
    assert facts_of(sentences_of(text)) == facts


def test_scripts_without_spaces_are_told() -> None:
    """Chinese, Japanese, Thai; not Korean, which has spaces, nor a word."""
    assert [is_unspaced(token) for token in ("水", "の", "ก", "한", "a", "水水")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
