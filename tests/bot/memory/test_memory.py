"""The memory: what buttons stand for, across restarts, per chat, and not for ever."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from bot.memory import Memory, MemoryUnusable, Shown

if TYPE_CHECKING:
    from pathlib import Path

SHOWN = Shown(question="who's 🙂?", passages=(3, 1, 2**40))


def test_what_is_remembered_outlives_the_process(tmp_path: Path) -> None:
    """A key gives what was shown, also from another connection, in a folder that was not there."""
    with Memory.open(tmp_path / "a" / "bot.db") as memory:
        key = memory.shown.remember(5, SHOWN)
    with Memory.open(tmp_path / "a" / "bot.db") as memory:
        assert memory.shown.recall(5, key) == SHOWN


def test_a_key_is_of_one_chat_and_cannot_be_guessed() -> None:
    """Another chat's key, and one that was never given, stand for nothing."""
    with Memory.open(None) as memory:
        keys = {memory.shown.remember(5, SHOWN) for _ in range(100)}
        assert len(keys) == 100
        assert all(len(key) == 16 for key in keys)
        assert memory.shown.recall(6, keys.pop()) is None
        assert memory.shown.recall(5, "' OR 1=1 --") is None


def test_the_old_is_forgotten() -> None:
    """After 90 days a key stands for nothing, the younger still for what they did."""
    now = [0.0]
    with Memory.open(None, clock=lambda: now[0]) as memory:
        old = memory.shown.remember(1, SHOWN)
        now[0] = 89 * 86400.0
        young = memory.shown.remember(1, SHOWN)
        memory.prune()
        assert memory.shown.recall(1, old) == SHOWN
        now[0] = 91 * 86400.0
        memory.prune()
        assert (memory.shown.recall(1, old), memory.shown.recall(1, young)) == (None, SHOWN)


def test_pruning_comes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every so many keys, all but the last so many are forgotten."""
    monkeypatch.setattr("bot.memory.shown._PRUNE_EVERY", 10)
    monkeypatch.setattr("bot.memory.shown._KEPT_ROWS", 4)
    with Memory.open(None) as memory:
        keys = [memory.shown.remember(1, SHOWN) for _ in range(10)]
        assert [memory.shown.recall(1, key) is not None for key in keys] == [False] * 6 + [True] * 4


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be read as a header" * 20, None])
def test_a_file_that_is_no_memory_is_named(tmp_path: Path, content: bytes | None) -> None:
    """One line says which file, and what to do: for other files and for folders."""
    path = tmp_path / "bot.db"
    path.write_bytes(content) if content else path.mkdir()
    with pytest.raises(MemoryUnusable, match=r"bot\.db cannot be used \(.+\): free it, or move it away$"):
        Memory.open(path)


def test_a_newer_memory_is_left_alone(tmp_path: Path) -> None:
    """A file of a newer version is refused, not changed."""
    with sqlite3.connect(tmp_path / "bot.db") as other:
        other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(MemoryUnusable, match="newer newsdesk"):
        Memory.open(tmp_path / "bot.db")


def test_an_older_memory_is_brought_up_to_date(tmp_path: Path) -> None:
    """What the first version kept behind its buttons is still there."""
    with sqlite3.connect(tmp_path / "bot.db") as older:
        older.executescript(
            "CREATE TABLE shown (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, chat INTEGER NOT NULL,"
            " question TEXT NOT NULL, passages TEXT NOT NULL, at REAL NOT NULL); PRAGMA user_version = 1;"
            "INSERT INTO shown (key, chat, question, passages, at) VALUES ('k', 5, 'who?', '[3, 1]', 4e9);"
        )
    older.close()
    for _ in range(2):
        with Memory.open(tmp_path / "bot.db") as memory:
            found = memory.shown.recall(5, "k")
            assert found is not None
            assert (found.question, found.passages) == ("who?", (3, 1))
            assert memory.inbox.waiting() == ()
