"""What is known of people and chats: their language, and who blocked the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable


class People:
    """What is known of people and chats: their language, and who blocked the bot."""

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
