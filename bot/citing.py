"""Where a quote is from: headline, source and date as a link, and who else reported it (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import regex

from bot.links import linked
from bot.markup import cut, escaped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.texts import Texts

ALSO = 4
"""How many other articles of a story are named."""

_HEADLINE = 250
_SOURCE = 100
_BETWEEN = " · "
_FROM_RIGHT = regex.compile(r"[\p{bc=R}\p{bc=AL}]")
_ISOLATE, _END = "\u2068", "\u2069"  # https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates


class Reported(Protocol):
    """What a reader is told of an article beside the one that is quoted."""

    @property
    def title(self) -> str:
        """Its headline."""

    @property
    def source(self) -> str | None:
        """Who published it."""

    @property
    def published(self) -> date | None:
        """When."""

    @property
    def url(self) -> str | None:
        """Where."""


def citation(article: Reported, texts: Texts) -> str:
    """Headline, source and date on one line; a link where the article has a web address."""
    title = _line(article.title, _HEADLINE) or texts.html("untitled")
    source = _line(article.source or "", _SOURCE)
    day = escaped(texts.date(article.published)) if article.published else ""
    return linked(_beside([part for part in (title, source, day) if part]), article.url)


def also_reported(also: Sequence[Reported], texts: Texts) -> str:
    """The other articles that tell a story, each a link, on a line of their own; nothing where there is none."""
    if not also:
        return ""
    names = [linked(_named(article, texts), article.url) for article in also[:ALSO]]
    rest = len(also) - len(names)
    names += [texts.html("also_others", count=rest)] if rest else []
    return "\n" + texts.html("also_reported") + " " + "; ".join(names)


def _named(article: Reported, texts: Texts) -> str:
    """Who reported it, and when; the headline where that is not known."""
    name = _line(article.source or article.title, _SOURCE) or texts.html("untitled")
    return _beside([name, escaped(texts.date(article.published))]) if article.published else name


def _beside(parts: list[str]) -> str:
    """Parts on one line; where one runs from the right, the others do not change places or directions with it."""
    line = _BETWEEN.join(parts)
    if not _FROM_RIGHT.search(line):
        return line
    return _BETWEEN.join([parts[0], *(f"{_ISOLATE}{part}{_END}" for part in parts[1:])])


def _line(text: str, limit: int) -> str:
    line = " ".join(text.split())
    end = cut(line, limit)
    return escaped(line[:end]) + ("…" if end < len(line) else "")
