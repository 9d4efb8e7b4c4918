"""txtai: Embeddings, and with BM25 beside the vectors ``hybrid=True``.

Paragraphs by Segmentation: https://neuml.github.io/txtai/pipeline/data/segmentation/. Each goes in under an id of its
own: hybrid search, https://neuml.github.io/txtai/embeddings/configuration/general/#hybrid, sums the scores of what
shares one, which ranked articles by their length where it was that of the article. Both scores are worth the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from txtai import Embeddings
from txtai.pipeline import Segmentation

from tests.benchmarks.peers.peer import CHUNKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.encoder import FloatMatrix
    from tests.benchmarks.peers.peer import Article, Question, Setting


class Txtai:
    """The headline stands before each paragraph."""

    def __init__(self, setting: Setting, *, hybrid: bool) -> None:
        self._encoder = setting.encoder
        self._asked: dict[str, FloatMatrix] = {}
        model = {"method": "external", "transform": self._transform()} if setting.encoder else {"path": setting.model}
        self._embeddings = Embeddings(hybrid=hybrid, batch=4096, **model)
        self._paragraphs = Segmentation(paragraphs=True)
        self._owners: list[str] = []

    def index(self, articles: Sequence[Article]) -> None:
        """Split, encode and add to FAISS, and to BM25."""
        self._embeddings.index(self._chunks(articles))

    def search(self, question: Question) -> list[str]:
        """The articles of the paragraphs."""
        self._asked = {question.text: self._encoder.encode_question(question.text)} if self._encoder else {}
        return [self._owners[at] for at, _ in self._embeddings.search(question.text, CHUNKS)]

    def _chunks(self, articles: Sequence[Article]) -> Iterator[tuple[int, str, None]]:
        for article in articles:
            for paragraph in self._paragraphs(article.text) or [""]:
                yield len(self._owners), f"{article.title}\n{paragraph}", None
                self._owners.append(article.id)

    def _transform(self) -> object:
        """A plain function, which is what txtai takes; what is asked now is no passage, and not kept."""

        def transform(texts: list[str]) -> FloatMatrix:
            if len(texts) == 1 and texts[0] in self._asked:
                return self._asked[texts[0]][None]
            return self._encoder.encode_passages(texts)

        return transform
