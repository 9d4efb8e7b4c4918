"""Answering many readers: throughput of the desk, how long the event loop is held, and questions during a sync."""

from __future__ import annotations

import asyncio
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.desk import Desk
from index import Archive
from tests.benchmarks.data import DATA, KEPT, news_archive, news_questions, there

if TYPE_CHECKING:
    from collections.abc import Sequence

AT_ONCE = 200
ALONE = 40
_BEAT_SECONDS = 0.005


@dataclass(slots=True)
class Heart:
    """Beats on the event loop; ``held`` are the seconds by which each beat came late."""

    held: list[float] = field(default_factory=list)

    async def beat(self) -> None:
        """Until cancelled."""
        while True:
            began = time.perf_counter()
            await asyncio.sleep(_BEAT_SECONDS)
            self.held.append(time.perf_counter() - began - _BEAT_SECONDS)


def main() -> None:
    """Ask, and print what came of it."""
    if not there():
        return
    news_archive().close()
    with tempfile.TemporaryDirectory(dir=KEPT) as scratch:
        folder = Path(scratch) / "archive"
        shutil.copytree(KEPT / "news", folder)
        asyncio.run(_measure(folder))


async def _measure(folder: Path) -> None:
    questions = [each.text for each in news_questions()][:AT_ONCE]
    with Archive.open(folder) as archive:
        archive.remove("nothing of this name")  # a copy's indexes are made anew by who writes
        archive.ask("Warm up.")
        began = time.perf_counter()
        for question in questions:
            archive.ask(question)
        alone = time.perf_counter() - began
    async with Desk(lambda: Archive.open(folder), queue=AT_ONCE, timeout=600) as desk:
        await desk.ask("Warm up.")
        heart = Heart()
        beating = asyncio.create_task(heart.beat())
        began = time.perf_counter()
        replies = await asyncio.gather(*(desk.ask(question) for question in questions))
        together = time.perf_counter() - began
        beating.cancel()
        print(f"{len(replies)} of {AT_ONCE} questions asked at once through the desk were answered")
        print(f"  the worker alone          {AT_ONCE / alone:6.1f} questions/s")
        print(f"  through the desk          {AT_ONCE / together:6.1f} questions/s, {alone / together:.2f} of that")
        print(f"  event loop held at most   {1000 * max(heart.held):6.1f} ms")
        rest = await _latencies(desk, questions[:ALONE])
        busy, done = await _during_a_sync(desk, folder, questions[:ALONE])
    print(f"one question after another, milliseconds: median, 95th percentile\n  at rest        {_said(rest)}")
    print(f"  during a sync  {_said(busy)}   p95 {_p95(busy) / _p95(rest):.2f} times; {done}")


async def _during_a_sync(desk: Desk, folder: Path, questions: Sequence[str]) -> tuple[list[float], str]:
    """Ask while another process encodes passages into the same archive."""
    command = [
        sys.executable,
        "-m",
        "bot",
        "--archive",
        str(folder),
        "sync",
        str(DATA / "reader" / "squadshifts_reddit" / "passages.jsonl"),
    ]
    child = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    before = (await desk.stats()).passages
    while child.returncode is None and (await desk.stats()).passages == before:  # noqa: ASYNC110 - its first batch is committed: it is encoding the next
        await asyncio.sleep(0.2)
    times = await _latencies(desk, questions)
    still = child.returncode is None
    grown = (await desk.stats()).passages - before
    if still:
        child.terminate()
    await child.wait()
    return times, f"{grown:,} passages were added meanwhile" + ("" if still else "; it ended before the questions did")


async def _latencies(desk: Desk, questions: Sequence[str]) -> list[float]:
    times = []
    for question in questions:
        began = time.perf_counter()
        await desk.ask(question)
        times.append(time.perf_counter() - began)
    return times


def _said(times: Sequence[float]) -> str:
    return f"{1000 * statistics.median(times):7.1f} {1000 * _p95(times):7.1f}"


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
