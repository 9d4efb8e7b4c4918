"""What Telegram handed over and is not yet answered, and what of each answer was sent: nothing is lost by a kill."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

MOST_TRIES = 3
"""How often an update is begun: one that ends the process each time is put aside."""

_WAITING = f"done IS NULL AND tries < {MOST_TRIES}"
_ASIDE = f"done IS NULL AND tries >= {MOST_TRIES}"
_DONE_KEPT_SECONDS = 2 * 24 * 3600  # Telegram keeps an update for a day
_PRUNE_EVERY = 1000
_NOT_TRIED, _TRIED = None, 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A message of an answer, and its place in it. One that was ``tried`` before may have come through."""

    place: int
    message: dict[str, Any]
    tried: bool


class Inbox:
    """Updates by number, from before Telegram is told that they were taken until they are answered."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float]) -> None:
        self._db = connection
        self._clock = clock
        self._ended = 0

    def take(self, updates: Iterable[tuple[int, str]]) -> None:
        """Keep updates, safe from a power cut when this returns; those that are known are left as they are.

        Raises:
            sqlite3.Error: they could not be written; Telegram must not be told that they were taken.
        """
        rows = [(number, body, self._clock()) for number, body in updates]
        self._db.execute("PRAGMA synchronous = FULL")
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._db.executemany("INSERT OR IGNORE INTO inbox (number, body, taken) VALUES (?, ?, ?)", rows)
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        finally:
            self._db.execute("PRAGMA synchronous = NORMAL")

    def belong_to(self, bot: int) -> None:
        """Forget the updates of another bot: their numbers mean nothing to this one, nor can it reach their readers."""
        owner = self._db.execute("SELECT bot FROM owner").fetchone()
        if owner is not None and owner[0] == bot:
            return
        self._db.execute("BEGIN")
        if owner is not None:
            self._db.execute("DELETE FROM inbox")
            self._db.execute("DELETE FROM outbox")
        self._db.execute("DELETE FROM owner")
        self._db.execute("INSERT INTO owner (bot) VALUES (?)", (bot,))
        self._db.execute("COMMIT")

    def waiting(self) -> tuple[tuple[int, str], ...]:
        """The updates that are not answered, in the order Telegram numbered them."""
        return tuple(self._db.execute(f"SELECT number, body FROM inbox WHERE {_WAITING} ORDER BY number"))  # noqa: S608

    def aside(self) -> int:
        """How many ended the process each time they were begun, and are not begun again."""
        count: int = self._db.execute(f"SELECT count(*) FROM inbox WHERE {_ASIDE}").fetchone()[0]  # noqa: S608
        return count

    def forget_aside(self, person: int) -> None:
        """Delete what was put aside of a person; what else is here of them is about to be answered, and then gone."""
        by_person = "SELECT 1 FROM json_tree(body) WHERE path LIKE '%.from' AND key = 'id' AND value = ?"
        self._db.execute(
            f"DELETE FROM inbox WHERE {_ASIDE} AND iif(json_valid(body), EXISTS ({by_person}), 0)",  # noqa: S608
            (person,),
        )

    def count(self) -> int:
        """How many are not answered."""
        count: int = self._db.execute(f"SELECT count(*) FROM inbox WHERE {_WAITING}").fetchone()[0]  # noqa: S608
        return count

    def begin(self, number: int) -> bool:
        """Whether an update is to be handled: it is not answered yet, and was not begun too often.

        One that was not taken, because the disk was full, is.
        """
        row = self._db.execute("SELECT done, tries FROM inbox WHERE number = ?", (number,)).fetchone()
        if row is None:
            return True
        if row[0] is not None or row[1] >= MOST_TRIES:
            return False
        self._db.execute("UPDATE inbox SET tries = tries + 1 WHERE number = ?", (number,))
        return True

    def postpone(self, number: int) -> None:
        """Leave an update for the next start, which is not counted as a try."""
        self._db.execute("UPDATE inbox SET tries = max(0, tries - 1) WHERE number = ?", (number,))

    def plan(self, number: int, messages: Sequence[dict[str, Any]]) -> tuple[Sending, ...]:
        """Keep what is to be sent for an update, behind what was planned before, so that a kill repeats none of it."""
        first = self._db.execute("SELECT count(*) FROM outbox WHERE number = ?", (number,)).fetchone()[0]
        planned = [Sending(place=first + at, message=message, tried=False) for at, message in enumerate(messages)]
        self._db.execute("BEGIN")
        try:
            self._db.executemany(
                "INSERT INTO outbox (number, place, body) VALUES (?, ?, ?)",
                [(number, each.place, json.dumps(each.message)) for each in planned],
            )
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        return tuple(planned)

    def planned(self, number: int) -> tuple[Sending, ...] | None:
        """What is still to be sent of an answer; ``None`` where nothing was planned."""
        rows = self._db.execute(
            "SELECT place, body, sent FROM outbox WHERE number = ? ORDER BY place", (number,)
        ).fetchall()
        if not rows:
            return None
        return tuple(
            Sending(place=place, message=json.loads(body), tried=sent == _TRIED)
            for place, body, sent in rows
            if sent in (_NOT_TRIED, _TRIED)
        )

    def trying(self, number: int, place: int) -> None:
        """A message is about to be sent."""
        self._db.execute("UPDATE outbox SET sent = ? WHERE number = ? AND place = ?", (_TRIED, number, place))

    def sent(self, number: int, place: int, message_id: int) -> None:
        """Telegram has acknowledged a message."""
        self._db.execute("UPDATE outbox SET sent = ? WHERE number = ? AND place = ?", (message_id, number, place))

    def done(self, number: int) -> None:
        """An update is answered; only its number is kept, because Telegram may hand it over once more."""
        self._db.execute("BEGIN")
        self._db.execute("UPDATE inbox SET done = ?, body = NULL WHERE number = ?", (self._clock(), number))
        self._db.execute("DELETE FROM outbox WHERE number = ?", (number,))
        self._db.execute("COMMIT")
        self._ended += 1
        if self._ended % _PRUNE_EVERY == 0:
            self.prune()

    def prune(self) -> None:
        """Forget the numbers that Telegram cannot hand over again, and what was put aside as long ago."""
        before = self._clock() - _DONE_KEPT_SECONDS
        self._db.execute("DELETE FROM inbox WHERE done < ?", (before,))
        self._db.execute(f"DELETE FROM inbox WHERE {_ASIDE} AND taken < ?", (before,))  # noqa: S608
        self._db.execute("DELETE FROM outbox WHERE number NOT IN (SELECT number FROM inbox)")
