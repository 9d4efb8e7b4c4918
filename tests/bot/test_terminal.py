"""The terminal shows what Telegram would, within its width, and is steered by nothing in an article."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.markup import Button, Message, escaped
from bot.terminal import safe, to_terminal

MESSAGE = Message(
    html="<blockquote>The <b>mayor</b> opened\nit.</blockquote>\n"
    '<a href="https://a.example/long">Title · Post</a>\n\nEnd.',
    buttons=((Button(label="More passages", data="more:x:0"),), (Button(label="Other", data="y"),)),
)


def test_a_message_is_shown_in_plain_text() -> None:
    """A bar before the quotation, the address below its link, numbers before the buttons."""
    assert to_terminal(MESSAGE, colour=False, width=60) == (
        "│ The mayor opened\n│ it.\nTitle · Post\nhttps://a.example/long\n\nEnd.\n\n[1] More passages\n[2] Other"
    )


def test_colour_adds_escapes_and_nothing_else() -> None:
    """With colour the bold and the linked are marked; without its escapes it is the plain text."""
    coloured = to_terminal(MESSAGE, colour=True, width=60)
    assert "\x1b[1mmayor\x1b[0m" in coloured
    assert "\x1b[4mTitle · Post\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == to_terminal(MESSAGE, colour=False, width=60)


def test_lines_are_wrapped_at_words_by_the_width_of_characters() -> None:
    """Wide characters count twice; a bar stands before every line of a quotation; addresses are not broken."""
    html = (
        f'<blockquote>{"word " * 12}天気がいいから散歩しよう</blockquote>\n<a href="https://a.example/{"x" * 60}">t</a>'
    )
    lines = to_terminal(Message(html=html), colour=False, width=30).split("\n")
    assert all(cell_len(line) <= 30 for line in lines if not line.startswith("https"))
    assert lines[-1] == "https://a.example/" + "x" * 60
    assert [line[:2] for line in lines[:3]] == ["│ "] * 3


def test_two_links_on_lines_of_their_own_keep_their_addresses() -> None:
    """Each address stands below the line of its link, once."""
    html = '1. <a href="https://a.example">One</a>\n2. <a href="https://b.example"><b>T</b>wo</a>'
    assert to_terminal(Message(html=html), colour=False, width=40) == (
        "1. One\nhttps://a.example\n2. Two\nhttps://b.example"
    )


def test_a_quotation_between_texts_starts_lines_of_its_own() -> None:
    """Text before a quotation, even on the same line, is not quoted."""
    html = 'a <a href="https://a.example">b</a><blockquote>\n</blockquote>c'
    assert to_terminal(Message(html=html), colour=False, width=3) == "a b\nhttps://a.example\n│\nc"


@given(st.text(st.characters(), max_size=200), st.booleans(), st.integers(1, 50))
def test_no_text_steers_the_terminal(text: str, colour: bool, width: int) -> None:  # noqa: FBT001
    """Whatever an article says, no control character comes out but newlines and our own colours."""
    message = Message(html=f"<blockquote>{escaped(text)}</blockquote>", buttons=((Button(label=text, data="x"),),))
    shown = re.sub(r"\x1b\[[0-9;]*m", "", to_terminal(message, colour=colour, width=width))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)


def test_joiners_of_words_and_emoji_are_kept() -> None:
    """An emoji of several and a Persian word with a joiner come out whole."""
    assert safe("👩‍👧 می‌روم\x1b[31m\u202e") == "👩‍👧 می‌روم[31m"


def test_a_button_that_opens_an_address_has_no_number() -> None:
    """The address stands below the link; what has a number can be pressed."""
    buttons = (
        (Button(label="More", data="x"), Button(label="Read", url="https://a.example")),
        (Button(label="Right", data="y"),),
    )
    assert to_terminal(Message(html="a", buttons=buttons), colour=False, width=40) == "a\n\n[1] More\n[2] Right"
    only = Message(html="a", buttons=((Button(label="Read", url="https://a.example"),),))
    assert to_terminal(only, colour=False, width=40) == "a"


def test_what_telegram_folds_is_dim() -> None:
    """It stands there whole, behind its bar."""
    html = "a\n<blockquote expandable>b <b>c</b></blockquote>"
    assert to_terminal(Message(html=html), colour=False, width=40) == "a\n│ b c"
    assert "\x1b[2mb \x1b[0m\x1b[1;2mc\x1b[0m" in to_terminal(Message(html=html), colour=True, width=40)
