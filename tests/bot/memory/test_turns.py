"""The turns of a chat: the last few, by topic, for a week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.memory import Memory, Turn
from bot.speaker import Speaker

if TYPE_CHECKING:
    from pathlib import Path

READER = Speaker(chat=5, person=7)


def test_the_last_turns_outlive_a_restart(tmp_path: Path) -> None:
    """Oldest first, with what was answered; of many only the last six are kept."""
    with Memory.open(tmp_path / "bot.db", clock=lambda: 10.0) as memory:
        for number in range(9):
            memory.turns.note(READER, Turn(question=f"q{number}", asked=f"a{number}", quote="said", title="head"))
    with Memory.open(tmp_path / "bot.db", clock=lambda: 20.0) as memory:
        assert [turn.question for turn in memory.turns.last(READER, 99)] == ["q3", "q4", "q5", "q6", "q7", "q8"]
        (turn,) = memory.turns.last(READER, 1)
    assert turn == Turn(question="q8", asked="a8", quote="said", title="head", at=10.0)


def test_topics_and_chats_are_apart() -> None:
    """What was said in one is not leaned on in another; starting afresh clears one."""
    topic = Speaker(chat=5, thread=3, person=7)
    with Memory.open(None) as memory:
        memory.turns.note(READER, Turn(question="chat", asked="chat"))
        memory.turns.note(topic, Turn(question="topic", asked="topic"))
        assert [turn.question for turn in memory.turns.last(topic)] == ["topic"]
        assert memory.turns.clear(topic) == 1
        assert memory.turns.last(topic) == ()
        assert [turn.question for turn in memory.turns.last(READER)] == ["chat"]
        assert memory.turns.last(Speaker(chat=6)) == ()


def test_a_week_later_a_question_stands_alone() -> None:
    """Older turns are not given, and are pruned."""
    now = [0.0]
    with Memory.open(None, clock=lambda: now[0]) as memory:
        memory.turns.note(READER, Turn(question="old", asked="old"))
        now[0] = 7 * 86400.0
        assert len(memory.turns.last(READER)) == 1
        now[0] += 1
        assert memory.turns.last(READER) == ()
        memory.prune()
        now[0] = 0.0
        assert memory.turns.last(READER) == ()
