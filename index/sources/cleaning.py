"""The headline and the article in a page that was copied from a browser as text (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from index.sources.body import body_of
from index.sources.headlines import headline_of, without_outlet
from index.sources.lines import FURNITURE, Kind, Line
from index.sources.neighbours import lines_in
from index.sources.phrases import has_byline

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAST_WORDS = 20
_SOLID_WORDS = 12
_GAP = 6.0
_HEAD_LINES = 8
_SIGNED_LINES = 200
_SIGNED_CHARACTERS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was found in a page: the headline (empty where there is none) and the paragraphs of the article.

    ``head`` are the lines beside the headline, where bylines and dates stand; ``outlet`` is the publisher's name where
    the page's title ends with it.
    """

    title: str
    paragraphs: tuple[str, ...]
    head: tuple[str, ...]
    outlet: str | None = None


def find_article(text: str) -> Page | None:
    """The article in a page, ``None`` where there is none.

    A text without furniture is taken whole. Else each line is given a weight, by its length where it reads as a
    sentence, below zero where it is furniture, and the body is the run of lines of largest weight; within it,
    furniture, captions and repeated lines are left out.

    Args:
        text: plain text, the page's line breaks and empty lines kept.

    """
    lines = lines_in(text)
    if _is_clean(lines):
        return _whole(lines)
    start, end = _heaviest(lines)
    end = _cut(lines, start, end)
    sentences = [line for line in lines[start:end] if line.kind is Kind.SENTENCE]
    if sum(line.words for line in sentences) < _LEAST_WORDS:
        return None
    solid = next((at for at in range(start, end) if _is_solid(lines[at])), start)
    headline = headline_of(lines, solid, end)
    body = body_of(lines, headline, solid, end)
    return Page(
        title=headline.text if headline else "",
        paragraphs=tuple(body),
        head=tuple(line.text for line in lines[max(0, (headline.at if headline else solid) - 3) : solid]),
        outlet=headline.outlet if headline else None,
    )


def _is_clean(lines: Sequence[Line]) -> bool:
    """Whether a text has nothing around its article: no furniture, and little but sentences after the first line."""
    if any(line.kind in FURNITURE or line.kind is Kind.CAPTION for line in lines[1:]):
        return False
    prose = sum(line.words for line in lines[1:] if line.kind in {Kind.SENTENCE, Kind.ITEM})
    return prose * 10 >= sum(line.words for line in lines[1:]) * 7


def _whole(lines: Sequence[Line]) -> Page | None:
    """A clean text; its first line is the headline unless it is a sentence among others."""
    if not any(line.kind is Kind.SENTENCE and line.words > 2 for line in lines):
        return None
    titled = len(lines) > 1 and (not lines[0].terminal or lines[0].words < _SOLID_WORDS)
    head = 1
    while titled and head < len(lines) - 1 and lines[head].kind is Kind.BYLINE:
        head += 1
    body = lines[head:] if titled else lines
    title, outlet = without_outlet(lines[0].text, ()) if titled else ("", None)
    above = tuple(line.text for line in lines[1:head]) if titled else ()
    return Page(title=title, paragraphs=tuple(line.text for line in body), head=above, outlet=outlet)


def _weight(line: Line) -> float:
    if line.kind is Kind.SENTENCE:
        return min(line.words, 40) / 6 if line.words > 3 else 0.3
    weights = {Kind.ITEM: 0.2, Kind.HEADING: -0.6, Kind.CAPTION: -1.0, Kind.BYLINE: -1.0, Kind.CLOSING: -4.0}
    return weights.get(line.kind, -1.5)


def _heaviest(lines: Sequence[Line]) -> tuple[int, int]:
    """The run of lines (half-open) whose weights sum to the most.

    Kadane's algorithm, but that lines below zero in a row cost no more than a gap does.
    """
    best, best_run = 0.0, (0, 0)
    total, start, gap = 0.0, 0, 0.0
    for at, line in enumerate(lines):
        weight = _weight(line)
        if weight < 0:
            gap = max(gap + weight, -_GAP)
        if total + gap <= 0 and weight < 0:
            total, start, gap = 0.0, at + 1, 0.0
        elif weight >= 0:
            total, gap = total + gap + weight, 0.0
        if total > best:
            best, best_run = total, (start, at + 1)
    return best_run


def _cut(lines: Sequence[Line], start: int, end: int) -> int:
    """Where the article ends, given where it may: before the first line that ends it, most of it being before that."""
    above = lines[max(0, start - _SIGNED_LINES) : start + _HEAD_LINES]
    signed = " ".join(line.text for line in above if has_byline(line.text))[:_SIGNED_CHARACTERS]
    whole = sum(max(0.0, _weight(line)) for line in lines[start:end])
    before = 0.0
    for at in range(start, end):
        line = lines[at]
        leads = line.kind is Kind.RELATED and not _goes_on(lines[at + 1 : min(at + 10, end)])
        signs = line.kind is Kind.HEADING and 2 <= line.words <= 4 and line.text in signed
        if before * 2 > whole and (line.kind is Kind.CLOSING or leads or signs):
            return at
        before += max(0.0, _weight(line))
    return end


def _goes_on(lines: Sequence[Line]) -> bool:
    """Whether two paragraphs in a row follow, or a long one: with other articles' titles come short ones."""
    counts = [line.words if line.kind is Kind.SENTENCE else 0 for line in lines]
    return any(min(pair) >= 8 for pair in pairwise(counts)) or max(counts, default=0) >= 25


def _is_solid(line: Line) -> bool:
    return line.kind is Kind.SENTENCE and line.words >= _SOLID_WORDS
