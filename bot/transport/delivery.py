"""What goes out: each message is sent until Telegram has it, and an answer that a kill tore is gone on with."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telegram.error import BadRequest, ChatMigrated, InvalidToken, NetworkError, RetryAfter, TelegramError

from index.errors import NewsdeskError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from bot.memory import Inbox
    from bot.metrics import Metrics

    Transmit = Callable[[dict[str, Any]], Awaitable[int]]

log = logging.getLogger(__name__)

GIVEN_UP_AFTER = 24 * 3600.0
"""Seconds after which an answer is of no use; Telegram keeps a question as long."""

_LONGEST_PAUSE = 30.0
_NEVER_LEFT = {"ConnectError", "ConnectTimeout", "PoolTimeout"}


class Ending(NewsdeskError):
    """The bot ends: what is not done is left in the inbox, for the next start."""


@dataclass(slots=True, kw_only=True)
class Update:
    """An update that is being handled. ``postponed`` leaves it in the inbox; ``over`` says that handling has ended."""

    number: int
    postponed: bool = False
    over: bool = False


current: ContextVar[Update | None] = ContextVar("current", default=None)
"""The update that this task handles."""


class Delivering:
    """Sends messages, through failures of Telegram and of the way there, until ``stop`` is set."""

    def __init__(self, inbox: Inbox, stop: asyncio.Event, metrics: Metrics) -> None:
        self._inbox = inbox
        self._stop = stop
        self._metrics = metrics

    @property
    def ending(self) -> bool:
        """Whether nothing new is to be begun."""
        return self._stop.is_set()

    @contextmanager
    def handling(self, number: int) -> Iterator[Update]:
        """Handle an update inside; it is answered at the end, unless it was postponed."""
        update = Update(number=number)
        token = current.set(update)
        try:
            yield update
        except BaseException:  # cancelled: the loop is ending
            update.postponed = True
            raise
        finally:
            current.reset(token)
            update.over = True
            self._settle(update)

    def _settle(self, update: Update) -> None:
        try:
            if update.postponed:
                self._inbox.postpone(update.number)
            else:
                self._inbox.done(update.number)
            self._metrics.inbox(self._inbox.count())
        except sqlite3.Error as error:
            log.error("the memory cannot be written (%s): a question may be answered twice", error)  # noqa: TRY400

    async def send(self, messages: Sequence[dict[str, Any]], transmit: Transmit) -> list[int]:
        """Send messages in order; the ids that Telegram gave them.

        Raises:
            Ending: the bot ends before all were sent.
            TelegramError: Telegram refuses one for good.
        """
        update = current.get()
        if update is None or update.over:
            return [await self._until_sent(message, transmit) for message in messages]
        try:
            planned = self._inbox.plan(update.number, messages)
        except sqlite3.Error as error:
            log.error("the memory cannot be written (%s): the answer is sent unkept", error)  # noqa: TRY400
            return [await self._until_sent(message, transmit) for message in messages]
        return [await self._kept(update.number, each.place, each.message, transmit) for each in planned]

    async def finish(self, number: int, transmit: Transmit) -> bool:
        """Send what a kill left of an answer; whether there was an answer."""
        planned = self._inbox.planned(number)
        if planned is None:
            return False
        for each in planned:
            if each.tried:
                self._metrics.perhaps_twice()
            await self._kept(number, each.place, each.message, transmit)
        return True

    async def _kept(self, number: int, place: int, message: dict[str, Any], transmit: Transmit) -> int:
        self._note(self._inbox.trying, number, place)
        message_id = await self._until_sent(message, transmit)
        self._note(self._inbox.sent, number, place, message_id)
        return message_id

    def _note(self, note: Callable[..., None], *values: int) -> None:
        try:
            note(*values)
        except sqlite3.Error as error:
            log.error("the memory cannot be written (%s): a message may be sent twice", error)  # noqa: TRY400

    async def _until_sent(self, message: dict[str, Any], transmit: Transmit) -> int:
        """Send one message: as often as it takes, but not where Telegram says that it never will be."""
        pause, waited = 1.0, 0.0
        while True:
            began = time.monotonic()
            try:
                message_id = await transmit(message)
            except BadRequest:
                raise
            except RetryAfter as error:
                wait = _seconds(error)
            except ChatMigrated as error:
                message, wait = message | {"chat": error.new_chat_id}, 0.0
            except (NetworkError, InvalidToken) as error:  # a token that is refused once is often taken again
                self._metrics.telegram_error(type(error).__name__)
                if not never_left(error):
                    self._metrics.perhaps_twice()
                wait, pause = pause, min(pause * 2, _LONGEST_PAUSE)
                log.warning("a message could not be sent (%s); trying again in %g s", error, wait)
            else:
                self._metrics.stage("sending", time.monotonic() - began)
                return message_id
            if waited > GIVEN_UP_AFTER:
                raise TelegramError("a message could not be sent for a day, and was given up")
            waited += wait
            await self._pause(wait)

    async def _pause(self, seconds: float) -> None:
        """Wait, but not beyond the end.

        Raises:
            Ending: the bot ends.
        """
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return
        raise Ending("the bot is ending")


def never_left(error: TelegramError) -> bool:
    """Whether a message certainly never reached Telegram: there was no connection, or the token was refused."""
    return isinstance(error, InvalidToken) or type(error.__cause__).__name__ in _NEVER_LEFT


def _seconds(error: RetryAfter) -> float:
    """How long Telegram asks to wait, and a moment more."""
    wait = error.retry_after
    return (wait if isinstance(wait, int | float) else wait.total_seconds()) + 0.1
