"""What a format gives: an article that has no key yet, or a place that gives none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article as its file tells it, text not yet normalised.

    ``id`` tells it from others of the same file; ``where`` is its place there (``line 7``), empty for the whole.
    """

    title: str
    body: str
    id: str = ""
    published: date | None = None
    author: str | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A place in a file that gives no article (``line 7``, empty for the whole), and why."""

    where: str
    reason: str
