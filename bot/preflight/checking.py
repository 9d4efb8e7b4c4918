"""All parts, one after the other, as they are printed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot import logs
from bot.memory.schema import SCHEMA
from bot.preflight.archive import check_archive, check_sources
from bot.preflight.findings import note, show, wrong
from bot.preflight.machine import check_disk, check_memory, check_port
from bot.settings import SettingsError
from bot.tokens import token_of
from bot.transport.checking import check_telegram

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.preflight.findings import Finding
    from bot.settings import Settings

MEMORY = "bot.db"
"""The file of the bot's memory, in the archive's folder."""


def check(settings: Settings) -> bool:
    """Print what is right and what is not; whether all is right. Nothing secret is printed."""
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    logs.configure(level=settings.log_level, form=settings.log_format, secrets=(token.strip(),))
    return show(findings(settings))


def findings(settings: Settings) -> Iterator[Finding]:
    """A finding or more for each part, as each is looked at."""
    yield from _telegram(settings)
    yield check_disk(settings.archive)
    yield from check_archive(settings)
    yield from check_sources(settings)
    yield check_memory(settings.archive / MEMORY, SCHEMA)
    yield check_port(settings)


def _telegram(settings: Settings) -> list[Finding]:
    try:
        token = token_of(settings)
    except SettingsError as error:
        return [
            wrong("token", str(error)),
            *(note(part, "not known without a token") for part in ("updates", "admins")),
        ]

    async def ask() -> list[Finding]:
        return [finding async for finding in check_telegram(settings, token)]

    return asyncio.run(ask())
