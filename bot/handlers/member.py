"""The bot is blocked, or taken out of a chat, or let in again."""

from __future__ import annotations

import logging
import sqlite3
from typing import TYPE_CHECKING

from telegram import ChatMember
from telegram.ext import ChatMemberHandler

if TYPE_CHECKING:
    from telegram import Update

    from bot.handlers.sending import Context
    from bot.handlers.services import Handler, Services

log = logging.getLogger(__name__)

_OUT = (ChatMember.BANNED, ChatMember.LEFT)


def handler(services: Services) -> Handler:
    """Note in which chats the bot is not wanted; nothing is written there unasked."""

    async def note(update: Update, context: Context) -> None:
        del context
        if (change := update.my_chat_member) is None:
            return
        people, chat = services.memory.people, change.chat.id
        try:
            (people.blocked if change.new_chat_member.status in _OUT else people.unblocked)(chat)
        except sqlite3.Error as error:
            log.error("the memory cannot be written (%s): free space on the disk", error)  # noqa: TRY400

    return ChatMemberHandler(note, ChatMemberHandler.MY_CHAT_MEMBER)
