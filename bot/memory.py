"""What was shown behind each button, in SQLite, so that buttons outlive a restart."""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from index.errors import NewsdeskError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

_SCHEMA = 1
_KEPT_SECONDS = 90 * 24 * 3600
_KEPT_ROWS = 200_000
_PRUNE_EVERY = 1000
_SETUP = f"""
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS shown (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    chat INTEGER NOT NULL,
    question TEXT NOT NULL,
    passages TEXT NOT NULL,
    at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS shown_at ON shown (at);
PRAGMA user_version = {_SCHEMA};
"""


class MemoryUnusable(NewsdeskError):
    """The file cannot be used as the bot's memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A question, and the ids of the passages that "more" shows, best first."""

    question: str
    passages: tuple[int, ...] = ()


class Memory:
    """Keys that stand in buttons, and what they stand for. Each call takes well under a millisecond."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float] = time.time) -> None:
        self._db = connection
        self._clock = clock

    @classmethod
    def open(cls, path: Path | None, *, clock: Callable[[], float] = time.time) -> Self:
        """Open the file, made where it is missing; ``None`` keeps everything in RAM.

        Raises:
            MemoryUnusable: the file cannot be opened, is no such file, or is of a newer newsdesk.
        """
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path or ":memory:", timeout=1.0, isolation_level=None)
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > _SCHEMA:
                connection.close()
                raise MemoryUnusable(f"{path} was written by a newer newsdesk: upgrade this one, or move the file away")
            connection.executescript(_SETUP)
        except (sqlite3.Error, OSError) as error:
            raise MemoryUnusable(f"{path} cannot be used ({error}): free it, or move it away") from error
        memory = cls(connection, clock)
        memory.prune()
        return memory

    def remember(self, chat: int, shown: Shown) -> str:
        """Keep what a button of a chat stands for; the key is 16 characters that cannot be guessed."""
        key = secrets.token_urlsafe(12)
        cursor = self._db.execute(
            "INSERT INTO shown (key, chat, question, passages, at) VALUES (?, ?, ?, ?, ?)",
            (key, chat, shown.question, json.dumps(shown.passages), self._clock()),
        )
        if cursor.lastrowid and cursor.lastrowid % _PRUNE_EVERY == 0:
            self.prune()
        return key

    def recall(self, chat: int, key: str) -> Shown | None:
        """What a key stands for; ``None`` where it is unknown, of another chat, or forgotten."""
        row = self._db.execute(
            "SELECT question, passages FROM shown WHERE key = ? AND chat = ?", (key, chat)
        ).fetchone()
        return None if row is None else Shown(question=row[0], passages=tuple(json.loads(row[1])))

    def prune(self) -> None:
        """Forget what is older than 90 days, and all but the last 200,000."""
        self._db.execute("DELETE FROM shown WHERE at < ?", (self._clock() - _KEPT_SECONDS,))
        self._db.execute("DELETE FROM shown WHERE id <= (SELECT max(id) FROM shown) - ?", (_KEPT_ROWS,))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        """The memory itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()
