"""The order in which updates are handled: those of one chat one after the other, chats beside each other."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import BaseUpdateProcessor

from bot.transport.delivery import Ending

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from bot.memory import Inbox
    from bot.transport.delivery import Delivering

log = logging.getLogger(__name__)

_UNLIMITED = 2**31


class ChatOrder(BaseUpdateProcessor):
    """Handles each update of the inbox once, those of a chat in the order they came.

    Args:
        inbox: where updates are until they are answered.
        delivering: sends what a kill left of an answer, instead of answering again.
        transmit: sends one message.
    """

    def __init__(
        self, inbox: Inbox, delivering: Delivering, transmit: Callable[[dict[str, Any]], Coroutine[Any, Any, int]]
    ) -> None:
        super().__init__(_UNLIMITED)
        self._inbox = inbox
        self._delivering = delivering
        self._transmit = transmit
        self._chats: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._begun: set[int] = set()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the chat's turn, then handle; an update that is known to be answered is left alone."""
        if not isinstance(update, Update):
            await coroutine
            return
        turn = self._chats.setdefault(chat.id, asyncio.Lock()) if (chat := update.effective_chat) else asyncio.Lock()
        number, handled = update.update_id, False
        if number not in self._begun:
            self._begun.add(number)
            try:
                async with turn:
                    handled = await self._handle(number, coroutine)
            finally:
                self._begun.discard(number)
        if not handled:
            _close(coroutine)

    async def _handle(self, number: int, coroutine: Awaitable[Any]) -> bool:
        """Handle one; whether the coroutine was awaited."""
        if self._delivering.ending or not self._to_be_handled(number):
            return False
        with self._delivering.handling(number) as handling:
            try:
                if await self._delivering.finish(number, self._transmit):
                    return False
            except Ending:
                handling.postponed = True
                return False
            except TelegramError as error:
                log.warning("the rest of an answer could not be sent: %s", error)
                return False
            await coroutine
            return True

    def _to_be_handled(self, number: int) -> bool:
        try:
            return self._inbox.begin(number)
        except sqlite3.Error as error:
            log.error("the memory cannot be written: %s", error)  # noqa: TRY400 - a full disk needs no traceback
            return True

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do."""


def _close(coroutine: Awaitable[Any]) -> None:
    """Let go of what is not to be awaited, without a warning."""
    close = getattr(coroutine, "close", None)
    if close is not None:
        close()
