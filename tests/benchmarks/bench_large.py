"""How an archive grows from 10,000 to 1,000,000 passages: time, memory, disk, recall, as a table and a picture."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np

from index import Archive, encoder
from index.store.catalog import Catalog
from index.store.dense import Base, Dense
from tests.benchmarks.data import KEPT, REPOSITORY, news_questions, there
from tests.benchmarks.large_archive import NAME, LargeEncoder, article_of, grow
from tests.benchmarks.large_process import ASKED
from tests.benchmarks.large_texts import LargeArticle, large_questions

if TYPE_CHECKING:
    from pathlib import Path

    from index.encoder import FloatMatrix

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
PICTURE = REPOSITORY / "tests" / "benchmarks" / "growth.png"
_RESCORED = 150
_CANDIDATES = 10


def main() -> None:
    """Build, measure, print and draw."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--most", type=int, default=max(SIZES), help="passages to grow to")
    most = arguments.parse_args().most
    if not there():
        return
    folder, cache = KEPT / "large" / "archive", KEPT / "large" / "cache"
    shutil.rmtree(KEPT / "large", ignore_errors=True)
    real, questions = _real()
    asked = dict(zip((each.text for each in large_questions(most, count=len(questions))), questions, strict=False))
    place = KEPT / "large" / "questions"
    place.parent.mkdir(parents=True)
    place.with_suffix(".json").write_text(json.dumps(list(asked)), "utf-8")
    np.save(place.with_suffix(".npy"), np.stack(list(asked.values())))
    rows = []
    for size, seconds in grow(folder, cache, [size for size in SIZES if size <= most], real):
        row = {"passages": size, "seconds": seconds, **_asked(folder, cache, place)}
        row["recall"] = _recall(folder, np.stack(list(asked.values())))
        row["disk"] = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e9
        row["one"] = _one_more(folder, cache, asked)
        rows.append(row)
        print(_line(row), flush=True)
    (KEPT / "large" / "growth.json").write_text(json.dumps(rows), "utf-8")
    _draw(rows)
    print(f"drawn: {PICTURE.relative_to(REPOSITORY)}")


def _real() -> tuple[FloatMatrix, FloatMatrix]:
    """Vectors of the passages of the news, and of the questions about them."""
    with Archive.open(KEPT / "news") as archive:
        passages = archive.stats().passages
        questions = np.stack([archive.encoder.encode_question(each.text) for each in news_questions("undated")])
    with closing(Catalog.open(KEPT / "news" / "archive.db")) as catalog, catalog.snapshot():
        _, vectors = catalog.vectors.since(0, questions.shape[1])
    print(f"vectors drawn from {passages:,} real ones; latencies in ms (median / 95th percentile), memory in MB")
    print(HEADER)
    return vectors, questions


HEADER = (
    "passages  | dense       | lexical     | both        | with a month | search     |"
    " recall@10, rescored | opening s | RSS (anon) MB | disk GB | one more s | built s: truth words vectors"
)


def _line(row: dict[str, Any]) -> str:
    pairs = " | ".join(
        f"{row[name][0]:5.1f} {row[name][1]:5.1f}" for name in ("dense", "lexical", "both", "month", "search")
    )
    seconds = " ".join(f"{value:.0f}" for value in row["seconds"].values())
    memory = f"{row['memory']['VmRSS']:6.0f} ({row['memory']['RssAnon']:.0f})"
    return (
        f"{row['passages']:9,} | {pairs} | {row['recall'][0]:.3f} {row['recall'][1]:.3f}         |"
        f" {row['opening']:9.2f} | {memory} | {row['disk']:7.2f} | {row['one']:10.2f} | {seconds}"
    )


def _asked(folder: Path, cache: Path, questions: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.large_process", str(folder), str(cache), str(questions)]
    done = subprocess.run(command, capture_output=True, check=True, text=True, cwd=REPOSITORY)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _recall(folder: Path, questions: FloatMatrix) -> tuple[float, float]:
    """Recall@10 of dense search against all vectors, as it is and after its first 150 are scored exactly."""
    with closing(Catalog.open(folder / "archive.db")) as catalog, catalog.snapshot():
        exact = _exact(catalog, questions)
        dense = Dense.begin(384, NAME, Base.open(folder / "derived", NAME))
        ids, vectors = catalog.vectors.since(dense.seq, 384)
        dense = dense.advanced([], ids, vectors, catalog.seq)
        plain = rescored = 0.0
        for question, wanted in zip(questions, exact, strict=True):
            found = [at for at, _ in dense.search(question, _RESCORED)]
            scores = {at: float(row @ question) for at, row in catalog.vectors.of(found).items()}
            best = sorted(scores, key=lambda at: -scores[at])[:_CANDIDATES]
            plain += len(wanted & set(found[:_CANDIDATES])) / _CANDIDATES
            rescored += len(wanted & set(best)) / _CANDIDATES
    return plain / len(questions), rescored / len(questions)


def _exact(catalog: Catalog, questions: FloatMatrix) -> list[set[int]]:
    ids = np.empty((len(questions), 0), dtype=np.int64)
    scores = np.empty((len(questions), 0), dtype=np.float32)
    for some, rows in catalog.vectors.chunks(0, questions.shape[1]):
        scores = np.hstack([scores, questions @ rows.T])
        ids = np.hstack([ids, np.broadcast_to(some, (len(questions), len(some)))])
        best = np.argsort(-scores, axis=1)[:, :_CANDIDATES]
        ids, scores = np.take_along_axis(ids, best, 1), np.take_along_axis(scores, best, 1)
    return [set(row.tolist()) for row in ids]


def _one_more(folder: Path, cache: Path, asked: dict[str, FloatMatrix]) -> float:
    """Seconds from adding an article until another, open archive finds it, encoding apart."""
    text = next(iter(asked))
    stand_in = LargeEncoder({**asked, "zyxwuv": asked[text]})
    body = "The zyxwuv of the harbour was opened."
    new = LargeArticle(id="one-more", title="One more", body=body, published=ASKED, spans=((0, len(body)),))
    with (
        Archive.open(folder, encoder=stand_in, cache=cache) as writer,
        Archive.open(folder, encoder=stand_in, cache=cache) as reader,
    ):
        reader.find(text, asked=ASKED)
        began = time.perf_counter()
        writer.add([article_of(new)])
        found = reader.find("zyxwuv", asked=ASKED)
        seconds = time.perf_counter() - began
        if not any(hit.article.title == "One more" for hit in found.hits):
            raise RuntimeError("the new article was not found")
    return seconds


def _draw(rows: list[dict[str, Any]]) -> None:
    """The growth as a picture of three panels."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to import, for this alone

    sizes = [row["passages"] for row in rows]
    figure = Figure(figsize=(12, 3.6), layout="constrained")
    panels = figure.subplots(1, 3)
    for name, label in (("dense", "vectors"), ("lexical", "words"), ("both", "both"), ("month", "with a month")):
        panels[0].plot(sizes, [row[name][1] for row in rows], marker="o", label=label)
    panels[0].set_title("searching, ms at the 95th percentile", fontsize=10)
    for name, label in (("opening", "opening"), ("one", "one new article, until it is found")):
        panels[1].plot(sizes, [row[name] for row in rows], marker="o", label=label)
    panels[1].set_title("seconds", fontsize=10)
    panels[2].plot(sizes, [row["memory"]["VmRSS"] / 1000 for row in rows], marker="o", label="resident memory")
    panels[2].plot(sizes, [row["disk"] for row in rows], marker="o", label="disk")
    panels[2].set_title("gigabytes", fontsize=10)
    for panel in panels:
        panel.set_xscale("log")
        panel.set_ylim(bottom=0)
        panel.set_xlabel("passages")
        panel.grid(alpha=0.3)
        panel.legend(fontsize=8)
    figure.savefig(PICTURE, dpi=110)


if __name__ == "__main__":
    encoder.load()
    main()
