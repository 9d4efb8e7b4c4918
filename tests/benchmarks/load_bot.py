"""A bot over an archive that takes a fixed time for each question; it says what answering cost when it ends."""

from __future__ import annotations

import asyncio
import json
import resource
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fakes import FakeArchive

from bot.app import serve, settle
from bot.settings import Settings

if TYPE_CHECKING:
    from datetime import date

    from index.domain import Reply

LOOK_EVERY = 0.005


@dataclass
class PacedArchive(FakeArchive):
    """Answers each question in ``pace`` seconds, in which it computes nothing."""

    pace: float = 0.04

    def ask(self, question: str, *, asked: date | None = None, k: int = 5, after: str = "") -> Reply:
        """Answer after a while; the questions before are forgotten."""
        time.sleep(self.pace)
        for kept in (self.asked, self.days, self.afters):
            kept.clear()
        return super().ask(question, asked=asked, k=k, after=after)


async def _watch(held: list[float]) -> None:
    """How long the event loop was held beyond what was slept for: the longest."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(LOOK_EVERY)
        held[0] = max(held[0], time.perf_counter() - before - LOOK_EVERY)


async def _answer(order: dict[str, str]) -> None:
    stop, held = asyncio.Event(), [0.0]
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    settings = Settings(
        _env_file=None,
        archive=Path(order["folder"]),
        telegram_token=order["token"],
        telegram_api=order["address"],
        queue=int(order["queue"]),
        per_person=0,
        listen="off",
    )
    watching = asyncio.create_task(_watch(held))
    loop.call_later(3.0, held.__setitem__, 0, 0.0)  # what starting takes is not counted
    before = time.process_time()
    await serve(settings, stop, open_archive=lambda: PacedArchive(pace=float(order["pace"])))
    watching.cancel()
    used = {
        "held_ms": held[0] * 1000,
        "cpu_s": time.process_time() - before,
        "most_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    sys.stdout.write(json.dumps(used) + "\n")


if __name__ == "__main__":
    settle()
    asyncio.run(_answer(json.loads(sys.argv[1])))
