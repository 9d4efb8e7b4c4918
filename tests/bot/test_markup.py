"""Markup: measuring as Telegram does, cutting where it does not hurt, packing, reading back."""

from __future__ import annotations

from itertools import pairwise

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from journeys.telegram_html import visible_text

from bot.markup import LIMIT, Button, Message, cut, escaped, fits, pack, pieces, plain, units, visible, widened

ANY = st.text(st.characters(), max_size=300)  # lone surrogates and control characters too
ROUGH = st.text("a .!?\n🙂👩‍👧é<&>\"'ब्दि。\r\n🇮🇱", max_size=120)


@given(st.text(max_size=200))
def test_length_is_counted_in_utf16_units(text: str) -> None:
    """The length of a text is that of its UTF-16 encoding."""
    assert units(text) == len(text.encode("utf-16-le")) // 2


@given(ANY)
def test_escaped_text_is_read_back(text: str) -> None:
    """What is escaped is seen as it was; a lone surrogate becomes U+FFFD."""
    readable = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert visible(escaped(text)) == readable
    if text.strip():
        assert visible_text(escaped(text)) == readable


@given(ROUGH, st.integers(2, 60))
def test_a_cut_fits_and_stands_between_graphemes(text: str, limit: int) -> None:
    """The beginning fits, is as long as it may be where nothing need be cut, and ends with a whole grapheme."""
    end = cut(text, limit)
    assert units(text[:end]) <= limit
    assert (end == len(text)) == (units(text) <= limit)
    ends = {match.end() for match in regex.finditer(r"\X", text)} | {0}
    first = regex.match(r"\X", text)
    assert end in ends or (first is not None and units(first[0]) > limit)


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("One two. Three four five.", 14, "One two."),
        ('He said "no." Then he left.', 16, 'He said "no."'),
        ("One. Two three four five", 20, "One. Two three four"),
        ("One two three four", 8, "One two"),
        ("Однажды вечером. Потом", 18, "Однажды вечером."),
        ("天気がいい。散歩しよう。", 8, "天気がいい。"),
        ("abcdefgh", 5, "abcde"),
        ("ab👩‍👩‍👧‍👦", 9, "ab"),
        ("👩‍👩‍👧‍👦", 5, "👩‍👩"),
        ("version 3.14 is out", 11, "version"),
        ("one/two", 6, "one/"),
        ("a bcdefghijklmnop", 12, "a bcdefghijk"),
        ("天気がいいから散歩しよう", 7, "天気がいいから"),
        ("short", 5, "short"),
        ("", 5, ""),
    ],
)
def test_a_cut_prefers_sentences_then_words(text: str, limit: int, kept: str) -> None:
    """Where that keeps more than half: after a sentence, before a space, or after a word; else between graphemes."""
    assert text[: cut(text, limit)] == kept


@given(st.lists(st.text("ab🙂\n ", min_size=1, max_size=3000), min_size=1, max_size=6))
def test_packing_loses_nothing_and_splits_between_blocks(blocks: list[str]) -> None:
    """Messages fit, joined they are the blocks, each message is as full as it can be, the buttons are on the last."""
    rows = ((Button(label="x", data="y"),),)
    messages = pack(blocks, rows)
    assert "\n\n".join(message.html for message in messages) == "\n\n".join(blocks)
    assert all(units(message.html) <= LIMIT for message in messages)
    assert [message.buttons for message in messages] == [()] * (len(messages) - 1) + [rows]
    for one, other in pairwise(messages):
        first = next(block for block in blocks if other.html.startswith(block))
        assert units(one.html) + 2 + units(first) > LIMIT or len({*blocks}) < len(blocks)


def test_a_message_may_be_exactly_as_long_as_telegram_takes() -> None:
    """Two blocks and the blank line between them fit to the last unit, counted without tags, and not one more."""
    block = f"<b>{'x' * 2000}</b>"
    assert len(pack([block, "y" * 2094])) == 1
    assert len(pack([block, "y" * 2095])) == 2


def test_a_message_has_no_more_formatting_than_telegram_shows() -> None:
    """A hundred tags fit, however they are nested; what has more is split between its blocks."""
    block = "<b>x<i>y</i></b>" * 25
    assert fits(block + block)
    assert not fits(f"{block}{block}<b>z</b>")
    assert [message.html for message in pack([block, block, block])] == [f"{block}\n\n{block}", block]


@given(ROUGH, st.lists(st.tuples(st.integers(0, 120), st.integers(0, 120)), max_size=9))
def test_widened_spans_hold_whole_graphemes_and_no_more(text: str, drawn: list[tuple[int, int]]) -> None:
    """They lie apart and in order, and their characters are those of all graphemes that a span has a part of."""
    spans = [(min(first, last, len(text)), min(max(first, last), len(text))) for first, last in drawn]
    found = widened(text, spans)
    assert all(one[1] < other[0] for one, other in pairwise(found))
    inside = {place for first, last in spans for place in range(first, last)}
    graphemes = [set(range(*match.span())) for match in regex.finditer(r"\X", text)]
    expected = {place for grapheme in graphemes if grapheme & inside for place in grapheme}
    assert {place for first, last in found for place in range(first, last)} == expected


def test_pieces_know_their_formatting() -> None:
    """Bold, quoted and linked runs are told apart, nested ones too."""
    html = '<blockquote>a <b>b</b></blockquote>\n<a href="https://x.example"><b>c</b> &amp; d</a> e<i>f</i>'
    assert not any(piece.folded for piece in pieces(html))
    found = [(piece.text, piece.bold, piece.quoted, piece.href) for piece in pieces(html)]
    link = "https://x.example"
    assert found == [
        ("a ", False, True, None),
        ("b", True, True, None),
        ("\n", False, False, None),
        ("c", True, False, link),
        (" & d", False, False, link),
        (" e", False, False, None),
        ("f", False, False, None),
    ]


def test_a_folded_quotation_is_told_from_one_that_is_not() -> None:
    """What stands behind either is neither."""
    html = "<blockquote expandable>a<b>b</b></blockquote>c<blockquote>d</blockquote>"
    found = [(piece.text, piece.quoted, piece.folded) for piece in pieces(html)]
    assert found == [("a", True, True), ("b", True, True), ("c", False, False), ("d", True, False)]


def test_plain_text_keeps_addresses_and_fits() -> None:
    """A link is followed by its address; what becomes too long by that is cut."""
    assert plain(Message(html='<b>a</b> <a href="https://x.example">b</a> &lt;')) == "a b (https://x.example) <"
    long = Message(html='<a href="https://x.example">b</a> ' * 600)
    assert units(plain(long)) <= LIMIT
