"""Processes that ask an archive all the time, and what their answers must have been."""

from __future__ import annotations

import json
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from faults.work import command, environment
from toys import article

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from index import Article

READERS = 8
FOLLOWED_SECONDS = 1.0
PATIENCE_SECONDS = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer: when it was asked for and given, in seconds, and the versions of the articles it was about."""

    began: float
    ended: float
    versions: tuple[int, ...]


def pair(version: int) -> list[Article]:
    """Two articles that always change together."""
    return [
        article(f"The pair is at {version}.", title=f"Pair {version} {name}", path=f"{name}.txt")
        for name in ("left", "right")
    ]


@contextmanager
def reading(folder: Path, logs: Path, count: int = READERS) -> Iterator[list[Path]]:
    """Processes that ask for the pair all the time, each into a log."""
    paths = [logs / f"reader-{at}.log" for at in range(count)]
    children = []
    try:
        for path in paths:
            with path.open("w") as log:
                children.append(subprocess.Popen(command("read", folder), env=environment(), stdout=log))
        until(lambda: all(path.stat().st_size for path in paths), "every reader has an answer")
        yield paths
        assert [child.poll() for child in children] == [None] * count, "a reader has ended"
    finally:
        for child in children:
            child.kill()
            child.wait()


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something."""
    limit = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < limit, f"waited in vain: {what}"
        time.sleep(0.05)


def answers(log: Path) -> list[Told]:
    """What a reader was told; a last line that it was killed in is left out."""
    found = []
    for line in log.read_text("utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            began, ended, titles = json.loads(line)
            versions = tuple(int(title.split()[1]) for title in titles if title.startswith("Pair "))
            found.append(Told(began=began, ended=ended, versions=versions))
    return found


def check_answers(given: Sequence[Told], begun: Sequence[float], committed: Sequence[float]) -> None:
    """Each answer has both of a pair, of one version, which was there then, and not longer ago than a second."""
    last = 0
    for told in given:
        assert len(told.versions) == 2, f"half a change: {told}"
        assert len(set(told.versions)) == 1, f"two moments in one answer: {told}"
        version = told.versions[0]
        assert version >= last, f"{told} after {last}"
        assert begun[version] <= told.ended, f"{told} before it was there"
        due = [at for at, moment in enumerate(committed) if moment <= told.began - FOLLOWED_SECONDS]
        assert version >= max(due, default=0), f"{told} though {max(due)} was there for a second"
        last = version
