"""A question, written in a private chat; and what is sent there that is no text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import MessageHandler, filters

from bot.handlers.sending import Context, Place, in_chat, send, typing

if TYPE_CHECKING:
    from telegram import Update

    from bot.handlers.services import Handler, Services

_PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE


def handler(services: Services) -> Handler:
    """Answer from the archive."""

    async def answer(update: Update, context: Context, place: Place) -> None:
        text = (update.message and update.message.text) or ""
        async with typing(context.bot, place):
            sent = update.message.date.astimezone(services.timezone).date() if update.message else None
            messages = await services.conversation.ask(place.chat, text, sent)
        await send(context.bot, place, messages)

    return MessageHandler(filters.TEXT & _PRIVATE, in_chat(answer))


def not_text(services: Services) -> Handler:
    """Say that a sticker, a picture, a voice message cannot be read."""

    async def decline(_: Update, context: Context, place: Place) -> None:
        await send(context.bot, place, services.conversation.say("not_text"))

    return MessageHandler(~filters.TEXT & ~filters.StatusUpdate.ALL & _PRIVATE, in_chat(decline))
