"""The bot's own life over HTTP: start, token, failures of Telegram, the end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest
from fakes import FakeArchive
from journeys.telegram_emulator import TOKEN, TelegramEmulator, serving
from journeys.telegram_person import Person
from journeys.telegram_running import answering, configured, refusal

from bot import app
from bot.app import serve
from bot.settings import SettingsError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("status", "description", "tries"),
    [(403, "Forbidden: bot was blocked by the user", 1), (400, "Bad Request: chat not found", 2)],
)
async def test_a_chat_that_cannot_be_written_to_harms_nobody(
    reader: Person, status: int, description: str, tries: int
) -> None:
    """A reader who blocked the bot is left alone; where a chat is gone, the apology fails too; others are answered."""
    for _ in range(tries):
        reader.emulator.fail_next("sendMessage", status, refusal(status, description))
    await reader.says("Who accompanied Netanyahu?")
    await reader.emulator.until("sendMessage", tries)
    other = Person(reader.emulator, id=2002)
    await other.says("Who accompanied Netanyahu?")
    assert (await other.hears()).text.startswith("Zeev Elkin")


async def test_telegram_asking_for_patience_is_obeyed(reader: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a 429 the message is sent again when Telegram allows it."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else the library warns of its own use of an older type
    answer = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1}}
    reader.emulator.fail_next("sendMessage", 429, json.dumps(answer))
    await reader.says("Who accompanied Netanyahu?")
    assert (await reader.hears()).text.startswith("Zeev Elkin")


async def test_questions_asked_while_it_was_down_are_answered(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """What Telegram kept is not dropped at the start; Telegram being away then is waited for."""
    reader = Person(telegram)
    await reader.says("Who accompanied Netanyahu?")
    telegram.fail_next("getMe", 502, "<html>Bad Gateway</html>")
    telegram.fail_next("setMyCommands", 500, refusal(500, "Internal Server Error"))
    async with answering(configured(telegram, tmp_path), telegram, archive):
        assert (await reader.hears()).text.startswith("Zeev Elkin")


async def test_it_can_be_stopped_while_telegram_is_away(archive: FakeArchive, tmp_path: Path) -> None:
    """Ending does not wait for a Telegram that does not answer."""
    emulator = TelegramEmulator()
    emulator.address = "http://127.0.0.1:9"
    stop = asyncio.Event()
    task = asyncio.create_task(serve(configured(emulator, tmp_path), stop, open_archive=lambda: archive))
    await asyncio.sleep(0.3)
    stop.set()
    await asyncio.wait_for(task, 5)
    assert archive.closed


async def test_what_was_asked_before_the_end_is_answered(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """Stopping waits for the answer that is being written."""
    reader = Person(telegram)
    async with answering(configured(telegram, tmp_path), telegram, archive):
        archive.gate.clear()
        await reader.says("Who accompanied Netanyahu?")
        await telegram.until("sendChatAction")
        asyncio.get_running_loop().call_later(0.2, archive.gate.set)
    assert (await reader.hears()).text.startswith("Zeev Elkin")


async def test_polling_goes_on_after_failures(reader: Person, caplog: pytest.LogCaptureFixture) -> None:
    """A conflict with another poller and a broken gateway are a line in the log each, without a traceback."""
    reader.emulator.fail_next("getUpdates", 409, refusal(409, "Conflict: terminated by other getUpdates request"))
    reader.emulator.fail_next("getUpdates", 502, refusal(502, "Bad Gateway"))
    await reader.says("Who accompanied Netanyahu?")
    assert (await reader.hears()).text.startswith("Zeev Elkin")
    await reader.says("Who opened the exhibition?")
    assert (await reader.hears()).text.startswith("The mayor")
    assert "another program asks Telegram for this bot's messages" in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("token", "said"),
    [
        (None, "the bot has no token"),
        ("  ", "the bot has no token"),
        ("hello", "NEWSDESK_TELEGRAM_TOKEN is no token"),
        ("123456789:AAwrong-token_that-is-long-enough-000", "Telegram does not know the token"),
    ],
)
async def test_a_wrong_token_is_one_clear_line(
    telegram: TelegramEmulator, tmp_path: Path, caplog: pytest.LogCaptureFixture, token: str | None, said: str
) -> None:
    """A missing, malformed or unknown token says what to do, and is not repeated anywhere."""
    with pytest.raises(SettingsError) as caught:
        await serve(configured(telegram, tmp_path, telegram_token=token), asyncio.Event(), open_archive=FakeArchive)
    assert str(caught.value).startswith(said)
    assert "@BotFather" in str(caught.value)
    assert "\n" not in str(caught.value)
    if token and token.strip():
        assert token not in str(caught.value) + caplog.text


def test_run_answers_until_it_is_told_to_end(
    archive: FakeArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """``newsdesk bot`` says who it is, answers, and ends at SIGTERM after what it was doing."""
    monkeypatch.setattr(app, "_opener", lambda _: lambda: archive)
    emulator, ready = TelegramEmulator(), threading.Event()
    heard: list[str] = []

    async def talk() -> None:
        async with serving(emulator):
            ready.set()
            reader = Person(emulator)
            await reader.says("Who accompanied Netanyahu?")
            heard.append((await reader.hears()).text)
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(0.5)

    thread = threading.Thread(target=lambda: asyncio.run(talk()))
    thread.start()
    ready.wait(10)
    app.run(configured(emulator, tmp_path))
    thread.join()
    assert heard[0].startswith("Zeev Elkin")
    out, err = capfd.readouterr()
    assert out == "newsdesk: answering as @newsdesk_bot; Ctrl-C ends it\n"
    assert TOKEN not in err
