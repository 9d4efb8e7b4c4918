"""The same messages in a terminal: Telegram's HTML as ANSI, or as plain text."""

from __future__ import annotations

import unicodedata
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from bot.markup import pieces

if TYPE_CHECKING:
    from bot.markup import Message

_BAR = "│ "
_NARROWEST = 20


def to_terminal(message: Message, *, colour: bool, width: int) -> str:
    """A message as lines of text, without a newline at the end.

    Quotations have a bar, and are dim where Telegram folds them; a link is followed by its address on a line of its own
    (unbroken, even where that is wider than ``width`` columns); the buttons are numbered from 1, but for those that
    open an address, which stands there already. What could steer a terminal is left out.
    """
    width = max(width, _NARROWEST)
    console = Console(
        file=StringIO(),
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
    )
    lines: list[Text] = []
    for line, quote in _lines(message):
        lines += _barred(line, console, width) if quote else line.wrap(console, width, tab_size=4) or [Text()]
    labels = [button.label for row in message.buttons for button in row if not button.url]
    if labels:
        lines.append(Text())
    for number, label in enumerate(labels, start=1):
        lines += Text.assemble((f"[{number}]", "bold"), f" {safe(label)}").wrap(console, width)
    with console.capture() as captured:
        for line in lines:
            line.rstrip()
            console.print(line, soft_wrap=True)
    return captured.get().rstrip("\n")


def safe(text: str) -> str:
    """Text without control and formatting characters, newlines and the joiners of words and emoji apart."""
    return "".join(
        char for char in text if char in "\n\u200c\u200d" or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )


def _lines(message: Message) -> list[tuple[Text, bool]]:
    """The message's lines, each with whether it is quoted; addresses on lines of their own."""
    lines: list[tuple[Text, bool]] = []
    line, quote, addresses = Text(), False, list[str]()

    def finish() -> None:
        nonlocal line
        lines.append((line, quote))
        lines.extend((Text(address, style="dim", overflow="ignore"), False) for address in addresses)
        addresses.clear()
        line = Text()

    for piece in pieces(message.html):
        text = safe(piece.text)
        if piece.quoted != quote:
            if line or addresses:
                finish()
            quote = piece.quoted
            text = text if quote else text.removeprefix("\n")
        style = (
            " ".join(["bold"] * piece.bold + ["underline"] * (piece.href is not None) + ["dim"] * piece.folded)
            or "none"
        )
        for place, part in enumerate(text.split("\n")):
            if place:
                finish()
            line.append(part, style)
        if piece.href and piece.href not in addresses:
            addresses.append(safe(piece.href))
    if line or addresses:
        finish()
    return lines


def _barred(line: Text, console: Console, width: int) -> list[Text]:
    return [
        Text.assemble((_BAR, "dim"), part) for part in line.wrap(console, width - len(_BAR), tab_size=4) or [Text()]
    ]
