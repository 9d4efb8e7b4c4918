"""Syncs that begin by themselves, so often as the operator has set."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.reindexing import SyncElsewhere, SyncFailed
from index.domain import SyncReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.reindexing import Ended, Reindexing

log = logging.getLogger(__name__)


class Schedule:
    """Has the archive brought up to date every so many seconds; not while that is being done already.

    Args:
        reindexing: what syncs.
        every: seconds from one beginning to the next, and from the start to the first.
        note: told what came of each.
        fail: told of a sync that failed, and its key, but not of those that fail after it until one has succeeded.
    """

    def __init__(
        self,
        reindexing: Reindexing,
        *,
        every: float,
        note: Callable[[Ended], None],
        fail: Callable[[SyncFailed, str], None],
    ) -> None:
        self._reindexing = reindexing
        self._every = every
        self._note = note
        self._fail = fail
        self._failing = False

    async def run(self) -> None:
        """Sync whenever it is time, until cancelled."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due = max(due + self._every, loop.time())
            await asyncio.sleep(due - loop.time())
            if self._reindexing.running:
                log.info("a sync was due, and is running already")
            else:
                await self._sync()

    async def _sync(self) -> None:
        run = self._reindexing.start()
        ended = await asyncio.shield(run.task)  # it is stopped, not cancelled with who waits for it
        self._note(ended)
        if isinstance(ended, SyncReport):
            self._failing = False
        elif isinstance(ended, SyncElsewhere):
            log.info("a sync was due, and the archive is being changed already: %s", ended)
        elif isinstance(ended, SyncFailed):
            log.warning("a sync by schedule failed: %s", ended)
            if not self._failing:
                self._fail(ended, run.key)
            self._failing = True
