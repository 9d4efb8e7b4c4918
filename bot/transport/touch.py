"""Asking Telegram something now and then, where a bot that is given its updates would ask nothing for hours."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from telegram.error import TelegramError

if TYPE_CHECKING:
    from collections.abc import Callable

    from telegram.ext import ExtBot

log = logging.getLogger(__name__)

_EVERY_SECONDS = 60.0


async def stay_in_touch(bot: ExtBot[Any], reached: Callable[[], None], *, every: float = _EVERY_SECONDS) -> None:
    """Ask who the bot is until cancelled, and tell each time that Telegram answers.

    Args:
        bot: asks.
        reached: called after each answer.
        every: seconds between two questions; less than what readiness allows.
    """
    while True:
        try:
            await bot.get_me()
            reached()
        except TelegramError as error:
            log.warning("Telegram cannot be reached: %s", error)
        await asyncio.sleep(every)
