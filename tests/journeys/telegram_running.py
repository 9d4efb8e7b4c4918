"""A running bot, as an operator would have it."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from journeys.telegram_emulator import TOKEN, TelegramEmulator

from bot.app import serve
from bot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fakes import FakeArchive


ADMIN = 77
CHILD = Path(__file__).with_name("reindexing_child.py")


def refusal(status: int, description: str) -> str:
    """The body of an answer by which Telegram refuses a request."""
    return json.dumps({"ok": False, "error_code": status, "description": description})


def configured(emulator: TelegramEmulator, folder: Path, **more: object) -> Settings:
    """Settings as an operator would have them, apart from the environment."""
    values: dict[str, Any] = {
        "archive": folder,
        "telegram_token": TOKEN,
        "listen": "off",
        "telegram_api": emulator.address,
        "admins": str(ADMIN),
    }
    return Settings(_env_file=None, **(values | more))


@asynccontextmanager
async def answering(
    settings: Settings, emulator: TelegramEmulator, archive: FakeArchive | None = None
) -> AsyncIterator[None]:
    """Run the bot, from its first question to Telegram to the end of what it was doing."""
    stop, begun = asyncio.Event(), sum(call.method == "getUpdates" for call in emulator.calls)
    task = asyncio.create_task(serve(settings, stop, open_archive=(lambda: archive) if archive else None))
    waiting = asyncio.create_task(emulator.until("getUpdates", begun + 1))
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield
    finally:
        stop.set()
        waiting.cancel()
        await asyncio.wait_for(task, 10)


def told(tmp_path: Path, what: str) -> None:
    """Let the stand-in do this from now on: see reindexing_child.py."""
    (tmp_path / "now").write_text(what)
