"""One server on one port, from its start to its end."""

from __future__ import annotations

import errno
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.addresses import NOWHERE, OWN_PATHS, Endpoint
from bot.http.health import figures, health, ready
from bot.http.webhook import LARGEST, webhook_handler
from bot.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.metrics import Metrics
    from bot.readiness import Readiness

_LAST_SECONDS = 10.0


@asynccontextmanager
async def serve_http(
    listen: str,
    *,
    webhook: Callable[[dict[str, Any]], Awaitable[None]] | None = None,
    path: str = "/webhook",
    secret: str = "",
    metrics: Metrics,
    readiness: Readiness,
) -> AsyncIterator[Endpoint | None]:
    """Serve while inside; gives where, ``None`` where nothing is to be served. Requests that have begun are finished.

    Args:
        listen: ``host:port``, or ``off``.
        webhook: takes an update as Telegram sent it, and returns once it cannot be lost; none where the bot polls.
        path: where Telegram posts updates to.
        secret: what Telegram shows with each, see ``webhook_secret``.
        metrics: what /metrics shows.
        readiness: what /ready shows.

    Raises:
        SettingsError: the port is taken, or cannot be listened at.

    """
    if listen == NOWHERE:
        yield None
        return
    application = web.Application(client_max_size=LARGEST)
    for address, handler in zip(OWN_PATHS, (health, ready(readiness), figures(metrics)), strict=True):
        application.router.add_get(address, handler)
    if webhook is not None:
        if not secret:
            raise ValueError("a webhook needs its secret")
        application.router.add_post(path, webhook_handler(webhook, secret))
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=_LAST_SECONDS)
    await runner.setup()
    try:
        yield await _start(runner, Endpoint.parse(listen))
    finally:
        await runner.cleanup()


async def _start(runner: web.AppRunner, wanted: Endpoint) -> Endpoint:
    try:
        await web.TCPSite(runner, wanted.host, wanted.port).start()
    except OSError as error:
        raise SettingsError(cannot_listen(wanted, error)) from error
    return Endpoint(host=wanted.host, port=runner.addresses[0][1])


def cannot_listen(wanted: Endpoint, error: OSError) -> str:
    """Why, and what to do about it."""
    if error.errno == errno.EADDRINUSE:
        return (
            f"another program listens at {wanted}, perhaps another newsdesk bot: end it, or set NEWSDESK_LISTEN to"
            " another port"
        )
    reason = error.strerror or str(error)
    return (
        f"{wanted} cannot be listened at ({reason}): set NEWSDESK_LISTEN to an address of this machine and a free port"
    )
