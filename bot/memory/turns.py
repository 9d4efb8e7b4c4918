"""The last turns of each chat and topic, which a follow-up question leans on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from bot.speaker import Speaker

_KEPT = 6
_KEPT_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A question as it was written, and as it was put to the archive, spelled out; what was shown for it.

    ``quote`` is the answer's sentence, empty where there was none; ``title`` the headline of the article answered
    from, or of the best passage, and ``passage`` that passage, 0 where nothing was found; ``at`` is in seconds since
    the epoch.
    """

    question: str
    asked: str
    quote: str = ""
    title: str = ""
    passage: int = 0
    at: float = 0.0


class Turns:
    """What was said in a chat, by topic."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float]) -> None:
        self._db = connection
        self._clock = clock

    def last(self, speaker: Speaker, n: int = 3) -> tuple[Turn, ...]:
        """The chat's last turns in this topic, oldest first; none from over a week ago."""
        rows = self._db.execute(
            "SELECT question, asked, quote, title, passage, at FROM turns WHERE chat = ? AND thread = ? AND at >= ?"
            " ORDER BY id DESC LIMIT ?",
            (speaker.chat, speaker.thread or 0, self._clock() - _KEPT_SECONDS, n),
        ).fetchall()
        return tuple(
            Turn(question=question, asked=asked, quote=quote, title=title, passage=passage, at=at)
            for question, asked, quote, title, passage, at in reversed(rows)
        )

    def note(self, speaker: Speaker, turn: Turn) -> None:
        """Keep a turn, and let go of those before the last few."""
        place = (speaker.chat, speaker.thread or 0)
        self._db.execute(
            "INSERT INTO turns (chat, thread, person, question, asked, quote, title, passage, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*place, speaker.person, turn.question, turn.asked, turn.quote, turn.title, turn.passage, self._clock()),
        )
        self._db.execute(
            "DELETE FROM turns WHERE chat = ? AND thread = ? AND id NOT IN"
            " (SELECT id FROM turns WHERE chat = ? AND thread = ? ORDER BY id DESC LIMIT ?)",
            (*place, *place, _KEPT),
        )

    def take_back(self, speaker: Speaker, question: str) -> None:
        """Forget the last turn of this topic, where it is that question: it is asked again in other words."""
        self._db.execute(
            "DELETE FROM turns WHERE question = ? AND id = (SELECT max(id) FROM turns WHERE chat = ? AND thread = ?)",
            (question, speaker.chat, speaker.thread or 0),
        )

    def clear(self, speaker: Speaker) -> int:
        """Forget the chat's turns in this topic; gives how many there were."""
        gone = self._db.execute("DELETE FROM turns WHERE chat = ? AND thread = ?", (speaker.chat, speaker.thread or 0))
        return gone.rowcount

    def prune(self) -> None:
        """Forget what is over a week old."""
        self._db.execute("DELETE FROM turns WHERE at < ?", (self._clock() - _KEPT_SECONDS,))
