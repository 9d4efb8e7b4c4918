"""Haystack: InMemoryEmbeddingRetriever, and with InMemoryBM25Retriever beside it DocumentJoiner.

The pipeline of https://haystack.deepset.ai/tutorials/33_hybrid_retrieval, which says to fit ``split_length`` to the
model: 180 words are as many as all-MiniLM-L6-v2 reads, and 12 shared are its share of the tutorial's 32 in 512. The
tutorial leaves the ranking to a cross-encoder, another model; without one, the lists are joined by
``reciprocal_rank_fusion``: https://docs.haystack.deepset.ai/docs/documentjoiner.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from haystack import Document
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

from tests.benchmarks.peers.peer import CHUNKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.peers.peer import Article, Question, Setting


class Haystack:
    """The headline stands before each chunk, for the encoder and for BM25."""

    def __init__(self, setting: Setting, *, hybrid: bool) -> None:
        self._hybrid = hybrid
        self._encoder = setting.encoder
        self._own = None if setting.encoder else _own(setting.model)
        self._splitter = DocumentSplitter(split_by="word", split_length=180, split_overlap=12)
        self._store = InMemoryDocumentStore(embedding_similarity_function="cosine", return_embedding=False)
        self._near = InMemoryEmbeddingRetriever(self._store, top_k=CHUNKS)
        self._words = InMemoryBM25Retriever(self._store, top_k=CHUNKS)
        self._joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=CHUNKS)

    def index(self, articles: Sequence[Article]) -> None:
        """Split, encode and write to the store, whose BM25 counts by itself."""
        documents = [Document(content=each.text, meta={"article": each.id, "title": each.title}) for each in articles]
        chunks = self._splitter.run(documents=documents)["documents"]
        chunks = [replace(each, content=f"{each.meta['title']}\n{each.content}", id="") for each in chunks]
        if self._encoder is None:
            chunks = self._own.run(documents=chunks)["documents"]
        else:
            vectors = self._encoder.encode_passages([chunk.content for chunk in chunks]).tolist()
            chunks = [replace(chunk, embedding=vector) for chunk, vector in zip(chunks, vectors, strict=True)]
        self._store.write_documents(chunks)

    def search(self, question: Question) -> list[str]:
        """The articles of the chunks."""
        vector = self._encoder.encode_question(question.text).tolist()
        found = self._near.run(query_embedding=vector)["documents"]
        if self._hybrid:
            words = self._words.run(query=question.text)["documents"]
            found = self._joiner.run(documents=[words, found])["documents"]
        return [chunk.meta["article"] for chunk in found]


def _own(model: str) -> object:
    from haystack_integrations.components.embedders.sentence_transformers import (  # noqa: PLC0415 - torch
        SentenceTransformersDocumentEmbedder,
    )

    embedder = SentenceTransformersDocumentEmbedder(model=model, progress_bar=False)
    embedder.warm_up()
    return embedder
