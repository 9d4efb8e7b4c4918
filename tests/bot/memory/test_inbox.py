"""The inbox: what Telegram handed over is there until it is answered, and an answer is not begun twice."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import pytest

from bot.memory import Memory
from bot.memory.inbox import MOST_TRIES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """A memory in a file."""
    return Memory.open(tmp_path / "bot.db")


def test_what_was_taken_is_there_after_a_restart_until_it_is_answered(tmp_path: Path) -> None:
    """In the order of its numbers; what is answered is not, though its number is known."""
    with Memory.open(tmp_path / "bot.db") as memory:
        memory.inbox.take([(12, "b"), (11, "a"), (13, "c")])
        assert memory.inbox.begin(11)
        memory.inbox.done(11)
    with Memory.open(tmp_path / "bot.db") as memory:
        memory.inbox.take([(11, "a"), (12, "other")])
        assert memory.inbox.waiting() == ((12, "b"), (13, "c"))
        assert memory.inbox.count() == 2
        assert not memory.inbox.begin(11)
        assert memory.inbox.begin(12)


def test_another_bots_updates_are_forgotten(memory: Memory) -> None:
    """With a new token its numbers may be the same; with the old one nothing is forgotten."""
    with memory:
        memory.inbox.take([(1, "a"), (2, "b")])
        memory.inbox.done(1)
        memory.inbox.plan(2, [{"html": "x"}])
        for _ in range(2):
            memory.inbox.belong_to(77)
            assert (memory.inbox.begin(1), memory.inbox.count()) == (False, 1)
        memory.inbox.belong_to(78)
        assert (memory.inbox.begin(1), memory.inbox.count(), memory.inbox.planned(2)) == (True, 0, None)


def test_an_update_that_ends_the_process_is_put_aside(memory: Memory) -> None:
    """After three tries; one that was postponed had none."""
    with memory:
        memory.inbox.take([(1, "a")])
        assert memory.inbox.begin(1)
        memory.inbox.postpone(1)
        assert [memory.inbox.begin(1) for _ in range(MOST_TRIES + 1)] == [True] * MOST_TRIES + [False]
        assert (memory.inbox.waiting(), memory.inbox.count(), memory.inbox.aside()) == ((), 0, 1)


def test_what_was_put_aside_is_gone_in_the_end(tmp_path: Path) -> None:
    """After two days, with what was planned of its answer; at once where its person wants to be forgotten."""
    now = [1000.0]
    with Memory.open(tmp_path / "bot.db", clock=lambda: now[0]) as memory:
        bodies = [json.dumps({"message": {"from": {"id": person}, "text": "7"}}) for person in (7, 8)]
        memory.inbox.take([*enumerate(bodies, 1), (3, "torn"), (4, bodies[0])])
        for number in (1, 2, 3):
            for _ in range(MOST_TRIES):
                memory.inbox.begin(number)
        memory.inbox.plan(2, [{"html": "x"}])
        memory.people.forget(7)
        assert memory.inbox.aside() == 2
        assert memory.inbox.waiting() == ((4, bodies[0]),)
        now[0] += 3 * 24 * 3600
        memory.prune()
        assert memory.inbox.aside() == 0
        assert memory.inbox.planned(2) is None
        assert memory.inbox.count() == 1


def test_an_update_that_could_not_be_kept_is_handled(memory: Memory) -> None:
    """The inbox does not know it, which is no reason not to answer."""
    with memory:
        assert memory.inbox.begin(99)


def test_an_answer_goes_on_where_it_was(memory: Memory) -> None:
    """Of four messages in two sendings, those that Telegram acknowledged are not sent again; the tried is marked."""
    messages = [{"html": str(number)} for number in range(4)]
    with memory:
        assert memory.inbox.planned(7) is None
        first = memory.inbox.plan(7, messages[:3])
        assert [(each.place, each.message) for each in first] == list(enumerate(messages[:3]))
        memory.inbox.trying(7, 0)
        memory.inbox.sent(7, 0, 501)
        memory.inbox.trying(7, 1)
        assert [each.place for each in memory.inbox.plan(7, messages[3:])] == [3]
        left = memory.inbox.planned(7)
        assert left is not None
        assert [(each.message["html"], each.tried) for each in left] == [("1", True), ("2", False), ("3", False)]
        for place in (1, 2, 3):
            memory.inbox.sent(7, place, 502)
        assert memory.inbox.planned(7) == ()
        memory.inbox.done(7)
        assert memory.inbox.planned(7) is None


def test_texts_of_what_is_answered_are_gone(tmp_path: Path) -> None:
    """Only the number stays, for the two days in which Telegram may hand it over again."""
    now = [1000.0]
    with Memory.open(tmp_path / "bot.db", clock=lambda: now[0]) as memory:
        memory.inbox.take([(1, "a reader's words")])
        memory.inbox.done(1)
        with sqlite3.connect(tmp_path / "bot.db") as other:
            assert other.execute("SELECT number, body FROM inbox").fetchall() == [(1, None)]
        other.close()
        now[0] += 3 * 24 * 3600
        memory.prune()
        assert memory.inbox.begin(1)  # unknown again


def test_pruning_comes_by_itself(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every so many answers."""
    monkeypatch.setattr("bot.memory.inbox._PRUNE_EVERY", 3)
    monkeypatch.setattr("bot.memory.inbox._DONE_KEPT_SECONDS", -1)
    with memory:
        memory.inbox.take([(number, "a") for number in range(3)])
        for number in range(3):
            memory.inbox.done(number)
        assert [memory.inbox._db.execute("SELECT count(*) FROM inbox").fetchone()] == [(0,)]  # noqa: SLF001


def test_all_of_what_is_taken_or_nothing(memory: Memory) -> None:
    """A batch that cannot be written is not half there, and later ones can be."""

    def torn() -> list[tuple[int, str]]:
        return [(1, "a"), (2, object())]  # type: ignore[list-item]

    with memory:
        with pytest.raises(sqlite3.Error):
            memory.inbox.take(torn())
        with pytest.raises(TypeError):
            memory.inbox.plan(1, [{"html": object()}])
        assert (memory.inbox.waiting(), memory.inbox.planned(1)) == ((), None)
        memory.inbox.take([(3, "c")])
        assert memory.inbox.count() == 1
