"""The address that Telegram posts updates to: who may, what comes in, and when it is acknowledged."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import sqlite3
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from aiohttp import web

from index.errors import NewsdeskError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

LARGEST = 1024 * 1024
"""Bytes of an update; Telegram's own are some kilobytes."""

_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_PURPOSE = b"newsdesk webhook"
_PATIENCE_SECONDS = 30.0
_LAST = 2**63 - 1


def webhook_secret(token: str) -> str:
    """What Telegram shows with each update, and nobody else knows: 64 characters that follow from the bot's token."""
    return hmac.new(token.encode(), _PURPOSE, sha256).hexdigest()


def webhook_handler(
    take: Callable[[dict[str, Any]], Awaitable[None]], secret: str
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Acknowledge an update once it is taken; where it could not be, Telegram is told to send it again."""

    async def receive(request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get(_HEADER, "").encode(errors="surrogateescape"), secret.encode()):
            raise web.HTTPForbidden
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                update = _update(await request.read())
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        try:
            await take(update)
        except (NewsdeskError, sqlite3.Error, OSError) as error:
            log.error("an update could not be taken in; Telegram sends it again: %s", error)  # noqa: TRY400 - one line
            raise web.HTTPServiceUnavailable from error
        return web.Response()

    return receive


def _update(body: bytes) -> dict[str, Any]:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        update = None
    number = update.get("update_id") if isinstance(update, dict) else None
    if not isinstance(update, dict) or not isinstance(number, int) or not 0 <= number <= _LAST:
        raise web.HTTPBadRequest(text="an update is a JSON object with an update_id")
    return update
