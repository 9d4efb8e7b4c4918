"""A chat as a picture: bubbles, quotations, links and buttons, from the messages as they were sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from tests.benchmarks.picture_text import (
    INK,
    LINE,
    SCALE,
    Block,
    Run,
    blocks,
    draw_line,
    is_right_to_left,
    width,
    wrapped,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 400
"""Of a chat, in pixels of a screen."""

_BUBBLE, _PAD, _GAP, _EDGE, _HEAD = 340, 10, 10, 14, 46
_BUTTON, _BETWEEN = 32, 4
_FOLDED_LINES = 3
_BAR, _QUOTED = "#3390ec", "#eaf4fd"
_FAINT = "#6b7a88"
_THUMB = [(1, 10), (5, 10), (9, 1), (12, 2), (11, 8), (18, 8), (19, 11), (17, 19), (8, 20), (6, 18), (1, 18)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message in a chat: Telegram's HTML, or a person's own words; the labels of its buttons; what flashed up."""

    html: str
    own: bool = False
    rows: Sequence[Sequence[tuple[str, bool]]] = ()
    notice: str = ""


def chat(name: str, messages: Sequence[Shown]) -> Image.Image:
    """Draw a chat under its name."""
    heights = [_height(message) for message in messages]
    image = Image.new("RGB", (WIDTH * SCALE, (_HEAD + _GAP + sum(heights)) * SCALE), "#d5e3d0")
    draw = ImageDraw.Draw(image)
    draw.rectangle(_box(0, 0, WIDTH, _HEAD), fill="#ffffff")
    draw.ellipse(_box(_EDGE, 7, _EDGE + 32, 39), fill=_BAR)
    draw_line(draw, [Run(text=name[0].upper(), bold=True, colour="#ffffff")], (_EDGE + 11, 13, 99), from_right=False)
    draw_line(draw, [Run(text=name, bold=True, colour=INK)], (_EDGE + 42, 5, WIDTH), from_right=False)
    draw_line(draw, [Run(text="bot", colour=_FAINT, small=True)], (_EDGE + 42, 22, WIDTH), from_right=False)
    top = _HEAD + _GAP
    for message, height in zip(messages, heights, strict=True):
        _draw_message(draw, message, top)
        top += height
    return image


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A block as lines, each with whether it begins at the right; ``folded`` where there are more."""

    quoted: bool
    folded: bool
    lines: list[tuple[list[Run], bool]]

    @property
    def width(self) -> int:
        """In pixels of a screen."""
        return max(width(line) for line, _ in self.lines) + 18 * self.quoted

    @property
    def height(self) -> int:
        """In pixels of a screen."""
        return sum(LINE if line else LINE // 2 for line, _ in self.lines) + 8 * self.quoted + 5 * self.folded


def _laid(block: Block) -> Laid:
    limit = _BUBBLE - 2 * _PAD - (18 if block.quote else 0)
    lines = [
        (line, is_right_to_left("".join(run.text for run in paragraph)))
        for paragraph in block.paragraphs
        for line in wrapped(paragraph, limit)
    ]
    folded = block.quote == "folded" and len(lines) > _FOLDED_LINES
    return Laid(quoted=bool(block.quote), folded=folded, lines=lines[:_FOLDED_LINES] if folded else lines)


def _bubble(message: Shown) -> tuple[list[Laid], int, int]:
    """A bubble's blocks, its width and its height."""
    laid = [_laid(block) for block in blocks(message.html)]
    wide = max(block.width for block in laid) + 2 * _PAD
    labels = [sum(_label_width(label) + 24 for label, _ in row) for row in message.rows]
    return laid, min(max(wide, *labels, 60), _BUBBLE), sum(block.height for block in laid) + 2 * _PAD - 4


def _height(message: Shown) -> int:
    notice = len(_notice(message.notice)) * LINE + 16 if message.notice else 0
    return _bubble(message)[2] + len(message.rows) * (_BUTTON + _BETWEEN) + notice + _GAP


def _draw_message(draw: ImageDraw.ImageDraw, message: Shown, top: int) -> None:
    laid, wide, high = _bubble(message)
    left = WIDTH - _EDGE - wide if message.own else _EDGE
    draw.rounded_rectangle(
        _box(left, top, left + wide, top + high), 12 * SCALE, "#e3fdd0" if message.own else "#ffffff"
    )
    place = top + _PAD - 2
    for block in laid:
        _draw_block(draw, block, (left + _PAD, place, left + wide - _PAD))
        place += block.height
    place = top + high + _BETWEEN
    for row in message.rows:
        _draw_row(draw, row, (left, place, left + wide))
        place += _BUTTON + _BETWEEN
    if message.notice:
        _draw_notice(draw, message.notice, place + 4)


def _notice(text: str) -> list[list[Run]]:
    return wrapped([Run(text=text, colour="#ffffff", small=True)], WIDTH - 80)


def _draw_notice(draw: ImageDraw.ImageDraw, text: str, top: int) -> None:
    """What Telegram shows for a moment over a chat."""
    lines = _notice(text)
    wide = max(width(line) for line in lines) + 28
    left = (WIDTH - wide) // 2
    draw.rounded_rectangle(_box(left, top, left + wide, top + len(lines) * LINE + 10), 12 * SCALE, "#3c4650")
    for place, line in enumerate(lines):
        edges = (left + 14, top + 4 + place * LINE, left + wide - 14)
        draw_line(draw, line, edges, from_right=is_right_to_left(text))


def _draw_block(draw: ImageDraw.ImageDraw, block: Laid, box: tuple[int, int, int]) -> None:
    left, top, right = box
    if block.quoted:
        bottom, from_right = top + block.height - 2, block.lines[0][1]
        draw.rounded_rectangle(_box(left, top, right, bottom), 4 * SCALE, _QUOTED)
        bar = (right - 3, right) if from_right else (left, left + 3)
        draw.rectangle(_box(bar[0], top, bar[1], bottom), _BAR)
        if block.folded:
            tip = left + 12 if from_right else right - 12
            points = [(tip - 5, bottom - 9), (tip, bottom - 4), (tip + 5, bottom - 9)]
            draw.line([(x * SCALE, y * SCALE) for x, y in points], _BAR, 2 * SCALE)
        left, top, right = left + 9, top + 2, right - 9
    for line, from_right in block.lines:
        draw_line(draw, line, (left, top, right), from_right=from_right)
        top += LINE if line else LINE // 2


def _draw_row(draw: ImageDraw.ImageDraw, row: Sequence[tuple[str, bool]], box: tuple[int, int, int]) -> None:
    left, top, right = box
    each = (right - left - _BETWEEN * (len(row) - 1)) / len(row)
    for place, (label, opens) in enumerate(row):
        start = round(left + place * (each + _BETWEEN))
        end = round(start + each)
        draw.rounded_rectangle(_box(start, top, end, top + _BUTTON), 8 * SCALE, "#8aa588")
        _draw_label(draw, label, round(start + (each - _label_width(label)) / 2), top + 6)
        if opens:
            arrow = Run(text="↗", colour="#ffffff", small=True)
            draw_line(draw, [arrow], (end - 14, top - 3, end), from_right=False)


def _label_width(label: str) -> int:
    words = re.split("[👍👎]", label)
    return width([Run(text=word, bold=True, small=True) for word in words if word]) + 16 * (len(words) - 1)


def _draw_label(draw: ImageDraw.ImageDraw, label: str, left: int, top: int) -> None:
    """A label; the thumbs, which the letters have not, are drawn."""
    for part in re.findall("[👍👎]|[^👍👎]+", label):
        if part in "👍👎":
            flip = (lambda y: y) if part == "👍" else (lambda y: 21 - y)
            draw.polygon(
                [((left + x * 0.75) * SCALE, (top + 2 + flip(y) * 0.75) * SCALE) for x, y in _THUMB], fill="#ffd76a"
            )
            left += 16
        else:
            run = Run(text=part, bold=True, colour="#ffffff", small=True)
            draw_line(draw, [run], (left, top - 1, left + width([run])), from_right=is_right_to_left(part))
            left += width([run])


def _box(left: int, top: int, right: int, bottom: int) -> tuple[int, int, int, int]:
    return left * SCALE, top * SCALE, right * SCALE, bottom * SCALE
