"""Stand-ins that can be explained by hand, for tests that need no model."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import numpy as np

from index import Article, ArticleKey
from index.encoder import FloatMatrix, unit
from index.reader import Spans

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

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words."""
        return [len(text.split()) for text in texts]

    def _sum(self, text: str) -> FloatMatrix:
        total = np.zeros(self.dimension, dtype=np.float32)
        for word in text.casefold().split():
            total[hashlib.sha256(word.strip(".,?!").encode()).digest()[0] % self.dimension] += 1
        return total


class ToyReader:
    """It answers with a word that begins with a capital and is not the question's: log odds of 4, others of -4."""

    def __init__(self) -> None:
        self.read_texts: list[str] = []

    def read(self, question: str, texts: Sequence[str]) -> list[Spans]:
        """Each text, read for a question; what was read is kept in ``read_texts``."""
        self.read_texts += texts
        return [self._spans(question, text) for text in texts]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words."""
        return [len(text.split()) for text in texts]

    def _spans(self, question: str, text: str) -> Spans:
        words = list(re.finditer(r"\w+", text))
        sure = np.array([2 if word[0][0].isupper() and word[0] not in question else -2 for word in words], np.float32)
        offsets = np.array([word.span() for word in words], np.int64).reshape(len(words), 2)
        return Spans(offsets=offsets, starts=sure, ends=sure, none=0.0)


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
