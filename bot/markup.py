"""Messages in Telegram's HTML: escaping, measuring, cutting, packing, and reading them back (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import regex

LIMIT = 4096
"""The longest message after entity parsing, in UTF-16 units: https://core.telegram.org/bots/api#sendmessage."""

_GRAPHEME = regex.compile(r"\X")
_SENTENCE_END = regex.compile(r"""[.!?…؟۔।]+["'”’»)\]]*(?=\s)|[。！？]+["'”’」』]*""")
_SPACE = regex.compile(r"(?<=\S)(?=\s)")
_LONGEST_ADDRESS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button below a message: what it says, and what ``Conversation.press`` is given (up to 64 bytes)."""

    label: str
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message in Telegram's HTML, at most ``LIMIT`` long, with rows of buttons below it."""

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text in a message: ``quoted`` inside a quotation, ``href`` where it is a link."""

    text: str
    bold: bool
    quoted: bool
    href: str | None


def units(text: str) -> int:
    """The length that Telegram counts: UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def escaped(text: str) -> str:
    """Text for between tags; a lone surrogate, which no encoding can carry, becomes U+FFFD."""
    return escape(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), quote=False)


def linked(html: str, address: str | None) -> str:
    """The HTML as a link to a web address; as it is where the address is none that Telegram links."""
    return f'<a href="{escape(address)}">{html}</a>' if address and _is_web(address) else html


def cut(text: str, limit: int) -> int:
    """Where to cut a text so that its beginning fits ``limit`` UTF-16 units.

    After a sentence where one ends in the second half of what fits, else before a space there, else between
    graphemes; inside one only where the first alone does not fit. ``len(text)`` where nothing need be cut.
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
    for boundary in (_SENTENCE_END, _SPACE):
        places = {match.end() for match in boundary.finditer(text, endpos=end + 1)}
        if good := [place for place in ends if place > end // 2 and place in places]:
            return good[-1]
    return ends[-1] if ends else end


def pack(blocks: list[str], buttons: tuple[tuple[Button, ...], ...] = ()) -> tuple[Message, ...]:
    """Blocks of HTML, each within ``LIMIT``, as few messages, split between blocks; the last has the buttons."""
    texts: list[str] = []
    for block in blocks:
        joined = f"{texts[-1]}\n\n{block}" if texts else block
        if texts and units(visible(joined)) <= LIMIT:
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
        self._href: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._bold += tag == "b"
        self._quoted += tag == "blockquote"
        if tag == "a":
            self._href = dict(attrs).get("href")

    def handle_endtag(self, tag: str) -> None:
        self._bold -= tag == "b"
        self._quoted -= tag == "blockquote"
        if tag == "a":
            self._href = None

    def handle_data(self, data: str) -> None:
        self.found.append(Piece(text=data, bold=self._bold > 0, quoted=self._quoted > 0, href=self._href))


def _is_web(address: str) -> bool:
    if len(address) > _LONGEST_ADDRESS or not address.isprintable() or " " in address:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
