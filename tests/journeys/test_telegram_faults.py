"""What Telegram, the way there and the machine do wrong: the bot answers all the same, each question once."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from typing import TYPE_CHECKING

import pytest
from fakes import FakeArchive
from journeys.telegram_emulator import TelegramEmulator, serving
from journeys.telegram_person import Person
from journeys.telegram_running import ADMIN, answering, configured, refusal

from bot.memory import Inbox
from index.errors import EncoderError

if TYPE_CHECKING:
    from pathlib import Path

QUESTION = "Who accompanied Netanyahu?"
ANSWER = "Zeev Elkin"
TOO_MANY = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1}}
HTML = "<html><head><title>502 Bad Gateway</title></head></html>"


async def answered_once(reader: Person) -> None:
    """Hear one answer, and nothing behind it."""
    assert (await reader.hears()).text.startswith(ANSWER)
    assert await reader.hears_nothing()


async def test_asking_for_patience_again_and_again_is_obeyed(reader: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """After three 429 in a row the answer comes, once."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    for _ in range(3):
        reader.emulator.fail_next("sendMessage", 429, json.dumps(TOO_MANY))
    await reader.says(QUESTION)
    await answered_once(reader)


@pytest.mark.parametrize("body", [HTML, refusal(500, "Internal Server Error"), ""])
async def test_a_broken_gateway_is_waited_out(reader: Person, body: str) -> None:
    """Whatever its body: the answer comes when the gateway is mended."""
    for _ in range(2):
        reader.emulator.fail_next("sendMessage", 502, body)
    await reader.says(QUESTION)
    await answered_once(reader)


async def test_a_single_401_does_not_end_the_asking(reader: Person, caplog: pytest.LogCaptureFixture) -> None:
    """The library ends polling for good then; here the next request asks again, and the log says why."""
    reader.emulator.fail_next("getUpdates", 401, refusal(401, "Unauthorized"))
    await reader.says(QUESTION)
    await answered_once(reader)
    await reader.says(QUESTION)
    await answered_once(reader)
    assert "Telegram refuses the token" in caplog.text
    assert "Traceback" not in caplog.text


async def test_another_poller_is_told_to_the_admins(reader: Person) -> None:
    """Each admin hears of it once, however often Telegram says so, and the bot keeps trying."""
    admin = Person(reader.emulator, id=ADMIN)
    for _ in range(2):
        reader.emulator.fail_next("getUpdates", 409, refusal(409, "Conflict: terminated by other getUpdates request"))
    await reader.says(QUESTION)
    assert (await admin.hears()).text.startswith("Another program asks Telegram for my messages")
    await answered_once(reader)
    assert await admin.hears_nothing(during=0.1)


async def test_a_connection_that_breaks_before_telegram_acts_costs_nothing(reader: Person) -> None:
    """The message is sent again, and comes once."""
    reader.emulator.drop_next("sendMessage", acted=False)
    await reader.says(QUESTION)
    await answered_once(reader)


async def test_only_a_lost_acknowledgement_sends_a_message_twice(reader: Person) -> None:
    """Where Telegram has acted and the connection breaks before it says so, the reader sees the answer twice."""
    reader.emulator.drop_next("sendMessage", acted=True)
    await reader.says(QUESTION)
    for _ in range(2):
        assert (await reader.hears()).text.startswith(ANSWER)
    assert await reader.hears_nothing()


async def test_a_lost_answer_to_polling_loses_no_question(reader: Person) -> None:
    """Updates whose delivery broke off are handed over again, and answered once."""
    reader.emulator.drop_next("getUpdates", acted=True)
    reader.emulator.drop_next("getUpdates", acted=False)
    await reader.says(QUESTION)
    await answered_once(reader)


async def test_a_slow_telegram_is_waited_for(reader: Person) -> None:
    """A second at each end does not make a second answer."""
    reader.emulator.slow_next("getUpdates", 1.0)
    reader.emulator.slow_next("sendMessage", 1.0)
    await reader.says(QUESTION)
    await answered_once(reader)


async def test_telegram_may_be_away_in_the_middle(
    archive: FakeArchive, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A question taken before is answered when Telegram is back; so is one asked while it was away."""
    emulator = TelegramEmulator()
    reader, other = Person(emulator), Person(emulator, id=2002)
    async with serving(emulator):
        port, stop = emulator.port, asyncio.Event()
        running = answering(configured(emulator, tmp_path), emulator, archive)
        await running.__aenter__()
        archive.gate.clear()
        await reader.says(QUESTION)
        await emulator.until("sendChatAction")
        assert not stop.is_set()
    archive.gate.set()
    await asyncio.sleep(2)
    assert emulator.sent(reader.chat_id) == []
    await other.says(QUESTION)
    async with serving(emulator, port=port):
        assert (await reader.hears()).text.startswith(ANSWER)
        assert (await other.hears()).text.startswith(ANSWER)
        await running.__aexit__(None, None, None)
    assert "trying again" in caplog.text
    assert emulator.problems == []


async def test_a_restart_between_question_and_answer_answers(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """What waited when the bot was told to end is answered by the next one, in order, and once."""
    reader, patient = Person(telegram), Person(telegram, id=2002)
    async with answering(configured(telegram, tmp_path), telegram, archive):
        archive.gate.clear()
        await reader.says(QUESTION)
        await telegram.until("sendChatAction")
        await patient.says("Who opened the exhibition?")
        await patient.says(QUESTION)
        await telegram.until("sendChatAction", 2)
        asyncio.get_running_loop().call_later(0.3, archive.gate.set)
    await answered_once(reader)
    assert await patient.hears_nothing(during=0.1)
    async with answering(configured(telegram, tmp_path), telegram, FakeArchive()):
        assert (await patient.hears()).text.startswith("The mayor")
        await answered_once(patient)


async def test_a_full_disk_costs_buttons_not_answers(
    reader: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where nothing can be written questions go on being answered, and the log says what to do."""

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    for name in ("take", "begin", "plan", "done"):
        monkeypatch.setattr(Inbox, name, full)
    await reader.says(QUESTION)
    await answered_once(reader)
    assert "free space on the disk" in caplog.text
    monkeypatch.undo()
    await reader.says(QUESTION)
    await answered_once(reader)


async def test_a_model_file_that_is_gone_is_apologised_for(
    reader: Person, archive: FakeArchive, caplog: pytest.LogCaptureFixture
) -> None:
    """The reader hears that something is wrong, the log what; once it is mended questions are answered."""
    archive.failure = EncoderError("model.onnx is gone: run newsdesk stats, which makes it anew")
    await reader.says(QUESTION)
    assert (await reader.hears()).text.startswith("Something went wrong on my side")
    assert "model.onnx is gone" in caplog.text
    archive.failure = None
    await reader.says(QUESTION)
    await answered_once(reader)
