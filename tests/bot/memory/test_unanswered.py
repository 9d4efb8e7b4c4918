"""What could not be answered, and what was said of answers: kept, newest first, without who."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.memory import Memory, Shown
from bot.memory.feedback import Said
from bot.memory.shown import Answered
from bot.memory.unanswered import Asked
from bot.speaker import Speaker

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

READER = Speaker(chat=5, person=7)
DAY = date(2024, 2, 6)


def test_unanswered_questions_outlive_a_restart(tmp_path: Path) -> None:
    """The newest first, as many as are wanted; the day is not always known."""
    with Memory.open(tmp_path / "bot.db") as memory:
        for number in range(5):
            memory.unanswered.note(READER, f"q{number}", DAY if number % 2 else None)
    with Memory.open(tmp_path / "bot.db") as memory:
        assert memory.unanswered.rows(2) == (Asked(question="q4"), Asked(question="q3", asked=DAY))
        assert len(memory.unanswered.rows(99)) == 5


def test_unanswered_questions_are_kept_for_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then they go by themselves."""
    monkeypatch.setattr("bot.memory.unanswered._PRUNE_EVERY", 2)
    now = [1000.0]
    with Memory.open(None, clock=lambda: now[0]) as memory:
        memory.unanswered.note(READER, "old", None)
        now[0] += 366 * 24 * 3600
        memory.unanswered.note(READER, "new", None)
        assert memory.unanswered.rows(9) == (Asked(question="new"),)


def test_feedback_is_given_oldest_first_and_counted(tmp_path: Path) -> None:
    """As readers last said it."""
    answer = Answered(address="/a.txt", quote="Ada did.")
    with Memory.open(tmp_path / "bot.db") as memory:
        assert (memory.feedback.rows(), memory.feedback.counts()) == ((), (0, 0))
        for key, helpful in (("a", True), ("b", True), ("c", False), ("a", False)):
            shown = Shown(question=f"{key}?", answer=answer, asked=DAY if key == "b" else None)
            memory.feedback.note(READER, key, shown, helpful=helpful, reason="" if helpful else "old")
    rest = {"address": "/a.txt", "answer": "Ada did."}
    with Memory.open(tmp_path / "bot.db") as memory:
        assert memory.feedback.counts() == (1, 2)
        assert memory.feedback.rows() == (
            Said(question="a?", helpful=False, reason="old", **rest),
            Said(question="b?", helpful=True, asked=DAY, **rest),
            Said(question="c?", helpful=False, reason="old", **rest),
        )
