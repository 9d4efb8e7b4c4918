"""Invitations, and who came by them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

_CODE_BYTES = 16
_COLUMNS = "code, made_by, made, uses, used, note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A code that lets ``uses`` people in, ``used`` of which have come; ``made`` is in seconds since the epoch."""

    code: str
    made_by: int
    made: float
    uses: int
    used: int
    note: str


class Access:
    """Invitations, and who came by them."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float]) -> None:
        self._db = connection
        self._clock = clock

    def invite(self, person: int, uses: int, note: str) -> Invitation:
        """Make an invitation for so many people; its code has 128 bits of chance."""
        code = secrets.token_urlsafe(_CODE_BYTES)
        made = Invitation(code=code, made_by=person, made=self._clock(), uses=uses, used=0, note=note)
        self._db.execute(
            f"INSERT INTO invitations ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608 - names of columns
            (made.code, made.made_by, made.made, made.uses, made.used, made.note),
        )
        return made

    def invitations(self) -> tuple[Invitation, ...]:
        """Those that were not withdrawn, newest first."""
        return self._found("withdrawn IS NULL ORDER BY made DESC, code")

    def find(self, code: str) -> Invitation | None:
        """The invitation of a code; ``None`` where there is none, or it was withdrawn."""
        return next(iter(self._found("withdrawn IS NULL AND code = ?", code)), None)

    def redeem(self, code: str, person: int) -> bool:
        """Let a person in by a code, which that uses up once; whether they may come in. A member uses up nothing."""
        if self.is_member(person):
            return True
        self._db.execute("BEGIN IMMEDIATE")
        try:
            done = self._db.execute(
                "UPDATE invitations SET used = used + 1 WHERE code = ? AND withdrawn IS NULL AND used < uses", (code,)
            )
            if done.rowcount:
                row = (person, code, self._clock())
                self._db.execute("INSERT INTO members (person, code, since) VALUES (?, ?, ?)", row)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        return done.rowcount > 0

    def is_member(self, person: int) -> bool:
        """Whether a person came by an invitation, and their access was not ended."""
        return self._db.execute("SELECT 1 FROM members WHERE person = ?", (person,)).fetchone() is not None

    def members(self, code: str) -> int:
        """How many of those who came by a code may still ask."""
        count: int = self._db.execute("SELECT count(*) FROM members WHERE code = ?", (code,)).fetchone()[0]
        return count

    def withdraw(self, code: str, *, expel: bool) -> int | None:
        """Let nobody in by a code from now on; those who came by it stay, unless they are to be expelled.

        Gives how many were expelled; ``None`` where there is no such invitation.
        """
        done = self._db.execute(
            "UPDATE invitations SET withdrawn = ? WHERE code = ? AND withdrawn IS NULL", (self._clock(), code)
        )
        if not done.rowcount:
            return None
        return self._db.execute("DELETE FROM members WHERE code = ?", (code,)).rowcount if expel else 0

    def _found(self, condition: str, *values: str) -> tuple[Invitation, ...]:
        query = f"SELECT {_COLUMNS} FROM invitations WHERE {condition}"  # noqa: S608 - one of those above
        return tuple(
            Invitation(code=code, made_by=made_by, made=made, uses=uses, used=used, note=note)
            for code, made_by, made, uses, used, note in self._db.execute(query, values)
        )
