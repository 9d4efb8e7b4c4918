"""Sending: as often as it takes, in order, and what a kill tore is gone on with."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from telegram.error import BadRequest, ChatMigrated, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.memory import Memory
from bot.metrics import Metrics
from bot.transport import Delivering, Ending, current, delivery

if TYPE_CHECKING:
    from collections.abc import Iterator


class ConnectError(Exception):
    """As the library of requests names a connection that never was."""


class ReadError(Exception):
    """As it names one that broke off."""


def failed(cause: Exception, error: type[NetworkError] = NetworkError) -> NetworkError:
    """An error of the network for that reason."""
    raised = error("no")
    raised.__cause__ = cause
    return raised


@dataclass
class Telegram:
    """Fails in the ways that are listed, then takes every message."""

    failures: list[Exception] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    async def transmit(self, message: dict[str, Any]) -> int:
        """Take a message, or fail."""
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append(message["html"])
        return 500 + len(self.taken)


@dataclass
class Desk:
    """What delivers, what it counted, and how long it waited."""

    memory: Memory
    delivering: Delivering
    stop: asyncio.Event
    metrics: Metrics
    waited: list[float]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A delivery whose waiting takes no time."""
    stop, metrics, waited = asyncio.Event(), Metrics(), list[float]()
    wait_for = asyncio.wait_for

    async def at_once(waiting: Any, seconds: float) -> Any:  # noqa: ANN401 - as the original
        waited.append(seconds)
        return await wait_for(waiting, 0.001)

    monkeypatch.setattr(delivery.asyncio, "wait_for", at_once)
    with Memory.open(None) as memory:
        memory.inbox.take([(1, "{}")])
        yield Desk(memory, Delivering(memory.inbox, stop, metrics), stop, metrics, waited)


MESSAGES = [{"html": "one"}, {"html": "two"}]


async def test_failures_of_the_way_are_waited_out(desk: Desk) -> None:
    """Each kind is tried again, later each time; only where Telegram may have had the message it is counted twice."""
    telegram = Telegram(
        [failed(ConnectError()), failed(ReadError()), failed(ReadError(), TimedOut), NetworkError("502")]
    )
    assert await desk.delivering.send(MESSAGES, telegram.transmit) == [501, 502]
    assert telegram.taken == ["one", "two"]
    assert desk.waited == [1.0, 2.0, 4.0, 8.0]
    assert desk.metrics.errors_of_the_day() == {"NetworkError": 3, "TimedOut": 1}
    assert b"newsdesk_possible_duplicates_total 3.0" in desk.metrics.text()


async def test_telegram_is_given_the_time_it_asks_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it asks; nothing is counted as sent twice."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    telegram = Telegram([RetryAfter(7), RetryAfter(3), RetryAfter(9)])
    assert await desk.delivering.send(MESSAGES[:1], telegram.transmit) == [501]
    assert desk.waited == [7.1, 3.1, 9.1]
    assert b"newsdesk_possible_duplicates_total 0.0" in desk.metrics.text()


async def test_a_token_that_is_refused_once_costs_no_answer(desk: Desk) -> None:
    """It is tried again; Telegram has not acted, so nothing is counted as sent twice."""
    telegram = Telegram([InvalidToken("Unauthorized"), InvalidToken("Unauthorized")])
    assert await desk.delivering.send(MESSAGES[:1], telegram.transmit) == [501]
    assert desk.waited == [1.0, 2.0]
    assert desk.metrics.errors_of_the_day() == {"InvalidToken": 2}
    assert b"newsdesk_possible_duplicates_total 0.0" in desk.metrics.text()


async def test_a_group_that_moved_is_followed(desk: Desk) -> None:
    """A group that becomes a supergroup has another number, which Telegram names."""
    sent: list[dict[str, Any]] = []

    async def transmit(message: dict[str, Any]) -> int:
        sent.append(message)
        if message["chat"] == -5:
            raise ChatMigrated(-1005)
        return 501

    assert await desk.delivering.send([{"chat": -5, "html": "one"}], transmit) == [501]
    assert [message["chat"] for message in sent] == [-5, -1005]


async def test_what_telegram_refuses_is_raised(desk: Desk) -> None:
    """At once: it would refuse it again. What fails for a day is given up."""
    telegram = Telegram([BadRequest("chat not found")])
    with pytest.raises(BadRequest):
        await desk.delivering.send(MESSAGES, telegram.transmit)
    telegram.failures = [failed(ConnectError()) for _ in range(5000)]
    with pytest.raises(TelegramError, match="a day"):
        await desk.delivering.send(MESSAGES, telegram.transmit)
    assert sum(desk.waited) > 24 * 3600
    assert telegram.taken == []


async def test_the_end_does_not_wait_for_telegram(desk: Desk) -> None:
    """A message that cannot be sent while the bot ends stays planned, behind those that were."""
    telegram = Telegram()
    with pytest.raises(Ending), desk.delivering.handling(1) as handling:  # noqa: PT012 - the second sending fails
        await desk.delivering.send(MESSAGES[:1], telegram.transmit)
        desk.stop.set()
        assert desk.delivering.ending
        telegram.failures = [failed(ConnectError())]
        await desk.delivering.send(MESSAGES[1:], telegram.transmit)
    assert handling.postponed
    (left,) = desk.memory.inbox.planned(1) or ()
    assert (left.place, left.message, left.tried) == (1, {"html": "two"}, True)
    assert desk.memory.inbox.count() == 1


async def test_an_answer_is_gone_on_with_and_not_begun_again(desk: Desk) -> None:
    """What was tried and not acknowledged is sent again, and counted; what was acknowledged is not."""
    telegram = Telegram()
    assert not await desk.delivering.finish(1, telegram.transmit)
    desk.memory.inbox.plan(1, [*MESSAGES, {"html": "three"}])
    desk.memory.inbox.trying(1, 0)
    desk.memory.inbox.sent(1, 0, 501)
    desk.memory.inbox.trying(1, 1)
    assert await desk.delivering.finish(1, telegram.transmit)
    assert telegram.taken == ["two", "three"]
    assert b"newsdesk_possible_duplicates_total 1.0" in desk.metrics.text()


async def test_an_update_is_answered_when_its_handling_ends(desk: Desk) -> None:
    """What is sent beside it later belongs to no update, and is not kept."""
    telegram = Telegram()
    with desk.delivering.handling(1) as handling:
        assert current.get() is handling
        later = asyncio.create_task(_later(handling.number, desk, telegram))
    assert current.get() is None
    assert desk.memory.inbox.count() == 0
    await later
    assert telegram.taken == ["one"]
    assert desk.memory.inbox.planned(1) is None


async def _later(number: int, desk: Desk, telegram: Telegram) -> None:
    """Send something after the update was answered, in a task that began before."""
    handled = current.get()
    assert handled is not None
    assert handled.number == number
    await asyncio.sleep(0.01)
    assert handled.over
    await desk.delivering.send(MESSAGES[:1], telegram.transmit)


async def test_a_full_disk_costs_the_keeping_not_the_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where nothing can be written the messages go out all the same, and it is said."""

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    telegram = Telegram()
    for name in ("plan", "done"):
        monkeypatch.setattr(desk.memory.inbox, name, full)
    with desk.delivering.handling(1):
        assert await desk.delivering.send(MESSAGES, telegram.transmit) == [501, 502]
    monkeypatch.undo()
    desk.memory.inbox.plan(1, MESSAGES)
    monkeypatch.setattr(desk.memory.inbox, "trying", full)
    assert await desk.delivering.finish(1, telegram.transmit)
    assert telegram.taken == ["one", "two"] * 2
    assert caplog.text.count("disk is full") == 4
