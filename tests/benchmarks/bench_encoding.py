"""Passages encoded a second: the encoder as a sync calls it, beside the bare model on batches made beforehand."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from index import encoder
from index.passages import Chunking, encoder_text, split
from index.sources import Limits, read, walk
from tests.benchmarks.data import DATA, there

if TYPE_CHECKING:
    from collections.abc import Callable

ARTICLES = 10
ROUNDS = 3


def main() -> None:
    """Alternate the two and print medians."""
    if not there():
        return
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - seconds to import, for this alone

    exported = encoder.load()
    bare = SentenceTransformer(str(encoder.locate(encoder.DEFAULT_ENCODER).folder), device="cpu")
    texts = _texts(exported)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS):
        ours.append(_seconds(lambda: exported.encode_passages(texts)))
        theirs.append(_seconds(lambda: bare.encode(texts, show_progress_bar=False)))
    print(f"encoding {len(texts)} passages, medians of {ROUNDS}, alternating:")
    print(f"  newsdesk, ONNX Runtime                {len(texts) / statistics.median(ours):6.1f} passages/s")
    print(f"  sentence-transformers, torch          {len(texts) / statistics.median(theirs):6.1f} passages/s")
    ratio = statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))
    print(f"  time of ours over theirs              {ratio:6.2f}")


def _texts(exported: encoder.Encoder) -> list[str]:
    texts: list[str] = []
    candidates = walk([DATA / "news" / "articles.jsonl"])
    articles = (item for candidate in candidates for item in read(candidate, mapping=None, limits=Limits()))
    for _, article in zip(range(ARTICLES), articles, strict=False):
        spans = split(article, exported.count_tokens, Chunking())  # type: ignore[arg-type]
        texts += [encoder_text(article, start, end) for start, end in spans]  # type: ignore[arg-type]
    return texts


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
