"""What a process that answers needs at some size: printed as JSON, measured where nothing else was loaded before."""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from index import Archive, encoder
from index.store.dense import Dense
from index.store.lexical import Lexical
from tests.benchmarks.bench_question import Timed, Times
from tests.benchmarks.large_archive import LargeEncoder

ASKED = date(2018, 4, 1)
MONTH = "in January 2015"
"""Added to each question, to be asked once more with a date."""


def measure(folder: Path, cache: Path, questions: Path) -> dict[str, Any]:
    """Open the archive, ask all questions once to warm up and once more to measure."""
    texts = json.loads(questions.with_suffix(".json").read_text("utf-8"))
    vectors = np.load(questions.with_suffix(".npy"))
    real = encoder.load()  # its memory counts, as it does in the bot
    real.encode_question("Warm up.")
    dated = [f"{text} {MONTH}" for text in texts]
    stand_in = LargeEncoder(dict(zip((*texts, *dated), (*vectors, *vectors), strict=True)))
    began = time.perf_counter()
    with Archive.open(folder, encoder=stand_in, cache=cache) as archive:
        archive.find(texts[0], asked=ASKED)
        opened = time.perf_counter() - began
        rows = [_times(archive, text) for text in (*texts, *texts)][len(texts) :]
        months = [_times(archive, text) for text in (*dated, *dated)][len(texts) :]
        memory = _memory()
    return {
        "opening": opened,
        "memory": memory,
        **{name: _quantiles([row[name] for row in rows]) for name in ("dense", "lexical", "search")},
        "both": _both(rows),
        "month": _both(months),
    }


def _both(rows: list[Times]) -> list[float]:
    return _quantiles([row["dense"] + row["lexical"] for row in rows])


def _times(archive: Archive, text: str) -> Times:
    times: Times = defaultdict(float)
    with (
        Timed(Dense, "search", times, "dense"),
        Timed(Lexical, "search", times, "lexical"),
        Timed(Lexical, "score", times, "lexical"),
        Timed(Lexical, "coverage", times, "lexical"),
    ):
        began = time.perf_counter()
        archive.find(text, asked=ASKED)
        times["search"] = time.perf_counter() - began
    return times


def _memory() -> dict[str, float]:
    """Resident memory in megabytes: all of it, and the part that is not of mapped files."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith(("VmRSS", "RssAnon"))}
    return {name: value / 1000 for name, value in kilobytes.items()}


def _quantiles(seconds: list[float]) -> list[float]:
    """Median and 95th percentile in milliseconds."""
    return [float(1000 * value) for value in np.quantile(seconds, [0.5, 0.95])]


if __name__ == "__main__":
    print(json.dumps(measure(*map(Path, sys.argv[1:4]))))
