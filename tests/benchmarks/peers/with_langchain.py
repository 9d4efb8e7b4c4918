"""LangChain: FAISS, and with BM25 beside it EnsembleRetriever.

Splitter, 1,000 characters with 200 shared: https://docs.langchain.com/oss/python/langchain/knowledge-base. FAISS,
BM25Retriever and EnsembleRetriever with equal weights:
https://python.langchain.com/docs/how_to/ensemble_retriever. A ``preprocess_func`` for better results:
https://docs.langchain.com/oss/python/integrations/retrievers/bm25, which takes NLTK's words; its data cannot be fetched
everywhere, so words are found by a pattern, and, in LangChain's favour, in lower case.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from tests.benchmarks.peers.peer import CHUNKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langchain_core.retrievers import BaseRetriever

    from tests.benchmarks.peers.peer import Article, Encode, Question, Setting


class LangChain:
    """The headline stands before each chunk, which LangChain leaves to its users."""

    def __init__(self, setting: Setting, *, hybrid: bool) -> None:
        self._hybrid = hybrid
        self._embeddings = _Shared(setting.encoder) if setting.encoder else _own(setting.model)
        self._splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        self._retriever: BaseRetriever

    def index(self, articles: Sequence[Article]) -> None:
        """Split, encode and add to FAISS, and to BM25."""
        chunks = [
            Document(page_content=f"{article.title}\n\n{chunk}", metadata={"article": article.id})
            for article in articles
            for chunk in self._splitter.split_text(article.text) or [""]
        ]
        store = FAISS.from_documents(chunks, self._embeddings)
        self._retriever = store.as_retriever(search_kwargs={"k": CHUNKS})
        if self._hybrid:
            words = BM25Retriever.from_documents(chunks, k=CHUNKS, preprocess_func=_words)
            self._retriever = EnsembleRetriever(retrievers=[words, self._retriever], weights=[0.5, 0.5])

    def search(self, question: Question) -> list[str]:
        """The articles of the chunks."""
        return [chunk.metadata["article"] for chunk in self._retriever.invoke(question.text)]


class _Shared(Embeddings):
    def __init__(self, encoder: Encode) -> None:
        self._encoder = encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._encoder.encode_passages(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self._encoder.encode_question(text).tolist()


def _own(model: str) -> Embeddings:
    from langchain_huggingface import HuggingFaceEmbeddings  # noqa: PLC0415 - it brings torch, for the rate alone

    return HuggingFaceEmbeddings(model_name=model, model_kwargs={"device": "cpu"})


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
