"""Lexical search: the terms of all passages in tantivy (BM25), derived from the catalog."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING

import tantivy

from index.analysis import is_name_key, name_keys, terms
from index.errors import IndexDamaged
from index.store import manifest, segments
from index.store.failures import of_tantivy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from index.domain import Passage

FORMAT = 3
_FOLDER = f"lexical-{FORMAT}"
_RECORD = f"lexical-{FORMAT}.json"
_HEAP = 64_000_000
_SEQ = "seq"
_NO_DAY = 0
_ARTICLE = "article"
_OFTEN = 0.35
"""The share of a word's worth that it has only where it stands in an article twice."""
_MANY = 50_000


class Lexical:
    """BM25 over headline and passage together, by passage id: one moment of it, until ``reload``."""

    def __init__(self, index: tantivy.Index, folder: Path) -> None:
        self._index = index
        self.folder = folder
        self._inode = folder.stat().st_ino
        self._look()

    @classmethod
    def open(cls, derived: Path, *, deep: bool = False) -> Lexical | None:
        """Open the index kept below ``derived``; ``None`` where there is none, or it is not as it was written.

        With ``deep`` every byte is read, also of files that seem unchanged.
        """
        folder = derived / _FOLDER
        if not segments.is_sound(folder, derived / _RECORD, deep=deep):
            return None
        try:
            with _sane(folder):
                return cls(_ready(tantivy.Index.open(str(folder))), folder)
        except (IndexDamaged, OSError):
            return None

    @staticmethod
    def distrust(derived: Path) -> None:
        """Have every byte read when the index is opened next."""
        (derived / _RECORD).unlink(missing_ok=True)

    @staticmethod
    def exists(derived: Path) -> bool:
        """Whether there is an index, good or not."""
        return (derived / _FOLDER).exists()

    @classmethod
    def begin(cls, derived: Path) -> Lexical:
        """Begin an empty index below ``derived`` in place of any that is there; for who may write.

        Raises:
            ArchiveError: it cannot be written.

        """
        folder = derived / _FOLDER
        with _told(folder):
            manifest.put_away(folder)
            for old in derived.glob("lexical-*"):  # of a newsdesk before this one
                if old.name not in {_FOLDER, _RECORD}:
                    manifest.put_away(old)
            folder.mkdir(parents=True)
            return cls(_ready(tantivy.Index(_schema(), path=str(folder))), folder)

    def reload(self) -> None:
        """See what was committed since, by this process or another."""
        with _sane(self.folder):
            self._index.reload()
            self._look()

    @contextmanager
    def writing(self) -> Iterator[LexicalWriter]:
        """Take in changes; what is merged of the index is merged when the block ends.

        Raises:
            ArchiveError: it cannot be written, or another process is writing.

        """
        with _told(self.folder):
            segments.clear(self.folder)
            writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        try:
            yield LexicalWriter(self, writer)
        except BaseException:
            with suppress(ValueError, OSError):
                writer.rollback()
                writer.wait_merging_threads()  # which gives tantivy's lock back too
            raise
        with _told(self.folder):
            writer.wait_merging_threads()
            self.reload()
            segments.record_files(self.folder, self.folder.parent / _RECORD)

    def search(
        self, question_terms: Sequence[str], k: int, days: tuple[int, int] | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` passages with the best BM25 score for these terms: (id, score), best first.

        With ``days``, ordinals, only those of articles from the first to the last of them.
        """
        query = _any_of(question_terms)
        if days is not None:
            first, last = max(1, days[0]), days[1]
            among = tantivy.Query.range_query(_schema(), "day", tantivy.FieldType.Integer, first, last)
            silent = tantivy.Query.const_score_query(among, 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, silent), (tantivy.Occur.Must, query)])
        with _sane(self.folder):
            return self._ids(self._searcher.search(query, k, count=False).hits)

    def score(self, question_terms: Sequence[str], passages: Sequence[int]) -> dict[int, float]:
        """The BM25 score of these very passages; one that shares no term is left out."""
        if not passages:
            return {}
        return self._scored(_any_of(question_terms), passages)

    def coverage(
        self, words: Mapping[tuple[str, ...], float], firsts: Sequence[int], *, often: float = _OFTEN
    ) -> dict[int, float]:
        """How much of a question's words stands anywhere in the articles of these first passages.

        Args:
            words: what each word is worth, by the terms that it may be.
            firsts: the first passage of each article; one whose article holds no word is left out.
            often: the share of its worth, in [0, 1], that a word has only where it stands in an article twice.

        """
        if not firsts or not words:
            return {}
        parts = [
            tantivy.Query.const_score_query(_any_of(word, field), worth * share)
            for word, worth in words.items()
            for field, share in (("whole", 1.0 - often), ("often", often))
            if share
        ]
        return self._scored(tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts]), firsts)

    def _scored(self, query: tantivy.Query, passages: Sequence[int]) -> dict[int, float]:
        """What these very passages score for a query; those that it does not find are left out."""
        each = [tantivy.Query.term_query(_schema(), "passage", passage, "basic") for passage in passages]
        these = tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in each])  # half the time of a set
        silent = tantivy.Query.const_score_query(these, 0.0)
        among = tantivy.Query.boolean_query([(tantivy.Occur.Must, silent), (tantivy.Occur.Must, query)])
        with _sane(self.folder):
            return dict(self._ids(self._searcher.search(among, len(passages), count=False).hits))

    def share(self, term: str) -> float:
        """The share of passages, in [0, 1], that hold a term."""
        with _sane(self.folder):
            return min(1.0, self._searcher.doc_freq(_field(term), term) / max(1, len(self)))

    def article_share(self, term: str) -> float:
        """The share of articles, in [0, 1], that hold a term."""
        with _sane(self.folder):
            return min(1.0, self._searcher.doc_freq("whole", term) / self.articles)

    @property
    def articles(self) -> int:
        """How many articles there are, at least 1; those just removed may still be counted."""
        return max(1, int(self._searcher.doc_freq("fact", _ARTICLE)))

    def ids(self) -> Iterator[int]:
        """The passages in the index, in ascending order."""
        after = 0
        while True:
            later = tantivy.Query.range_query(_schema(), "passage", tantivy.FieldType.Unsigned, after, None)
            hits = self._searcher.search(
                later, _MANY, count=False, order_by_field="passage", order=tantivy.Order.Asc
            ).hits
            found = self._searcher.fast_field_values("passage", [address for _, address in hits])
            yield from (int(passage) for passage in found if passage is not None)
            if len(hits) < _MANY:
                return
            after = int(found[-1] or 0) + 1

    def is_there(self) -> bool:
        """Whether its folder is still the one that was opened."""
        try:
            return self.folder.stat().st_ino == self._inode
        except OSError:
            return False

    def __len__(self) -> int:
        return max(0, int(self._searcher.num_docs) - 1)

    def _look(self) -> None:
        self._searcher = self._index.searcher()
        query = tantivy.Query.term_query(self._index.schema, "fact", _SEQ, "basic")
        hits = self._searcher.search(query, 1).hits
        self.seq = int(self._searcher.doc(hits[0][1]).get_first("seq") or 0) if hits else 0

    def _ids(self, hits: Sequence[tuple[float, tantivy.DocAddress]]) -> list[tuple[int, float]]:
        ids = self._searcher.fast_field_values("passage", [address for _, address in hits])
        pairs = zip(ids, hits, strict=True)
        return [(int(passage), float(score)) for passage, (score, _) in pairs if passage is not None]


class LexicalWriter:
    """The one writer of an index."""

    def __init__(self, lexical: Lexical, writer: tantivy.IndexWriter) -> None:
        self._lexical = lexical
        self._writer = writer

    def apply(self, removed: Iterable[int], added: Iterable[Passage], seq: int, *, afresh: bool = False) -> None:
        """Take in the changes up to ``seq``, in one commit; ``afresh`` drops all that was there before.

        Raises:
            ArchiveError: it cannot be written; nothing was taken in.

        """
        writer = self._writer
        with _told(self._lexical.folder):
            if afresh:
                writer.delete_all_documents()
            gone = list(removed)
            if gone:
                writer.delete_documents_by_query(tantivy.Query.term_set_query(_schema(), "passage", gone))
            before = None
            for passage in added:
                writer.add_document(_document(passage, first=passage.article.key != before))
                before = passage.article.key
            writer.delete_documents_by_term("fact", _SEQ)
            writer.add_document(tantivy.Document.from_dict({"fact": _SEQ, "seq": seq}, _schema()))
            writer.commit()
            self._lexical.reload()


@contextmanager
def _sane(folder: Path) -> Iterator[None]:
    """Turn what tantivy makes of files that have rotted, a panic or nonsense, into an error.

    Raises:
        IndexDamaged: the index cannot be read.

    """
    try:
        yield
    except BaseException as error:
        if isinstance(error, ValueError) or type(error).__name__ == "PanicException":  # pyo3's, which is no Exception
            raise IndexDamaged(
                f"{folder} is damaged: ask again, and it is made anew; or run: newsdesk repair"
            ) from error
        raise


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say in words what tantivy could not do."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise of_tantivy(error, folder) from error


def _ready(index: tantivy.Index) -> tantivy.Index:
    index.register_tokenizer("terms", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    index.config_reader("manual")
    index.reload()
    return index


@cache
def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("passage", indexed=True, fast=True)
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_text_field("terms", tokenizer_name="terms", index_option="freq")
    builder.add_text_field("names", tokenizer_name="terms", index_option="basic")
    builder.add_text_field("whole", tokenizer_name="terms", index_option="basic")
    builder.add_text_field("often", tokenizer_name="terms", index_option="basic")
    builder.add_text_field("fact", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("seq", stored=True)
    return builder.build()


def _document(passage: Passage, *, first: bool) -> tantivy.Document:
    """A passage under its headline; the first of an article also carries what stands anywhere in that."""
    article = passage.article
    fields: dict[str, object] = {
        "passage": passage.id,
        "day": article.published.toordinal() if article.published else _NO_DAY,
        "terms": " ".join(terms(f"{article.title}\n{passage.text}", article.language)),
        "names": " ".join(name_keys(f"{article.title}\n{passage.text}", article.language)),
    }
    if first:
        body = f"{article.title}\n{article.body}"
        counts = Counter([*terms(body, article.language), *name_keys(body, article.language)])
        fields["whole"] = " ".join(counts)
        fields["often"] = " ".join(term for term, count in counts.items() if count > 1)
        fields["fact"] = _ARTICLE
    return tantivy.Document.from_dict(fields, _schema())


def _any_of(question_terms: Sequence[str], field: str = "terms") -> tantivy.Query:
    schema = _schema()
    words = [tantivy.Query.term_query(schema, _field(term, field), term, "freq") for term in question_terms]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, word) for word in words])


def _field(term: str, field: str = "terms") -> str:
    """Where a term is looked for: the keys of a passage's names stand apart, so that they do not make it longer."""
    return "names" if field == "terms" and is_name_key(term) else field
