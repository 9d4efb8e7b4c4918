"""What is kept of an article that was found, or should have been: little enough to keep it for every question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from index.domain import Passage

_TEXT = 1500
"""Characters kept of a passage; few are longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An article with the passage it was found by; ``rank`` is its story's place, ``None`` where it was not found.

    ``address`` is on the web, or a file.
    """

    rank: int | None
    title: str
    address: str
    source: str
    published: date | None
    text: str


def finding(passage: Passage, rank: int | None) -> Finding:
    """What is kept of a passage and its article."""
    article, key = passage.article, passage.article.key
    return Finding(
        rank=rank,
        title=article.title,
        address=article.url or (f"{key.root}/{key.path}" if key.path else key.root),
        source=article.source or "",
        published=article.published,
        text=passage.text[:_TEXT],
    )
