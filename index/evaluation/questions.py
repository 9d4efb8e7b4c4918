"""A question whose right answer is known, as a file gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import NewsdeskError

if TYPE_CHECKING:
    from datetime import date

    from index.domain import Article


class QuestionsUnreadable(NewsdeskError):
    """A file of questions is not what it should be; the message says the line, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, and what is known to be right.

    ``relevant`` names the articles that answer it, as ``names_of`` does: none where the archive cannot say, ``None``
    where it is not known. ``rejected`` names articles that a reader found not to answer it. ``line`` is where it
    stands in its file; ``note`` is shown with it.
    """

    id: str
    text: str
    line: int
    answers: tuple[str, ...] = ()
    relevant: frozenset[str] | None = None
    rejected: frozenset[str] = frozenset()
    asked: date | None = None
    tier: str = ""
    language: str = ""
    kind: str = ""
    note: str = ""

    @property
    def answerable(self) -> bool | None:
        """Whether the archive can say; ``None`` where it is not known."""
        if self.relevant is not None:
            return bool(self.relevant)
        return True if self.answers else None

    @property
    def judged(self) -> bool:
        """Whether anything of an answer to it can be right or wrong."""
        return self.answerable is not None or bool(self.rejected)


def names_of(article: Article) -> frozenset[str]:
    """What an article may be called in a file of questions: its id in its file, its address, its path.

    The path may be the one below what was synced, or the whole one; a file of many articles names all of them.
    """
    key = article.key
    whole = f"{key.root}/{key.path}" if key.path else key.root
    return frozenset(name for name in (key.id, article.url, key.path, whole) if name)
