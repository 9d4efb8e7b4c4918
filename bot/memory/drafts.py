"""What an admin is about to do, until the yes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

LIFE_SECONDS = 24 * 3600.0
"""How long a yes is waited for."""

ADD, REMOVE = "add", "remove"
"""What a draft is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an admin is about to do in a chat, behind a key that cannot be guessed.

    ``kind`` is ``ADD`` or ``REMOVE``; ``what`` is the file, or how the admin named the article; ``title`` a headline.
    """

    key: str
    person: int
    chat: int
    kind: str
    what: str
    title: str


class Drafts:
    """What admins are about to do: a row each, until it is done or a day old."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float]) -> None:
        self._db = connection
        self._clock = clock

    def keep(self, person: int, chat: int, kind: str, what: str, title: str) -> Draft:
        """Keep what a person is about to do in a chat."""
        draft = Draft(key=secrets.token_urlsafe(12), person=person, chat=chat, kind=kind, what=what, title=title)
        self._db.execute(
            "INSERT INTO drafts (key, person, chat, name, body, about, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (draft.key, person, chat, kind, what, title, self._clock()),
        )
        return draft

    def find(self, kind: str, key: str, person: int, chat: int) -> Draft | None:
        """The draft of a key, where this person made it in this chat, not more than a day ago."""
        return next(
            (each for each in self.all(kind) if (each.key, each.person, each.chat) == (key, person, chat)), None
        )

    def all(self, kind: str) -> tuple[Draft, ...]:
        """All of a kind that are not too old, oldest first."""
        rows = self._db.execute(
            "SELECT key, person, chat, name, body, about FROM drafts WHERE name = ? AND at >= ? ORDER BY at, rowid",
            (kind, self._clock() - LIFE_SECONDS),
        )
        return tuple(
            Draft(key=key, person=person, chat=chat, kind=kind, what=what, title=title)
            for key, person, chat, kind, what, title in rows
        )

    def of_another(self, key: str) -> bool:
        """Whether there is a draft of a key, whoever made it."""
        row = self._db.execute("SELECT at FROM drafts WHERE key = ?", (key,)).fetchone()
        return row is not None and row[0] >= self._clock() - LIFE_SECONDS

    def drop(self, key: str) -> None:
        """Forget a draft, and those that are too old."""
        self._db.execute("DELETE FROM drafts WHERE key = ? OR at < ?", (key, self._clock() - LIFE_SECONDS))
