"""The menus of commands, given to Telegram."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from telegram import BotCommand, BotCommandScopeChat, BotCommandScopeDefault
from telegram.error import BadRequest, Forbidden

from bot.menus import menus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.handlers.sending import Bot
    from bot.texts import Languages

log = logging.getLogger(__name__)


async def set_menus(bot: Bot, languages: Languages, admins: Iterable[int]) -> None:
    """Set them all; an admin who never wrote to the bot has no chat yet, and gets theirs at the next start.

    Raises:
        TelegramError: Telegram cannot be asked now.
    """
    unknown: set[int] = set()
    for menu in menus({code: languages.of(code) for code in languages.codes}, admins, languages.otherwise):
        if menu.chat in unknown:
            continue
        scope = BotCommandScopeDefault() if menu.chat is None else BotCommandScopeChat(menu.chat)
        commands = [BotCommand(name, what) for name, what in menu.commands]
        try:
            await bot.set_my_commands(commands, scope=scope, language_code=menu.language)
        except (BadRequest, Forbidden) as error:
            if menu.chat is None:
                raise
            unknown.add(menu.chat)
            log.info("the menu of admin %d could not be set: %s", menu.chat, error)
