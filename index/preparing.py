"""Articles on their way into the catalog: cut into passages, of which those that are new are encoded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.passages import encoder_text, split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.domain import Article, Span
    from index.encoder import Encoder, FloatMatrix
    from index.passages import Chunking
    from index.store.catalog import Catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An article cut into passages, with what the encoder reads of each and a fingerprint of that."""

    article: Article
    file: str
    spans: tuple[Span, ...]
    texts: tuple[str, ...]
    prints: tuple[bytes, ...]


def prepare(article: Article, file: str, encoder: Encoder, chunking: Chunking) -> Prepared:
    """Cut an article into passages."""
    spans = tuple(split(article, encoder.count_tokens, chunking))
    texts = tuple(encoder_text(article, start, end) for start, end in spans)
    prints = tuple(print_of(encoder, text) for text in texts)
    return Prepared(article=article, file=file, spans=spans, texts=texts, prints=prints)


def print_of(encoder: Encoder, text: str) -> bytes:
    """A fingerprint of what is encoded, and by which encoder: equal ones have equal vectors."""
    return hashlib.blake2b(f"{encoder.fingerprint} {text}".encode(), digest_size=16).digest()


def store(prepared: Sequence[Prepared], catalog: Catalog, encoder: Encoder, seq: int) -> None:
    """Put articles into the catalog, encoding those passages that were never encoded before."""
    batch = Batch.of(prepared, catalog, encoder)
    batch.put(catalog, encoder.encode_passages(batch.texts), seq)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Articles that are encoded and committed together; of their passages ``texts`` are those never encoded before."""

    prepared: tuple[Prepared, ...]
    known: Mapping[bytes, FloatMatrix]
    prints: tuple[bytes, ...]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, prepared: Sequence[Prepared], catalog: Catalog, encoder: Encoder) -> Batch:
        """Find out what of some articles was encoded before."""
        wanted = {mark: text for each in prepared for mark, text in zip(each.prints, each.texts, strict=True)}
        known = catalog.vectors.by_print(list(wanted), encoder.dimension)
        prints = tuple(mark for mark in wanted if mark not in known)
        return cls(prepared=tuple(prepared), known=known, prints=prints, texts=tuple(wanted[mark] for mark in prints))

    def put(self, catalog: Catalog, vectors: FloatMatrix, seq: int) -> None:
        """Put the articles into the catalog. ``vectors``: those of ``texts``, shape (len(texts), dimension)."""
        whole = {**self.known, **dict(zip(self.prints, vectors, strict=True))}
        for each in self.prepared:
            rows = [whole[mark] for mark in each.prints]
            matrix = np.vstack(rows) if rows else np.empty((0, vectors.shape[1]), dtype=np.float32)
            catalog.put(each.article, each.file, each.spans, each.prints, matrix, seq)
