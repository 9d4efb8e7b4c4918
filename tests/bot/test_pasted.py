"""Pasted texts and posts as files that a sync reads."""

from __future__ import annotations

import json
from datetime import date

from bot.pasted import Post, file_of_text

POST = Post(source="Fennick Wire", url="https://t.me/wire/7", published=date(2025, 3, 4))


def test_a_pasted_text_is_a_page() -> None:
    """As it was written; half a surrogate, which no file can hold, is replaced."""
    assert file_of_text("Lamp lit\n\nSee здесь.", None) == ("Lamp lit\n\nSee здесь.".encode(), ".txt")
    assert file_of_text("a\ud800", None) == (b"a?", ".txt")


def test_a_post_brings_what_is_known_of_it() -> None:
    """Its first line is the headline where more follows."""
    content, kind = file_of_text("Lamp lit\nOn Tuesday.\nBy her.", POST)
    assert kind == ".json"
    assert json.loads(content) == {
        "title": "Lamp lit",
        "text": "On Tuesday.\nBy her.",
        "source": "Fennick Wire",
        "date": "2025-03-04",
        "url": "https://t.me/wire/7",
    }


def test_a_first_line_that_is_a_paragraph_is_no_headline() -> None:
    """Nor is the only one; a channel without a name has no address."""
    for text in ("Only this.", f"{'word ' * 60}\nMore."):
        row = json.loads(file_of_text(text, Post(source="W", url=None, published=date(2025, 3, 4)))[0])
        assert row == {"text": text, "source": "W", "date": "2025-03-04"}
