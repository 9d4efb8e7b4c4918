"""A whole sync into an empty archive, beside bare encoding of the same texts and sentence-transformers' own encode.

``python -m tests.benchmarks.bench_sync [--articles N] [--rounds N] [--precision int8]``
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from index import Archive, encoder
from tests.benchmarks.data import there
from tests.benchmarks.texts import ARTICLES, seconds, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index import Encoder
    from index.encoder import FloatMatrix


class Recording:
    """An encoder that keeps the texts it was given, so that the very same can be encoded bare."""

    def __init__(self, real: Encoder) -> None:
        self._real = real
        self.fingerprint = real.fingerprint
        self.dimension = real.dimension
        self.max_tokens = real.max_tokens
        self.texts: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> FloatMatrix:
        """As the real one."""
        self.texts += texts
        return self._real.encode_passages(texts)

    def encode_question(self, text: str) -> FloatMatrix:
        """As the real one."""
        return self._real.encode_question(text)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """As the real one."""
        return self._real.count_tokens(texts)


def main(arguments: Sequence[str] = ()) -> None:
    """Take turns and print medians of times and of ratios within a round."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--precision", choices=("fp32", "int8"), default="fp32")
    options = parser.parse_args(arguments)
    if not there():
        return
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - seconds to import, for this alone

    ours = encoder.load(precision=options.precision, device="cpu")
    bare = SentenceTransformer(str(encoder.locate(encoder.DEFAULT_ENCODER).folder), device="cpu")
    with tempfile.TemporaryDirectory() as folder:
        file = write_articles(Path(folder), options.articles)
        recording = Recording(ours)
        _sync(file, recording)  # also warms up
        texts = recording.texts
        runs: dict[str, Callable[[], object]] = {
            "sync": lambda: _sync(file, ours),
            "bare encoding": lambda: ours.encode_passages(texts),
            "sentence-transformers, fp32": lambda: bare.encode(texts, show_progress_bar=False),
        }
        times = [{name: seconds(run) for name, run in runs.items()} for _ in range(options.rounds)]
    print(f"{options.articles} articles, {len(texts)} passages, {options.precision}, {options.rounds} rounds in turn:")
    for name in runs:
        over = statistics.median(each["sync"] / each[name] for each in times)
        print(f"  {name:29} {statistics.median(each[name] for each in times):7.2f} s   sync over it {over:5.2f}")


def _sync(file: Path, chosen: Encoder) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Archive.open(Path(folder) / "archive", encoder=chosen, create=True) as archive,
    ):
        archive.sync([file])


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
