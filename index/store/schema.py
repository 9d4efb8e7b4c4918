"""The tables of archive.db and the version of their format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import ArchiveFormat

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

FORMAT = 1

_NAMES = frozenset({"articles", "files", "meta", "passages", "removals", "withdrawn"})
_TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS articles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    root TEXT NOT NULL, file TEXT NOT NULL, path TEXT NOT NULL, item TEXT NOT NULL,
    title TEXT NOT NULL, published TEXT, author TEXT, source TEXT, url TEXT,
    language TEXT NOT NULL, digest BLOB NOT NULL, seq INTEGER NOT NULL,
    body TEXT NOT NULL, -- last: what stands behind a long value costs reading all of it
    UNIQUE (root, path, item)
);
CREATE INDEX IF NOT EXISTS articles_by_file ON articles (root, file);
CREATE INDEX IF NOT EXISTS articles_by_language ON articles (language);
CREATE INDEX IF NOT EXISTS articles_by_day ON articles (published);
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (id),
    start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    print BLOB NOT NULL, vector BLOB NOT NULL, seq INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS passages_by_article ON passages (article);
CREATE INDEX IF NOT EXISTS passages_by_print ON passages (print);
CREATE INDEX IF NOT EXISTS passages_by_seq ON passages (seq);
CREATE TABLE IF NOT EXISTS removals (passage INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS removals_by_seq ON removals (seq);
CREATE TABLE IF NOT EXISTS withdrawn (
    root TEXT NOT NULL, path TEXT NOT NULL, item TEXT NOT NULL, PRIMARY KEY (root, path, item)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (
    root TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL, inode INTEGER NOT NULL,
    reading TEXT NOT NULL, PRIMARY KEY (root, path)
) WITHOUT ROWID;
"""


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Set a connection up, making the tables where there are none.

    Raises:
        ArchiveFormat: the tables are of a newer format, or not newsdesk's.

    """
    connection.execute("PRAGMA busy_timeout = 30000")
    connection.execute("BEGIN")  # another process may be making the tables: both facts are of one moment
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    names = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master")}
    connection.execute("COMMIT")
    if version > FORMAT:
        raise ArchiveFormat(
            f"{path} was written by a newer newsdesk (format {version}, this one reads {FORMAT}); upgrade"
        )
    if names and not (version and names >= _NAMES):
        raise ArchiveFormat(f"{path} is not a newsdesk archive; choose another folder with --archive")
    if not names:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {FORMAT}; COMMIT;")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
