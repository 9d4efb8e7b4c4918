"""Whether the bot can answer now: its archive, its encoder and Telegram."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk import DeskBusy
from index.errors import NewsdeskError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.metrics import Metrics
    from index.domain import Stats

log = logging.getLogger(__name__)

TELEGRAM_SECONDS = 120.0
"""How long ago Telegram may have answered last: a long poll lasts 10 s or so, pauses after failures up to 30."""
_LOOK_EVERY = 60.0
_FAILURES = (NewsdeskError, sqlite3.Error, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the things that answering needs; ``reason`` says what is wrong, or what is known."""

    ready: bool
    reason: str


class Readiness:
    """What each part last said of itself."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._archive = Part(ready=False, reason="not opened yet")
        self._encoder = Part(ready=False, reason="not loaded yet")
        self._reached: float | None = None

    def archive_open(self) -> None:
        """The archive answered."""
        self._archive = Part(ready=True, reason="open")

    def archive_failed(self, reason: str) -> None:
        """The archive is closed, or does not answer."""
        self._archive = Part(ready=False, reason=reason)

    def encoder_loaded(self) -> None:
        """A question was encoded, or could be."""
        self._encoder = Part(ready=True, reason="loaded")

    def encoder_failed(self, reason: str) -> None:
        """The encoder cannot be loaded."""
        self._encoder = Part(ready=False, reason=reason)

    def telegram_reached(self) -> None:
        """Telegram answered a request, or sent an update."""
        self._reached = self._clock()

    def parts(self) -> dict[str, Part]:
        """What answering needs, each by its name."""
        return {"archive": self._archive, "encoder": self._encoder, "telegram": self._telegram()}

    def _telegram(self) -> Part:
        if self._reached is None:
            return Part(ready=False, reason="not reached yet")
        ago = self._clock() - self._reached
        return Part(ready=ago <= TELEGRAM_SECONDS, reason=f"reached {ago:.0f} s ago")


async def watch(
    stats: Callable[[], Awaitable[Stats]],
    load_encoder: Callable[[], Awaitable[object]],
    metrics: Metrics,
    readiness: Readiness,
    *,
    every: float = _LOOK_EVERY,
) -> None:
    """Look at the archive and the encoder from time to time, until cancelled.

    Args:
        stats: the archive in figures, as ``Desk.stats``.
        load_encoder: loads the encoder where it is not loaded, and raises ``NewsdeskError`` where it cannot be.
        metrics: is told the figures.
        readiness: is told what can be used.
        every: seconds between two looks.

    """
    while True:
        try:
            metrics.synced(await stats())
            readiness.archive_open()
        except DeskBusy:  # it answers others
            pass
        except _FAILURES as error:
            log.warning("the archive could not be looked at: %s", error)
            readiness.archive_failed(str(error))
        try:
            await load_encoder()
            readiness.encoder_loaded()
        except DeskBusy:
            pass
        except _FAILURES as error:
            log.warning("the encoder could not be loaded: %s", error)
            readiness.encoder_failed(str(error))
        await asyncio.sleep(every)
