"""The bot's token: what it looks like, and where one comes from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.settings import SettingsError

if TYPE_CHECKING:
    from bot.settings import Settings

HOW_TO_MEND = "get one from @BotFather in Telegram and put it in .env as NEWSDESK_TELEGRAM_TOKEN=..."

_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]{30,}")


def token_of(settings: Settings) -> str:
    """The token that is set.

    Raises:
        SettingsError: there is none, or it is malformed.

    """
    token = settings.telegram_token.get_secret_value().strip() if settings.telegram_token else ""
    if not token:
        raise SettingsError(f"the bot has no token: {HOW_TO_MEND}")
    if not _TOKEN.fullmatch(token):
        raise SettingsError(f"NEWSDESK_TELEGRAM_TOKEN is no token (digits, a colon, letters): {HOW_TO_MEND}")
    return token
