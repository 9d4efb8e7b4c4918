"""What readers asked and the archive could not say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from bot.speaker import Speaker


_KEPT_SECONDS = 365 * 24 * 3600
_PRUNE_EVERY = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question that was asked on a day, where that is known."""

    question: str
    asked: date | None = None


class Unanswered:
    """Questions that got no answer."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float]) -> None:
        self._db = connection
        self._clock = clock

    def note(self, speaker: Speaker, question: str, asked: date | None) -> None:
        """Keep a question, spelled out, and the day it was asked on; for a year."""
        noted = self._db.execute(
            "INSERT INTO unanswered (chat, person, question, asked, at) VALUES (?, ?, ?, ?, ?)",
            (speaker.chat, speaker.person, question, asked.isoformat() if asked else None, self._clock()),
        )
        if (noted.lastrowid or 0) % _PRUNE_EVERY == 0:
            self.prune()

    def prune(self) -> None:
        """Forget what was asked long ago."""
        self._db.execute("DELETE FROM unanswered WHERE at < ?", (self._clock() - _KEPT_SECONDS,))

    def rows(self, most: int) -> tuple[Asked, ...]:
        """The newest questions, newest first, at most so many."""
        found = self._db.execute("SELECT question, asked FROM unanswered ORDER BY id DESC LIMIT ?", (most,))
        return tuple(
            Asked(question=question, asked=date.fromisoformat(asked) if asked else None) for question, asked in found
        )
