"""Composition: settings, desk, conversation and handlers make the Telegram bot."""

from __future__ import annotations

import asyncio
import re
import signal
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from telegram import BotCommand, LinkPreviewOptions
from telegram.ext import AIORateLimiter, ApplicationBuilder, Defaults

from bot.checking import check, newsdesk_command
from bot.conversation import Conversation
from bot.desk import Desk
from bot.handlers import error, press, question, reindex, start
from bot.handlers import help as help_handlers
from bot.handlers.services import Services
from bot.memory import Memory
from bot.reindexing import Reindexing, sync_command
from bot.settings import SettingsError
from bot.texts import Texts
from bot.transport import HOW_TO_MEND, ChatOrder, keep_out_of_logs, poll
from index import Archive

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bot.desk import Answering
    from bot.settings import Settings
    from bot.transport import TelegramApplication

MEMORY = "bot.db"
"""The file of the bot's memory, in the archive's folder."""

_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]{30,}")
_COMMANDS = ("start", "help")
_CONNECTIONS = 16
_POOL_SECONDS = 60.0
_RETRIES_OF_429 = 5
_CHECK_AFTER_SECONDS = 30.0


def run(settings: Settings) -> None:
    """Answer in Telegram until SIGINT or SIGTERM.

    Raises:
        SettingsError: the token is missing, malformed, or refused by Telegram.
        NewsdeskError: the archive or the bot's memory cannot be opened.
    """
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(settings, stop)


async def serve(
    settings: Settings, stop: asyncio.Event, *, open_archive: Callable[[], Answering] | None = None
) -> None:
    """Answer in Telegram until ``stop`` is set; what is being answered then is finished.

    Args:
        settings: where the archive and the Bot API are, and the rest.
        stop: ends it, also while Telegram cannot be reached.
        open_archive: opens the archive, in a thread; without it, the one of the settings is opened.
    """
    token = _token(settings)
    keep_out_of_logs(token)
    async with Desk(open_archive or _opener(settings), queue=settings.queue, timeout=settings.timeout) as desk:
        with Memory.open(settings.archive / MEMORY) as memory:
            texts = Texts.load()
            services = Services(
                conversation=Conversation(desk, memory, texts),
                texts=texts,
                admins=settings.admins,
                reindexing=Reindexing(sync_command(settings.archive, settings.sources)) if settings.sources else None,
                timezone=ZoneInfo(settings.timezone),
            )
            commands = [BotCommand(name, texts.label(f"command_{name}")) for name in _COMMANDS]
            application = _application(token, settings, services)
            async with _checking(settings.archive):
                await poll(application, commands, stop, ending=services.end)


@asynccontextmanager
async def _checking(archive: Path) -> AsyncIterator[None]:
    """Have the archive checked beside what is done inside."""
    verify, repair = newsdesk_command(archive, "verify", "--json"), newsdesk_command(archive, "repair")
    task = asyncio.create_task(check(verify, repair, after=_CHECK_AFTER_SECONDS))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _opener(settings: Settings) -> Callable[[], Answering]:
    return lambda: Archive.open(
        settings.archive, encoder=settings.encoder, cache=settings.cache, device=settings.device
    )


def _token(settings: Settings) -> str:
    token = settings.telegram_token.get_secret_value().strip() if settings.telegram_token else ""
    if not token:
        raise SettingsError(f"the bot has no token: {HOW_TO_MEND}")
    if not _TOKEN.fullmatch(token):
        raise SettingsError(f"NEWSDESK_TELEGRAM_TOKEN is no token (digits, a colon, letters): {HOW_TO_MEND}")
    return token


def _application(token: str, settings: Settings, services: Services) -> TelegramApplication:
    """The application; as many updates are taken up as may wait, and as many more as there are connections."""
    application = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{settings.telegram_api}/bot")
        .base_file_url(f"{settings.telegram_api}/file/bot")
        .rate_limiter(AIORateLimiter(max_retries=_RETRIES_OF_429))
        .concurrent_updates(ChatOrder(settings.queue + 1 + _CONNECTIONS))
        .connection_pool_size(_CONNECTIONS)
        .pool_timeout(_POOL_SECONDS)
        .defaults(Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .job_queue(None)
        .build()
    )
    application.add_handlers(
        [
            start.handler(services),
            help_handlers.handler(services),
            reindex.handler(services),
            help_handlers.unknown_command(services),
            question.handler(services),
            question.not_text(services),
            press.handler(services),
        ]
    )
    application.add_error_handler(error.handler(services))
    return application
