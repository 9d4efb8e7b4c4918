"""What encoding is measured on: a fixed 300 of the news articles in ../shared/data/news, and their passages."""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from index import Article, Limits
from index.passages import Chunking, encoder_text, split
from index.sources import read, walk
from tests.benchmarks.data import DATA

if TYPE_CHECKING:
    from collections.abc import Callable

    from index import Encoder

ARTICLES = 300
_SEED = 1


def write_articles(folder: Path, count: int = ARTICLES) -> Path:
    """Write the fixed articles, or the first ``count`` of them, into a folder."""
    lines = (DATA / "news" / "articles.jsonl").read_text("utf-8").splitlines()
    drawn = random.Random(_SEED).sample(lines, ARTICLES)  # noqa: S311 - a sample, no secret
    file = folder / "articles.jsonl"
    file.write_text("".join(f"{line}\n" for line in drawn[:count]), "utf-8")
    return file


def sample(encoder: Encoder, count: int) -> list[str]:
    """What the encoder reads of ``count`` passages, drawn from those of all the fixed articles."""
    texts: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for candidate in walk([write_articles(Path(folder))]):
            for item in read(candidate, mapping=None, limits=Limits()):
                assert isinstance(item, Article)
                spans = split(item, encoder.count_tokens, Chunking.for_encoder(encoder.max_tokens))
                texts += [encoder_text(item, start, end) for start, end in spans]
    return random.Random(_SEED).sample(texts, count)  # noqa: S311 - as above


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
