"""A press of a button: a question that was offered, or more passages."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler

from bot.handlers.sending import Context, Place, in_chat, send, typing

if TYPE_CHECKING:
    from telegram import Update

    from bot.handlers.services import Handler, Services


def handler(services: Services) -> Handler:
    """Do what the button stands for, in the chat it stands in."""

    async def press(update: Update, context: Context, place: Place) -> None:
        query = update.callback_query
        if query is None:
            return
        with suppress(BadRequest):  # too old to be acknowledged, which is no reason not to answer
            await query.answer()
        async with typing(context.bot, place):
            day = datetime.now(services.timezone).date()
            messages = await services.conversation.press(place.chat, query.data or "", day)
        await send(context.bot, place, messages)

    return CallbackQueryHandler(in_chat(press))
