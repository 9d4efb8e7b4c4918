"""What a failing disk or database is called: an error of ours, that names the file and what to do."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import ArchiveDamaged, ArchiveError, ArchiveFormat, ArchiveFull
from index.store.catalog import Catalog
from index.store.failures import explained, of_tantivy

PLACE = Path("/news/archive.db")


def fail(error: Exception, place: Path = PLACE) -> None:
    """Raise an error below an archive's file."""
    with explained(place):
        raise error


@pytest.mark.parametrize(
    ("number", "kind", "said"),
    [
        (errno.ENOSPC, ArchiveFull, "no space left for /news/archive.db: free some and run the command again"),
        (errno.EDQUOT, ArchiveFull, "no space left for /news/archive.db: free some and run the command again"),
        (errno.EACCES, ArchiveError, "/news/derived/x may not be written: change its permissions"),
        (errno.EROFS, ArchiveError, "/news/derived/x may not be written: change its permissions"),
        (errno.EPERM, ArchiveError, "/news/derived/x may not be written: change its permissions"),
        (errno.EIO, ArchiveError, "/news/derived/x: Input/output error: check its disk"),
    ],
)
def test_what_the_disk_says(number: int, kind: type[ArchiveError], said: str) -> None:
    """Each of the system's errors is one of ours, names the file, and says that what was committed is kept."""
    with pytest.raises(ArchiveError) as caught:
        fail(OSError(number, os.strerror(number), "/news/derived/x"))
    assert type(caught.value) is kind
    assert said in str(caught.value)
    assert "what was committed is kept" in str(caught.value)
    assert isinstance(caught.value.__cause__, OSError)


def test_a_file_that_the_system_does_not_name() -> None:
    """Where the error has no file, the archive's is named."""
    with pytest.raises(ArchiveError, match=r"^/news/archive\.db may not be written"):
        fail(PermissionError(errno.EACCES, "Permission denied"))
    with pytest.raises(ArchiveError, match=r"^/news/archive\.db: odd: check its disk"):
        fail(OSError("odd"))


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        (sqlite3.SQLITE_FULL, ArchiveFull, "no space left for /news/archive.db"),
        (sqlite3.SQLITE_NOTADB, ArchiveFormat, "is not a newsdesk archive"),
        (sqlite3.SQLITE_CORRUPT, ArchiveDamaged, "is damaged: run newsdesk repair, then newsdesk sync"),
        (sqlite3.SQLITE_CORRUPT_INDEX, ArchiveDamaged, "is damaged: run newsdesk repair"),
        (sqlite3.SQLITE_READONLY, ArchiveError, "may not be written: change its permissions"),
        (sqlite3.SQLITE_READONLY_DBMOVED, ArchiveError, "may not be written: change its permissions"),
        (sqlite3.SQLITE_BUSY, ArchiveError, "is being changed by another process; what was committed is kept"),
        (sqlite3.SQLITE_CANTOPEN, ArchiveError, "cannot be opened: check its folder's permissions"),
        (sqlite3.SQLITE_IOERR_FSYNC, ArchiveError, "cannot be read or written: check its disk (said SQLite)"),
    ],
)
def test_what_sqlite_says(code: int, kind: type[ArchiveError], said: str) -> None:
    """Each of its errors, with or without the details of its extended codes, is one of ours."""
    error = sqlite3.OperationalError("said SQLite")
    error.sqlite_errorcode = code
    with pytest.raises(ArchiveError) as caught:
        fail(error)
    assert type(caught.value) is kind
    assert said in str(caught.value)
    assert str(caught.value).startswith(("/news/archive.db", "no space left"))
    assert "\n" not in str(caught.value)


def test_text_that_is_no_text_is_damage_and_is_not_quoted() -> None:
    """A body whose bytes are no UTF-8 any more is named as damage; an error is one line, and never the article."""
    with closing(sqlite3.connect(":memory:")) as connection, pytest.raises(ArchiveDamaged) as caught, explained(PLACE):
        connection.execute("SELECT CAST(x'53656372657420ff0a' AS TEXT)").fetchone()
    assert "Secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "newsdesk repair" in str(caught.value)


def test_other_errors_pass() -> None:
    """An error of ours, or one of the program itself, is not called a failing disk."""
    for error in (KeyError("x"), ArchiveFormat("y")):
        with pytest.raises(type(error)) as caught:
            fail(error)
        assert caught.value is error


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("An IO error occurred: 'No space left on device (os error 28)'", ArchiveFull),
        ("write failed: Os { code: 28, kind: StorageFull } os error 28", ArchiveFull),
        ("An IO error\noccurred: 'Permission denied (os error 13)'", ArchiveError),
        ("x" * 5_000, ArchiveError),
    ],
)
def test_what_tantivy_says(said: str, kind: type[ArchiveError]) -> None:
    """A full disk is told apart; all else is one short line that names the folder."""
    error = of_tantivy(ValueError(said), PLACE)
    assert type(error) is kind
    assert str(PLACE) in str(error)
    assert "\n" not in str(error)
    assert len(str(error)) < 400


def test_a_database_that_may_only_be_read_is_named(tmp_path: Path) -> None:
    """A real read-only connection: what is to be changed is not, and the error says which file."""
    path = tmp_path / "archive.db"
    Catalog.open(path).close()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)) as connection:
        catalog = Catalog(connection, path)
        with pytest.raises(ArchiveError, match=r"archive\.db may not be written"), catalog.change():
            pass
