"""Whether the bot can answer now, as each part last said."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from fakes import FakeArchive

from bot.desk import DeskBusy
from bot.metrics import Metrics
from bot.readiness import TELEGRAM_SECONDS, Readiness, watch
from index.errors import ArchiveDamaged, EncoderError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from index.domain import Stats


@dataclass
class Watched:
    """An archive and an encoder that fail when told to."""

    archive: Exception | None = None
    encoder: Exception | None = None
    metrics: Metrics = field(default_factory=Metrics)
    readiness: Readiness = field(default_factory=Readiness)
    loading: asyncio.Queue[None] = field(default_factory=asyncio.Queue)

    async def stats(self) -> Stats:
        """The archive in figures."""
        if self.archive:
            raise self.archive
        return FakeArchive().stats()

    async def load(self) -> None:
        """Load the encoder; the last thing of each look."""
        self.loading.put_nowait(None)
        if self.encoder:
            raise self.encoder

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Look again and again."""
        task = asyncio.create_task(watch(self.stats, self.load, self.metrics, self.readiness, every=0))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})
            assert task.cancelled()

    async def looked(self) -> tuple[bool, bool]:
        """What is said of archive and encoder after another whole look."""
        while not self.loading.empty():
            self.loading.get_nowait()
        async with asyncio.timeout(300):
            for _ in range(2):  # the first may have begun before what was changed
                await self.loading.get()
        parts = self.readiness.parts()
        return parts["archive"].ready, parts["encoder"].ready


def test_telegram_was_reached_lately_or_not() -> None:
    """A long poll may go by in silence, two minutes may not; the next answer mends it."""
    now = [1000.0]
    readiness = Readiness(lambda: now[0])
    assert readiness.parts()["telegram"].reason == "not reached yet"
    readiness.telegram_reached()
    now[0] += TELEGRAM_SECONDS
    assert readiness.parts()["telegram"].ready
    now[0] += 1
    assert not readiness.parts()["telegram"].ready
    assert readiness.parts()["telegram"].reason == "reached 121 s ago"
    readiness.telegram_reached()
    assert readiness.parts()["telegram"].ready


async def test_what_fails_is_told_and_what_works_again_too(caplog: pytest.LogCaptureFixture) -> None:
    """Archive and encoder are looked at again and again, each for itself."""
    watched = Watched()
    async with watched.watching():
        assert await watched.looked() == (True, True)
        watched.archive = ArchiveDamaged("it is damaged")
        assert await watched.looked() == (False, True)
        assert watched.readiness.parts()["archive"].reason == "it is damaged"
        watched.archive, watched.encoder = None, EncoderError("no model weights in /models")
        assert await watched.looked() == (True, False)
        assert watched.readiness.parts()["encoder"].reason == "no model weights in /models"
        watched.encoder = None
        assert await watched.looked() == (True, True)
    assert "the archive could not be looked at: it is damaged" in caplog.text
    assert "the encoder could not be loaded: no model weights in /models" in caplog.text


async def test_a_busy_desk_says_nothing_of_the_archive() -> None:
    """It answers others: what was known stays so."""
    watched = Watched()
    async with watched.watching():
        assert await watched.looked() == (True, True)
        watched.archive = watched.encoder = DeskBusy("others wait")
        assert await watched.looked() == (True, True)


async def test_the_archives_size_is_counted() -> None:
    """Each look tells the metrics."""
    watched = Watched()
    async with watched.watching():
        await watched.looked()
    assert f"newsdesk_archive_articles {len(FakeArchive().articles)}.0" in watched.metrics.text().decode()


async def test_what_is_not_foreseen_is_not_hidden() -> None:
    """A defect ends the watch."""
    watched = Watched(archive=ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        await watch(watched.stats, watched.load, watched.metrics, watched.readiness, every=0)
