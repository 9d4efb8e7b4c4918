"""Which line above an article is its headline (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.sources.lines import Kind, Line
from index.sources.phrases import words_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_OUTLET = re.compile(r"\s+(?:[|–—·•-]|::)\s+(?=[^|–—·•]{2,40}$)")
_STEM = 5
_LEAST_SCORE = 0.5
_REACH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The headline, the index of its line, and the outlet's name where the page's title line adds it."""

    text: str
    at: int
    outlet: str | None = None


def headline_of(lines: Sequence[Line], solid: int, end: int) -> Headline | None:
    """The best headline above the first paragraph, ``None`` where no line looks like one.

    It shares words with the article, stands again elsewhere on the page (in the page's title, say), has the length of
    a headline, and a byline, a date or a standfirst below it.

    Args:
        lines: the page.
        solid: index of the first whole paragraph.
        end: index after the last line of the article.

    """
    stems = {stem for line in lines[solid:end] if line.kind is Kind.SENTENCE for stem in _stems(line.text)}
    folded = {line.text.casefold() for line in lines}
    best: Headline | None = None
    best_score = _LEAST_SCORE
    for at in range(max(0, solid - _REACH), solid):
        if lines[at].kind not in {Kind.HEADING, Kind.SENTENCE, Kind.CAPTION}:
            continue
        text, outlet = without_outlet(lines[at].text, folded)
        score = _score(lines, at, solid, text, stems)
        if score > best_score:
            best, best_score = Headline(text=text, at=at, outlet=outlet), score
    return best


def _score(lines: Sequence[Line], at: int, solid: int, text: str, stems: set[str]) -> float:
    line = lines[at]
    own = _stems(text)
    shared = sum(stem in stems for stem in own)
    score = (2.0 * shared / len(own) if own else 0.0) + 0.3 * min(shared, 6)
    score += 1.5 * _stands_again(lines, at, text) + 0.8 * _has_byline_below(lines, at, solid)
    score += 0.8 * _is_alone(lines, at) + 0.5 * (5 <= line.words <= 20)
    score -= 1.0 * (line.words < 3) + 1.0 * (line.words < 4) + 1.0 * (line.kind is Kind.SENTENCE and line.words > 14)
    score -= 1.5 * text.endswith((".", ":", "…")) + 2.0 * line.bullet + 2.0 * (line.kind is Kind.CAPTION)
    score -= 2.0 * any(text != other.text and text.endswith(f": {other.text}") for other in lines)
    return (
        score - min(2.0, 0.05 * (solid - at)) - 3.0 * _is_caption(lines, at) - 2.5 * _is_below_heading(lines, at, stems)
    )


def _stands_again(lines: Sequence[Line], at: int, text: str) -> bool:
    """Whether another line, not the next as with captions, is this one or begins with it."""
    folded = text.casefold()
    return any(abs(place - at) > 1 and line.text.casefold().startswith(folded) for place, line in enumerate(lines))


def _has_byline_below(lines: Sequence[Line], at: int, solid: int) -> bool:
    below = [line.kind for line in lines[at + 1 : min(at + 7, solid)]]
    return Kind.BYLINE in below or not {Kind.SENTENCE, Kind.ITEM}.isdisjoint(below[:2])


def _is_below_heading(lines: Sequence[Line], at: int, stems: set[str]) -> bool:
    """Whether the line above is of a headline's length and kind too: of two, the first is the headline."""
    above = lines[at - 1] if at > 0 else None
    return above is not None and above.kind is Kind.HEADING and above.words >= 5 and bool(_stems(above.text) & stems)


def _is_alone(lines: Sequence[Line], at: int) -> bool:
    """Whether empty lines, or the page's edge, are on both sides."""
    near = [lines[place].block for place in (at - 1, at + 1) if 0 <= place < len(lines)]
    return lines[at].block not in near


def _is_caption(lines: Sequence[Line], at: int) -> bool:
    """Whether the line stands twice in a row, or begins the next or ends the one before, as captions do."""
    folded = lines[at].text.casefold()
    beside = [lines[near].text.casefold() for near in (at - 1, at + 1) if 0 <= near < len(lines)]
    return any(near.startswith(folded) or (folded.startswith(near) and len(near) > 20) for near in beside)


def without_outlet(text: str, others: Collection[str]) -> tuple[str, str | None]:
    """A title line's headline and outlet: what stands before and after its last dash, if in two places, or bar."""
    if matches := list(_OUTLET.finditer(text)):
        headline, outlet = text[: matches[-1].start()], text[matches[-1].end() :]
        twice = headline.casefold() in others or outlet.casefold() in others
        if len(words_of(headline)) > 2 and ("|" in matches[-1][0] or twice):
            return headline, outlet
    return text, None


def _stems(text: str) -> set[str]:
    return {word.casefold()[:_STEM] for word in words_of(text) if len(word) > 3}
