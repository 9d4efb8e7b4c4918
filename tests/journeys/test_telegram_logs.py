"""What is logged of a busy day: whatever goes wrong, neither the token nor what readers write."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from journeys.command import Desk
from journeys.telegram_emulator import TOKEN, TelegramEmulator
from journeys.telegram_person import Person
from journeys.telegram_running import answering, configured, refusal

from bot.http import webhook_secret

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fakes import FakeArchive

WORD = "kingfisherbrooch"
HALF = TOKEN.split(":")[1]
LOGGERS = ("", "telegram", "telegram.request", "httpx", "httpcore")


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that the bot logs; logging is left as it was."""
    stream = io.StringIO()
    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    monkeypatch.setattr(logging.getLogger(), "handlers", [logging.StreamHandler(stream)])
    yield stream
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


async def a_busy_day(telegram: TelegramEmulator, archive: FakeArchive) -> None:
    """Questions that are answered, not answered, refused by Telegram, and that find a defect."""
    reader = Person(telegram)
    await reader.says(f"Who accompanied Netanyahu? {WORD}")
    await reader.hears()
    await reader.says(f"{WORD}?")
    await reader.hears()
    for method, status in (("getUpdates", 502), ("getUpdates", 409), ("sendMessage", 403)):
        telegram.fail_next(method, status, refusal(status, "it is refused"))
    telegram.fail_next("getUpdates", 502, f"<html>{WORD}</html>")
    await reader.says(f"Who opened the {WORD}?")
    await telegram.until("sendMessage", 3)
    archive.failure = ValueError(f"no turn for Who opened the {WORD}?")
    await reader.says(f"Where is the {WORD}?")
    await reader.hears()
    archive.failure = KeyError(WORD)
    await reader.says(f"Where was the {WORD}?")
    await reader.hears()
    archive.failure = None
    await reader.sends(photo=[], caption=WORD)
    await reader.presses_data(f"forged:{WORD}")
    await reader.says("Who opened the exhibition?")
    while "The mayor" not in (await reader.hears()).text:
        pass


@pytest.mark.parametrize("form", ["text", "json"])
async def test_neither_token_nor_texts_are_logged(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path, written: io.StringIO, form: str
) -> None:
    """Not at the most talkative level either; what went wrong is told nevertheless."""
    settings = configured(telegram, tmp_path, log_level="DEBUG", log_format=form)
    async with answering(settings, telegram, archive):
        await a_busy_day(telegram, archive)
    said = written.getvalue()
    assert WORD not in said
    assert HALF not in said
    for told in ("ValueError", "KeyError", "another program asks Telegram", "in _called"):
        assert told in said
    if form == "json":
        lines = [json.loads(line) for line in said.splitlines()]
        assert all({"time", "level", "logger", "message"} <= set(line) for line in lines)


async def test_texts_are_logged_where_they_are_asked_for(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path, written: io.StringIO
) -> None:
    """With NEWSDESK_LOG_TEXTS they are there to find a defect by; the token is not."""
    settings = configured(telegram, tmp_path, log_level="DEBUG", log_texts="true")
    async with answering(settings, telegram, archive):
        await a_busy_day(telegram, archive)
    assert WORD in written.getvalue()
    assert f"no turn for Who opened the {WORD}?" in written.getvalue()
    assert HALF not in written.getvalue()


async def test_a_process_says_nothing_of_them_either(
    telegram: TelegramEmulator, tmp_path: Path, newsdesk_cache: Path, archive_path: Path
) -> None:
    """The command itself, over a real archive, from its start to SIGTERM: standard output and error, and its pages."""
    desk = Desk(folder=tmp_path, cache=newsdesk_cache)
    lines = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API": telegram.address, "ARCHIVE": archive_path, "LISTEN": "off"}
    lines |= {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": "json"}
    (tmp_path / ".env").write_text("".join(f"NEWSDESK_{name}={value}\n" for name, value in lines.items()))
    process = subprocess.Popen(  # noqa: ASYNC220 - begun at once
        [sys.executable, "-m", "bot", "bot"],
        cwd=tmp_path,
        env=desk.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        reader = Person(telegram)
        await reader.says(f"Who stole the {WORD}?")
        await reader.hears()
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = await asyncio.to_thread(process.communicate, timeout=30)
    assert process.returncode == 0
    assert out == "newsdesk: answering as @newsdesk_bot; Ctrl-C ends it\n"
    assert [json.loads(line)["logger"] for line in err.splitlines()]
    for secret in (WORD, HALF, webhook_secret(TOKEN)):
        assert secret not in out + err
