"""What SQLite, the disk and tantivy say when something is wrong, in words that tell what to do."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.errors import ArchiveDamaged, ArchiveError, ArchiveFormat, ArchiveFull

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_KEPT = "what was committed is kept"
_DAMAGED = (
    "is damaged: run newsdesk repair, then newsdesk sync; where that says the same, put the archive.db of a backup in"
    " its place, or move it away and sync again"
)
_SAID: dict[int, tuple[type[ArchiveError], str]] = {
    sqlite3.SQLITE_NOTADB: (
        ArchiveFormat,
        "is not a newsdesk archive, or damaged at its very beginning: choose another folder with --archive, or put the"
        " archive.db of a backup in its place",
    ),
    sqlite3.SQLITE_CORRUPT: (ArchiveDamaged, _DAMAGED),
    sqlite3.SQLITE_READONLY: (ArchiveError, f"may not be written: change its permissions, or run as who may; {_KEPT}"),
    sqlite3.SQLITE_BUSY: (ArchiveError, f"is being changed by another process; {_KEPT}, run the command again"),
    sqlite3.SQLITE_CANTOPEN: (ArchiveError, "cannot be opened: check its folder's permissions and its disk's space"),
}
"""What each of SQLite's errors means to a person."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what is raised below an archive's file or folder into an ``ArchiveError`` that names it."""
    try:
        yield
    except sqlite3.Error as error:
        raise _of_sqlite(error, path) from error
    except UnicodeDecodeError as error:  # what SQLite would say of a damaged schema is no text any more
        raise ArchiveDamaged(f"{path} {_DAMAGED}") from error
    except OSError as error:
        raise _of_disk(error, path) from error


def of_tantivy(error: ValueError | OSError, path: Path) -> ArchiveError:
    """What tantivy, which says all in one kind of error, cannot do."""
    said = str(error)
    if "No space left" in said or "os error 28" in said or getattr(error, "errno", None) == errno.ENOSPC:
        return _full(path)
    return ArchiveError(f"{path} cannot be written ({' '.join(said.split())[:200]}); {_KEPT}, run the command again")


def _of_sqlite(error: sqlite3.Error, path: Path) -> ArchiveError:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None or code == sqlite3.SQLITE_ERROR:  # text that is none any more, or tables that are not ours
        return ArchiveDamaged(f"{path} {_DAMAGED}")
    if code & 0xFF == sqlite3.SQLITE_FULL:
        return _full(path)
    kind, what = _SAID.get(code & 0xFF, (ArchiveError, "cannot be read or written: check its disk"))
    return kind(f"{path} {what} ({error})" if kind is not ArchiveFormat else f"{path} {what}")


def _of_disk(error: OSError, path: Path) -> ArchiveError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _full(path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return ArchiveError(
            f"{error.filename or path} may not be written: change its permissions, or run as who may; {_KEPT}"
        )
    said = error.strerror or str(error)
    return ArchiveError(f"{error.filename or path}: {said}: check its disk; {_KEPT}, run the command again")


def _full(path: Path) -> ArchiveFull:
    return ArchiveFull(f"no space left for {path}: free some and run the command again; {_KEPT}")
