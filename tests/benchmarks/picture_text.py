"""Text in a picture: runs of words in lines, left to right or right to left, with Pillow and DejaVu Sans."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
from PIL import ImageFont

from bot.markup import pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL import ImageDraw

SCALE = 2
"""Pixels of the picture for one of a screen."""

SIZE = 14
LINE = 20
"""The size of letters and the distance of lines, in pixels of a screen."""

Colour = str

INK, LINK = "#14181c", "#1f76c7"
"""The colours of words, and of those that open an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Letters of one look; ``small`` ones are for what stands at the edge."""

    text: str
    bold: bool = False
    colour: Colour = "#000000"
    small: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Paragraphs in a bubble, each of runs; ``quote`` is none, shown or folded."""

    quote: str
    paragraphs: list[list[Run]]


@cache
def font(*, bold: bool, small: bool) -> ImageFont.FreeTypeFont:
    """DejaVu Sans, as matplotlib brings it, with the shapes of Arabic."""
    name = f"DejaVuSans{'-Bold' if bold else ''}.ttf"
    path = Path(mpl.get_data_path()) / "fonts" / "ttf" / name
    size = (SIZE - 3 if small else SIZE) * SCALE
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.RAQM)


def blocks(html: str) -> list[Block]:
    """The text of a message and its quotations, in order; a newline before or behind a quotation is its edge."""
    found: list[Block] = []
    for piece in pieces(html):
        quote = "folded" if piece.folded else "shown" if piece.quoted else ""
        text = piece.text
        if not found or found[-1].quote != quote:
            if found and not found[-1].paragraphs[-1]:
                found[-1].paragraphs.pop()
            text = text.removeprefix("\n") if found else text
            found.append(Block(quote=quote, paragraphs=[[]]))
        for place, part in enumerate(text.split("\n")):
            if place:
                found[-1].paragraphs.append([])
            if part:
                found[-1].paragraphs[-1].append(Run(text=part, bold=piece.bold, colour=LINK if piece.href else INK))
    return found


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs from the right, as Unicode's P2 has it."""
    strong = (kind for char in text if (kind := unicodedata.bidirectional(char)) in ("L", "R", "AL"))
    return next(strong, "L") != "L"


def width(runs: Sequence[Run]) -> int:
    """How wide runs are side by side, in pixels of a screen."""
    return round(sum(_length(run) for run in runs) / SCALE)


def wrapped(runs: Sequence[Run], limit: int) -> list[list[Run]]:
    """Runs as lines no wider than ``limit``, broken between words."""
    lines: list[list[Run]] = [[]]
    for word in _words(runs):
        spaced = [*lines[-1], replace(word[0], text=" "), *word] if lines[-1] else list(word)
        if lines[-1] and width(spaced) > limit:
            lines.append(list(word))
        else:
            lines[-1] = spaced
    return [_joined(line) for line in lines]


def draw_line(draw: ImageDraw.ImageDraw, runs: Sequence[Run], box: tuple[int, int, int], *, from_right: bool) -> None:
    """Draw one line.

    Args:
        draw: what draws.
        runs: the line.
        box: left, top and right, in pixels of a screen.
        from_right: whether it begins at the right.
    """
    left, top, right = (edge * SCALE for edge in box)
    place = float(right if from_right else left)
    for run in runs:
        length = _length(run)
        start = place - length if from_right else place
        place = start if from_right else place + length
        face = font(bold=run.bold, small=run.small)
        direction = "rtl" if from_right else "ltr"
        draw.text((start, top + LINE * SCALE * 0.75), run.text, run.colour, face, "ls", direction=direction)


def _length(run: Run) -> float:
    direction = "rtl" if is_right_to_left(run.text) else "ltr"
    return font(bold=run.bold, small=run.small).getlength(run.text, direction=direction)


def _words(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """What stands between spaces, which may be of several looks."""
    word: list[Run] = []
    for run in runs:
        for part in re.findall(r"\s+|\S+", run.text):
            if not part.isspace():
                word.append(replace(run, text=part))
            elif word:
                yield word
                word = []
    if word:
        yield word


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Neighbours of one look as one run; a space is of the look before it."""
    joined: list[Run] = []
    for run in runs:
        same = joined and (run.text == " " or replace(joined[-1], text="") == replace(run, text=""))
        if same:
            joined[-1] = replace(joined[-1], text=joined[-1].text + run.text)
        else:
            joined.append(run)
    return joined
