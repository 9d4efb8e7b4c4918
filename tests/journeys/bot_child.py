"""Runs the bot in children that end themselves with SIGKILL at a chosen step.

A line of JSON on stdin, {"folder", "address", "kill"}, forks a child that answers there; its process id is printed,
then its exit status when it ends. A step is what changes the inbox, or a request to Telegram, before it and after it.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fakes import FakeArchive
from telegram.ext import ExtBot

from bot.app import serve
from bot.memory import Inbox
from bot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_steps = 0
_kill_at = 0


def _step() -> None:
    """Count a step, and end at the chosen one."""
    global _steps  # noqa: PLW0603 - one process counts once
    _steps += 1
    if _steps == _kill_at:
        os.kill(os.getpid(), signal.SIGKILL)


def _counted(call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def counted(*args: object, **kwargs: object) -> object:
        _step()
        result = call(*args, **kwargs)
        _step()
        return result

    return counted


def _awaited(call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    @wraps(call)
    async def counted(*args: object, **kwargs: object) -> object:
        _step()
        result = await call(*args, **kwargs)
        _step()
        return result

    return counted


def _count() -> None:
    for name in ("take", "begin", "plan", "trying", "sent", "done"):
        setattr(Inbox, name, _counted(getattr(Inbox, name)))
    ExtBot.send_message = _awaited(ExtBot.send_message)


def _run(order: dict[str, Any]) -> None:
    """Answer until SIGTERM, or until the chosen step."""
    global _kill_at  # noqa: PLW0603 - as above
    _kill_at = order["kill"]
    _count()
    settings = Settings(
        _env_file=None,
        archive=Path(order["folder"]),
        telegram_token=order["token"],
        telegram_api=order["address"],
        listen="off",
    )

    async def answer() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        await serve(settings, stop, open_archive=FakeArchive)

    asyncio.run(answer())


def main() -> None:
    """Fork a child for each order, and tell how it ended."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            sys.stdout = sys.stderr
            _run(json.loads(line))
            os._exit(0)
        print(child, flush=True)  # noqa: T201 - who reads it is a test
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 - as above


if __name__ == "__main__":
    main()
