"""Syncs by schedule: what comes of each is noted, and a failure is told to the admins."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from telegram.error import TelegramError

from bot.handlers.reindex import noting
from bot.handlers.sending import Bot, transmit_by
from bot.markup import pack
from bot.schedule import Schedule
from bot.sync_messages import ended_message
from bot.transport import Ending

if TYPE_CHECKING:
    from bot.handlers.services import Services
    from bot.reindexing import SyncFailed
    from bot.transport import Delivering

SCHEDULE = 0
"""Who began a sync that nobody began."""
_MINUTE = 60.0


async def keep_schedule(services: Services, bot: Bot, delivering: Delivering, *, minutes: float) -> None:
    """Sync every so many minutes until cancelled; never where that is 0, or where there is nothing to sync."""
    reindexing = services.reindexing
    if reindexing is None or not minutes:
        return
    telling: set[asyncio.Task[None]] = set()

    async def tell(admin: int, failed: SyncFailed, key: str) -> None:
        texts = services.languages.of(services.memory.people.language(admin))
        ended = ended_message(failed, key, texts)
        (message,) = pack([ended.html, texts.html("schedule_failed")], ended.buttons)
        where: dict[str, Any] = {"chat": admin, "thread": None, "reply_to": None}
        with suppress(TelegramError, Ending):
            await delivering.send([where | asdict(message)], transmit_by(bot))

    def fail(failed: SyncFailed, key: str) -> None:
        for admin in services.admins:  # beside the schedule: Telegram may be away for long
            task = asyncio.create_task(tell(admin, failed, key))
            telling.add(task)
            task.add_done_callback(telling.discard)

    await Schedule(reindexing, every=minutes * _MINUTE, note=noting(services, SCHEDULE, "by schedule"), fail=fail).run()
