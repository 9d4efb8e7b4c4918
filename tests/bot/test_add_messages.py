"""What is said of articles before they come or go: within a message, escaped, and right to left too."""

from __future__ import annotations

import pytest

from bot.add_messages import add_message, nothing_added_message, remove_message, shortened
from bot.markup import LIMIT, units, visible
from bot.previewing import Preview, Seen
from bot.texts import Languages

LANGUAGES = Languages.load()
ENGLISH = LANGUAGES.of("en")


def seen(text: str, same: tuple[str, ...] = ()) -> Seen:
    """An article all of whose fields are a text."""
    return Seen(title=text, published="2025-03-04", source=text, language="en", opening=text, same=same)


@pytest.mark.parametrize("text", ["&" * 3000, "<b>" * 2000, "👩‍👩‍👧 " * 800, "word " * 900])
@pytest.mark.parametrize("language", LANGUAGES.codes)
def test_a_preview_is_one_message_whatever_it_shows(text: str, language: str) -> None:
    """Titles, sources, openings and reasons of any length are cut; markup in them is shown, not done."""
    texts = LANGUAGES.of(language)
    preview = Preview(articles=(seen(text, (text,)),) * 5, count=9999, passages=7, repeated=9, refused=(text,) * 5)
    for message in (add_message(preview, "k" * 16, texts, perhaps_cut=True), remove_message(preview, "k" * 16, texts)):
        assert units(visible(message.html)) <= LIMIT
        assert text[:50].rstrip() in visible(message.html)
    assert units(visible(nothing_added_message(text, texts).html)) <= LIMIT


def test_what_is_not_known_is_said() -> None:
    """No date, no source, a language that could not be told; passages that were too many to count are not named."""
    article = Seen(title="A", published=None, source=None, language="und", opening="B")
    html = add_message(Preview(articles=(article,), count=1), "k", ENGLISH, perhaps_cut=False).html
    assert visible(html) == "Add this article?\n\nA\nno date · no source · language not known\n\nB"


def test_what_is_removed_beside_is_counted() -> None:
    """The first are named."""
    html = remove_message(Preview(articles=(seen("A"), seen("B")), count=5), "k", ENGLISH).html
    assert visible(html).startswith("Remove 5 articles for good?")
    assert visible(html).endswith("and others: 3")


def test_the_buttons_fit_what_telegram_carries() -> None:
    """Yes and no, with the key: at most 64 bytes each."""
    preview = Preview(articles=(seen("A"),), count=1)
    (row,) = add_message(preview, "k" * 16, ENGLISH, perhaps_cut=False).buttons
    assert [button.data for button in row] == [f"add:yes:{'k' * 16}", f"add:no:{'k' * 16}"]
    (row,) = remove_message(preview, "k" * 16, ENGLISH).buttons
    assert [button.data for button in row] == [f"remove:yes:{'k' * 16}", f"remove:no:{'k' * 16}"]


def test_what_is_cut_says_so() -> None:
    """And what fits does not."""
    assert shortened("a word", 10) == "a word"
    assert shortened("a word or two", 10) == "a word or…"
