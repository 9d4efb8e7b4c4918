"""Invitations: codes, uses, members, withdrawal; all of it outlives a restart."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

import pytest

from bot.memory import Memory
from bot.memory.access import Access

if TYPE_CHECKING:
    from pathlib import Path


def test_a_code_cannot_be_guessed_and_is_safe_in_an_address() -> None:
    """22 characters of 64 are 132 bits, of which 128 are chance; none comes twice."""
    with Memory.open(None) as memory:
        codes = {memory.access.invite(1, 1, "").code for _ in range(100)}
    assert len(codes) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", code) for code in codes)


def test_an_invitation_lets_in_as_many_as_it_says(tmp_path: Path) -> None:
    """Two of three come in, for good; coming twice uses up one; a restart changes nothing."""
    with Memory.open(tmp_path / "bot.db", clock=lambda: 7.0) as memory:
        made = memory.access.invite(1, 2, "desk")
        assert [memory.access.redeem(made.code, person) for person in (5, 5, 6, 7)] == [True, True, True, False]
    with Memory.open(tmp_path / "bot.db") as memory:
        assert [memory.access.is_member(person) for person in (5, 6, 7)] == [True, True, False]
        found = memory.access.find(made.code)
        assert found is not None
        assert (found.made_by, found.made, found.uses, found.used, found.note) == (1, 7.0, 2, 2, "desk")
        assert memory.access.members(made.code) == 2


def test_an_unknown_code_lets_nobody_in() -> None:
    """Neither does an empty one."""
    with Memory.open(None) as memory:
        memory.access.invite(1, 1, "")
        assert not memory.access.redeem("A" * 22, 5)
        assert not memory.access.redeem("", 5)
        assert memory.access.find("A" * 22) is None


@pytest.mark.parametrize(("expel", "expelled", "left"), [(False, 0, True), (True, 1, False)])
def test_a_withdrawn_invitation_lets_nobody_in(expel: bool, expelled: int, left: bool) -> None:  # noqa: FBT001
    """Who came by it stays, or not; who came by another stays; it cannot be withdrawn again."""
    with Memory.open(None) as memory:
        access = memory.access
        gone, kept = access.invite(1, 3, "gone"), access.invite(1, 3, "kept")
        assert access.redeem(gone.code, 5)
        assert access.redeem(kept.code, 6)
        assert access.withdraw(gone.code, expel=expel) == expelled
        assert access.is_member(5) == left
        assert access.is_member(6)
        assert not access.redeem(gone.code, 8)
        assert [each.note for each in access.invitations()] == ["kept"]
        assert access.withdraw(gone.code, expel=True) is None


def test_invitations_are_listed_newest_first() -> None:
    """By when they were made."""
    now = [0.0]
    with Memory.open(None, clock=lambda: now[0]) as memory:
        for now[0], note in ((1.0, "old"), (3.0, "new"), (2.0, "middle")):
            memory.access.invite(1, 1, note)
        assert [each.note for each in memory.access.invitations()] == ["new", "middle", "old"]


def test_what_cannot_be_written_uses_up_nothing() -> None:
    """A disk that is full between the two steps of coming in leaves neither."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(
        "CREATE TABLE invitations (code, made_by, made, uses, used DEFAULT 0, note, withdrawn);"
        "CREATE TABLE members (person PRIMARY KEY, code, since);"
        "CREATE TRIGGER full BEFORE INSERT ON members BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END;"
    )
    access = Access(connection, lambda: 0.0)
    made = access.invite(1, 1, "")
    with pytest.raises(sqlite3.Error, match="full"):
        access.redeem(made.code, 5)
    connection.execute("DROP TRIGGER full")
    assert access.redeem(made.code, 5)
