"""Many readers at once: all are answered, each in order and once; who would wait too long is told at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from journeys.telegram_person import Person
from journeys.telegram_running import answering, configured

if TYPE_CHECKING:
    from pathlib import Path

    from fakes import FakeArchive
    from journeys.telegram_emulator import TelegramEmulator

QUESTIONS = ("Who accompanied Netanyahu?", "Who opened the exhibition?", "Which ferry was late to Kittiwake?")
ANSWERS = ("Zeev Elkin", "The mayor", "The ferry")
BUSY = "Many readers are asking"


async def asked_by_all(telegram: TelegramEmulator, people: list[Person]) -> list[list[str]]:
    """Let each ask all questions at once; gives how each one's answers begin."""
    for question in QUESTIONS:
        await asyncio.gather(*(person.says(question) for person in people))
    heard = [[(await person.hears()).text for _ in QUESTIONS] for person in people]
    await asyncio.sleep(0.2)
    assert sum(len(telegram.sent(person.id)) for person in people) == len(people) * len(QUESTIONS)
    return heard


async def test_none_is_lost_doubled_or_out_of_order(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """Thirty people ask three questions each in one moment."""
    people = [Person(telegram, id=number) for number in range(1, 31)]
    async with answering(configured(telegram, tmp_path), telegram, archive):
        heard = await asked_by_all(telegram, people)
    assert all(text.startswith(begin) for texts in heard for text, begin in zip(texts, ANSWERS, strict=True))
    assert len(archive.asked) == 90


async def test_where_few_may_wait_others_are_told_and_none_goes_unanswered(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """With room for five, some hear at once that many are asking; every question gets one reply or the other."""
    people = [Person(telegram, id=number) for number in range(1, 31)]
    async with answering(configured(telegram, tmp_path, queue=5), telegram, archive):
        archive.gate.clear()
        asyncio.get_running_loop().call_later(0.5, archive.gate.set)
        heard = await asked_by_all(telegram, people)
    busy = sum(text.startswith(BUSY) for texts in heard for text in texts)
    assert 24 <= busy < 90
    assert len(archive.asked) == 90 - busy
