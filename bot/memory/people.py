"""What is known of people: their language; and the forgetting of all else that is kept of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.memory.inbox import Inbox

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How much of each kind was kept of a person.

    ``turns`` are questions that others may follow on, ``shown`` answers with buttons, ``replies`` questions that can be
    edited, ``unanswered`` those that the archive could not say, ``feedback`` what the person said of answers.
    """

    turns: int = 0
    shown: int = 0
    replies: int = 0
    unanswered: int = 0
    feedback: int = 0
    drafts: int = 0
    language: int = 0
    membership: int = 0


_OF_PERSON = "person = :person"
_IN_CHAT = "person = :person OR chat = :person"  # a private chat has the number of its person
_KEPT = {
    "turns": ("turns", _IN_CHAT),
    "shown": ("shown", _IN_CHAT),
    "replies": ("replies", _IN_CHAT),
    "unanswered": ("unanswered", _IN_CHAT),
    "feedback": ("feedback", _IN_CHAT),
    "drafts": ("drafts", _IN_CHAT),
    "language": ("people", _OF_PERSON),
    "membership": ("members", _OF_PERSON),
}
"""Tables and rows, by the fields of ``Forgotten``."""


class People:
    """What is known of people."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float]) -> None:
        self._db = connection
        self._clock = clock

    def language(self, person: int) -> str | None:
        """The language that a person chose, if any."""
        row = self._db.execute("SELECT language FROM people WHERE person = ?", (person,)).fetchone()
        return row[0] if row else None

    def choose(self, person: int, language: str) -> None:
        """Keep the language that a person chose."""
        self._db.execute(
            "INSERT INTO people (person, language) VALUES (?, ?) ON CONFLICT (person) DO UPDATE SET language = ?",
            (person, language, language),
        )

    def blocked(self, chat: int) -> None:
        """Note that the bot was blocked in a chat, or taken out of it."""
        self._db.execute("INSERT OR REPLACE INTO chats (chat, blocked) VALUES (?, ?)", (chat, self._clock()))

    def unblocked(self, chat: int) -> None:
        """Note that the bot may write to a chat again."""
        self._db.execute("DELETE FROM chats WHERE chat = ?", (chat,))

    def is_blocked(self, chat: int) -> bool:
        """Whether the bot is to leave a chat alone."""
        return self._db.execute("SELECT 1 FROM chats WHERE chat = ?", (chat,)).fetchone() is not None

    def forget(self, person: int) -> Forgotten:
        """Delete all that is kept of a person, all of it or nothing, from the file's pages and its log; what it was.

        The log of what admins did is kept: it is not theirs.

        Raises:
            sqlite3.Error: it could not be deleted.
        """
        self._db.execute("BEGIN IMMEDIATE")
        try:
            counts = {
                kind: self._db.execute(f"DELETE FROM {table} WHERE {rows}", {"person": person}).rowcount  # noqa: S608
                for kind, (table, rows) in _KEPT.items()
            }
            self._db.execute("DELETE FROM chats WHERE chat = ?", (person,))
            Inbox(self._db, self._clock).forget_aside(person)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return Forgotten(**counts)
