"""Stand-ins that can be explained by hand, for tests that need no model."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from index import Article, ArticleKey
from index.encoder import FloatMatrix, unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


class ToyEncoder:
    """A word is one of 64 directions, by its hash; a text is the sum of its words; a token is a word."""

    def __init__(self, name: str = "toy") -> None:
        self.fingerprint = name
        self.dimension = 64
        self.max_tokens = 256
        self.encoded: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> FloatMatrix:
        """Sums of directions, scaled to length 1; what was encoded is kept in ``encoded``."""
        self.encoded += texts
        return unit(np.array([self._sum(text) for text in texts]).reshape(len(texts), self.dimension))

    def encode_question(self, text: str) -> FloatMatrix:
        """As a passage."""
        return unit(self._sum(text))

    def read_passages(self, texts: Sequence[str]) -> tuple[FloatMatrix, list[FloatMatrix]]:
        """A word is its direction, wherever it stands."""
        return self.encode_passages(texts), [self._words(text) for text in texts]

    def read_question(self, text: str) -> tuple[FloatMatrix, FloatMatrix]:
        """As a passage."""
        return self.encode_question(text), self._words(text)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words."""
        return [len(text.split()) for text in texts]

    def _words(self, text: str) -> FloatMatrix:
        rows = [self._sum(word) for word in text.split()]
        return unit(np.array(rows, dtype=np.float32).reshape(len(rows), self.dimension))

    def _sum(self, text: str) -> FloatMatrix:
        total = np.zeros(self.dimension, dtype=np.float32)
        for word in text.casefold().split():
            total[hashlib.sha256(word.strip(".,?!").encode()).digest()[0] % self.dimension] += 1
        return total


def article(
    body: str,
    *,
    title: str = "A headline",
    path: str = "a.txt",
    published: date | None = None,
    language: str = "en",
    **rest: str,
) -> Article:
    """An article with the rest filled in."""
    key = ArticleKey(root=rest.pop("root", "/articles"), path=path, id=rest.pop("id", ""))
    return Article(key=key, title=title, body=body, published=published, language=language, **rest)
