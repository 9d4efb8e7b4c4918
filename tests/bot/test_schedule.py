"""Syncs by schedule: when they begin, never two at a time, and whom a failure is told to how often."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from bot.reindexing import Reindexing, SyncCancelled, SyncFailed
from bot.schedule import Schedule
from index.domain import SyncReport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.reindexing import Ended

CHILD = """
import json, pathlib, sys, time
script, count = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
with count.open("a") as file: file.write("x")
what = script.read_text()
while what == "wait": time.sleep(0.02); what = script.read_text()
if what != "work": sys.exit(what)
print(json.dumps(dict(report=dict(added=1, changed=0, unchanged=0, removed=0, seconds=1, refused=[]))))
"""


class Bench:
    """A schedule over a child that does what a file says, and what was heard of it."""

    def __init__(self, folder: Path) -> None:
        self._script, self._count = folder / "script", folder / "count"
        self._count.write_text("")
        self.says("work")
        command = [sys.executable, "-c", CHILD, str(self._script), str(self._count)]
        self.reindexing = Reindexing(lambda: command)
        self.ended: list[Ended] = []
        self.failed: list[tuple[str, str]] = []
        self._more = asyncio.Event()

    def says(self, what: str) -> None:
        """Have the child do this from now on."""
        self._script.with_name("new").write_text(what)
        self._script.with_name("new").rename(self._script)

    @property
    def begun(self) -> int:
        """How many children began."""
        return len(self._count.read_text())

    async def cancel(self) -> None:
        """End the one that runs, as an admin does."""
        assert self.reindexing.run is not None
        await self.reindexing.run.end(SyncCancelled("cancelled"))

    async def after(self, count: int) -> None:
        """Wait until so many syncs more have ended."""
        await self.until(len(self.ended) + count)

    async def until(self, count: int) -> None:
        """Wait until so many syncs have ended."""
        async with asyncio.timeout(300):
            while len(self.ended) < count:
                self._more.clear()
                await self._more.wait()

    def _note(self, ended: Ended) -> None:
        self.ended.append(ended)
        self._more.set()

    @asynccontextmanager
    async def running(self, every: float) -> AsyncIterator[None]:
        """Run the schedule inside."""

        def fail(error: SyncFailed, key: str) -> None:
            self.failed.append((str(error), key))

        schedule = Schedule(self.reindexing, every=every, note=self._note, fail=fail)
        task = asyncio.create_task(schedule.run())
        try:
            yield
        finally:
            await self.reindexing.stop()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def test_the_first_begins_a_whole_interval_after_the_start_and_others_follow(tmp_path: Path) -> None:
    """None at once, for the machine has other things to do at the start; each is noted."""
    bench = Bench(tmp_path)
    async with bench.running(3600):
        await asyncio.sleep(0.2)
        assert not bench.reindexing.running
    assert bench.begun == 0
    bench = Bench(tmp_path)
    async with bench.running(0.1):
        await bench.after(3)
    assert [type(each) for each in bench.ended[:3]] == [SyncReport] * 3
    assert bench.failed == []


async def test_a_failure_is_told_once_until_it_works_again(tmp_path: Path) -> None:
    """Also where it fails for another reason; after a success the next failure is told again."""
    bench = Bench(tmp_path)
    bench.says("disk full")
    async with bench.running(0.1):
        await bench.after(2)
        bench.says("no such folder")
        await bench.after(2)
        assert [said for said, _ in bench.failed] == ["disk full"]
        bench.says("work")
        await bench.after(2)
        bench.says("the archive is being changed by process 7; wait")
        await bench.after(2)
        assert len(bench.failed) == 1
        bench.says("gone again")
        await bench.after(3)
    assert [said for said, _ in bench.failed] == ["disk full", "gone again"]
    assert len({key for _, key in bench.failed}) == 2


async def test_none_begins_while_one_runs(tmp_path: Path) -> None:
    """A sync that an admin began is not joined by one that is due."""
    bench = Bench(tmp_path)
    bench.says("wait")
    run = bench.reindexing.start()
    async with bench.running(0.05):
        await asyncio.sleep(0.5)
        assert (bench.begun, bench.ended) == (1, [])
        bench.says("work")
        assert isinstance(await asyncio.wait_for(run, 10), SyncReport)
        await bench.after(1)
    assert bench.begun >= 2


async def test_one_that_was_stopped_is_no_failure(tmp_path: Path) -> None:
    """An admin who cancels it knows that it ended."""
    bench = Bench(tmp_path)
    bench.says("wait")
    async with bench.running(0.05):
        async with asyncio.timeout(300):
            while not bench.begun:  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.01)
        await bench.cancel()
        await bench.until(1)
    assert bench.failed == []
    assert str(bench.ended[0]) == "cancelled"
