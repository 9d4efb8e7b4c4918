"""What is kept of people, and its end; and which message answered which."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from bot.memory import Memory, Shown, Turn
from bot.memory.people import Forgotten
from bot.memory.replies import Replied
from bot.memory.shown import Answered
from bot.speaker import Speaker

if TYPE_CHECKING:
    from pathlib import Path

READER = Speaker(chat=7, person=7)
MEMBER = Speaker(chat=-5, person=7, private=False)
OTHER = Speaker(chat=-5, person=8, private=False)


def fill(memory: Memory, speaker: Speaker) -> None:
    """Let somebody leave one trace of each kind that a question leaves."""
    shown = Shown(question="q", answer=Answered(address="a", quote="said"), person=speaker.person)
    key = memory.shown.remember(speaker.chat, shown)
    memory.feedback.note(speaker, key, shown, helpful=True)
    memory.turns.note(speaker, Turn(question="q", asked="q"))
    memory.unanswered.note(speaker, "q", None)
    memory.replies.note(speaker, speaker.person, Replied(text="q", answer=1))


def test_a_language_is_kept_until_another_is_chosen(tmp_path: Path) -> None:
    """Also through a restart; who chose none has none."""
    with Memory.open(tmp_path / "bot.db") as memory:
        memory.people.choose(7, "ru")
        memory.people.choose(7, "es")
    with Memory.open(tmp_path / "bot.db") as memory:
        assert [memory.people.language(person) for person in (7, 8)] == ["es", None]


def test_all_that_is_kept_of_a_person_is_deleted() -> None:
    """Wherever they wrote; what others wrote in the same group stays."""
    with Memory.open(None) as memory:
        for speaker in (READER, MEMBER, OTHER):
            fill(memory, speaker)
        for person in (7, 8):
            memory.people.choose(person, "ru")
        assert memory.people.forget(7) == Forgotten(
            turns=2, shown=2, replies=2, unanswered=2, feedback=2, drafts=0, language=1, membership=0
        )
        assert memory.people.forget(7) == Forgotten()
        assert [turn.question for turn in memory.turns.last(OTHER)] == ["q"]
        assert len(memory.feedback.rows()) == 1
        assert len(memory.unanswered.rows(9)) == 1
        assert memory.replies.to(OTHER, 8) == Replied(text="q", answer=1)
        assert [memory.people.language(person) for person in (7, 8)] == [None, "ru"]


def test_every_table_that_names_a_person_is_thought_of(tmp_path: Path) -> None:
    """Whoever adds a table with people in it has to say whether /forget empties it."""
    kept = {"audit"}
    with Memory.open(tmp_path / "bot.db"), sqlite3.connect(tmp_path / "bot.db") as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        with_person = {
            name for name in tables if any(row[1] == "person" for row in db.execute(f"PRAGMA table_info({name})"))
        }
    names = {"language": "people", "membership": "members"}
    assert {names.get(kind, kind) for kind in asdict(Forgotten())} | kept == with_person


def test_forgetting_is_all_or_nothing(tmp_path: Path) -> None:
    """Where the file cannot be written nothing is deleted, and nothing was said."""
    with Memory.open(tmp_path / "bot.db") as memory:
        fill(memory, READER)
        blocker = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError):
            memory.people.forget(7)
        blocker.execute("ROLLBACK")
        blocker.execute("CREATE TRIGGER keep BEFORE DELETE ON feedback BEGIN SELECT RAISE(ABORT, 'kept'); END")
        with pytest.raises(sqlite3.IntegrityError, match="kept"):
            memory.people.forget(7)
        blocker.execute("DROP TRIGGER keep")
        blocker.close()
        assert memory.people.forget(7) == Forgotten(turns=1, shown=1, replies=1, unanswered=1, feedback=1)


def test_what_is_forgotten_is_not_left_in_the_file(tmp_path: Path) -> None:
    """SQLite leaves deleted rows on its pages unless told otherwise, and in its log until that is folded in."""
    with Memory.open(tmp_path / "bot.db") as memory:
        memory.inbox.take([(1, "a question that nobody else asks")])
        memory.inbox.plan(1, [{"html": "an answer that nobody else asks for"}])
        memory.inbox.done(1)
        memory.unanswered.note(READER, "a question that nobody else asks", None)
        memory.people.forget(7)
        assert not any(b"nobody else asks" in path.read_bytes() for path in tmp_path.iterdir())


def test_an_answer_is_known_by_its_question(tmp_path: Path) -> None:
    """The last one, in that chat, also after a restart."""
    with Memory.open(tmp_path / "bot.db", clock=lambda: 0.0) as memory:
        memory.replies.note(READER, 3, Replied(text="first", answer=4))
        memory.replies.note(READER, 3, Replied(text="second", answer=5))
    with Memory.open(tmp_path / "bot.db", clock=lambda: 1.0) as memory:
        assert memory.replies.to(READER, 3) == Replied(text="second", answer=5)
        assert memory.replies.to(MEMBER, 3) is None


def test_a_question_that_cannot_be_edited_any_more_is_let_go_of(tmp_path: Path) -> None:
    """After 48 hours, when the memory is opened, and each thousand answers."""
    now = 0.0
    with Memory.open(tmp_path / "bot.db", clock=lambda: now) as memory:
        memory.replies.note(READER, 1, Replied(text="q", answer=2))
        now = 48 * 3600 + 1.0
        for number in range(2, 1000):
            memory.replies.note(READER, number, Replied(text="q", answer=2))
        assert memory.replies.to(READER, 1) == Replied(text="q", answer=2)
        memory.replies.note(READER, 1000, Replied(text="q", answer=2))
        assert memory.replies.to(READER, 1) is None
        now *= 2
    with Memory.open(tmp_path / "bot.db", clock=lambda: now) as memory:
        assert memory.replies.to(READER, 1000) is None


def test_a_turn_can_be_taken_back() -> None:
    """The last of its topic, if it is that question."""
    with Memory.open(None) as memory:
        for question in ("first", "second"):
            memory.turns.note(READER, Turn(question=question, asked=question))
        memory.turns.take_back(READER, "first")
        assert [turn.question for turn in memory.turns.last(READER)] == ["first", "second"]
        memory.turns.take_back(READER, "second")
        assert [turn.question for turn in memory.turns.last(READER)] == ["first"]
