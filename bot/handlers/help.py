"""/help, and commands that there are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, MessageHandler, filters

from bot.handlers.addressed import AnyPerson, is_ask
from bot.handlers.sending import Context, Place, in_chat, send
from bot.markup import escaped, pack
from bot.menus import ADMINS

if TYPE_CHECKING:
    from telegram import Message, Update

    from bot.handlers.services import Handler, Services


def handler(services: Services) -> Handler:
    """Help in any chat."""

    async def show_help(update: Update, context: Context, place: Place) -> None:
        speaker = services.speaker(update)
        texts = services.texts(speaker)
        parts = [texts.html("help"), texts.html("help_telegram", bot=context.bot.username)]
        blocks = ["\n".join(parts)]
        if place.private and speaker.person in services.admins:
            blocks.append("\n".join(f"/{name} – {escaped(texts.label(f'command_{name}'))}" for name in ADMINS))
        await send(context, place, pack(blocks))

    return CommandHandler("help", in_chat(show_help), filters.UpdateType.MESSAGE & AnyPerson())


def unknown_command(services: Services) -> Handler:
    """Say so in a private chat; in a group the command may be for another bot."""

    async def point_to_help(update: Update, context: Context, place: Place) -> None:
        await send(context, place, services.conversation.say(services.speaker(update), "unknown_command").messages)

    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return MessageHandler(filters.COMMAND & private & ~_Ask(), in_chat(point_to_help))


class _Ask(filters.MessageFilter):
    """Passes /ask, which is answered as a question."""

    def filter(self, message: Message) -> bool:
        """Whether this message is."""
        return is_ask(message)
