"""What went wrong in a handler: logged, and an apology to who waits."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from telegram import Update
from telegram.error import Forbidden, TelegramError

from bot.desk import DeskClosing
from bot.handlers.sending import Context, place_of, send
from bot.transport import Ending, current

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.handlers.services import Services

log = logging.getLogger(__name__)


def handler(services: Services) -> Callable[[object, Context], Coroutine[None, None, None]]:
    """Log every error; a chat that blocked the bot is left alone, what the end cut short is done at the next start."""

    async def apologise(update: object, context: Context) -> None:
        if isinstance(context.error, Ending | DeskClosing):
            if (handled := current.get()) is not None:
                handled.postponed = True
            return
        if isinstance(context.error, Forbidden):
            log.info("a chat cannot be written to: %s", context.error)
            if isinstance(update, Update) and update.effective_chat:
                services.memory.people.blocked(update.effective_chat.id)
            return
        log.error("an update could not be handled", exc_info=context.error)
        if isinstance(update, Update) and (place := place_of(update)):
            with suppress(TelegramError, Ending):
                await send(context, place, services.conversation.say(services.speaker(update), "apology").messages)

    return apologise
