"""The bot killed at every step between a question and its answer: nothing is lost, and little is said twice."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from journeys.telegram_emulator import TOKEN, TelegramEmulator, serving
from journeys.telegram_person import Person

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CHILD = Path(__file__).with_name("bot_child.py")
TESTS = CHILD.parents[1]
QUESTIONS = {1: "Who accompanied Netanyahu?", 2: "Who opened the exhibition?"}
ANSWERS = {1: "Zeev Elkin", 2: "The mayor"}
ALL = os.environ.get("NEWSDESK_FAULTS") == "all"
STEPS = range(1, 60) if ALL else (1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20)


class Parent:
    """The process that forks the bots."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin
        assert process.stdout
        self.stdin, self.stdout = process.stdin, process.stdout

    async def begin(self, emulator: TelegramEmulator, folder: Path, kill: int) -> int:
        """Begin a bot; gives its process id."""
        order = {"folder": str(folder), "address": emulator.address, "token": TOKEN, "kill": kill}
        self.stdin.write(json.dumps(order).encode() + b"\n")
        return int(await asyncio.wait_for(self.stdout.readline(), 20))

    async def ended(self) -> int:
        """Wait for its end; gives its exit status."""
        return int(await asyncio.wait_for(self.stdout.readline(), 30))


@asynccontextmanager
async def parent() -> AsyncIterator[Parent]:
    """Have bots at hand."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(CHILD),
        stdin=pipe,
        stdout=pipe,
        stderr=asyncio.subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}"},
    )
    try:
        yield Parent(process)
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()


async def killed_at(bots: Parent, folder: Path, step: int) -> tuple[int, dict[int, int]]:
    """Ask, kill at a step, begin again; the first bot's exit status, and how often each person was answered."""
    emulator = TelegramEmulator()
    async with serving(emulator):
        people = {number: Person(emulator, id=number) for number in QUESTIONS}
        for number, person in people.items():
            await person.says(QUESTIONS[number])
        first = await bots.begin(emulator, folder, step)
        ending = asyncio.create_task(bots.ended())
        answered = asyncio.create_task(_answered(emulator))
        await asyncio.wait({ending, answered}, return_when=asyncio.FIRST_COMPLETED)
        if not ending.done():
            await asyncio.sleep(0.3)  # what comes after the answers may be the step
            if not ending.done():
                os.kill(first, signal.SIGTERM)
        status = await ending
        answered.cancel()
        polls = sum(call.method == "getUpdates" for call in emulator.calls)
        second = await bots.begin(emulator, folder, 0)
        await emulator.until("getUpdates", polls + 1)
        await asyncio.wait_for(_answered(emulator), 20)
        os.kill(second, signal.SIGTERM)
        assert await bots.ended() == 0
        assert emulator.problems == []
        counts = {number: len(emulator.sent(number)) for number in QUESTIONS}
        for number, person in people.items():
            assert (await person.hears()).text.startswith(ANSWERS[number])
    return status, counts


async def _answered(emulator: TelegramEmulator) -> None:
    await emulator.wait(lambda: all(emulator.sent(number) for number in QUESTIONS))


def _left(folder: Path) -> list[tuple[int]]:
    with sqlite3.connect(folder / "bot.db") as memory:
        left = memory.execute("SELECT number FROM inbox WHERE done IS NULL").fetchall()
    memory.close()
    return left


async def test_nothing_is_lost_wherever_the_bot_is_killed(tmp_path: Path) -> None:
    """Every question is answered, before or after; twice at most, and only where the message was on its way."""
    doubled, killed = {}, 0
    async with parent() as bots:
        for step in STEPS:
            folder = tmp_path / str(step)
            status, counts = await killed_at(bots, folder, step)
            killed += status == -signal.SIGKILL
            assert _left(folder) == []
            assert max(counts.values()) <= 2, f"step {step}: {counts}"  # both may be on their way at once
            doubled[step] = sum(counts.values()) > len(QUESTIONS)
    assert killed >= 12
    assert sum(doubled.values()) <= 6, doubled
