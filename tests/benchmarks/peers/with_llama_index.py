"""LlamaIndex: VectorStoreIndex on FAISS, and with BM25Retriever beside it QueryFusionRetriever.

Fusion by reciprocal ranks over chunks of 256 tokens, no other questions generated:
https://developers.llamaindex.ai/python/framework/integrations/retrievers/reciprocal_rerank_fusion/. 20 tokens shared,
as https://developers.llamaindex.ai/python/framework/optimizing/basic_strategies/basic_strategies/ has it. BM25 with the
stemmer and stopwords of the language: https://developers.llamaindex.ai/python/examples/retrievers/bm25_retriever/. The
headline is metadata, which LlamaIndex sets before each chunk by itself, for the encoder and for BM25. FAISS as on
https://developers.llamaindex.ai/python/framework/integrations/vector_stores/faissindexdemo/, but by inner product: the
fusion takes the largest score for the best, and the page's distances would turn its order round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import faiss
import Stemmer
from llama_index.core import Document, StorageContext, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.retrievers.bm25 import BM25Retriever
from llama_index.vector_stores.faiss import FaissVectorStore
from pydantic import PrivateAttr

from tests.benchmarks.peers.peer import CHUNKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from llama_index.core.base.base_retriever import BaseRetriever

    from tests.benchmarks.peers.peer import Article, Encode, Question, Setting

DIMENSION = 384


class LlamaIndex:
    """Nodes carry the id of their article as that of the document they are of."""

    def __init__(self, setting: Setting, *, hybrid: bool) -> None:
        self._hybrid = hybrid
        self._language = setting.language
        self._model = _Shared(setting.encoder) if setting.encoder else _own(setting.model)
        self._splitter = SentenceSplitter(chunk_size=256, chunk_overlap=20)
        self._retriever: BaseRetriever

    def index(self, articles: Sequence[Article]) -> None:
        """Split, encode and add to the store in memory, and to BM25."""
        documents = [Document(text=each.text, doc_id=each.id, metadata={"title": each.title}) for each in articles]
        nodes = self._splitter.get_nodes_from_documents(documents)
        storage = StorageContext.from_defaults(vector_store=FaissVectorStore(faiss_index=faiss.IndexFlatIP(DIMENSION)))
        index = VectorStoreIndex(nodes, storage_context=storage, embed_model=self._model)
        self._retriever = index.as_retriever(similarity_top_k=CHUNKS)
        if self._hybrid:
            self._retriever = QueryFusionRetriever(
                [self._retriever, self._words(nodes)],
                llm=MockLLM(),
                mode="reciprocal_rerank",
                similarity_top_k=CHUNKS,
                num_queries=1,
                use_async=False,
            )

    def search(self, question: Question) -> list[str]:
        """The articles of the nodes."""
        return [found.node.ref_doc_id for found in self._retriever.retrieve(question.text)]

    def _words(self, nodes: Sequence[object]) -> BM25Retriever:
        return BM25Retriever.from_defaults(
            nodes=nodes,
            similarity_top_k=CHUNKS,
            stemmer=Stemmer.Stemmer(self._language),
            language=self._language,
        )


class _Shared(BaseEmbedding):
    _encoder: Encode = PrivateAttr()

    def __init__(self, encoder: Encode) -> None:
        super().__init__(embed_batch_size=2048)
        self._encoder = encoder

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._encoder.encode_passages(texts).tolist()

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._encoder.encode_question(query).tolist()

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def _own(model: str) -> BaseEmbedding:
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding  # noqa: PLC0415 - torch, for the rate alone

    return HuggingFaceEmbedding(model_name=model, device="cpu")
