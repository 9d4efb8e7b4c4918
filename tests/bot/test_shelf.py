"""The files of added articles: names of our making, whole or not there, taken away when they are of no use."""

from __future__ import annotations

import os
import re
import time
from typing import TYPE_CHECKING

import pytest

from bot import shelf as module
from bot.shelf import ADDED, DRAFTS, Shelf, kind_of, with_added
from index.sources import walk

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.txt", ".txt"),
        ("../../etc/A.MD", ".md"),
        ("C:\\news\\a.docx", ".docx"),
        ("dump.jsonl.gz", ".jsonl.gz"),
        ("a.csv.gz.gz", ".csv.gz.gz"),
        ("all.zip", ".zip"),
        ("a.tar.gz", ""),
        ("a.exe", ""),
        ("a.txt.exe", ""),
        (".txt", ""),
        ("txt", ""),
        ("a.gz", ""),
        ("", ""),
    ],
)
def test_kinds_are_those_that_a_sync_reads(name: str, kind: str) -> None:
    """By the end of the name, packed or not; anything else is none."""
    assert kind_of(name) == kind


def test_a_draft_is_whole_and_read_by_no_sync(tmp_path: Path) -> None:
    """Its name is ours; only a yes puts it where syncs look, and a second yes changes nothing."""
    shelf = Shelf(archive=tmp_path)
    name = shelf.keep(b"text", ".csv.gz")
    assert re.fullmatch(r"\d{8}-\d{6}-[0-9a-f]{8}\.csv\.gz", name)
    assert shelf.draft(name).read_bytes() == b"text"
    (tmp_path / "seen.txt").write_text("x")
    assert [each.path for each in walk([tmp_path])] == ["seen.txt"]
    assert not shelf.is_added(name)
    assert shelf.accept(name)
    assert shelf.accept(name)
    assert (tmp_path / ADDED / name).read_bytes() == b"text"
    assert not shelf.draft(name).exists()
    assert len({shelf.keep(b"", ".txt") for _ in range(20)}) == 20


def test_what_is_gone_cannot_be_accepted(tmp_path: Path) -> None:
    """A draft that was cleared away is not there."""
    assert not Shelf(archive=tmp_path).accept("gone.txt")


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither half a file nor its name."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        Shelf(archive=tmp_path).keep(b"text", ".txt")
    assert list((tmp_path / DRAFTS).iterdir()) == []


def test_the_folder_is_a_source_while_it_holds_anything(tmp_path: Path) -> None:
    """An empty one would end a sync."""
    shelf, sources = Shelf(archive=tmp_path), (tmp_path / "news",)
    assert with_added(tmp_path, sources) == sources
    name = shelf.keep(b"text", ".txt")
    shelf.accept(name)
    assert with_added(tmp_path, sources) == (*sources, tmp_path / ADDED)
    other = shelf.keep(b"text", ".txt")
    shelf.accept(other)
    shelf.discard(name)
    assert with_added(tmp_path, sources) == (*sources, tmp_path / ADDED)
    shelf.discard(other)
    assert with_added(tmp_path, sources) == sources
    assert not (tmp_path / ADDED).exists()


def test_the_file_of_an_article_is_known_by_its_address(tmp_path: Path) -> None:
    """Also of one in a zip; not where the article came from elsewhere."""
    shelf = Shelf(archive=tmp_path)
    assert shelf.name_of(f"{tmp_path}/{ADDED}/a.txt") == "a.txt"
    assert shelf.name_of(f"{tmp_path}/{ADDED}/a.zip!b/c.txt") == "a.zip"
    assert shelf.name_of(f"{tmp_path}/{ADDED}/b/c.txt") is None
    assert shelf.name_of(f"{tmp_path}/a.txt") is None
    assert shelf.name_of("https://a.example/added/a.txt") is None


def test_old_drafts_are_cleared_away(tmp_path: Path) -> None:
    """What may still get its yes stays; where there are none, there is nothing to do."""
    shelf = Shelf(archive=tmp_path)
    shelf.tidy(10)
    old, young = shelf.keep(b"old", ".txt"), shelf.keep(b"young", ".txt")
    os.utime(shelf.draft(old), (time.time() - 3600,) * 2)
    shelf.tidy(600)
    assert [each.name for each in (tmp_path / DRAFTS).iterdir()] == [young]
