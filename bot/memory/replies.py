"""Which message answered which, so that the answer to a question that is edited changes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from bot.speaker import Speaker

_PRUNE_EVERY = 1000
_KEPT_SECONDS = 48 * 3600  # as long as a message can be edited: https://core.telegram.org/bots/api#editing


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """The text of a question, and the id of the message that answered it."""

    text: str
    answer: int


class Replies:
    """Answers by the message that asked, for as long as that can be edited."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float]) -> None:
        self._db = connection
        self._clock = clock

    def note(self, speaker: Speaker, question: int, replied: Replied) -> None:
        """Keep how a message was answered."""
        cursor = self._db.execute(
            "INSERT OR REPLACE INTO replies (chat, question, answer, text, person, at) VALUES (?, ?, ?, ?, ?, ?)",
            (speaker.chat, question, replied.answer, replied.text, speaker.person, self._clock()),
        )
        if cursor.lastrowid and cursor.lastrowid % _PRUNE_EVERY == 0:
            self.prune()

    def to(self, speaker: Speaker, question: int) -> Replied | None:
        """How a message was answered, if it was."""
        row = self._db.execute(
            "SELECT text, answer FROM replies WHERE chat = ? AND question = ?", (speaker.chat, question)
        ).fetchone()
        return Replied(text=row[0], answer=row[1]) if row else None

    def prune(self) -> None:
        """Forget what can no longer be edited."""
        self._db.execute("DELETE FROM replies WHERE at < ?", (self._clock() - _KEPT_SECONDS,))
