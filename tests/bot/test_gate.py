"""The gate: who may ask, how much in an hour, and what is said to whom how often."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import gate as module
from bot.gate import HOUR, Gate, Refused
from bot.speaker import Speaker

SILENT = Refused(name="")


@dataclass
class Clock:
    """Seconds that pass when told."""

    now: float = 1000.0

    def __call__(self) -> float:
        """The moment it is."""
        return self.now


def reader(person: int = 5, chat: int | None = None) -> Speaker:
    """Somebody in their private chat, or in another."""
    return Speaker(chat=person if chat is None else chat, person=person, private=chat is None)


@pytest.mark.parametrize(
    ("mode", "may"),
    [("everyone", {1, 5, 6, 7}), ("listed", {1, 5}), ("invited", {1, 5, 6})],
)
def test_each_mode_lets_in_whom_it_says(mode: module.Mode, may: set[int]) -> None:
    """1 is an admin, 5 is listed, 6 came by an invitation, 7 is anybody."""
    gate = Gate(mode=mode, admins=frozenset({1}), readers=frozenset({5}), is_member=lambda person: person == 6)
    assert {person for person in (1, 5, 6, 7) if gate.may(reader(person))} == may
    assert {person for person in (1, 5, 6, 7) if gate.admit(reader(person)) is None} == may


def test_a_listed_chat_is_for_everybody_in_it() -> None:
    """Not elsewhere."""
    gate = Gate(mode="listed", readers=frozenset({-5}))
    assert gate.may(reader(7, chat=-5))
    assert not gate.may(reader(7))


def test_who_may_not_ask_is_told_once_an_hour_and_chat() -> None:
    """By the sentence of the mode; a group as a whole, a person by themselves."""
    clock = Clock()
    gate = Gate(mode="invited", clock=clock)
    assert gate.admit(reader(7)) == Refused(name="not_invited")
    assert gate.admit(reader(7)) == SILENT
    assert gate.admit(reader(7, chat=-5)) == Refused(name="not_invited")
    assert gate.admit(reader(8, chat=-5)) == SILENT
    clock.now += HOUR
    assert gate.turn_away(reader(7)) == Refused(name="not_invited")
    assert gate.closed == "not_invited"


def test_the_window_of_a_person_slides() -> None:
    """Two questions in any hour: asked at minutes 0 and 10, the third may come at 60, the fourth at 70."""
    clock = Clock()
    gate = Gate(per_person=2, clock=clock)
    start = clock.now
    assert gate.admit(reader()) is None
    clock.now = start + 600
    assert gate.admit(reader()) is None
    assert gate.admit(reader()) == Refused(name="limit_person", values={"count": 50, "limit": 2})
    assert gate.admit(reader()) == SILENT
    clock.now = start + 3599.5
    assert gate.admit(reader()) == Refused(name="limit_person", values={"count": 1, "limit": 2})
    clock.now = start + 3600
    assert gate.admit(reader()) is None
    assert gate.admit(reader()) == SILENT
    clock.now = start + 3661
    assert gate.admit(reader()) == Refused(name="limit_person", values={"count": 9, "limit": 2})


def test_the_limit_for_all_counts_everybody_but_admins() -> None:
    """Two an hour from anybody; an admin asks on, and uses up nothing; what was refused is not counted."""
    clock = Clock()
    gate = Gate(per_hour=2, admins=frozenset({1}), clock=clock)
    assert [gate.admit(reader(person)) for person in (1, 1, 1, 5, 6)] == [None] * 5
    assert gate.admit(reader(7)) == Refused(name="limit_all", values={"count": 60, "limit": 2})
    assert gate.admit(reader(1)) is None
    clock.now += HOUR
    assert [gate.admit(reader(person)) for person in (7, 8)] == [None, None]


def test_people_without_a_name_are_counted_by_their_chat() -> None:
    """Anonymous admins of groups all have one id; the groups are not one another's."""
    gate = Gate(per_person=1, clock=Clock())
    anonymous = 1087968824
    assert gate.admit(reader(anonymous, chat=-5)) is None
    assert gate.admit(reader(anonymous, chat=-6)) is None
    assert gate.admit(reader(0, chat=-6)) is not None


def test_no_limit_is_none() -> None:
    """Zero lets any number through."""
    gate = Gate(per_person=0, per_hour=0, clock=Clock())
    assert [gate.admit(reader()) for _ in range(500)] == [None] * 500


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more people than are kept, who was quiet for longest is forgotten: they may ask again."""
    monkeypatch.setattr(module, "MOST_PEOPLE", 3)
    gate = Gate(per_person=1, clock=Clock())
    assert [gate.admit(reader(person)) for person in (1, 2, 3)] == [None] * 3
    assert gate.admit(reader(1)) is not None
    assert gate.admit(reader(4)) is None
    assert gate.admit(reader(1)) is None
    assert gate.admit(reader(4)) is not None
    closed = Gate(mode="listed", clock=Clock())
    assert [closed.turn_away(reader(person)).name for person in (1, 2, 3, 4, 1)] == ["not_listed"] * 5


@given(st.lists(st.floats(0, 900), max_size=60), st.integers(1, 4))
def test_never_more_than_the_limit_in_any_hour_and_never_less(gaps: list[float], limit: int) -> None:
    """A question is let through exactly when fewer than the limit were in the hour before it."""
    clock, let, came = Clock(), [], 1000.0
    gate = Gate(per_person=limit, clock=clock)
    for gap in gaps:
        came += gap
        clock.now = came
        expected = sum(came - HOUR < earlier for earlier in let) < limit
        assert (gate.admit(reader()) is None) == expected
        if expected:
            let.append(came)
    assert all(last - first >= HOUR for first, last in zip(let, let[limit:], strict=False))
