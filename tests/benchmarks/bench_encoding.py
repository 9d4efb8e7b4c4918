"""Passages encoded a second, in fp32 and in int8, beside sentence-transformers' own ``encode`` in fp32."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from index import encoder
from tests.benchmarks.data import there
from tests.benchmarks.texts import sample, seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.encoder import FloatMatrix

PASSAGES = 150
ROUNDS = 3
QUESTIONS = 50


def main() -> None:
    """Alternate the three and print medians."""
    if not there():
        return
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - seconds to import, for this alone

    whole = encoder.load(device="cpu")
    quantized = encoder.load(precision="int8")
    bare = SentenceTransformer(str(encoder.locate(encoder.DEFAULT_ENCODER).folder), device="cpu")
    texts = sample(whole, PASSAGES)
    runs: dict[str, Callable[[], object]] = {
        "sentence-transformers, fp32": lambda: bare.encode(texts, show_progress_bar=False),
        "newsdesk, fp32": lambda: whole.encode_passages(texts),
        "newsdesk, int8": lambda: quantized.encode_passages(texts),
    }
    times = [{name: seconds(run) for name, run in runs.items()} for _ in range(ROUNDS)]
    print(f"{PASSAGES} passages of 300 articles, {ROUNDS} rounds in turn: medians, and of the times over the first's")
    first, *_ = runs
    for name in runs:
        rate = PASSAGES / statistics.median(each[name] for each in times)
        ratio = statistics.median(each[name] / each[first] for each in times)
        print(f"  {name:29} {rate:6.1f} passages/s   {ratio:5.2f}")
    expected = encoder.unit(bare.encode(texts, show_progress_bar=False))
    _agreement("fp32", whole.encode_passages(texts), expected)
    _agreement("int8", quantized.encode_passages(texts), expected)
    for name, each in (("fp32", whole), ("int8", quantized)):
        one = [seconds(lambda each=each: each.encode_question("Who accompanied her?")) for _ in range(QUESTIONS)]  # type: ignore[misc]
        print(f"  one question, {name}: {statistics.median(one) * 1000:.1f} ms")


def _agreement(name: str, ours: FloatMatrix, theirs: FloatMatrix) -> None:
    cosines = (ours * theirs).sum(axis=1)
    print(f"  cosine of {name} vectors with theirs: mean {cosines.mean():.4f}, least {cosines.min():.4f}")


if __name__ == "__main__":
    main()
