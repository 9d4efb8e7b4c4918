"""How well follow-up questions are understood: tests/dialogues, turn by turn, as the bot would answer them.

Even lines were tuned on, odd ones are what is reported. Of follow-ups: how often the right article is among the first
five, as they are asked and as the same questions spelled out. Of new subjects: how often the reply was found together
with what came before, which they do not follow on.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.conversation.asking import ask
from bot.conversation.small_talk import small_talk
from bot.desk import Desk
from bot.memory import Turn
from index import Archive
from index.evaluation import contains, interval
from tests.benchmarks.data import REPOSITORY, news_archive, there

if TYPE_CHECKING:
    from index.domain import Reply

DIALOGUES = REPOSITORY / "tests" / "dialogues"
SAMPLE = REPOSITORY / "index" / "sample"
DAY = date(2026, 11, 22)
LANGUAGES = ("en", "ru", "es")


@dataclass
class Tally:
    """What came of the turns of a language, 1 or 0 for each."""

    asked: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    recognised: list[float] = field(default_factory=list)
    misread: list[float] = field(default_factory=list)
    right: list[float] = field(default_factory=list)
    wrong: list[float] = field(default_factory=list)


def main() -> None:
    """Print both halves."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--shown", action="store_true", help="print what went wrong in the even lines")
    asyncio.run(_talk_through(shown=arguments.parse_args().shown))


async def _talk_through(*, shown: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with Desk(lambda: _sample(Path(folder)), queue=9, timeout=60) as sample:
            desks = {"sample": sample}
            if there():
                news = Desk(news_archive, queue=9, timeout=600)
                desks["news"] = await news.__aenter__()
            for half in (0, 1):
                await _half(desks, half, shown=shown and not half)


def _sample(folder: Path) -> Archive:
    archive = Archive.open(folder, create=True)
    archive.sync([SAMPLE])
    return archive


async def _half(desks: dict[str, Desk], half: int, *, shown: bool) -> None:
    print(f"\n{'odd lines, not tuned on' if half else 'even lines'}:")
    whole = Tally()
    for language in LANGUAGES:
        tally = Tally()
        lines = (DIALOGUES / f"{language}.jsonl").read_text("utf-8").splitlines()
        for line in lines[half::2]:
            dialogue = json.loads(line)
            if dialogue["archive"] in desks:
                await _talk(desks[dialogue["archive"]], dialogue, language, tally, shown=shown)
        _print(language, tally)
        for name in vars(whole):
            getattr(whole, name).extend(getattr(tally, name))
    _print("all", whole)


async def _talk(desk: Desk, dialogue: dict[str, Any], language: str, tally: Tally, *, shown: bool) -> None:
    """One dialogue, each turn leaning on what the bot itself said before."""
    last: Turn | None = None
    for turn in dialogue["turns"]:
        if not turn["relevant"]:
            if small_talk(turn["text"]) is None:
                print(f"not taken for small talk: {turn['text']}")
            continue
        found = await ask(desk, turn["text"], last, language=language, day=DAY)
        if turn["follows"]:
            spelled = await desk.ask(turn["alone"], asked=DAY, k=10)
            tally.asked.append(_found(found.reply, turn))
            tally.alone.append(_found(spelled, turn))
            tally.recognised.append(float(bool(found.after)))
        elif turn["kind"] == "subject":
            tally.misread.append(float(bool(found.after)))
        answer = found.reply.answer
        tally.right.append(float(bool(answer and contains(answer.quote, turn["answers"]))))
        tally.wrong.append(float(bool(answer and not contains(answer.quote, turn["answers"]))))
        if shown and (not tally.asked[-1] if turn["follows"] else found.after):
            print(f"  {turn['kind']}: {turn['text']}  after: {found.after!r}")
        best = answer.hit if answer else next(iter(found.reply.hits), None)
        if best is not None:
            last = Turn(question=turn["text"], asked="", title=best.article.title, passage=best.passage.id)


def _found(reply: Reply, turn: dict[str, Any]) -> float:
    names = {name for hit in reply.hits[:5] for name in (hit.article.key.path, hit.article.key.id)}
    return float(not names.isdisjoint(turn["relevant"]))


def _print(language: str, tally: Tally) -> None:
    ratio = sum(tally.asked) / max(1.0, sum(tally.alone))
    print(
        f"{language:4} follow-ups ({len(tally.asked)}): right article in 5 {interval(tally.asked)}, spelled out"
        f" {interval(tally.alone)}, ratio {ratio:.3f}; recognised {interval(tally.recognised)};"
        f" new subjects ({len(tally.misread)}) misread {interval(tally.misread)};"
        f" answered rightly {interval(tally.right)}, otherwise {interval(tally.wrong)}",
        flush=True,
    )


if __name__ == "__main__":
    main()
