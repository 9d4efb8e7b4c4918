"""Lexical search: the terms of all passages in tantivy (BM25), derived from the catalog."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import tantivy

from index.analysis import terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from index.domain import Passage

FORMAT = 1
_FOLDER = f"lexical-{FORMAT}"
_HEAP = 64_000_000
_SEQ = "seq"
_NO_DAY = 0


class Lexical:
    """BM25 over headline and passage together, by passage id."""

    def __init__(self, index: tantivy.Index, seq: int) -> None:
        self._index = index
        self._searcher = index.searcher()
        self.seq = seq

    @classmethod
    def open(cls, folder: Path) -> Lexical:
        """Open the index kept in ``folder``, or begin an empty one where there is none or it cannot be read."""
        place = folder / _FOLDER
        for _ in range(2):
            place.mkdir(parents=True, exist_ok=True)
            try:
                index = tantivy.Index(_schema(), path=str(place))
                index.register_tokenizer("terms", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
                index.config_reader("manual")
                index.reload()
                return cls(index, _applied(index))
            except (ValueError, OSError):
                shutil.rmtree(place)
        raise OSError(f"{place} cannot be made")

    def reload(self) -> None:
        """See what another process has committed."""
        self._index.reload()
        self._searcher = self._index.searcher()
        self.seq = _applied(self._index)

    def apply(self, removed: Iterable[int], added: Iterable[Passage], seq: int, *, afresh: bool = False) -> None:
        """Take in the changes up to ``seq``, in one commit; ``afresh`` drops all that was there before.

        Raises:
            ValueError: another process is writing.

        """
        with self._index.writer(heap_size=_HEAP, num_threads=1) as writer:
            try:
                self._write(writer, removed, added, seq, afresh=afresh)
            except BaseException:
                writer.rollback()  # leaving the block would commit what was written so far
                raise
        self.reload()

    @staticmethod
    def _write(
        writer: tantivy.IndexWriter, removed: Iterable[int], added: Iterable[Passage], seq: int, *, afresh: bool
    ) -> None:
        if afresh:
            writer.delete_all_documents()
        gone = list(removed)
        if gone:
            writer.delete_documents_by_query(tantivy.Query.term_set_query(_schema(), "passage", gone))
        for passage in added:
            writer.add_document(_document(passage))
        writer.delete_documents_by_term("fact", _SEQ)
        writer.add_document(tantivy.Document.from_dict({"fact": _SEQ, "seq": seq}, _schema()))
        writer.commit()

    def search(self, question_terms: Sequence[str], k: int) -> list[tuple[int, float]]:
        """The ``k`` passages with the best BM25 score for these terms: (id, score), best first."""
        found = self._searcher.search(_any_of(question_terms), k, count=False).hits
        return self._ids(found)

    def score(self, question_terms: Sequence[str], passages: Sequence[int]) -> dict[int, float]:
        """The BM25 score of these very passages; one that shares no term is left out."""
        if not passages:
            return {}
        these = tantivy.Query.const_score_query(tantivy.Query.term_set_query(_schema(), "passage", list(passages)), 0.0)
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, these), (tantivy.Occur.Must, _any_of(question_terms))]
        )
        return dict(self._ids(self._searcher.search(query, len(passages), count=False).hits))

    def share(self, term: str) -> float:
        """The share of passages, in [0, 1], that hold a term."""
        return self._searcher.doc_freq("terms", term) / max(1, self._searcher.num_docs)

    def __len__(self) -> int:
        return max(0, int(self._searcher.num_docs) - 1)

    def _ids(self, hits: Sequence[tuple[float, tantivy.DocAddress]]) -> list[tuple[int, float]]:
        ids = self._searcher.fast_field_values("passage", [address for _, address in hits])
        pairs = zip(ids, hits, strict=True)
        return [(int(passage), float(score)) for passage, (score, _) in pairs if passage is not None]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("passage", indexed=True, fast=True)
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_text_field("terms", tokenizer_name="terms", index_option="freq")
    builder.add_text_field("fact", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("seq", stored=True)
    return builder.build()


def _document(passage: Passage) -> tantivy.Document:
    article = passage.article
    text = f"{article.title}\n{passage.text}"
    fields = {
        "passage": passage.id,
        "day": article.published.toordinal() if article.published else _NO_DAY,
        "terms": " ".join(terms(text, article.language)),
    }
    return tantivy.Document.from_dict(fields, _schema())


def _any_of(question_terms: Sequence[str]) -> tantivy.Query:
    schema = _schema()
    words = [tantivy.Query.term_query(schema, "terms", term, "freq") for term in question_terms]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, word) for word in words])


def _applied(index: tantivy.Index) -> int:
    searcher = index.searcher()
    query = tantivy.Query.term_query(index.schema, "fact", _SEQ, "basic")
    hits = searcher.search(query, 1).hits
    return int(searcher.doc(hits[0][1]).get_first("seq") or 0) if hits else 0
