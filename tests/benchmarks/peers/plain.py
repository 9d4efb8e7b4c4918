"""Plain BM25 with stems and stopwords, as bm25s's own page shows it: https://github.com/xhluca/bm25s."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bm25s
import Stemmer

from tests.benchmarks.peers.peer import CHUNKS
from tests.benchmarks.peers.pieces import pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.peers.peer import Article, Question, Setting

PASSAGE = 900
"""Characters of a passage, about."""


class PlainBM25:
    """Whole articles, or headline and passage, the best passage counting for its article."""

    def __init__(self, setting: Setting, *, whole: bool) -> None:
        self._whole = whole
        self._language = setting.language
        self._stemmer = Stemmer.Stemmer(setting.language)
        self._bm25 = bm25s.BM25()
        self._owners: list[str] = []

    def index(self, articles: Sequence[Article]) -> None:
        """Count words."""
        texts: list[str] = []
        for article in articles:
            for piece in [article.text] if self._whole else pieces(article.text, PASSAGE):
                texts.append(f"{article.title}\n{piece}")
                self._owners.append(article.id)
        self._bm25.index(self._tokens(texts), show_progress=False)

    def search(self, question: Question) -> list[str]:
        """The articles of the passages."""
        tokens = self._tokens([question.text])
        found, _ = self._bm25.retrieve(tokens, k=min(CHUNKS, len(self._owners)), show_progress=False)
        return [self._owners[at] for at in found[0]]

    def _tokens(self, texts: list[str]) -> object:
        return bm25s.tokenize(texts, stopwords=self._language, stemmer=self._stemmer, show_progress=False)
