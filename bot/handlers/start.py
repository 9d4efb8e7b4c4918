"""/start: a greeting with questions to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, filters

from bot.handlers.addressed import AnyPerson
from bot.handlers.sending import Context, Place, in_chat, send, typing

if TYPE_CHECKING:
    from telegram import Update

    from bot.handlers.services import Handler, Services


def handler(services: Services) -> Handler:
    """Greet in any chat."""

    async def start(update: Update, context: Context, place: Place) -> None:
        async with typing(context.bot, place):
            outcome = await services.conversation.start(services.speaker(update))
        await send(context, place, outcome.messages)

    return CommandHandler("start", in_chat(start), filters.UpdateType.MESSAGE & AnyPerson())
