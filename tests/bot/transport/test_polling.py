"""Asking for messages: kept before they are acknowledged, and asked for again whatever happens."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter

from bot.memory import Memory
from bot.transport import Polling, polling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telegram.ext import ExtBot


@dataclass
class Bot:
    """Gives what is listed, one after the other: updates, or what to raise; then nothing."""

    script: list[list[Update] | Exception]
    offsets: list[int | None] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    defaults: None = None
    id: int = 123

    async def get_updates(self, offset: int | None, **_: object) -> list[Update]:
        """Give the next, and keep which were acknowledged."""
        await asyncio.sleep(0)
        self.offsets.append(offset)
        if not self.script:
            self.done.set()
            await asyncio.sleep(60)
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        return step


@dataclass
class Desk:
    """What polls, and what it was heard to say."""

    memory: Memory
    queue: asyncio.Queue[object]
    told: list[str]
    counted: list[str]
    waited: list[float]

    async def poll(self, *script: list[Update] | Exception) -> Bot:
        """Poll until the script is over."""
        bot = Bot(list(script))
        asking = Polling(_as_bot(bot), self.memory.inbox, self.queue, tell=self.tell, count=self.counted.append)
        task = asyncio.create_task(asking.run())
        await asyncio.wait_for(bot.done.wait(), 5)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return bot

    async def tell(self, name: str) -> None:
        """Hear what admins are told."""
        self.told.append(name)


def _as_bot(bot: Bot) -> ExtBot[Any]:
    stand_in: Any = bot
    return stand_in


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Polling whose pauses take no time."""
    waited: list[float] = []
    sleep = asyncio.sleep

    async def at_once(seconds: float) -> None:
        waited.append(seconds)
        await sleep(60 if seconds == 60 else 0)

    monkeypatch.setattr(polling.asyncio, "sleep", at_once)
    with Memory.open(None) as memory:
        yield Desk(memory, asyncio.Queue(), [], [], waited)


async def test_updates_are_kept_before_they_are_acknowledged(desk: Desk) -> None:
    """The next request acknowledges what is in the inbox by then, and each is handed on once."""
    bot = await desk.poll([Update(5), Update(6)], [], [Update(7)])
    assert bot.offsets == [None, 7, 7, 8]
    assert [number for number, _ in desk.memory.inbox.waiting()] == [5, 6, 7]
    assert desk.queue.qsize() == 3


async def test_nothing_ends_the_asking(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused token, another poller, a broken way, an error of ours: later each time, then from the start again."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    await desk.poll(
        InvalidToken(), Conflict("two"), NetworkError("502"), ValueError("ours"), [Update(1)], RetryAfter(9)
    )
    assert [wait for wait in desk.waited if wait not in (0, 60)] == [1.0, 2.0, 4.0, 8.0, 9]
    assert desk.counted == ["InvalidToken", "Conflict", "NetworkError", "RetryAfter"]
    assert desk.queue.qsize() == 1


async def test_admins_hear_of_another_poller_once_an_hour(desk: Desk) -> None:
    """Not at each of its requests."""
    await desk.poll(Conflict("two"), Conflict("two"), Conflict("two"))
    assert desk.told == ["other_poller"]


async def test_what_cannot_be_kept_is_answered_before_telegram_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """With a full disk the next request, which acknowledges, waits for the handling."""

    def full(_: object) -> None:
        raise sqlite3.OperationalError("disk is full")

    monkeypatch.setattr(desk.memory.inbox, "take", full)
    bot, handled = Bot([[Update(5)]]), list[int]()
    asking = Polling(_as_bot(bot), desk.memory.inbox, desk.queue, tell=desk.tell)
    task = asyncio.create_task(asking.run())
    update = await desk.queue.get()
    assert isinstance(update, Update)
    assert bot.offsets == [None]
    handled.append(update.update_id)
    desk.queue.task_done()
    await asyncio.wait_for(bot.done.wait(), 5)
    task.cancel()
    assert (bot.offsets, handled) == ([None, 6], [5])
    assert "free space on the disk" in caplog.text


async def test_what_was_not_answered_is_handed_on_at_the_next_start(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """In order; what cannot be read any more is put aside."""
    desk.memory.inbox.take([(3, Update(3).to_json()), (2, "{torn"), (1, Update(1).to_json()), (99, "{}")])
    asking = Polling(_as_bot(Bot([])), desk.memory.inbox, desk.queue, tell=desk.tell)
    for _ in range(3):
        desk.memory.inbox.begin(99)
    await asking.resume()
    assert "ended the bot 3 times each and are not tried again: 1" in caplog.text
    assert [desk.queue.get_nowait() for _ in range(desk.queue.qsize())] == [Update(1), Update(3)]
    assert [number for number, _ in desk.memory.inbox.waiting()] == [1, 3]
    assert "2" not in {str(number) for number, _ in desk.memory.inbox.waiting()}
