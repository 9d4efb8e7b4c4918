"""/new: the next question stands on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, filters

from bot.handlers.addressed import AnyPerson
from bot.handlers.sending import Context, Place, in_chat, send

if TYPE_CHECKING:
    from telegram import Update

    from bot.handlers.services import Handler, Services


def handler(services: Services) -> Handler:
    """Forget the turns of this chat and topic."""

    async def begin_afresh(update: Update, context: Context, place: Place) -> None:
        await send(context, place, services.conversation.new(services.speaker(update)).messages)

    return CommandHandler("new", in_chat(begin_afresh), filters.UpdateType.MESSAGE & AnyPerson())
