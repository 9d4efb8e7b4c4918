"""/help, and commands that there are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, MessageHandler, filters

from bot.handlers.sending import Context, Place, in_chat, send

if TYPE_CHECKING:
    from telegram import Update

    from bot.handlers.services import Handler, Services


def handler(services: Services) -> Handler:
    """Help in any chat."""

    async def show_help(update: Update, context: Context, place: Place) -> None:
        await send(context, place, services.conversation.say(services.speaker(update), "help").messages)

    return CommandHandler("help", in_chat(show_help), filters.UpdateType.MESSAGE)


def unknown_command(services: Services) -> Handler:
    """Say so in a private chat; in a group the command may be for another bot."""

    async def point_to_help(update: Update, context: Context, place: Place) -> None:
        await send(context, place, services.conversation.say(services.speaker(update), "unknown_command").messages)

    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return MessageHandler(filters.COMMAND & private, in_chat(point_to_help))
