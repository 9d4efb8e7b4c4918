"""Adding and removing single articles while the bot runs, in child processes of low priority."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.checking import newsdesk_command
from bot.children import told
from bot.desk import DeskClosing
from bot.previewing import Preview, preview_command
from bot.reindexing import Run, SyncElsewhere, SyncStopped, sync_command
from bot.shelf import Shelf
from index.errors import NewsdeskError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from bot.reindexing import Ended

SECONDS = 120.0
"""Within which a file is looked at, or an article removed."""

_TRIES = 20
_PAUSE_SECONDS = 3.0


class NotDone(NewsdeskError):
    """A child process could not do what it was to; the message is its last word."""


class Adding:
    """Looks at articles before they come or go, and lets them; one sync at a time.

    Args:
        archive: the archive's folder.
        other: the sync of all sources that runs, or ran last, if any.
    """

    def __init__(self, archive: Path, other: Callable[[], Run | None] = lambda: None) -> None:
        self.shelf = Shelf(archive=archive)
        self._archive = archive
        self._other = other
        self._turn = asyncio.Lock()
        self._run: Run | None = None
        self._stopping = asyncio.Event()

    async def preview(self, name: str) -> Preview:
        """What a draft would give.

        Raises:
            NotDone: it cannot be told.
            DeskClosing: the bot ends.
        """
        return await self._look("add", str(self.shelf.draft(name)))

    async def named(self, what: str) -> Preview:
        """The articles of an address, an id or a file.

        Raises:
            NotDone: they cannot be looked for.
        """
        return await self._look("remove", what)

    async def is_there(self, name: str) -> bool:
        """Whether articles of an added file are in the archive; also where that cannot be told."""
        try:
            return bool((await self.named(str(self.shelf.folder.resolve() / name))).count)
        except NotDone:
            return True

    async def sync(self) -> Ended:
        """Take in what was added, after the sync that runs; where another process is at it, a little later."""
        async with self._turn:
            for _ in range(_TRIES):
                if (other := self._other()) is not None:
                    await asyncio.shield(other.task)
                command = sync_command(self._archive, (self.shelf.folder,))
                self._run = Run(command, stopped=self._stopping.is_set())
                ended = await self._run
                if not isinstance(ended, SyncElsewhere):
                    break
                await asyncio.sleep(_PAUSE_SECONDS)
        return ended

    async def remove(self, what: str) -> str:
        """Remove the articles of an address, an id or a file; gives what is to be told, the backups that hold them.

        Raises:
            NotDone: they could not be removed.
        """
        # "--" because what an admin names may begin with a dash
        done = await told([*newsdesk_command(self._archive, "remove"), "--", what], seconds=SECONDS)
        if done.failure:
            raise NotDone(done.failure)
        return done.printed.strip()

    async def tidy(self, files: Iterable[str]) -> None:
        """Take away those of the archive's own files that no article is of any more, or syncs would refuse them."""
        for name in {name for file in files if (name := self.shelf.name_of(file))}:
            if not await self.is_there(name):
                await asyncio.to_thread(self.shelf.discard, name)

    async def stop(self) -> None:
        """End the running sync, if any; what was added is taken in at the next start."""
        self._stopping.set()
        if self._run is not None:
            await self._run.end(SyncStopped("the bot is ending"))

    async def _look(self, action: str, what: str) -> Preview:
        looking = asyncio.create_task(told(preview_command(self._archive, action, what), seconds=SECONDS))
        ending = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({looking, ending}, return_when=asyncio.FIRST_COMPLETED)
            if not looking.done():
                raise DeskClosing("the bot is ending")
            seen = looking.result()
        finally:
            for task in (looking, ending):
                task.cancel()
            await asyncio.gather(looking, ending, return_exceptions=True)
        if seen.failure:
            raise NotDone(seen.failure)
        try:
            return Preview.of(seen.printed)
        except (ValueError, KeyError, TypeError) as error:
            raise NotDone(f"what was said of it cannot be read: {error}") from error
