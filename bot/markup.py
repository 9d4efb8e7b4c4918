"""Messages in Telegram's HTML: escaping, measuring, cutting, packing, and reading them back (pure)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

LIMIT = 4096
"""The longest message after entity parsing, in UTF-16 units: https://core.telegram.org/bots/api#sendmessage."""

_GRAPHEME = regex.compile(r"\X")
_SENTENCE_END = regex.compile(r"""[.!?…؟۔।]+["'”’»)\]]*(?=\s)|[。！？]+["'”’」』]*""")
_SPACE = regex.compile(r"(?<=\S)(?=\s)")
_WORD_END = regex.compile(r"(?w)(?<=\S)\b")  # as Unicode has words: Chinese, which has no spaces, is cut too
_MOST_ENTITIES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button below a message: what it says, and what ``Conversation.press`` is given (up to 64 bytes).

    One with a ``url`` opens it, and gives nothing.
    """

    label: str
    data: str = ""
    url: str | None = None


Rows = tuple[tuple[Button, ...], ...]
"""Buttons, row by row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message in Telegram's HTML, at most ``LIMIT`` long, with rows of buttons below it."""

    html: str
    buttons: Rows = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What comes of something that a person does.

    ``messages`` are new ones; ``edit`` replaces the message that the pressed button stands below, and ``buttons`` those
    below it, its text left as it is; ``notice``, plain and up to 200 characters, is shown for a moment, beside the
    conversation.
    """

    messages: tuple[Message, ...] = ()
    edit: Message | None = None
    notice: str | None = None
    buttons: Rows | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text in a message: ``quoted`` inside a quotation, ``folded`` in one that a tap unfolds; or a link."""

    text: str
    bold: bool
    quoted: bool
    href: str | None
    folded: bool = False


def units(text: str) -> int:
    """The length that Telegram counts: UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def escaped(text: str) -> str:
    """Text for between tags; a lone surrogate, which no encoding can carry, becomes U+FFFD."""
    return escape(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), quote=False)


def cut(text: str, limit: int) -> int:
    """Where to cut a text so that its beginning fits ``limit`` UTF-16 units.

    After a sentence where one ends in the second half of what fits, else before a space there, else after a word there,
    else between graphemes; inside one only where the first alone does not fit. ``len(text)`` where nothing need be cut.
    """
    if units(text) <= limit:
        return len(text)
    end, room = 0, limit
    while (room := room - units(text[end])) >= 0:
        end += 1
    ends: list[int] = []
    for grapheme in _GRAPHEME.finditer(text):
        if grapheme.end() > end:
            break
        ends.append(grapheme.end())
    for boundary in (_SENTENCE_END, _SPACE, _WORD_END):
        places = {match.end() for match in boundary.finditer(text, endpos=end + 1)}
        if good := [place for place in ends if place > end // 2 and place in places]:
            return good[-1]
    return ends[-1] if ends else end


def widened(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of a text with the graphemes that they begin or end in taken whole, in order, those that meet joined."""
    merged: list[tuple[int, int]] = []
    starts = [0, *(match.end() for match in _GRAPHEME.finditer(text))]
    for first, last in sorted(spans):
        if first >= last:
            continue
        start, end = starts[bisect_right(starts, first) - 1], starts[bisect_left(starts, last)]
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def fits(html: str) -> bool:
    """Whether Telegram takes this as one message, and shows all its formatting."""
    return units(visible(html)) <= LIMIT and html.count("<") - html.count("</") <= _MOST_ENTITIES


def pack(blocks: list[str], buttons: Rows = ()) -> tuple[Message, ...]:
    """Blocks of HTML, each of which fits, as few messages, split between blocks; the last has the buttons."""
    texts: list[str] = []
    for block in blocks:
        joined = f"{texts[-1]}\n\n{block}" if texts else block
        if texts and fits(joined):
            texts[-1] = joined
        else:
            texts.append(block)
    last = len(texts) - 1
    return tuple(Message(html=text, buttons=buttons if place == last else ()) for place, text in enumerate(texts))


def pieces(html: str) -> list[Piece]:
    """The runs of text of a message, in order."""
    parser = _Pieces()
    parser.feed(html)
    parser.close()
    return parser.found


def visible(html: str) -> str:
    """What a reader sees of a message's HTML: its text without the tags."""
    return "".join(piece.text for piece in pieces(html))


def plain(message: Message) -> str:
    """The message without formatting, each link's address behind it, within ``LIMIT``."""
    text = "".join(f"{piece.text} ({piece.href})" if piece.href else piece.text for piece in pieces(message.html))
    return text[: cut(text, LIMIT)]


class _Pieces(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Piece] = []
        self._bold = 0
        self._quoted = 0
        self._folded = False
        self._href: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._bold += tag == "b"
        if tag == "blockquote":
            self._quoted += 1
            self._folded = "expandable" in dict(attrs)
        if tag == "a":
            self._href = dict(attrs).get("href")

    def handle_endtag(self, tag: str) -> None:
        self._bold -= tag == "b"
        self._quoted -= tag == "blockquote"
        if tag == "a":
            self._href = None

    def handle_data(self, data: str) -> None:
        quoted = self._quoted > 0
        self.found.append(
            Piece(text=data, bold=self._bold > 0, quoted=quoted, href=self._href, folded=quoted and self._folded)
        )
