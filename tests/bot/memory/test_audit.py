"""The audit log: who did what, and what came of it."""

from __future__ import annotations

from bot.memory import Memory
from bot.memory.audit import Noted


def test_the_last_notes_come_newest_first() -> None:
    """Of all actions, or of one; as many as are wanted."""
    now = [0.0]
    with Memory.open(None, clock=lambda: now[0]) as memory:
        for now[0], person, action in ((1.0, 1, "add"), (2.0, 2, "remove"), (3.0, 1, "add")):
            memory.audit.note(person, action, f"of {person}", "done")
        recent = memory.audit.recent(2)
        assert [(each.person, each.action) for each in recent] == [(1, "add"), (2, "remove")]
        assert memory.audit.last("remove", 5) == (
            Noted(at=2.0, person=2, action="remove", what="of 2", outcome="done"),
        )
        assert [each.at for each in memory.audit.last("add", 5)] == [3.0, 1.0]
        assert memory.audit.last("add", 1) == recent[:1]


def test_forgetting_a_person_leaves_the_log() -> None:
    """It tells what was done to the archive, and is not the person's."""
    with Memory.open(None) as memory:
        memory.audit.note(1, "add", "a headline", "added 1")
        memory.people.forget(1)
        assert [each.what for each in memory.audit.recent(5)] == ["a headline"]
