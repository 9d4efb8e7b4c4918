"""The time of a question, taken apart, warm; and of the whole command that asks one of the sample, cold."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import index
from index import Archive
from index.reading import read_answer
from index.store.dense import Dense
from index.store.lexical import Lexical
from tests.benchmarks.data import REPOSITORY, news_archive, news_questions, there

if TYPE_CHECKING:
    from collections.abc import Callable

QUESTIONS = 100
_ROUNDS = 9

Times = defaultdict[str, float]


def main() -> None:
    """Ask, and print medians and 95th percentiles."""
    print(f"newsdesk ask, cold, of the sample archive: {_cold():.2f} s, the median of {_ROUNDS}")
    if not there():
        return
    rows: list[Times] = []
    with news_archive() as archive:
        archive.ask("Warm up.")
        today = datetime.now(UTC).date()
        passages = archive.stats().passages
        for question in news_questions()[:QUESTIONS]:
            times: Times = defaultdict(float)
            with (
                Timed(archive.encoder, "encode_question", times, "encode the question"),
                Timed(Dense, "search", times, "dense search"),
                Timed(Lexical, "search", times, "lexical search"),
                Timed(Lexical, "score", times, "lexical search"),
            ):
                began = time.perf_counter()
                found = archive.find(question.text, asked=today)
                retrieved = time.perf_counter()
            read_answer(archive.read(found))
            ended = time.perf_counter()
            times["fusion and reading rows"] = retrieved - began - sum(times.values())
            times["second stage and the answer"] = ended - retrieved
            times["whole question"] = ended - began
            rows.append(times)
    print(f"{len(rows)} questions at {passages:,} passages, milliseconds: median, 95th percentile")
    for name in rows[0]:
        values = [row[name] * 1000 for row in rows]
        print(f"  {name:26} {statistics.median(values):7.1f} {statistics.quantiles(values, n=20)[-1]:7.1f}")


def _cold() -> float:
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        with Archive.open(folder, create=True) as archive:
            archive.sync([Path(index.__file__).parent / "sample"])
        command = [sys.executable, "-m", "bot", "--archive", folder, "ask", "Who accompanied Netanyahu?"]
        for _ in range(_ROUNDS):
            began = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=REPOSITORY)
            seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


class Timed:
    """Add the time spent in a method to ``times[name]``."""

    def __init__(self, owner: object, method: str, times: Times, name: str) -> None:
        self._owner, self._method, self._times, self._name = owner, method, times, name
        self._original: Callable[..., object] = getattr(owner, method)

    def __enter__(self) -> None:
        original, times, name = self._original, self._times, self._name

        def timed(*args: object, **options: object) -> object:
            began = time.perf_counter()
            try:
                return original(*args, **options)
            finally:
                times[name] += time.perf_counter() - began

        setattr(self._owner, self._method, timed)

    def __exit__(self, *_: object) -> None:
        setattr(self._owner, self._method, self._original)


if __name__ == "__main__":
    main()
