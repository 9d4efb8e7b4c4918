"""Which lines between an article's first and its last are the article's (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.sources.lines import Kind, Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.sources.headlines import Headline

_LETTERS = re.compile(r"[\W_]+")
_SUM = re.compile(r"\(.*=.*\)")
_MOST_CHARACTERS = 500_000_000


def body_of(lines: Sequence[Line], headline: Headline | None, solid: int, end: int) -> list[str]:
    """The paragraphs of an article: its standfirst, and of its lines those that are text or head some.

    Args:
        lines: the page.
        headline: what was found above it, if anything.
        solid: index of the first whole paragraph.
        end: index after the last line of the article.

    """
    marks = [_mark(line.text) for line in lines]
    repeated = _repeated(marks, _mark(headline.text) if headline else "")
    standfirst = _standfirst(lines, headline.at if headline else -1, solid)
    kept = [line for line in standfirst if marks.count(_mark(line.text)) == 1]
    for at in range(solid, end):
        heads = at - 1 not in repeated and _heads(lines, at, end)
        if at not in repeated and (heads or _belongs(lines[at])):
            kept.append(lines[at])
    while kept and kept[-1].kind is Kind.HEADING:
        kept.pop()
    return [line.text for line in kept]


def _standfirst(lines: Sequence[Line], headline: int, solid: int) -> list[Line]:
    """What stands between headline and article and is part of it: sentences, items and two headings or more in a row.

    Captions read like these: they are next to a credit or to a line that says the same.
    """
    runs: list[Line] = []
    for at in range(headline + 1, solid if headline >= 0 else 0):
        line = lines[at]
        beside = [lines[near] for near in (at - 1, at + 1) if headline < near < solid]
        if line.kind is Kind.SENTENCE or (line.kind is Kind.ITEM and line.words > 3):
            captioned = at + 1 < solid and lines[at + 1].kind is Kind.CAPTION
            if at == headline + 1 or not captioned:
                runs.append(line)
        elif line.kind is Kind.HEADING and line.words > 4 and (at == headline + 1 or _in_a_row(line, beside)):
            runs.append(line)
    return runs


def _in_a_row(line: Line, beside: Sequence[Line]) -> bool:
    mark = set(_mark(line.text).split())
    alike = [len(mark & set(_mark(near.text).split())) * 2 > len(mark) for near in beside]
    return any(near.kind is Kind.HEADING and near.words > 4 for near in beside) and not any(alike)


def _belongs(line: Line) -> bool:
    return line.kind in {Kind.SENTENCE, Kind.ITEM} and not _SUM.fullmatch(line.text)


def _heads(lines: Sequence[Line], at: int, end: int) -> bool:
    """Whether a line is a heading within the article: text follows, and it is not the end of a widget."""
    above = [line.kind for line in lines[max(0, at - 2) : at] if line.block == lines[at].block]
    widget = len(above) == 2 and set(above) <= {Kind.LABEL, Kind.BYLINE}
    return lines[at].kind is Kind.HEADING and at + 1 < end and _belongs(lines[at + 1]) and not widget


def _repeated(marks: Sequence[str], title: str) -> set[int]:
    """Which lines are the headline again, an earlier line again, or a quote pulled out of another line."""
    seen = {title}
    found: set[int] = set()
    quotes = len(marks) * sum(map(len, marks)) <= _MOST_CHARACTERS  # that many are compared
    for at, mark in enumerate(marks):
        pulled = quotes and mark.count(" ") > 5 and any(mark in other and mark != other for other in marks)
        if mark in seen or pulled:
            found.add(at)
        seen.add(mark)
    return found


def _mark(text: str) -> str:
    return f" {_LETTERS.sub(' ', text.casefold()).strip()} "
