"""Hostile readers over HTTP: whatever Telegram may hand over, the bot goes on, and says nothing it should not."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from journeys.telegram_emulator import TelegramEmulator, serving
from journeys.telegram_person import Person
from journeys.telegram_running import answering, configured
from journeys.telegram_updates import EVERY_KIND, RICH, USER, mangled
from telegram import Update

from bot.menus import ADMINS
from bot.transport import polling

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from fakes import FakeArchive

QUESTION = "Who accompanied Netanyahu?"


@pytest.fixture
async def stranger(archive: FakeArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Person]:
    """Somebody who sends a bot that asks for every kind of update whatever they like."""
    monkeypatch.setattr(polling, "ALLOWED", tuple(Update.ALL_TYPES))
    async with serving(TelegramEmulator()) as emulator, answering(configured(emulator, tmp_path), emulator, archive):
        yield Person(emulator)


def test_every_kind_of_update_is_sent() -> None:
    """A newer library that reads more kinds needs one more here."""
    assert set(EVERY_KIND) == set(Update.ALL_TYPES)


@pytest.mark.parametrize("kind", sorted(EVERY_KIND))
def test_every_one_is_read(kind: str) -> None:
    """The library finds in it what it is, so that handlers are asked about it."""
    assert getattr(Update.de_json({"update_id": 1, kind: EVERY_KIND[kind]}, None), kind) is not None


@pytest.mark.parametrize("kind", sorted(EVERY_KIND))
async def test_every_kind_is_survived(stranger: Person, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    """Only what asks something is answered; none is an error, nor keeps the next question waiting."""
    await stranger.update({kind: EVERY_KIND[kind]})
    await stranger.says(QUESTION)
    assert (await stranger.hears()).text.startswith("Zeev Elkin")
    told = stranger.emulator.sent(USER["id"])
    answered = {"message": 1, "edited_message": 1, "callback_query": 1}
    await stranger.hears_nothing(during=0.1)
    assert len(told) == answered.get(kind, 0)
    assert stranger.emulator.problems == []
    assert [record.getMessage() for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")] == []


@pytest.mark.parametrize("kind", [*sorted(EVERY_KIND), *RICH])
async def test_mangled_updates_are_survived(stranger: Person, kind: str) -> None:
    """Parts taken out, huge, of other types: an update that cannot be read does not hold up those behind it."""
    chance = random.Random(kind)  # noqa: S311 - the same each time
    content = RICH.get(kind) or EVERY_KIND[kind]
    for _ in range(30):
        await stranger.update({"message" if kind in RICH else kind: mangled(content, chance)})
    await stranger.says(QUESTION)
    assert (await stranger.hears()).text.startswith("Zeev Elkin")


@pytest.mark.parametrize("command", ADMINS)
async def test_admins_commands_are_not_for_others(reader: Person, command: str) -> None:
    """Whatever the command, whatever follows it, a reader is told so, and nothing is done."""
    await reader.says(f"/{command} ../../etc/passwd <b>")
    assert (await reader.hears()).text == "That command is for admins of this bot."
    assert await reader.hears_nothing(during=0.1)


async def test_names_with_markup_break_nothing_out(reader: Person) -> None:
    """Of a person, a group, a topic, a post that is passed on: none is read as formatting, and none as a command."""
    name = "</b></blockquote><a href='tg://user?id=1'>/forget @newsdesk_bot"
    group = {"id": -1001, "type": "supergroup", "title": name}
    person = {"id": 1001, "is_bot": False, "first_name": name, "last_name": name, "language_code": name}
    member = Person(reader.emulator, chat=group)
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": name}
    for text in (f"/ask {QUESTION}", "/ask", "/help", "/start", "/language", "/forget", "/new"):
        await member.says(text, forward_origin=origin, author_signature=name, **{"from": person})
        assert name not in (await member.hears()).html
