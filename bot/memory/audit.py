"""What admins did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Something that an admin did, 0 for the bot itself, in seconds since the epoch, and what came of it."""

    at: float
    person: int
    action: str
    what: str
    outcome: str


class Audit:
    """What admins did."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float]) -> None:
        self._db = connection
        self._clock = clock

    def note(self, person: int, action: str, what: str, outcome: str) -> None:
        """Keep what somebody did."""
        self._db.execute(
            "INSERT INTO audit (at, person, action, what, outcome) VALUES (?, ?, ?, ?, ?)",
            (self._clock(), person, action, what, outcome),
        )

    def last(self, action: str, n: int) -> tuple[Noted, ...]:
        """The last so many notes of an action, newest first."""
        return self._found("WHERE action = ? ORDER BY id DESC LIMIT ?", action, n)

    def recent(self, n: int) -> tuple[Noted, ...]:
        """The last so many notes, newest first."""
        return self._found("ORDER BY id DESC LIMIT ?", n)

    def _found(self, which: str, *values: object) -> tuple[Noted, ...]:
        found = self._db.execute(f"SELECT at, person, action, what, outcome FROM audit {which}", values)  # noqa: S608 - one of the two above
        return tuple(
            Noted(at=at, person=person, action=action, what=what, outcome=outcome)
            for at, person, action, what, outcome in found
        )
