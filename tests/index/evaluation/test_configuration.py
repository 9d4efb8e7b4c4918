"""Configurations written as words."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from index.evaluation import SettingUnknown, changed, described


@dataclass(frozen=True, slots=True, kw_only=True)
class Kettle:
    """Something with fields of every kind."""

    heat: float = 0.5
    cups: int = 4
    whistles: bool = True
    colour: str = "red"
    marks: tuple[int, ...] = (1, 2)

    def __post_init__(self) -> None:
        """There is no kettle for no one."""
        if self.cups < 1:
            raise ValueError("a kettle holds at least a cup")


def test_fields_are_replaced_by_name() -> None:
    """Each by a value of its own kind, in one text or several; the last one counts."""
    made = changed(Kettle(), ["heat=0.9, cups=2", "whistles=off", "colour=light blue", "cups = 3"])
    assert made == Kettle(heat=0.9, cups=3, whistles=False, colour="light blue")
    assert changed(Kettle(), []) == Kettle()


def test_a_configuration_says_its_fields() -> None:
    """With the values they have."""
    assert described(Kettle()) == "heat=0.5, cups=4, whistles=True, colour=red, marks=(1, 2)"


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("heet=1", "'heet=1' sets nothing: write NAME=VALUE, with one of heat=0.5, cups=4"),
        ("heat", "'heat' sets nothing"),
        ("", "'' sets nothing"),
        ("heat=much", "heat=much: it must be a number, such as heat=0.5"),
        ("heat=nan", "heat=nan: it must be a number"),
        ("cups=2.5", "cups=2.5: it must be a number, such as cups=4"),
        ("whistles=loud", "whistles=loud: it must be yes or no"),
        ("marks=3", "marks is (1, 2), which cannot be written as NAME=VALUE"),
        ("cups=0", "cups=0: a kettle holds at least a cup"),
    ],
)
def test_what_cannot_be_set_is_said(setting: str, message: str) -> None:
    """With the names and values that can be."""
    with pytest.raises(SettingUnknown) as raised:
        changed(Kettle(), [setting])
    assert message in str(raised.value)
