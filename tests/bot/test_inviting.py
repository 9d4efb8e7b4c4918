"""Invitations as messages: what is read from a command, links, lists, the question before withdrawing."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from bot.inviting import SHOWN, is_code, list_message, made_message, wanted, withdraw_message
from bot.markup import LIMIT, units, visible
from bot.memory.access import Invitation
from bot.texts import Languages

TEXTS = Languages.load().of("en")


def invitation(note: str = "desk", code: str = "A" * 22, made: float = 1_700_000_000.0) -> Invitation:
    """An invitation of two that one has used."""
    return Invitation(code=code, made_by=1, made=made, uses=2, used=1, note=note)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ([], (1, "")),
        (["5"], (5, "")),
        (["5", "sports", "desk"], (5, "sports desk")),
        (["sports", "5"], (1, "sports 5")),
        (["-5"], (1, "-5")),
        (["٥"], (1, "٥")),
        (["10000"], (10000, "")),
        (["10001"], None),
        (["0", "a"], None),
        (["9" * 5000], None),
        (["a" * 500], (1, "a" * 100)),
    ],
)
def test_uses_and_a_note_are_read_from_a_command(words: list[str], asked: tuple[int, str] | None) -> None:
    """One use where no number stands first; no more than ten thousand, and not none."""
    assert wanted(words) == asked


@pytest.mark.parametrize(
    ("text", "good"),
    [("A" * 22, True), ("a-_9" * 5 + "zz", True), ("A" * 21, False), ("A" * 23, False), ("A" * 21 + "!", False)],
)
def test_a_code_has_one_form(text: str, good: bool) -> None:  # noqa: FBT001
    """22 characters that are safe in an address, and nothing behind them."""
    assert is_code(text) == good
    assert not is_code(f"{text}\n")


def test_a_link_leads_to_the_bot_with_the_code() -> None:
    """The note stands above it, escaped."""
    message = made_message(invitation("<b>"), "news_bot", TEXTS)
    assert "<b>&lt;b&gt;</b>" in message.html
    assert visible(message.html).endswith(f"https://t.me/news_bot?start={'A' * 22}")


def test_a_list_fits_a_message_and_its_buttons_the_data() -> None:
    """The newest twenty have a line and a button each; the rest is counted."""
    many = [invitation("<&>" * 30 + "n" * 10, code=f"{number:022}") for number in range(SHOWN + 3)]
    message = list_message(many, UTC, TEXTS)
    assert units(visible(message.html)) <= LIMIT
    assert visible(message.html).endswith("and older ones: 3")
    assert [row[0].data for row in message.buttons] == [f"inv:ask:{number:022}" for number in range(SHOWN)]
    assert all(len(row[0].data.encode()) <= 64 for row in message.buttons)


def test_days_are_those_of_the_place() -> None:
    """14 November 22:13 in UTC is the 15th in Auckland."""
    message = list_message([invitation(note="")], ZoneInfo("Pacific/Auckland"), TEXTS)
    assert visible(message.html).splitlines()[1] == "1. – – 15 November 2023, came: 1 of 2"


def test_withdrawing_asks_what_becomes_of_people() -> None:
    """Where nobody came, it does not; without a note, the code's beginning names it."""
    asked = withdraw_message(invitation(note=""), 1, TEXTS)
    assert [row[0].data for row in asked.buttons] == [f"inv:{each}:{'A' * 22}" for each in ("keep", "expel", "leave")]
    assert "AAAAAA" in visible(asked.html)
    assert [row[0].data.split(":")[1] for row in withdraw_message(invitation(), 0, TEXTS).buttons] == ["keep", "leave"]
