"""The tables of archive.db, the version of their format, and the way there from an older one."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from index.errors import ArchiveFormat
from index.store.checksums import checksum

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

FORMAT = 3
BUSY_MILLISECONDS = 30_000

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL, "check" INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    root TEXT NOT NULL, file TEXT NOT NULL, path TEXT NOT NULL, item TEXT NOT NULL,
    title TEXT NOT NULL, published TEXT, author TEXT, source TEXT, url TEXT,
    language TEXT NOT NULL, digest BLOB NOT NULL, seq INTEGER NOT NULL, "check" INTEGER NOT NULL,
    body TEXT NOT NULL, -- last: what stands behind a long value costs reading all of it
    UNIQUE (root, path, item)
);
CREATE INDEX articles_by_file ON articles (root, file);
CREATE INDEX articles_by_language ON articles (language);
CREATE INDEX articles_by_day ON articles (published);
CREATE INDEX articles_by_address ON articles (url);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (id),
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, seq INTEGER NOT NULL, "check" INTEGER NOT NULL
);
CREATE INDEX passages_by_article ON passages (article);
CREATE INDEX passages_by_seq ON passages (seq);
CREATE TABLE removals (passage INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
CREATE INDEX removals_by_seq ON removals (seq);
CREATE TABLE withdrawn (
    root TEXT NOT NULL, path TEXT NOT NULL, item TEXT NOT NULL, text BLOB, address BLOB, "check" INTEGER NOT NULL,
    PRIMARY KEY (root, path, item)
) WITHOUT ROWID;
CREATE INDEX withdrawn_by_text ON withdrawn (text);
CREATE INDEX withdrawn_by_address ON withdrawn (address);
CREATE TABLE files (
    root TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL, inode INTEGER NOT NULL,
    reading TEXT NOT NULL, hash BLOB, "check" INTEGER NOT NULL, PRIMARY KEY (root, path)
) WITHOUT ROWID;
CREATE TABLE backups (place TEXT PRIMARY KEY, made TEXT NOT NULL, "check" INTEGER NOT NULL) WITHOUT ROWID;
"""
_STORIES = """
CREATE TABLE stories (
    article INTEGER PRIMARY KEY, story INTEGER NOT NULL, day INTEGER NOT NULL, mark BLOB NOT NULL,
    correction INTEGER NOT NULL, size INTEGER NOT NULL, minima BLOB NOT NULL, facts BLOB NOT NULL,
    "check" INTEGER NOT NULL
);
CREATE INDEX stories_by_story ON stories (story, correction, day, size);
CREATE TABLE buckets (
    band INTEGER NOT NULL, day INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (band, day, article)
) WITHOUT ROWID;
"""
_VECTORS = """
CREATE TABLE {table} (
    passage INTEGER PRIMARY KEY, print BLOB NOT NULL, vector BLOB NOT NULL, "check" INTEGER NOT NULL
);
CREATE INDEX {table}_by_print ON {table} (print);
"""
_MOVES = """
DELETE FROM meta;
INSERT INTO meta SELECT name, value, checksum(name, value) FROM old_meta;
INSERT INTO articles SELECT id, root, file, path, item, title, published, author, source, url, language, digest, seq,
    checksum(id, root, file, path, item, digest, seq), body FROM old_articles;
INSERT INTO passages SELECT id, article, start, "end", seq, checksum(id, article, start, "end", seq) FROM old_passages;
INSERT INTO vectors_1 SELECT id, print, vector, checksum(id, print, vector) FROM old_passages;
INSERT INTO removals SELECT passage, seq FROM old_removals;
INSERT INTO withdrawn SELECT root, path, item, NULL, NULL, checksum(root, path, item, NULL, NULL) FROM old_withdrawn;
INSERT INTO files SELECT root, path, size, mtime, inode, reading, NULL,
    checksum(root, path, size, mtime, inode, reading, NULL) FROM old_files;
DELETE FROM sqlite_sequence WHERE name IN ('articles', 'passages');
INSERT INTO sqlite_sequence SELECT substr(name, 5), seq FROM sqlite_sequence WHERE name LIKE 'old@_%' ESCAPE '@';
"""
_OLD = ("meta", "articles", "passages", "removals", "withdrawn", "files")
_NAMES = {1: {*_OLD}, 2: {*_OLD, "backups"}, 3: {*_OLD, "backups", "stories", "buckets"}}

CHECKS = {
    "meta": "name, value",
    "articles": "id, root, file, path, item, digest, seq",
    "passages": 'id, article, start, "end", seq',
    "withdrawn": "root, path, item, text, address",
    "files": "root, path, size, mtime, inode, reading, hash",
    "backups": "place, made",
    "stories": "article, story, day, mark, correction, size, minima, facts",
}
"""The columns that each table's checksum is of; an article's digest is of all the others.

Buckets have none: what they hold follows from the stories.
"""
VECTORS_CHECK = "passage, print, vector"


def set_up(connection: sqlite3.Connection) -> None:
    """What every connection to an archive has, a reader's and a writer's."""
    connection.create_function("checksum", -1, checksum, deterministic=True)
    for pragma in (
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA trusted_schema = OFF")  # an archive from elsewhere runs nothing
    connection.execute("PRAGMA cell_size_check = ON")


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """The format of a database: 0 of an empty one.

    Raises:
        ArchiveFormat: the format is newer than this program's, or the tables are not newsdesk's.

    """
    connection.execute("BEGIN")  # another process may be making the tables: both facts are of one moment
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    schema = connection.execute("SELECT name, type FROM sqlite_master").fetchall()
    connection.execute("COMMIT")
    if version > FORMAT:
        raise ArchiveFormat(
            f"{path} was written by a newer newsdesk (format {version}, this one reads {FORMAT}); upgrade"
        )
    foreign = any(kind in ("trigger", "view") for _, kind in schema)
    wanted = _NAMES.get(version)
    if schema and (foreign or wanted is None or not {str(name) for name, _ in schema} >= wanted):
        raise ArchiveFormat(f"{path} is not a newsdesk archive; choose another folder with --archive")
    return version


def make(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty database."""
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # what a re-encoding leaves can be given back
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():  # else another was faster
            _make(connection)
        connection.execute("COMMIT")
    except BaseException:
        roll_back(connection)
        raise


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a database of an older format to this one, in one transaction; nothing is encoded again.

    Until the next sync, which finds out what stories they tell, every article is a story of its own.
    """
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version == 1:
            _migrate_first(connection)
        elif version < FORMAT:  # else another was faster
            _each(connection, _STORIES)
            connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute("COMMIT")
    except BaseException:
        roll_back(connection)
        raise
    connection.execute("PRAGMA foreign_keys = ON")


def _migrate_first(connection: sqlite3.Connection) -> None:
    """From format 1: every table is made anew."""
    indexes = connection.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    for (name,) in indexes.fetchall():
        connection.execute(f'DROP INDEX "{name}"')
    for name in _OLD:
        connection.execute(f"ALTER TABLE {name} RENAME TO old_{name}")
    _make(connection)
    _each(connection, _MOVES)
    bytes_each = connection.execute("SELECT length(vector) FROM vectors_1 LIMIT 1").fetchone()
    facts = (*_first_facts(), *((("dimension", str(bytes_each[0] // 2)),) if bytes_each else ()))
    for name, value in facts:
        connection.execute("INSERT INTO meta VALUES (?, ?, ?)", (name, value, checksum(name, value)))
    for name in reversed(_OLD):
        connection.execute(f"DROP TABLE old_{name}")


def make_vectors(connection: sqlite3.Connection, table: str) -> None:
    """Make a table for vectors of one encoder."""
    _each(connection, _VECTORS.format(table=table))


def roll_back(connection: sqlite3.Connection) -> None:
    """Undo an open transaction; a full disk has SQLite do so by itself."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _make(connection: sqlite3.Connection) -> None:
    _each(connection, _TABLES)
    _each(connection, _STORIES)
    make_vectors(connection, "vectors_1")
    for name, value in _first_facts():
        connection.execute("INSERT INTO meta VALUES (?, ?, ?)", (name, value, checksum(name, value)))
    connection.execute(f"PRAGMA user_version = {FORMAT}")


def _first_facts() -> tuple[tuple[str, str], ...]:
    """An archive's name for itself, which a copy shares, and the table that holds its vectors."""
    return ("archive", uuid.uuid4().hex), ("vectors", "1")


def _each(connection: sqlite3.Connection, script: str) -> None:
    """Run statements inside the open transaction, which ``executescript`` would commit first."""
    for statement in script.split(";\n"):
        if statement.strip():
            connection.execute(statement)
