"""Malformed input of every kind: 1,000 files in ``make test``, 10,000 where ``NEWSDESK_FAULTS`` is ``all``."""

from __future__ import annotations

import faulthandler
import os
import unicodedata
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from faults.malformed import SUFFIXES, malformed, seeds
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from toys import ToyEncoder, ToyReader, article

from index import Archive, Limits
from index.domain import Article, Refusal
from index.sources import read, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = 10_000 if os.environ.get("NEWSDESK_FAULTS") == "all" else 1000
SYNCS = 200 if os.environ.get("NEWSDESK_FAULTS") == "all" else 8
LIMITS = Limits(seconds=5, unpacked_bytes=8 * 1024 * 1024, memory_bytes=512 * 1024 * 1024)
PLACES = ("Ashford", "Barrow", "Carlow", "Dundee", "Exeter", "Falkirk", "Girvan", "Harwich", "Irvine")
FAULTS = ("took longer", "needs more memory", "ends the process", "did not start")
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture)


@contextmanager
def watched(seconds: float) -> Iterator[None]:
    """End the tests, saying where they hang, if this takes so long."""
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def check(item: Article | Refusal) -> None:
    """What holds for whatever is read: it can be stored and shown, and nothing hung or died over it."""
    if isinstance(item, Refusal):
        assert item.reason
        assert "\n" not in item.reason
        assert not [fault for fault in FAULTS if fault in item.reason], item
        return
    shown = item.title + item.body.replace("\n\n", "") + (item.author or "") + (item.source or "") + item.key.id
    assert item.title.strip()
    assert item.body.strip()
    assert {unicodedata.category(character) for character in shown}.isdisjoint({"Cc", "Cs", "Co"})
    assert unicodedata.is_normalized("NFC", item.title)
    assert unicodedata.is_normalized("NFC", item.body)
    assert item.language


def read_all(suffix: str, data: bytes) -> list[Article | Refusal]:
    """What a file with this suffix and these bytes gives."""
    with TemporaryDirectory() as folder:
        (Path(folder) / f"a{suffix}").write_bytes(data)
        (found,) = walk([Path(folder)])
        return list(read(found, limits=LIMITS))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_seeds_are_valid(suffix: str) -> None:
    """What the malformed files are made of gives articles and no refusal."""
    items = read_all(suffix, seeds()[suffix])
    assert items
    assert all(isinstance(item, Article) for item in items), items


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
@given(malformed())
@example((".txt", b""))
def test_malformed_input_is_articles_or_refusals(file: tuple[str, bytes]) -> None:
    """Reading raises nothing, takes seconds at most, gives something, and what it gives can be stored and shown."""
    with watched(60):
        items = read_all(*file)
    assert items
    for item in items:
        check(item)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive that holds an article of each place."""
    with Archive.open(
        tmp_path_factory.mktemp("malformed") / "archive", encoder=ToyEncoder(), reader=ToyReader(), create=True
    ) as opened:
        opened.add([article(f"The council met in {place} on Monday.", title=place, path=place) for place in PLACES])
        yield opened


@settings(max_examples=SYNCS, deadline=None, suppress_health_check=SLOW)
@given(files=st.lists(malformed(), min_size=40, max_size=50))
def test_a_sync_of_malformed_files_loses_nothing(archive: Archive, files: list[tuple[str, bytes]]) -> None:
    """Whatever was synced, the articles that were there are found, and the archive goes on."""
    with TemporaryDirectory() as folder, watched(300):
        for at, (suffix, data) in enumerate(files):
            (Path(folder) / f"{at}{suffix}").write_bytes(data)
        report = archive.sync([folder], limits=LIMITS)
        assert report.added or report.refused
        for place in PLACES:
            assert place in {hit.article.title for hit in archive.search(f"council met in {place}")}
        again = archive.sync([folder], limits=LIMITS)
        assert (again.added, again.changed, again.removed) == (0, 0, 0)
