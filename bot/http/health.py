"""What an operator's machines ask: does it live, can it answer, how is it doing."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from aiohttp import web
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.metrics import Metrics
    from bot.readiness import Readiness

    Handler = Callable[[web.Request], Awaitable[web.Response]]

_UNREADY = 503


async def health(request: web.Request) -> web.Response:
    """The process lives, and its event loop turns."""
    del request
    return web.json_response({"newsdesk": "alive"})


def ready(readiness: Readiness) -> Handler:
    """200 where all that answering needs is there, else 503; each part with its reason."""

    async def show(request: web.Request) -> web.Response:
        del request
        parts = readiness.parts()
        whole = all(part.ready for part in parts.values())
        shown = {"ready": whole} | {name: asdict(part) for name, part in parts.items()}
        return web.json_response(shown, status=200 if whole else _UNREADY)

    return show


def figures(metrics: Metrics) -> Handler:
    """All metrics, in Prometheus's text format."""

    async def show(request: web.Request) -> web.Response:
        del request
        return web.Response(body=metrics.text(), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    return show
