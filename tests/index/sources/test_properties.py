"""What holds for any file."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import sources
from index.domain import Article
from index.sources import Candidate, Limits, read
from index.sources.documents import drafts
from index.sources.formats import SUFFIXES

STARTS = {
    ".md": b"---\ntitle: ",
    ".html": b"<html><p>",
    ".json": b'{"text": "',
    ".jsonl": b'{"text": "',
    ".csv": b"title,text\n",
    ".pdf": b"%PDF-1.7\n1 0 obj\n",
    ".zip": b"PK\x03\x04",
    ".gz": b"\x1f\x8b\x08\0",
}


def _candidate(file: Path) -> Candidate:
    return Candidate(root=str(file), path="", file=file, size=file.stat().st_size, mtime_ns=0, inode=0)


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".zip", ".txt.gz"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_are_articles_or_refused(suffix: str, data: bytes, begun: bool) -> None:  # noqa: FBT001 - drawn
    """Whatever a file holds, reading it raises nothing, gives something, and no article has what cannot be shown."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"a{suffix}"
        file.write_bytes((STARTS.get(Path(suffix).suffix, b"") if begun else b"") + data)
        items = list(read(_candidate(file), limits=Limits(), parse=drafts))
    assert items
    for article in items:
        if isinstance(article, Article):
            text = article.title + article.body.replace("\n\n", "")
            assert {unicodedata.category(character) for character in text}.isdisjoint({"Cc", "Cs", "Co"})
            assert not any("\u202a" <= character <= "\u202e" for character in text)


def test_exports_are_exact_and_sorted() -> None:
    """The package exports what it says, in order."""
    assert sources.__all__ == sorted(sources.__all__)
    assert all(hasattr(sources, name) for name in sources.__all__)


def test_every_suffix_is_read() -> None:
    """Each format that is walked has a reader: an empty file of it is refused as empty, not as unknown."""
    with TemporaryDirectory() as folder:
        for suffix in SUFFIXES:
            file = Path(folder) / f"a{suffix}"
            file.touch()
            (refusal,) = read(_candidate(file), limits=Limits(), parse=drafts)
            assert not isinstance(refusal, Article)
            assert (refusal.path, refusal.reason) == (str(file), "empty")
