"""Composition: settings, desk, conversation and handlers make the Telegram bot."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ApplicationBuilder, Defaults, ExtBot
from telegram.request import HTTPXRequest

from bot import logs
from bot.adding import Adding
from bot.addresses import webhook_path
from bot.checking import check, newsdesk_command
from bot.conversation import Conversation
from bot.desk import Desk
from bot.gate import Gate
from bot.handlers import (
    access,
    add,
    audit,
    error,
    feedback,
    forget,
    inline,
    invite,
    language,
    member,
    new,
    press,
    question,
    reindex,
    remove,
    start,
    status,
    unanswered,
    unreadable,
)
from bot.handlers import help as help_handlers
from bot.handlers.menu import set_menus
from bot.handlers.resuming import resume
from bot.handlers.scheduled import keep_schedule
from bot.handlers.sending import DELIVERING, transmit_by
from bot.handlers.services import Services
from bot.http import serve_http, webhook_secret
from bot.memory import Memory
from bot.metrics import Metrics
from bot.readiness import Readiness, watch
from bot.recent_errors import RecentErrors
from bot.reindexing import Reindexing, sync_command
from bot.shelf import with_added
from bot.texts import Languages
from bot.tokens import token_of
from bot.transport import ChatOrder, Delivering, Polling, run_until
from bot.transport.sifting import SiftingBot
from bot.transport.touch import stay_in_touch
from index import Archive

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

    from bot.desk import Answering
    from bot.settings import Settings
    from bot.transport.running import TelegramApplication

MEMORY = "bot.db"
"""The file of the bot's memory, in the archive's folder."""

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
    settle()
    asyncio.run(_run(settings))


def settle() -> None:
    """Spare the event loop what would hold it again and again."""
    sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type] # httpcore looks for it at every request: 1.4 ms
    gc.freeze()  # what was imported stays: looking through it holds the loop for a twentieth of a second


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
    token = token_of(settings)
    secret = webhook_secret(token)
    logs.configure(
        level=settings.log_level, form=settings.log_format, texts=settings.log_texts, secrets=(token, secret)
    )
    errors = RecentErrors(logs.Discretion(secrets=(token, secret)))
    metrics, opener = Metrics(), open_archive or _opener(settings)
    async with Desk(opener, queue=settings.queue, timeout=settings.timeout, metrics=metrics) as desk:
        with Memory.open(settings.archive / MEMORY) as memory, errors.listening():
            await _answer(settings, token, _services(settings, desk, memory, metrics, errors), stop)


def _services(settings: Settings, desk: Desk, memory: Memory, metrics: Metrics, errors: RecentErrors) -> Services:
    languages = Languages.load(settings.language)
    gate = Gate(
        mode=settings.access,
        admins=settings.admins,
        readers=settings.readers,
        is_member=memory.access.is_member,
        per_person=settings.per_person,
        per_hour=settings.per_hour,
    )
    reindexing = Reindexing(lambda: sync_command(settings.archive, with_added(settings.archive, settings.sources)))
    return Services(
        conversation=Conversation(desk, memory, languages, metrics, admit=gate.admit),
        desk=desk,
        memory=memory,
        languages=languages,
        admins=settings.admins,
        reindexing=reindexing if settings.sources else None,
        adding=Adding(settings.archive, lambda: reindexing.run),
        timezone=ZoneInfo(settings.timezone),
        metrics=metrics,
        errors=errors,
        gate=gate,
    )


async def _answer(settings: Settings, token: str, services: Services, stop: asyncio.Event) -> None:
    """Put the application together, and run it with what goes on beside it."""
    memory, metrics, readiness = services.memory, services.metrics, Readiness()
    delivering = Delivering(memory.inbox, stop, metrics)
    bot = _bot(token, settings)
    application = _application(bot, ChatOrder(memory.inbox, delivering, transmit_by(bot)), services)
    application.bot_data[DELIVERING] = delivering
    polling = Polling(
        bot,
        memory.inbox,
        application.update_queue,
        tell=_telling_admins(bot, services),
        count=metrics.telegram_error,
        reached=readiness.telegram_reached,
    )

    async def prepare() -> None:
        await set_menus(bot, services.languages, services.admins)

    verify, repair = (newsdesk_command(settings.archive, *words) for words in (("verify", "--json"), ("repair",)))
    secret = webhook_secret(token)
    async with (
        serve_http(
            settings.listen,
            webhook=polling.receive if settings.webhook else None,
            path=webhook_path(settings.webhook) if settings.webhook else "",
            secret=secret,
            metrics=metrics,
            readiness=readiness,
        ),
        _beside(check(verify, repair, after=_CHECK_AFTER_SECONDS)),
        _beside(watch(services.desk.stats, services.desk.load_encoder, metrics, readiness)),
        _beside(stay_in_touch(bot, readiness.telegram_reached) if settings.webhook else asyncio.sleep(0)),
        _beside(resume(services, bot, delivering)),
        _beside(keep_schedule(services, bot, delivering, minutes=settings.sync_every)),
    ):
        webhook = (settings.webhook, secret) if settings.webhook else None
        await run_until(stop, application, polling, webhook=webhook, prepare=prepare, ending=services.end)


def _telling_admins(bot: ExtBot[int], services: Services) -> Callable[[str], Coroutine[Any, Any, None]]:
    """What says a sentence to every admin."""

    async def tell(name: str) -> None:
        for admin in services.admins:
            if services.memory.people.is_blocked(admin):
                continue
            texts = services.languages.of(services.memory.people.language(admin))
            with suppress(TelegramError):
                await bot.send_message(admin, texts.html(name), parse_mode=ParseMode.HTML)

    return tell


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Have something done beside what is done inside, and no longer."""
    task = asyncio.create_task(work)
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


def _bot(token: str, settings: Settings) -> ExtBot[int]:
    """The bot at the Bot API; as many connections as answers are sent at a time, and one that asks for messages."""
    return SiftingBot(
        token,
        base_url=f"{settings.telegram_api}/bot",
        base_file_url=f"{settings.telegram_api}/file/bot",
        request=HTTPXRequest(connection_pool_size=_CONNECTIONS, pool_timeout=_POOL_SECONDS),
        defaults=Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True)),
        rate_limiter=AIORateLimiter(max_retries=_RETRIES_OF_429),
    )


def _application(bot: ExtBot[int], order: ChatOrder, services: Services) -> TelegramApplication:
    """The application, without an updater: ``Polling`` takes its place."""
    application = ApplicationBuilder().bot(bot).updater(None).concurrent_updates(order).job_queue(None).build()
    application.add_handlers(
        [
            start.handler(services),
            help_handlers.handler(services),
            new.handler(services),
            language.handler(services),
            forget.handler(services),
            reindex.handler(services),
            status.handler(services),
            feedback.handler(services),
            unanswered.handler(services),
            *add.handlers(services),
            *remove.handlers(services),
            *invite.handlers(services),
            audit.handler(services),
            member.handler(services),
            help_handlers.unknown_command(services),
            press.reason_handler(services),
            unreadable.handler(services),
            question.handler(services),
            inline.handler(services),
            press.empty_handler(services),
            language.press_handler(services),
            reindex.press_handler(services),
            press.handler(services),
        ]
    )
    application.add_handler(access.handler(services), group=access.GROUP)
    application.add_error_handler(error.handler(services))
    return application
