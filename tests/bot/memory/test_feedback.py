"""What readers say of answers: the last word of each, kept once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from bot.memory import Memory, Shown
from bot.memory.shown import Answered
from bot.speaker import Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = Shown(
    question="Who opened it?",
    answer=Answered(address="https://a.example/1", quote="The mayor opened it."),
    asked=date(2026, 3, 1),
)
READER = Speaker(chat=5, person=5)


@pytest.fixture
def memory() -> Iterator[Memory]:
    """A memory in RAM whose clock tells how often it was looked at."""
    ticks = iter(range(1000))
    with Memory.open(None, clock=lambda: float(next(ticks))) as opened:
        yield opened


def rows(memory: Memory) -> list[tuple[Any, ...]]:
    """What is kept, oldest first, without its number and time."""
    columns = "key, chat, person, question, asked, address, answer, helpful, reason"
    return memory._db.execute(f"SELECT {columns} FROM feedback ORDER BY id").fetchall()  # noqa: S608, SLF001


def test_a_yes_is_kept_with_all_that_an_evaluation_needs(memory: Memory) -> None:
    """Question, day, address and quote are those of the answer; the person and the chat those of who spoke."""
    assert memory.feedback.note(READER, "k", SHOWN, helpful=True)
    said = ("k", 5, 5, "Who opened it?", "2026-03-01", "https://a.example/1", "The mayor opened it.", 1, "")
    assert rows(memory) == [said]


def test_saying_the_same_again_changes_nothing(memory: Memory) -> None:
    """The second yes, and the second no, is not new; a no without a reason leaves the reason."""
    assert memory.feedback.note(READER, "k", SHOWN, helpful=True)
    kept = memory._db.execute("SELECT * FROM feedback").fetchall()  # noqa: SLF001
    assert not memory.feedback.note(READER, "k", SHOWN, helpful=True)
    assert memory._db.execute("SELECT * FROM feedback").fetchall() == kept  # noqa: SLF001
    assert memory.feedback.note(READER, "k", SHOWN, helpful=False)
    assert memory.feedback.note(READER, "k", SHOWN, helpful=False, reason="out of date")
    assert not memory.feedback.note(READER, "k", SHOWN, helpful=False)
    assert not memory.feedback.note(READER, "k", SHOWN, helpful=False, reason="out of date")
    assert [row[-2:] for row in rows(memory)] == [(0, "out of date")]


def test_the_last_word_counts(memory: Memory) -> None:
    """A yes after a no takes its reason away; another reason takes the place of the first."""
    memory.feedback.note(READER, "k", SHOWN, helpful=False, reason="wrong article")
    assert memory.feedback.note(READER, "k", SHOWN, helpful=False, reason="It was Tuesday.")
    assert rows(memory)[0][-2:] == (0, "It was Tuesday.")
    assert memory.feedback.note(READER, "k", SHOWN, helpful=True)
    assert [row[-2:] for row in rows(memory)] == [(1, "")]


def test_people_and_answers_are_apart(memory: Memory) -> None:
    """In a group each person has a word about each answer."""
    other = Speaker(chat=5, person=6, private=False)
    for speaker, key, helpful in [(READER, "k", True), (other, "k", False), (READER, "l", False)]:
        assert memory.feedback.note(speaker, key, SHOWN, helpful=helpful)
    assert [(row[0], row[2], row[-2]) for row in rows(memory)] == [("k", 5, 1), ("k", 6, 0), ("l", 5, 0)]


def test_of_what_has_no_answer_nothing_is_kept(memory: Memory) -> None:
    """There is nothing to be right or wrong."""
    assert not memory.feedback.note(READER, "k", Shown(question="q"), helpful=True)
    assert rows(memory) == []


def test_a_reason_is_awaited_after_a_no_until_it_is_given(memory: Memory) -> None:
    """Of who said no, to that answer; "other" is not yet a reason."""
    assert not memory.feedback.awaits_reason("k", 5)
    memory.feedback.note(READER, "k", SHOWN, helpful=True)
    assert not memory.feedback.awaits_reason("k", 5)
    memory.feedback.note(READER, "k", SHOWN, helpful=False)
    assert [memory.feedback.awaits_reason(*each) for each in [("k", 5), ("k", 6), ("l", 5)]] == [True, False, False]
    memory.feedback.note(READER, "k", SHOWN, helpful=False, reason="other")
    assert memory.feedback.awaits_reason("k", 5)
    memory.feedback.note(READER, "k", SHOWN, helpful=False, reason="wrong sentence")
    assert not memory.feedback.awaits_reason("k", 5)
