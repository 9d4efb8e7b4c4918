"""Commands that are for admins only, and the note that each leaves."""

from __future__ import annotations

import logging
import sqlite3
from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, filters

from bot.handlers.sending import Context, Place, in_chat, send

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Update

    from bot.handlers.services import Handler, Services

log = logging.getLogger(__name__)


def admin_command(services: Services, name: str, act: Callable[[Update, Context, Place], Awaitable[None]]) -> Handler:
    """A command that does something for an admin in any chat, and tells others that it is not for them."""

    async def check(update: Update, context: Context, place: Place) -> None:
        speaker = services.speaker(update)
        if speaker.person in services.admins:
            await act(update, context, place)
        else:
            await send(context, place, services.conversation.say(speaker, "not_admin").messages)

    return CommandHandler(name, in_chat(check), filters.UpdateType.MESSAGE)


def note(services: Services, person: int, action: str, what: str, outcome: str) -> None:
    """Keep what an admin did; a full disk costs the note, not what was done."""
    try:
        services.memory.audit.note(person, action, what, outcome)
    except sqlite3.Error as error:
        log.error("the memory cannot be written (%s): free space on the disk", error)  # noqa: TRY400
