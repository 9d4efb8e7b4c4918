"""One peer on one collection, in a process of its own, so that its memory is its own: prints JSON."""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from index import encoder
from tests.benchmarks.data import KEPT
from tests.benchmarks.peers.cases import NEWS, articles, cases, some_articles
from tests.benchmarks.peers.every_peer import make
from tests.benchmarks.peers.figures import rank_by_article
from tests.benchmarks.peers.peer import Setting
from tests.benchmarks.peers.vectors import KeptVectors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.benchmarks.peers.figures import Rank
    from tests.benchmarks.peers.peer import Peer, Question

RATE = "rate"
RESULTS = KEPT / "peers"

_RUSSIAN = "xquad/ru"


def found(peer: Peer, questions: Iterable[Question]) -> dict[str, list[Rank]]:
    """Ask everything; ranks are by distinct article, of the relevant ones and of those that the organisers link."""
    asked: dict[str, list[Rank]] = {"ranks": [], "linked": [], "has_linked": [], "seconds": []}
    for question in questions:
        began = time.perf_counter()
        ids = peer.search(question)
        asked["seconds"].append(time.perf_counter() - began)
        asked["ranks"].append(rank_by_article(ids, question.relevant))
        asked["linked"].append(rank_by_article(ids, question.linked))
        asked["has_linked"].append(bool(question.linked))
    return asked


def measure(name: str, collection: str) -> dict[str, object]:
    """The ranks and times of every case of a collection; memory in MB, of the process with the index in use."""
    shared = KeptVectors(encoder.load(device="cpu"), RESULTS / "vectors.db")
    language = "russian" if collection == _RUSSIAN else "english"
    peer = make(name, Setting(encoder=shared, model=_model(), language=language, collection=collection))
    peer.index(articles(collection))
    asked = cases(collection)
    found(peer, asked[0].questions[:3])  # what is loaded late is no part of a latency
    answers = {case.name: found(peer, case.questions) for case in asked}
    return {"cases": answers, "memory": _resident()}


def rate(name: str) -> dict[str, object]:
    """Articles a second, encoded by the peer's own wrapper of sentence-transformers."""
    some = some_articles()
    peer = make(name, Setting(encoder=None, model=_model(), collection=NEWS))
    began = time.perf_counter()
    peer.index(some)
    return {"rate": len(some) / (time.perf_counter() - began)}


def _model() -> str:
    return str(encoder.locate(encoder.DEFAULT_ENCODER).folder)


def _resident() -> float:
    status = Path("/proc/self/status").read_text("utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    peer_name, what = sys.argv[1:]
    print(json.dumps(rate(peer_name) if what == RATE else measure(peer_name, what)))
