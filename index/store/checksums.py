"""What tells that a row is as it was written: SQLite's pages carry no checksums, so each row carries its own (pure)."""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.domain import Article


def checksum(*values: object) -> int:
    """CRC-32 of the values of a row, its id among them, so that a row that took another's place is told too."""
    blobs = [value for value in values if isinstance(value, bytes)]
    crc = zlib.crc32(repr([value for value in values if not isinstance(value, bytes)]).encode())
    for blob in blobs:
        crc = zlib.crc32(blob, crc)
    return crc


def digest(article: Article) -> bytes:
    """A digest of everything an article says, its key apart: equal digests mean nothing changed."""
    parts = (article.title, article.body, article.published, article.author, article.source, article.url)
    return hashlib.blake2b(repr((*parts, article.language)).encode(), digest_size=16).digest()


def traces(article: Article) -> tuple[bytes, bytes | None]:
    """Digests of an article's text and of its address, by which it is known again in another file."""
    address = hashlib.blake2b(article.url.encode("utf-8", "replace"), digest_size=16).digest() if article.url else None
    text = f"{article.title}\n{article.body}".encode("utf-8", "replace")
    return hashlib.blake2b(text, digest_size=16).digest(), address
