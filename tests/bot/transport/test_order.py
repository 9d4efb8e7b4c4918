"""The order of handling: turns within a chat, and each update once."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from telegram import Chat, Message, Update
from telegram.error import Forbidden, NetworkError

from bot.memory import Memory
from bot.metrics import Metrics
from bot.transport import ChatOrder, Delivering

if TYPE_CHECKING:
    from collections.abc import Iterator

SENT: list[str] = []


def update(number: int, chat: int) -> Update:
    """An update of a chat."""
    return Update(number, message=Message(number, None, Chat(chat, "private")))


async def transmit(message: dict[str, Any]) -> int:
    """Take a message, or fail as it says."""
    SENT.append(message["html"])
    if message["html"] == "blocked":
        raise Forbidden("bot was blocked by the user")
    if message["html"] == "away":
        raise NetworkError("away")
    return 1


@pytest.fixture
def memory() -> Iterator[Memory]:
    """A memory in RAM."""
    SENT.clear()
    with Memory.open(None) as memory:
        yield memory


@pytest.fixture
def stop() -> asyncio.Event:
    """Ends the bot."""
    return asyncio.Event()


@pytest.fixture
def order(memory: Memory, stop: asyncio.Event) -> ChatOrder:
    """An order over that memory."""
    return ChatOrder(memory.inbox, Delivering(memory.inbox, stop, Metrics()), transmit)


async def test_one_chat_is_handled_in_order_and_others_beside_it(order: ChatOrder, memory: Memory) -> None:
    """The second of a chat waits for its first; another chat does not; each is answered at its end."""
    log: list[str] = []

    async def handle(name: str, seconds: float) -> None:
        log.append(name)
        await asyncio.sleep(seconds)

    turns = [("a1", 1, 0.05), ("a2", 1, 0), ("b1", 2, 0.01), ("c1", 3, 0), ("a3", 1, 0)]
    memory.inbox.take([(number, "{}") for number in range(len(turns))])
    await asyncio.gather(
        *(
            order.process_update(update(number, chat), handle(name, time))
            for number, (name, chat, time) in enumerate(turns)
        )
    )
    assert log == ["a1", "b1", "c1", "a2", "a3"]
    assert memory.inbox.count() == 0
    assert len(order._chats) == 0  # noqa: SLF001 - chats that are done take no memory


async def test_an_update_without_a_chat_waits_for_nobody(order: ChatOrder) -> None:
    """Updates of no chat, and what is no update, are handled beside each other."""
    log: list[float] = []

    async def handle(seconds: float) -> None:
        await asyncio.sleep(seconds)
        log.append(seconds)

    await asyncio.gather(order.process_update(Update(1), handle(0.02)), order.process_update("odd", handle(0)))
    assert log == [0, 0.02]


async def test_each_update_is_handled_once(order: ChatOrder, memory: Memory) -> None:
    """Telegram may hand it over again: while it is handled, and after."""
    log: list[int] = []

    async def handle() -> None:
        await asyncio.sleep(0.01)
        log.append(1)

    memory.inbox.take([(1, "{}")])
    await asyncio.gather(order.process_update(update(1, 5), handle()), order.process_update(update(1, 5), handle()))
    await order.process_update(update(1, 5), handle())
    assert log == [1]


@pytest.mark.parametrize(("last", "answered"), [("two", True), ("blocked", True), ("away", False)])
async def test_an_answer_that_was_torn_is_gone_on_with(
    order: ChatOrder, memory: Memory, stop: asyncio.Event, last: str, *, answered: bool
) -> None:
    """The question is not asked again; what Telegram refuses is let go of, what the end cuts short is left."""
    memory.inbox.take([(1, "{}")])
    memory.inbox.plan(1, [{"html": "one"}, {"html": last}])
    asyncio.get_running_loop().call_later(0.05, stop.set)
    await order.process_update(update(1, 5), asyncio.sleep(0))
    assert ["one", last] == SENT
    assert memory.inbox.count() == (0 if answered else 1)


async def test_at_the_end_nothing_new_is_begun(order: ChatOrder, memory: Memory, stop: asyncio.Event) -> None:
    """What waits for its chat's turn stays in the inbox; what is being handled ends."""
    log: list[str] = []

    async def handle(name: str) -> None:
        await asyncio.sleep(0.02)
        log.append(name)

    memory.inbox.take([(1, "{}"), (2, "{}")])
    asyncio.get_running_loop().call_later(0.01, stop.set)
    await asyncio.gather(
        order.process_update(update(1, 5), handle("begun")), order.process_update(update(2, 5), handle("not begun"))
    )
    assert log == ["begun"]
    assert memory.inbox.waiting() == ((2, "{}"),)


async def test_what_is_cancelled_is_left(order: ChatOrder, memory: Memory) -> None:
    """Where the loop ends in the middle of handling, the next start handles it."""
    memory.inbox.take([(1, "{}")])
    task = asyncio.create_task(order.process_update(update(1, 5), asyncio.sleep(10)))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert memory.inbox.begin(1)


async def test_a_full_disk_does_not_keep_from_answering(
    order: ChatOrder, memory: Memory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """That an update is begun cannot be noted; it is handled."""
    log: list[str] = []

    async def handle() -> None:
        log.append("handled")

    def full(_: int) -> bool:
        raise sqlite3.OperationalError("disk is full")

    monkeypatch.setattr(memory.inbox, "begin", full)
    await order.process_update(update(1, 5), handle())
    assert log == ["handled"]
    assert "disk is full" in caplog.text
