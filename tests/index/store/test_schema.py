"""The tables: made once, refused where they are another program's or a newer newsdesk's."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from index.errors import ArchiveError, ArchiveFormat
from index.store import schema
from index.store.catalog import Catalog

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_database_survives_a_crash_and_many_readers(tmp_path: Path) -> None:
    """It is of this format, with a write-ahead log, flushed at every change, with foreign keys and half a minute."""
    with closing(sqlite3.connect(tmp_path / "archive.db", isolation_level=None)) as connection:
        schema.prepare(connection, tmp_path / "archive.db")
        facts = ("user_version", "journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        values = [connection.execute(f"PRAGMA {fact}").fetchone()[0] for fact in facts]
        assert values == [schema.FORMAT, "wal", 2, 1, 30_000]


def test_preparing_again_keeps_what_is_there(tmp_path: Path) -> None:
    """A second opening finds what the first wrote."""
    path = tmp_path / "archive.db"
    with closing(Catalog.open(path)) as catalog, catalog.change():
        catalog.set("encoder", "toy")
    with closing(Catalog.open(path)) as catalog:
        assert catalog.get("encoder") == "toy"
        assert catalog.seq == 1


def test_two_processes_may_begin_an_archive_at_once(tmp_path: Path) -> None:
    """Tables that another connection made between the look and the making are no error."""
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as first:
        first.execute("PRAGMA journal_mode = WAL")
        with closing(_Late(path)) as second:
            schema.prepare(second, path)
            assert second.execute("SELECT COUNT(*) FROM articles").fetchone() == (0,)


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    """The error says which format it is, which this program reads, and to upgrade; the file is left as it was."""
    path = tmp_path / "archive.db"
    Catalog.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 7")
    before = path.read_bytes()
    with pytest.raises(ArchiveFormat, match=r"by a newer newsdesk \(format 7, this one reads 1\); upgrade"):
        Catalog.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", [0, 1])
def test_another_programs_database_is_refused(tmp_path: Path, version: int) -> None:
    """A SQLite file with tables of its own is not made into an archive, whatever version it says it is."""
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.execute(f"PRAGMA user_version = {version}")
    before = path.read_bytes()
    with pytest.raises(ArchiveFormat, match="is not a newsdesk archive; choose another folder with --archive"):
        Catalog.open(path)
    assert path.read_bytes() == before


def test_a_text_file_is_refused(tmp_path: Path) -> None:
    """A file that is no database is named, not a traceback shown."""
    path = tmp_path / "archive.db"
    path.write_text("Shopping: eggs, flour, a new roof for the hall.\n" * 40)
    with pytest.raises(ArchiveFormat, match="is not a newsdesk archive"):
        Catalog.open(path)


def test_a_damaged_archive_is_named(tmp_path: Path) -> None:
    """A database cut off in the middle is an error for a person, with the file's name."""
    path = tmp_path / "archive.db"
    Catalog.open(path).close()
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(ArchiveError, match=r"archive\.db cannot be opened: "):
        Catalog.open(path)


def test_an_empty_file_becomes_an_archive(tmp_path: Path) -> None:
    """What a crash at the very first moment leaves is begun again."""
    path = tmp_path / "archive.db"
    path.touch()
    with closing(Catalog.open(path)) as catalog:
        assert catalog.count("articles") == 0


class _Late(sqlite3.Connection):
    """A connection that another one overtakes: the tables appear after it saw that there are none."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, isolation_level=None)
        self._path = path

    def executescript(self, sql_script: str, /) -> sqlite3.Cursor:
        """Let the other be first."""
        with closing(sqlite3.connect(self._path, isolation_level=None)) as other:
            schema.prepare(other, self._path)
        return super().executescript(sql_script)
