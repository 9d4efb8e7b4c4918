"""Measure every peer that has no results yet, each in a process of its own, and print the table.

What was measured lies in .bench/peers/results.json, so that an interrupted run goes on where it was. newsdesk is
measured by ``--only newsdesk``, in its own environment: a peer holds PyStemmer back, whose stems it would be judged by.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.benchmarks.data import REPOSITORY, there
from tests.benchmarks.peers.cases import COLLECTIONS
from tests.benchmarks.peers.every_peer import NEWSDESK, PEERS
from tests.benchmarks.peers.run import RATE, RESULTS
from tests.benchmarks.peers.table import lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.peers.table import Results

FILE = RESULTS / "results.json"

_ALONE = {"HAYSTACK_TELEMETRY_ENABLED": "False", "HF_HUB_OFFLINE": "1"}
"""Nothing is asked or told elsewhere while time is taken."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.benchmarks.peers")
    parser.add_argument(
        "--only", metavar="NAME", help="measure peers of this name again (newsdesk, langchain), no other"
    )
    parser.add_argument("--collection", choices=COLLECTIONS, help="of this collection alone")
    parser.add_argument("--no-rate", action="store_true", help="do not measure the rate of indexing")
    parser.add_argument("--print", action="store_true", help="measure nothing, print what was measured")
    options = parser.parse_args()
    if not there():
        return
    results = _read()
    if not options.print:
        for peer, what in _work(options, results):
            print(f"{peer}: {what}", file=sys.stderr, flush=True)
            measured = _measured(peer, what)
            results = _read()  # another run may have written meanwhile
            results.setdefault(peer, {}).update(measured if what == RATE else {what: measured})
            _write(results)
    print("\n".join(lines(results)))


def _work(options: argparse.Namespace, results: Results) -> Iterator[tuple[str, str]]:
    """The rate is one of a framework: dense alone encodes the same chunks as dense with BM25 beside it."""
    collections = [options.collection] if options.collection else COLLECTIONS
    for what in (*collections, *([] if options.no_rate else [RATE])):
        for peer in PEERS:
            chosen = options.only and peer.lower().startswith(options.only.lower())
            missing = not options.only and peer != NEWSDESK and what not in results.get(peer, {})
            if (chosen or missing) and not (what == RATE and peer.endswith(", dense")):
                yield peer, what


def _measured(peer: str, what: str) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.benchmarks.peers.run", peer, what]
    environment = {**os.environ, **_ALONE}
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, cwd=REPOSITORY, env=environment)
    measured: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _read() -> Results:
    results: Results = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    return results


def _write(results: Results) -> None:
    FILE.parent.mkdir(parents=True, exist_ok=True)
    beside = FILE.with_suffix(".new")
    beside.write_text(json.dumps(results), "utf-8")
    beside.replace(FILE)


if __name__ == "__main__":
    main()
