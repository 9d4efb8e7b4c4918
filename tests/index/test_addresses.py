"""The spellings of a web address: worked examples."""

from __future__ import annotations

import pytest

from index.addresses import spellings

STORED = "https://www.harbour.example/news/ferry-123/"


@pytest.mark.parametrize(
    "written",
    [
        STORED,
        "http://harbour.example/news/ferry-123",
        "harbour.example/news/ferry-123",
        "HTTPS://WWW.Harbour.Example/news/ferry-123/#comments",
        "https://harbour.example/news/ferry-123?utm_source=telegram&utm_medium=post",
        "https://harbour.example/news/ferry-123?fbclid=x&at_campaign=64",
    ],
)
def test_an_address_is_known_however_it_is_written(written: str) -> None:
    """With or without TLS, www, a last slash, a place on the page, and what counts those who follow it."""
    assert STORED in spellings(written)
    assert len(set(spellings(written))) == len(spellings(written))


def test_what_tells_pages_apart_stays() -> None:
    """A parameter that chooses the page; capitals in the path."""
    stored = "https://harbour.example/story.php?id=7"
    assert stored in spellings("http://www.harbour.example/story.php?id=7&utm_source=x")
    assert stored not in spellings("https://harbour.example/story.php?id=8")
    assert stored not in spellings("https://harbour.example/Story.php?id=7")
    assert "https://harbour.example/a" not in spellings("https://harbour.example/b")


def test_what_is_no_address_is_itself() -> None:
    """Nothing is made of it."""
    assert spellings("https://[bad/x") == ("https://[bad/x",)


def test_a_whole_site_is_no_article() -> None:
    """Feeds give it where they know no better."""
    assert spellings("https://harbour.example/") == spellings("www.harbour.example") == ()
