"""What Telegram says of the bot, for ``newsdesk bot --check``: its name, who of the admins it reaches, its webhook."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.preflight.archive import ago
from bot.preflight.findings import note, ok, wrong
from bot.tokens import HOW_TO_MEND

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram import User, WebhookInfo

    from bot.preflight.findings import Finding
    from bot.settings import Settings

_PORTS = (None, 443, 80, 88, 8443)
_PATIENCE_SECONDS = 8.0
_RECENT = timedelta(hours=1)


async def check_telegram(settings: Settings, token: str) -> AsyncIterator[Finding]:
    """The token, how updates come, and the admins; each is said too where Telegram cannot be reached."""
    patience = HTTPXRequest(connect_timeout=_PATIENCE_SECONDS, read_timeout=_PATIENCE_SECONDS)
    bot = Bot(token, base_url=f"{settings.telegram_api}/bot", request=patience, get_updates_request=patience)
    try:
        async for finding in _asked(bot, settings):
            yield finding
    finally:
        await bot.shutdown()


async def _asked(bot: Bot, settings: Settings) -> AsyncIterator[Finding]:
    try:
        await bot.initialize()
    except InvalidToken:
        yield wrong("token", f"Telegram does not know it: {HOW_TO_MEND}")
        unknown = "not known without a token that Telegram knows"
    except TelegramError as error:
        host = urlsplit(settings.telegram_api).netloc
        yield wrong("token", f"{host} cannot be reached ({error}): mend the network, or NEWSDESK_TELEGRAM_API")
        unknown = "not known while Telegram cannot be reached"
    else:
        yield ok("token", _about(bot.bot))
        yield await _updates(bot, settings)
        async for finding in _admins(bot, settings):
            yield finding
        return
    for part in ("updates", "admins"):
        yield note(part, unknown)


def _about(user: User) -> str:
    groups = (
        "reads all of a group's messages" if user.can_read_all_group_messages else "in groups sees what is meant for it"
    )
    inline = "inline mode on" if user.supports_inline_queries else "inline mode off (@BotFather: /setinline)"
    return f"@{user.username}; {groups}; {inline}"


async def _updates(bot: Bot, settings: Settings) -> Finding:
    """Whether updates come the way that is set, and what waits."""
    try:
        info = await bot.get_webhook_info()
    except TelegramError as error:
        return wrong("updates", f"Telegram does not say how they come ({error}): try again")
    way = "by webhook" if settings.webhook else "by long polling"
    waiting = f"{way}; {info.pending_update_count:,} wait at Telegram"
    if settings.webhook and urlsplit(settings.webhook).port not in _PORTS:
        return wrong("updates", "Telegram posts to ports 443, 80, 88 and 8443 only: mend NEWSDESK_WEBHOOK")
    if (failed := _lately_failed(info)) and settings.webhook == info.url:
        return wrong("updates", f"{waiting}; Telegram's last try failed: {failed}")
    if info.url and not settings.webhook:
        return note("updates", f"{waiting}; the webhook {_place(info.url)} is set, and taken away at the start")
    if settings.webhook and info.url != settings.webhook:
        before = f"in place of {_place(info.url)} " if info.url else ""
        return note("updates", f"{waiting}; {_place(settings.webhook)} is set as the webhook {before}at the start")
    return ok("updates", waiting)


def _lately_failed(info: WebhookInfo) -> str | None:
    at = info.last_error_date
    if at is None or datetime.now(UTC) - at > _RECENT:
        return None
    return f"{info.last_error_message}, {ago(at)}"


def _place(address: str) -> str:
    """Where an address leads, without its path, which may be secret."""
    return f"https://{urlsplit(address).netloc.rpartition('@')[2]}"


async def _admins(bot: Bot, settings: Settings) -> AsyncIterator[Finding]:
    if not settings.admins:
        yield note("admins", "nobody: put your Telegram id into NEWSDESK_ADMINS; @userinfobot tells it")
    reached = []
    for admin in sorted(settings.admins):
        try:
            chat = await bot.get_chat(admin)
        except (BadRequest, Forbidden):
            yield wrong("admins", f"{admin} cannot be written to: have them open @{bot.username} and press Start")
        except TelegramError as error:
            yield wrong("admins", f"whether {admin} can be written to is not known ({error}): try again")
        else:
            reached.append(f"{admin} ({chat.effective_name})")
    if reached:
        yield ok("admins", ", ".join(reached))
