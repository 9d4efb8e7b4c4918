"""Many readers at once, over the emulated Telegram: how long all take, what is lost, what it costs.

``--minutes 20 --away 10`` is ``make soak``: a steady stream, Telegram away for the middle ten minutes, and the memory
of the bot minute by minute.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from journeys.telegram_emulator import TOKEN, TelegramEmulator, serving
from journeys.telegram_person import Person

TESTS = Path(__file__).parents[1]
QUESTION = "Which paper wrote of {word} on page {number} under whose famous blue banner headline?"
"""Long enough to stand alone: what may follow on something is asked twice."""
_WHILE_AWAY = 1.0
"""Questions a second while Telegram is away: the emulator keeps a thousand for later."""
WORDS = ("Netanyahu", "exhibition", "Kittiwake", "council", "mill")


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """``questions`` from ``chats``, ``rate`` a second; ``queue`` may wait; each takes ``pace`` s."""

    questions: int = 1000
    chats: int = 200
    rate: float = 200.0
    queue: int = 1000
    pace: float = 0.04


class Bot:
    """The bot in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    def resident(self) -> float:
        """Its memory now, in MB."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    @classmethod
    async def begin(cls, emulator: TelegramEmulator, folder: str, load: Load) -> Bot:
        """Start it, and wait until it asks for messages."""
        order = {
            "folder": folder,
            "address": emulator.address,
            "token": TOKEN,
            "queue": str(load.queue),
            "pace": str(load.pace),
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(Path(__file__).with_name("load_bot.py")),
            json.dumps(order),
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}"},
        )
        await emulator.until("getUpdates")
        return cls(process)

    async def end(self) -> dict[str, float]:
        """Stop it; gives what it says of itself."""
        self.process.send_signal(signal.SIGTERM)
        said, _ = await self.process.communicate()
        used: dict[str, float] = json.loads(said.decode().splitlines()[-1])
        return used


async def burst(load: Load) -> None:
    """Ask all, and print what came of it."""
    emulator = TelegramEmulator()
    with tempfile.TemporaryDirectory() as folder:
        async with serving(emulator):
            bot = await Bot.begin(emulator, folder, load)
            await asyncio.sleep(3.2)
            began = time.perf_counter()
            asked = await _ask(emulator, load)
            await emulator.wait(lambda: _answers(emulator) >= load.questions)
            seconds = time.perf_counter() - began
            await asyncio.sleep(1)
            used = await bot.end()
    busy = sum("Many readers" in call.text for call in emulator.calls)
    heard = _heard(emulator, load.chats)
    wrong = sum(heard[chat] != words for chat, words in asked.items())
    print(
        f"{load.questions:,} questions of {load.chats} chats at {load.rate:g}/s, room for {load.queue},"
        f" {load.pace * 1000:g} ms each: {_answers(emulator):,} answers ({busy:,} busy) in {seconds:.1f} s,"
        f" {seconds / (load.questions * load.pace):.2f} times the archive's own time; chats with a lost, doubled or"
        f" misplaced answer: {wrong}; loop held {used['held_ms']:.0f} ms at most; computing"
        f" {used['cpu_s'] / load.questions * 1000:.1f} ms a question, starting included; {used['most_mb']:.0f} MB"
    )


async def _ask(emulator: TelegramEmulator, load: Load) -> dict[int, list[str]]:
    """Ask at an even rate, chats in turn; gives what each asked of."""
    asked: dict[int, list[str]] = defaultdict(list)
    began = time.perf_counter()
    for number in range(load.questions):
        chat, word = number % load.chats + 1, WORDS[number % len(WORDS)]
        asked[chat].append(word)
        await Person(emulator, id=chat).says(QUESTION.format(word=word, number=number))
        await asyncio.sleep(max(0.0, began + (number + 1) / load.rate - time.perf_counter()))
    return asked


def _answers(emulator: TelegramEmulator) -> int:
    return sum(call.method == "sendMessage" and call.status == 200 for call in emulator.calls)


def _heard(emulator: TelegramEmulator, chats: int) -> dict[int, list[str]]:
    """What each chat's answers are about, in order; a busy one is taken to be about what was asked."""
    heard: dict[int, list[str]] = defaultdict(list)
    for call in emulator.calls:
        if call.method == "sendMessage" and call.status == 200:
            chat = int(call.fields["chat_id"])
            place = len(heard[chat])
            expected = WORDS[(chat - 1 + place * chats) % len(WORDS)]
            heard[chat].append(expected if "Many readers" in call.text else _about(call.text))
    return heard


def _about(text: str) -> str:
    """The word that an answer was asked by: its own article stands first."""
    titles = {"Talks": "Netanyahu", "Museum": "exhibition", "Ferry": "Kittiwake", "Tram": "council", "Mill": "mill"}
    found = {text.find(title): word for title, word in titles.items() if title in text}
    return found[min(found)] if found else ""


async def soak(minutes: float, away: float, load: Load) -> None:
    """Ask steadily, Telegram being away for some minutes in the middle; print the bot's memory each minute."""
    emulator = TelegramEmulator()
    there = (minutes - away) / 2
    with tempfile.TemporaryDirectory() as folder:
        async with serving(emulator):
            port = emulator.port
            bot = await Bot.begin(emulator, folder, load)
            steady = _Steady(emulator, bot, load)
            await steady.ask(there, load.rate)
        if away:
            print(f"Telegram goes away for {away:g} minutes", flush=True)
            await steady.ask(away, _WHILE_AWAY)
            print("and is back", flush=True)
        async with serving(emulator, port=port):
            await steady.ask(there, load.rate)
            await emulator.wait(lambda: steady.answers + _answers(emulator) >= steady.asked)
            await asyncio.sleep(2)
            steady.tell()
            used = await bot.end()
    print(
        f"{steady.asked - steady.answers:,} questions without an answer, {steady.busy:,} told to come back; loop held"
        f" {used['held_ms']:.0f} ms at most; {used['most_mb']:.0f} MB at most"
    )


class _Steady:
    """Readers who ask in turn, at an even rate."""

    def __init__(self, emulator: TelegramEmulator, bot: Bot, load: Load) -> None:
        self._emulator, self._bot, self._load = emulator, bot, load
        self.asked = self.answers = self.busy = 0

    async def ask(self, minutes: float, rate: float) -> None:
        """Ask for so long."""
        end, minute = time.monotonic() + minutes * 60, time.monotonic() + 60
        while time.monotonic() < end:
            number = self.asked
            person = Person(self._emulator, id=number % self._load.chats + 1)
            await person.says(QUESTION.format(word=WORDS[number % len(WORDS)], number=number))
            self.asked += 1
            await asyncio.sleep(1 / rate)
            if time.monotonic() >= minute:
                minute += 60
                self.tell()

    def tell(self) -> None:
        """Print how far it is, and forget what the bot called."""
        self.answers += _answers(self._emulator)
        self.busy += sum("Many readers" in call.text for call in self._emulator.calls if call.method == "sendMessage")
        self._emulator.calls.clear()
        print(f"{self.asked:,} questions, {self.answers:,} answers: {self._bot.resident():.0f} MB", flush=True)


def main() -> None:
    """Measure both loads, or soak."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--minutes", type=float, default=0.0, help="soak for so long")
    arguments.add_argument("--away", type=float, default=0.0, help="Telegram's absence in the middle of that")
    given = arguments.parse_args()
    if given.minutes:
        asyncio.run(soak(given.minutes, given.away, Load(rate=8.0)))
        return
    asyncio.run(burst(Load()))
    asyncio.run(burst(Load(queue=50)))


if __name__ == "__main__":
    main()
