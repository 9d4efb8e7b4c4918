"""Asking Telegram for messages: they are kept before they are acknowledged, and nothing ends the asking but the end."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import time
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.memory.inbox import MOST_TRIES
from bot.tokens import HOW_TO_MEND
from bot.transport.sifting import read

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from telegram.ext import ExtBot

    from bot.memory import Inbox

log = logging.getLogger(__name__)

ALLOWED = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CHANNEL_POST,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
)
"""The kinds of updates that Telegram is asked for."""

_POLL_SECONDS = 10
_AT_ONCE = 25  # reading as many takes the event loop some ten milliseconds
_LONGEST_PAUSE = 30.0
_TELL_EVERY_SECONDS = 3600.0


class Polling:
    """Takes updates into the inbox and hands them on.

    Args:
        bot: asks Telegram.
        inbox: keeps what comes.
        queue: what is handed on goes there.
        tell: called with the name of a sentence for the admins, at most once an hour.
        count: called with the kind of each failure.
        reached: called when Telegram has answered, or sent something.
    """

    def __init__(
        self,
        bot: ExtBot[Any],
        inbox: Inbox,
        queue: asyncio.Queue[object],
        *,
        tell: Callable[[str], Coroutine[Any, Any, None]],
        count: Callable[[str], None] = lambda _: None,
        reached: Callable[[], None] = lambda: None,
    ) -> None:
        self._bot = bot
        self._inbox = inbox
        self._queue = queue
        self._tell = tell
        self._count = count
        self._reached = reached
        self._offset: int | None = None
        self._pause = 1.0
        self._told: dict[str, float] = {}

    async def run(self) -> None:
        """Ask until cancelled; what goes wrong is logged, and asked again."""
        while True:
            try:
                wait = await self._once()
            except Exception:
                log.exception("asking Telegram for messages failed; it is begun again")
                wait = self._patience(None)
            await asyncio.sleep(wait)

    async def _once(self) -> float:
        """Ask once; gives how many seconds to wait before the next time."""
        try:
            await self._ask()
        except TelegramError as error:
            await self._failed(error)
            return self._patience(error)
        self._pause = 1.0
        return 0.0

    async def hand_on(self, updates: Sequence[Update]) -> None:
        """Keep updates, then let them be handled.

        Where they cannot be kept, because the disk is full, they are handled first: Telegram is told after that.
        """
        try:
            self._inbox.take((update.update_id, update.to_json()) for update in updates)
        except sqlite3.Error as error:
            log.error("the memory cannot be written (%s): free space on the disk", error)  # noqa: TRY400
            self._count("unkept")
            for update in updates:
                await self._queue.put(update)
            await self._queue.join()
            return
        for update in updates:
            await self._queue.put(update)

    async def receive(self, raw: dict[str, Any]) -> None:
        """Keep an update that Telegram posts to the webhook, then hand it on; what is no update is let go of.

        Raises:
            sqlite3.Error: it could not be kept; Telegram is to send it again.
        """
        self._reached()
        update = read(raw, self._bot)
        if update is not None:
            self._inbox.take([(update.update_id, update.to_json())])
            await self._queue.put(update)

    async def resume(self) -> None:
        """Hand on what was taken before the bot ended, and not answered."""
        self._inbox.belong_to(self._bot.id)
        if aside := self._inbox.aside():
            log.error("messages that ended the bot %d times each and are not tried again: %d", MOST_TRIES, aside)
        for number, body in self._inbox.waiting():
            update = read(_raw(number, body), self._bot)
            if update is None:
                self._inbox.done(number)
            else:
                await self._queue.put(update)

    async def _ask(self) -> None:
        updates = await self._bot.get_updates(
            self._offset, limit=_AT_ONCE, timeout=_POLL_SECONDS, allowed_updates=ALLOWED
        )
        self._reached()
        if updates:
            await self.hand_on(updates)
            self._offset = updates[-1].update_id + 1

    async def _failed(self, error: TelegramError) -> None:
        """Say what went wrong: in the log each time, to the admins now and then."""
        self._count(type(error).__name__)
        if isinstance(error, Conflict):
            log.error("another program asks Telegram for this bot's messages, with the same token: end one of the two")
            await self._say("other_poller")
        elif isinstance(error, InvalidToken):
            log.error("Telegram refuses the token in NEWSDESK_TELEGRAM_TOKEN: if it goes on, %s", HOW_TO_MEND)
        else:
            log.warning("Telegram could not be asked for messages: %s", error)

    async def _say(self, name: str) -> None:
        now = time.monotonic()
        if now - self._told.get(name, -_TELL_EVERY_SECONDS) >= _TELL_EVERY_SECONDS:
            self._told[name] = now
            await self._tell(name)

    def _patience(self, error: TelegramError | None) -> float:
        if isinstance(error, RetryAfter):
            wait = error.retry_after
            return wait if isinstance(wait, int | float) else wait.total_seconds()
        pause, self._pause = self._pause, min(self._pause * 2, _LONGEST_PAUSE)
        return pause


def _raw(number: int, body: str) -> dict[str, Any]:
    """An update as it was kept; one that was torn has its number alone, and is none."""
    try:
        raw: dict[str, Any] = json.loads(body)
    except ValueError:
        return {"update_id": str(number)}
    return raw
