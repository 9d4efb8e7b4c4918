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

    async def show_help(_: Update, context: Context, place: Place) -> None:
        await send(context.bot, place, services.conversation.help())

    return CommandHandler("help", in_chat(show_help), filters.UpdateType.MESSAGE)


def unknown_command(services: Services) -> Handler:
    """Say so in a private chat; in a group the command may be for another bot."""

    async def point_to_help(_: Update, context: Context, place: Place) -> None:
        await send(context.bot, place, services.conversation.say("unknown_command"))

    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return MessageHandler(filters.COMMAND & private, in_chat(point_to_help))
