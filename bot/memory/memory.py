"""The memory as a whole: one file, and a part for each thing that is kept."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING, Self

from bot.memory.access import Access
from bot.memory.audit import Audit
from bot.memory.drafts import Drafts
from bot.memory.feedback import Feedback
from bot.memory.inbox import Inbox
from bot.memory.people import People
from bot.memory.replies import Replies
from bot.memory.schema import SCHEMA, prepare
from bot.memory.shown import ShownButtons
from bot.memory.turns import Turns
from bot.memory.unanswered import Unanswered
from index.errors import NewsdeskError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType


class MemoryUnusable(NewsdeskError):
    """The file cannot be used as the bot's memory."""


class Memory:
    """What the bot remembers. For one thread; each call takes well under a millisecond, one of the inbox a few."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float] = time.time) -> None:
        self._db = connection
        self.inbox = Inbox(connection, clock)
        self.shown = ShownButtons(connection, clock)
        self.turns = Turns(connection, clock)
        self.people = People(connection, clock)
        self.replies = Replies(connection, clock)
        self.feedback = Feedback(connection, clock)
        self.unanswered = Unanswered(connection, clock)
        self.access = Access(connection, clock)
        self.audit = Audit(connection, clock)
        self.drafts = Drafts(connection, clock)

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
            if version > SCHEMA:
                connection.close()
                raise MemoryUnusable(f"{path} was written by a newer newsdesk: upgrade this one, or move the file away")
            prepare(connection, version)
        except (sqlite3.Error, OSError) as error:
            raise MemoryUnusable(f"{path} cannot be used ({error}): free it, or move it away") from error
        memory = cls(connection, clock)
        memory.prune()
        return memory

    def prune(self) -> None:
        """Forget what is too old to be of use."""
        self.shown.prune()
        self.turns.prune()
        self.replies.prune()
        self.inbox.prune()
        self.unanswered.prune()

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
