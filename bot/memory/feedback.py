"""What readers said of answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from bot.memory.shown import Shown
    from bot.speaker import Speaker

OTHER = "other"
"""The reason of who has one that is not among those offered; it may follow in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody said of an answer to a question that was ``asked`` on a day."""

    question: str
    helpful: bool
    address: str
    answer: str
    reason: str = ""
    asked: date | None = None


class Feedback:
    """What readers said of answers: the last word of each person about each answer."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float]) -> None:
        self._db = connection
        self._clock = clock

    def note(self, speaker: Speaker, key: str, shown: Shown, *, helpful: bool, reason: str = "") -> bool:
        """Keep what a person says of the answer that a key stands for; whether that is new.

        A no without a reason does not take back the reason that was given; a yes does. Of what has no answer nothing
        can be said.
        """
        if shown.answer is None:
            return False
        done = self._db.execute(
            "INSERT INTO feedback (key, chat, person, question, asked, address, answer, helpful, reason, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (key, person) DO UPDATE SET helpful = excluded.helpful, reason = excluded.reason,"
            " at = excluded.at"
            " WHERE helpful != excluded.helpful OR (excluded.reason != '' AND reason != excluded.reason)",
            (
                key,
                speaker.chat,
                speaker.person,
                shown.question,
                shown.asked.isoformat() if shown.asked else None,
                shown.answer.address,
                shown.answer.quote,
                int(helpful),
                reason,
                self._clock(),
            ),
        )
        return done.rowcount > 0

    def awaits_reason(self, key: str, person: int) -> bool:
        """Whether a person said no to an answer, and not yet why."""
        row = self._db.execute(
            "SELECT 1 FROM feedback WHERE key = ? AND person = ? AND helpful = 0 AND reason IN ('', ?)",
            (key, person, OTHER),
        ).fetchone()
        return row is not None

    def rows(self) -> tuple[Said, ...]:
        """All that was said, oldest first."""
        found = self._db.execute("SELECT question, helpful, address, answer, reason, asked FROM feedback ORDER BY id")
        return tuple(
            Said(
                question=question,
                helpful=bool(helpful),
                address=address,
                answer=answer,
                reason=reason,
                asked=date.fromisoformat(asked) if asked else None,
            )
            for question, helpful, address, answer, reason, asked in found
        )

    def counts(self) -> tuple[int, int]:
        """How many answers were said to be right, and how many wrong."""
        right, every = self._db.execute("SELECT coalesce(sum(helpful), 0), count(*) FROM feedback").fetchone()
        return right, every - right
