"""An archive of any size, made of invented articles and of vectors that lie as those of real passages do."""

from __future__ import annotations

import itertools
import time
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from index import Article, ArticleKey
from index.encoder import unit
from index.store import folding
from index.store.catalog import Catalog
from index.store.derived import Derived
from index.store.ownership import machine_key
from tests.benchmarks.large_texts import LargeArticle, large_articles
from tests.benchmarks.large_vectors import synthetic_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from index.encoder import FloatMatrix

NAME = "large"
_ARTICLES_A_CHANGE = 2_000


class LargeEncoder:
    """Gives vectors that were made beforehand: of questions by their text, of passages one after another."""

    fingerprint = NAME
    dimension = 384
    max_tokens = 256

    def __init__(self, questions: dict[str, FloatMatrix]) -> None:
        self._questions = questions
        self._draw = np.random.default_rng(5)

    def encode_passages(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors near those of some questions."""
        some = np.stack(list(self._questions.values()))[: len(texts)]
        return unit(some + 0.1 * self._draw.standard_normal(some.shape))

    def encode_question(self, text: str) -> FloatMatrix:
        """The vector that was given for a question."""
        return self._questions[text]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words."""
        return [len(text.split()) for text in texts]


def article_of(large: LargeArticle) -> Article:
    """An invented article as the archive takes it."""
    return Article(
        key=ArticleKey(root="/large", path=f"{large.id}.txt"),
        title=large.title,
        body=large.body,
        published=large.published,
        source="Invented",
        language="en",
    )


def grow(folder: Path, cache: Path, sizes: Sequence[int], real: FloatMatrix) -> Iterator[tuple[int, dict[str, float]]]:
    """Let an archive grow; at each size in passages give it, and the seconds that each part of growing took."""
    folder.mkdir(parents=True, exist_ok=True)
    vectors = _rows(synthetic_vectors(real, max(sizes) + 1000))
    articles = large_articles(max(sizes))
    for size in sizes:
        with closing(Catalog.open(folder / "archive.db")) as catalog:
            with catalog.note():
                for name, value in (("encoder", NAME), ("encoder_name", "LargeEncoder"), ("dimension", "384")):
                    catalog.set(name, value)
            derived = Derived(folder, dimension=384, fingerprint=NAME, key=machine_key(cache), background=lambda: None)
            began = time.perf_counter()
            _put(catalog, articles, vectors, size)
            put = time.perf_counter()
            with derived.writing(catalog):
                pass
            written = time.perf_counter()
            if size >= folding.SMALLEST:
                folding.fold(folder, catalog=catalog)
            catalog.trim(catalog.seq)
            catalog.checkpoint()
            yield size, {"truth": put - began, "words": written - put, "vectors": time.perf_counter() - written}


def _put(catalog: Catalog, articles: Iterator[LargeArticle], vectors: Iterator[FloatMatrix], size: int) -> None:
    """Put articles into the catalog until it holds so many passages."""
    held = catalog.count()
    while held < size:
        with catalog.change() as seq:
            for each in itertools.islice(articles, _ARTICLES_A_CHANGE):
                rows = np.stack([next(vectors) for _ in each.spans])
                prints = [f"{each.id} {at}".encode() for at in range(len(each.spans))]
                catalog.put(article_of(each), f"{each.id}.txt", each.spans, prints, rows, seq)
                held += len(each.spans)
                if held >= size:
                    break


def _rows(chunks: Iterator[FloatMatrix]) -> Iterator[FloatMatrix]:
    for chunk in chunks:
        yield from chunk
