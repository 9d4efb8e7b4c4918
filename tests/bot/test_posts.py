"""What a text that is no question asks about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.markup import units
from bot.posts import LONGEST, addresses, beginning, in_cyrillic, is_long, slug


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://harbour.example/2018/01/30/mayor-opens-the-exhibition-123456.html", "mayor opens the exhibition"),
        ("https://harbour.example/a/b1c2d3/Talks_in_Moscow?utm=1#part", "Talks in Moscow"),
        ("harbour.example/новости/мэр-открыл-выставку", "мэр открыл выставку"),
        ("https://harbour.example/%D0%BC%D1%8D%D1%80-%D0%BE%D1%82%D0%BA%D1%80%D1%8B%D0%BB", "мэр открыл"),
        ("https://harbour.example/budget-of-2019-approved", "budget of 2019 approved"),
        ("https://harbour.example/news", ""),
        ("https://harbour.example/?q=mayor-opens-exhibition", ""),
        ("https://harbour.example", ""),
        ("https://[harbour/mayor-opens-exhibition", ""),
    ],
)
def test_the_words_of_an_address(address: str, words: str) -> None:
    """Those of the part of its path that has most, without numbers of articles; a single one says too little."""
    assert slug(address) == words


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("zalessk most otkryt", "залесск мост открыт"),
        ("biblioteka na kolesah", "библиотека на колесах"),
        ("klad serebryanyh monet", "клад серебряных монет"),
        ("Shchuka i YOZH v novyy god", "щука и ёж в новый год"),
        ("мост открыт", ""),
    ],
)
def test_words_in_latin_letters_may_be_russian(words: str, expected: str) -> None:
    """As newspapers write them in addresses; what is in Cyrillic already is left alone."""
    assert in_cyrillic(words) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://a.example/x", 1),
        (" www.a.example \n a.example/x ", 2),
        ("see https://a.example/x", 0),
        ("3.5/4", 0),
        ("and/or", 0),
        ("a.example", 0),
        ("", 0),
    ],
)
def test_a_text_that_is_nothing_but_addresses(text: str, found: int) -> None:
    """One word more, and it is a text; a name with a dot may be anything."""
    assert len(addresses(text)) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("word " * 40, False),
        ("word " * 41, True),
        ("word " * 41 + "why?", False),
        ("слово " * 41 + "؟", False),
        ("x" * LONGEST, False),
        ("x" * (LONGEST + 1), True),
        ("why? " * 300, True),
    ],
)
def test_a_long_text_is_no_question(text: str, expected: bool) -> None:  # noqa: FBT001
    """Over 40 words that ask nothing, or over 1,000 characters of any kind."""
    assert is_long(text) is expected


@given(st.text(alphabet="ab. \n👩🏽é", max_size=2100))
def test_the_beginning_is_one_and_fits(text: str) -> None:
    """The text itself where it fits, whatever it is made of."""
    found = beginning(text)
    assert text.startswith(found)
    assert units(found) <= LONGEST
    if units(text) <= LONGEST:
        assert found == text.rstrip()


@given(st.text(max_size=80))
def test_any_address_can_be_taken_apart(text: str) -> None:
    """What is taken from one stands in no word of the others."""
    for address in ("https://a.example/" + text, text):
        assert "/" not in slug(address)
