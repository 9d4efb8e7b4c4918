"""The bot's life at Telegram: reached, set up, asked for messages or given them, ended."""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from telegram.error import InvalidToken, TelegramError

from bot.settings import SettingsError
from bot.tokens import HOW_TO_MEND
from bot.transport.polling import ALLOWED

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram.ext import Application, ExtBot

    from bot.handlers.sending import Context
    from bot.transport.polling import Polling

    TelegramApplication = Application[ExtBot[int], Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], None]

log = logging.getLogger(__name__)

_LONGEST_PAUSE = 30.0
_END_SECONDS = 30.0


async def run_until(
    stop: asyncio.Event,
    application: TelegramApplication,
    polling: Polling,
    *,
    webhook: tuple[str, str] | None,
    prepare: Callable[[], Awaitable[None]],
    ending: Callable[[], Awaitable[None]],
) -> None:
    """Take messages from Telegram until ``stop`` is set, then finish what is being answered.

    Args:
        stop: ends it, also while Telegram cannot be reached.
        application: finished, not yet initialized; without an updater.
        polling: takes and hands on updates.
        webhook: the address that Telegram gives messages to, and the secret it shows; ``None`` asks for them.
        prepare: awaited once Telegram is reached, such as to set the menu; what it raises of Telegram's is logged.
        ending: awaited when no more messages are taken, before what is being done is waited for.

    Raises:
        SettingsError: Telegram does not know the token.
    """
    taking = asyncio.create_task(_take(application, polling, webhook, prepare))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({taking, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if taking.done():
            await taking
    finally:
        for task in (taking, stopping):
            task.cancel()
        await asyncio.gather(taking, stopping, return_exceptions=True)
        await _end(application, ending)


async def _take(
    application: TelegramApplication,
    polling: Polling,
    webhook: tuple[str, str] | None,
    prepare: Callable[[], Awaitable[None]],
) -> None:
    await _reach(application)
    try:
        await prepare()
    except TelegramError as failure:
        log.warning("the menu of commands could not be set: %s", failure)
    await application.start()
    await polling.resume()
    await _set_webhook(application.bot, webhook)
    sys.stdout.write(f"newsdesk: answering as @{application.bot.username}; Ctrl-C ends it\n")
    sys.stdout.flush()
    if webhook is None:
        await polling.run()
    await asyncio.Event().wait()


async def _reach(application: TelegramApplication) -> None:
    """Ask Telegram who the bot is, for as long as it takes Telegram to answer."""
    await _insist("Telegram cannot be reached", application.initialize)


async def _set_webhook(bot: ExtBot[Any], webhook: tuple[str, str] | None) -> None:
    """Let Telegram give messages to an address, or keep them until they are asked for."""
    if webhook is None:
        await _insist("the webhook could not be taken away", bot.delete_webhook)
        return
    address, secret = webhook

    async def begin() -> None:
        await bot.set_webhook(address, secret_token=secret, allowed_updates=ALLOWED, drop_pending_updates=False)

    await _insist(f"the webhook {address} could not be set", begin)


async def _insist(failed: str, call: Callable[[], Awaitable[object]]) -> None:
    """Call until Telegram answers.

    Raises:
        SettingsError: it does not know the token.
    """
    pause = 1.0
    while True:
        try:
            await call()
        except InvalidToken:
            raise SettingsError(f"Telegram does not know the token in NEWSDESK_TELEGRAM_TOKEN: {HOW_TO_MEND}") from None
        except TelegramError as failure:
            log.warning("%s (%s); trying again in %g s", failed, failure, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        else:
            return


async def _end(application: TelegramApplication, ending: Callable[[], Awaitable[None]]) -> None:
    await ending()
    if application.running:
        with suppress(TimeoutError):
            await asyncio.wait_for(application.stop(), _END_SECONDS)
    await application.shutdown()
    await application.bot.shutdown()
