"""The wire to Telegram: polling from start to end, order within a chat, and the token kept out of logs."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Application, BaseUpdateProcessor, ExtBot

from bot.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from telegram import BotCommand

    from bot.handlers.sending import Context

    TelegramApplication = Application[ExtBot[int], Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], None]

log = logging.getLogger(__name__)

HOW_TO_MEND = "get one from @BotFather in Telegram and put it in .env as NEWSDESK_TELEGRAM_TOKEN=..."

_UNLIMITED = 2**31
_LONGEST_PAUSE = 30.0


async def poll(
    application: TelegramApplication,
    commands: Sequence[BotCommand],
    stop: asyncio.Event,
    *,
    ending: Callable[[], Awaitable[None]],
) -> None:
    """Take messages from Telegram until ``stop`` is set, then finish what is being answered.

    Args:
        application: finished, not yet initialized.
        commands: the menu.
        stop: ends it, also while Telegram cannot be reached.
        ending: awaited when no more messages are taken, before what is being done is waited for.

    Raises:
        SettingsError: Telegram does not know the token.
    """
    starting = asyncio.create_task(_start(application, commands))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            await starting
            await stopping
    finally:
        for task in (starting, stopping):
            task.cancel()
        await asyncio.gather(starting, stopping, return_exceptions=True)
        await _end(application, ending)


async def _start(application: TelegramApplication, commands: Sequence[BotCommand]) -> None:
    await _reach(application)
    try:
        await application.bot.set_my_commands(commands)
    except TelegramError as failure:
        log.warning("the menu of commands could not be set: %s", failure)
    if application.updater is None:
        raise RuntimeError("the application was built without an updater")
    await application.start()
    await application.updater.start_polling(
        allowed_updates=[Update.MESSAGE, Update.CALLBACK_QUERY],
        drop_pending_updates=False,
        bootstrap_retries=-1,
        error_callback=_say_polling_failed,
    )
    sys.stdout.write(f"newsdesk: answering as @{application.bot.username}; Ctrl-C ends it\n")
    sys.stdout.flush()


async def _reach(application: TelegramApplication) -> None:
    """Ask Telegram who the bot is, for as long as it takes Telegram to answer."""
    pause = 1.0
    while True:
        try:
            await application.initialize()
        except InvalidToken:
            raise SettingsError(f"Telegram does not know the token in NEWSDESK_TELEGRAM_TOKEN: {HOW_TO_MEND}") from None
        except TelegramError as failure:
            log.warning("Telegram cannot be reached (%s); trying again in %g s", failure, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        else:
            return


def _say_polling_failed(failure: TelegramError) -> None:
    if isinstance(failure, Conflict):
        log.error("another program asks Telegram for this bot's messages, with the same token: end one of the two")
    else:
        log.warning("Telegram could not be asked for messages: %s", failure)


async def _end(application: TelegramApplication, ending: Callable[[], Awaitable[None]]) -> None:
    if application.updater is not None and application.updater.running:
        await application.updater.stop()
    await ending()
    if application.running:
        await application.stop()
    await application.shutdown()
    await application.bot.shutdown()


class ChatOrder(BaseUpdateProcessor):
    """Handles up to ``slots`` updates at a time, those of one chat one after the other, in the order they came."""

    def __init__(self, slots: int) -> None:
        super().__init__(_UNLIMITED)
        self._slots = asyncio.Semaphore(slots)
        self._chats: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the chat's turn, then for a slot, then handle."""
        chat = update.effective_chat if isinstance(update, Update) else None
        turn = self._chats.setdefault(chat.id, asyncio.Lock()) if chat else asyncio.Lock()
        async with turn, self._slots:
            await coroutine

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do."""


class WithoutToken(logging.Formatter):
    """Formats as another formatter does, with the bot's token blotted out, in tracebacks too."""

    def __init__(self, inner: logging.Formatter, token: str) -> None:
        super().__init__()
        self._inner = inner
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        """The line, or lines, to log."""
        return self._inner.format(record).replace(self._token, "<token>")


def keep_out_of_logs(token: str) -> None:
    """Let no handler of the root logger write the token, which is part of every Bot API address."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(WithoutToken(handler.formatter or logging.Formatter(), token))
