"""What dense search loses by lists and by 8 bits: recall against exact search, and the time of a question."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.store import dense
from index.store.catalog import Catalog
from index.store.dense import Base, Form
from tests.benchmarks.data import KEPT, news_archive, news_questions, there
from tests.benchmarks.large_vectors import synthetic_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from index.encoder import FloatMatrix

    Ids = npt.NDArray[np.int64]

DEPTH = 150
"""Passages that retrieval takes from dense search."""
FORMS = (
    Form(lists=1, probes=1, compressed=False),
    Form(lists=1, probes=1, compressed=True),
    Form(lists=128, probes=13, compressed=True),
    Form(lists=128, probes=32, compressed=True),
    Form(lists=256, probes=26, compressed=True),
    Form(lists=256, probes=64, compressed=True),
    Form(lists=512, probes=51, compressed=True),
)
_SAMPLE_PER_LIST, _SMALLEST_SAMPLE = 64, 8192
_RANKS = (1, 10, 100, 1000)


def main() -> None:
    """Print a table of the forms, and one of how near the synthetic vectors of a large archive are to the real."""
    if not there():
        return
    with news_archive() as archive:
        questions = np.stack([archive.encoder.encode_question(question.text) for question in news_questions()])
    vectors = _vectors(questions.shape[1])
    print(f"{len(questions)} questions at {len(vectors):,} passages; milliseconds: median, 95th percentile")
    print("  lists probes bits   recall@10  @150    time of a question")
    _print_forms(vectors, questions)
    synthetic = np.concatenate(list(synthetic_vectors(vectors, len(vectors))))
    print(f"medians of the cosine to the nearest {', '.join(map(str, _RANKS))}:")
    _print_neighbours("questions, real", questions, vectors)
    _print_neighbours("questions, synthetic", questions, synthetic)
    _print_neighbours("passages, real", vectors[::100], vectors, itself=1)
    _print_neighbours("passages, synthetic", synthetic[::100], synthetic, itself=1)
    print(f"{len(synthetic):,} synthetic vectors:")
    _print_forms(synthetic, questions, FORMS[4:5])


def _vectors(dimension: int) -> FloatMatrix:
    catalog = Catalog.open(KEPT / "news" / "archive.db")
    try:
        return catalog.vectors.since(0, dimension)[1]
    finally:
        catalog.close()


def _print_forms(vectors: FloatMatrix, questions: FloatMatrix, forms: Sequence[Form] = FORMS) -> None:
    # what is kept has 16 bits: the exact search is over that
    truth = _nearest(vectors.astype(np.float16).astype(np.float32), questions)
    with tempfile.TemporaryDirectory() as folder:
        for form in forms:
            found, times = _asked(_base(vectors, form, Path(folder)), questions)
            middle, slow = np.percentile(times, [50, 95])
            print(
                f"  {form.lists:5} {form.probes:6} {8 if form.compressed else 16:4}"
                f"   {_recall(found, truth, 10):9.4f}  {_recall(found, truth, DEPTH):.4f}  {middle:5.2f} {slow:5.2f}"
            )


def _base(vectors: FloatMatrix, form: Form, folder: Path) -> Base:
    """A base as folding makes it, written and mapped."""
    draw = np.random.default_rng(1)
    size = max(_SMALLEST_SAMPLE, form.lists * _SAMPLE_PER_LIST)  # the range of 8 bits is learnt from it as well
    sample = vectors[draw.permutation(len(vectors))[:size]]
    ids = np.arange(len(vectors))
    index = dense.build(None, form, sample, ids[:0], [(ids, vectors)])
    dense.save(index, folder, form, seq=1, last=len(vectors), trained=len(vectors), fingerprint="benchmark")
    base = Base.open(folder, "benchmark")
    if base is None:
        raise RuntimeError("the base that was just written cannot be opened")
    return base


def _asked(base: Base, questions: FloatMatrix) -> tuple[list[Ids], list[float]]:
    """What is found for each question, and the milliseconds it took, once the file is in memory."""
    found, times = [], []
    for question in questions:
        base.search(question, DEPTH)
    for question in questions:
        began = time.perf_counter()
        ids, _ = base.search(question, DEPTH)
        times.append((time.perf_counter() - began) * 1000)
        found.append(ids)
    return found, times


def _nearest(vectors: FloatMatrix, questions: FloatMatrix) -> list[Ids]:
    return [np.argsort(-(vectors @ question), kind="stable")[:DEPTH] for question in questions]


def _recall(found: Sequence[Ids], truth: Sequence[Ids], k: int) -> float:
    shares = [len(np.intersect1d(some[:k], right[:k])) / k for some, right in zip(found, truth, strict=True)]
    return float(np.mean(shares))


def _print_neighbours(name: str, seen_from: FloatMatrix, vectors: FloatMatrix, *, itself: int = 0) -> None:
    """``itself`` is 1 where the nearest is the vector that is looked from, and is not counted."""
    cosines = -np.sort(-(seen_from @ vectors.T), axis=1)
    row = "  ".join(f"{np.median(cosines[:, itself + rank - 1]):.3f}" for rank in _RANKS)
    print(f"  {name:22} {row}")


if __name__ == "__main__":
    main()
