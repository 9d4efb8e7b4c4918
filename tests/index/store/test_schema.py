"""The tables: made once, refused where they are another program's or a newer newsdesk's."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from toys import article

from index.errors import ArchiveDamaged, ArchiveError, ArchiveFormat
from index.store import schema
from index.store.catalog import Catalog


def test_a_new_database_survives_a_crash_and_many_readers(tmp_path: Path) -> None:
    """It is of this format, with a write-ahead log, flushed at every change, with foreign keys and half a minute."""
    with closing(Catalog.open(tmp_path / "archive.db")) as catalog:
        facts = ("user_version", "journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        values = [catalog.connection.execute(f"PRAGMA {fact}").fetchone()[0] for fact in facts]
        assert values == [schema.FORMAT, "wal", 2, 1, 30_000]


def test_every_connection_overwrites_what_it_deletes_and_trusts_no_schema(tmp_path: Path) -> None:
    """The first that made the tables, and every later one."""
    for _ in range(2):
        with closing(Catalog.open(tmp_path / "archive.db")) as catalog:
            facts = ("secure_delete", "trusted_schema", "cell_size_check", "auto_vacuum")
            values = [catalog.connection.execute(f"PRAGMA {fact}").fetchone()[0] for fact in facts]
            assert values == [1, 0, 1, 2]


def test_preparing_again_keeps_what_is_there(tmp_path: Path) -> None:
    """A second opening finds what the first wrote."""
    path = tmp_path / "archive.db"
    with closing(Catalog.open(path)) as catalog, catalog.change():
        catalog.set("encoder", "toy")
    with closing(Catalog.open(path)) as catalog:
        assert catalog.get("encoder") == "toy"
        assert catalog.seq == 1


def test_two_processes_may_begin_an_archive_at_once(tmp_path: Path) -> None:
    """Tables that another connection made between the look and the making are no error, and are kept."""
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as slow:
        schema.set_up(slow)
        assert schema.version_of(slow, path) == 0
        with closing(Catalog.open(path)) as fast, fast.change():
            fast.set("encoder", "toy")
        schema.make(slow)
        assert slow.execute("SELECT value FROM meta WHERE name = 'encoder'").fetchone() == ("toy",)
        assert schema.version_of(slow, path) == schema.FORMAT


def test_two_processes_may_migrate_an_archive_at_once(old: Path) -> None:
    """Whoever comes second finds it done, and changes nothing."""
    with closing(sqlite3.connect(old, isolation_level=None)) as slow:
        schema.set_up(slow)
        assert schema.version_of(slow, old) == 1
        Catalog.open(old).close()
        before = slow.execute("SELECT * FROM meta ORDER BY name").fetchall()
        schema.migrate(slow)
        assert slow.execute("SELECT * FROM meta ORDER BY name").fetchall() == before
        assert slow.execute("SELECT COUNT(*) FROM articles").fetchone() == (5,)


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    """The error says which format it is, which this program reads, and to upgrade; the file is left as it was."""
    path = tmp_path / "archive.db"
    Catalog.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 7")
    before = path.read_bytes()
    with pytest.raises(ArchiveFormat, match=r"by a newer newsdesk \(format 7, this one reads 3\); upgrade"):
        Catalog.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", [0, 1, 2, 3])
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
    with pytest.raises(ArchiveDamaged, match=r"archive\.db is damaged: run newsdesk repair, then newsdesk sync"):
        Catalog.open(path)


def test_an_empty_file_becomes_an_archive(tmp_path: Path) -> None:
    """What a crash at the very first moment leaves is begun again."""
    path = tmp_path / "archive.db"
    path.touch()
    with closing(Catalog.open(path)) as catalog:
        assert catalog.count("articles") == 0


FOREIGN = [
    "CREATE TRIGGER spy AFTER INSERT ON articles BEGIN DELETE FROM withdrawn; END",
    "CREATE VIEW shadow AS SELECT * FROM articles",
    "CREATE TEMP TABLE apart (x); DROP TABLE backups",
    "CREATE TEMP TABLE apart (x); DROP TABLE buckets",
]


@pytest.mark.parametrize("statement", FOREIGN, ids=["trigger", "view", "missing table", "missing buckets"])
def test_a_schema_that_is_not_ours_is_refused(tmp_path: Path, statement: str) -> None:
    """An archive from elsewhere with a trigger or a view in it, or without one of the tables, is not opened."""
    path = tmp_path / "archive.db"
    Catalog.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(statement)
    with pytest.raises(ArchiveFormat, match="is not a newsdesk archive"):
        Catalog.open(path)


@pytest.mark.parametrize("statement", FOREIGN[:2], ids=["trigger", "view"])
def test_an_old_archive_with_code_in_it_is_not_migrated(old: Path, statement: str) -> None:
    """A trigger or a view is refused before anything is moved."""
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript(statement)
    before = old.read_bytes()
    with pytest.raises(ArchiveFormat, match="is not a newsdesk archive"):
        Catalog.open(old)
    assert old.read_bytes() == before


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database of format 1: five articles, and one that was removed by hand."""
    path = tmp_path / "archive.db"
    path.write_bytes((Path(__file__).parents[2] / "faults" / "format-1" / "archive.db").read_bytes())
    return path


def columns(path: Path, query: str) -> list[tuple[object, ...]]:
    """What a query of the database gives."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_an_older_format_keeps_every_value(old: Path) -> None:
    """Articles, passages, vectors, files and removals are as they were, each row with a checksum that fits."""
    shared = {
        "articles": "id, root, file, path, item, title, published, author, source, url, language, digest, seq, body",
        "passages": 'id, article, start, "end", seq',
        "removals": "passage, seq",
        "withdrawn": "root, path, item",
        "files": "root, path, size, mtime, inode, reading",
    }
    queries = {table: f"SELECT {names} FROM {table} ORDER BY 1, 2" for table, names in shared.items()}  # noqa: S608
    before = {table: columns(old, query) for table, query in queries.items()}
    vectors = columns(old, "SELECT id, print, vector FROM passages ORDER BY 1")
    with closing(Catalog.open(old)) as catalog:
        for table, names in schema.CHECKS.items():
            wrong = f'SELECT COUNT(*) FROM {table} WHERE "check" IS NOT checksum({names})'  # noqa: S608
            assert catalog.connection.execute(wrong).fetchone() == (0,), table
        wrong = f'SELECT COUNT(*) FROM vectors_1 WHERE "check" IS NOT checksum({schema.VECTORS_CHECK})'  # noqa: S608
        assert catalog.connection.execute(wrong).fetchone() == (0,)
        assert [passage.id for passage in catalog.added_since(0)] == list(range(3, 13))
        facts = [catalog.get(name) for name in ("encoder", "encoder_name", "dimension", "vectors", "seq")]
        assert facts == ["toy", "ToyEncoder", "64", "1", "4"]
        assert len(catalog.get("archive") or "") == 32
    assert {table: columns(old, query) for table, query in queries.items()} == before
    assert columns(old, "SELECT passage, print, vector FROM vectors_1 ORDER BY 1") == vectors
    assert columns(old, "PRAGMA user_version") == [(schema.FORMAT,)]
    assert columns(old, "PRAGMA integrity_check") == [("ok",)]
    assert columns(old, "PRAGMA foreign_key_check") == []


def test_a_migrated_archive_is_made_like_a_new_one(tmp_path: Path, old: Path) -> None:
    """The same tables and indexes, with the same statements, and none of the old ones."""
    (tmp_path / "new").mkdir()
    Catalog.open(tmp_path / "new" / "archive.db").close()
    Catalog.open(old).close()
    query = "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2"
    assert columns(old, query) == columns(tmp_path / "new" / "archive.db", query)


@pytest.mark.parametrize("version", [1, 2])
def test_every_older_format_is_migrated_to_the_same_tables(tmp_path: Path, version: int) -> None:
    """With the same statements as a new archive has; the rows of the articles are there, and no story yet."""
    source = Path(__file__).parents[2] / "faults" / f"format-{version}" / "archive.db"
    (tmp_path / "archive.db").write_bytes(source.read_bytes())
    count = columns(source, "SELECT COUNT(*) FROM articles")
    assert columns(source, "PRAGMA user_version") == [(version,)]
    Catalog.open(tmp_path / "archive.db").close()
    Catalog.open(tmp_path / "new.db").close()
    query = "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2"
    assert columns(tmp_path / "archive.db", query) == columns(tmp_path / "new.db", query)
    assert columns(tmp_path / "archive.db", "SELECT COUNT(*) FROM articles") == count
    assert columns(tmp_path / "archive.db", "SELECT COUNT(*) FROM stories") == [(0,)]
    assert columns(tmp_path / "archive.db", "PRAGMA integrity_check") == [("ok",)]


def test_ids_go_on_after_a_migration(old: Path) -> None:
    """A new article and its passages have ids that none had before, those of removed ones among them."""
    with closing(Catalog.open(old)) as catalog:
        with catalog.change() as seq:
            catalog.remove([6], seq)
            catalog.put(article("Text."), "a.txt", [(0, 5)], [b"p"], np.ones((1, 64), dtype=np.float32), seq)
        ids = catalog.connection.execute("SELECT id FROM articles ORDER BY id DESC LIMIT 1").fetchone()
        assert (seq, ids, [passage.id for passage in catalog.added_since(4)]) == (5, (7,), [13])


def test_what_was_withdrawn_before_stays_out_by_its_key(old: Path) -> None:
    """An older newsdesk kept no trace of its text; the key is enough for the file it came from."""
    with closing(Catalog.open(old)) as catalog:
        name = "2017-03-02-port-ellery-tram-approved.md"
        assert catalog.files.is_withdrawn(article("Any.", root="/srv/articles", path=name))
        assert not catalog.files.is_withdrawn(article("Any.", root="/srv/articles", path="other.md"))


def test_an_empty_archive_of_the_older_format_is_migrated(old: Path) -> None:
    """Without a vector there is no dimension yet."""
    with closing(sqlite3.connect(old)) as connection, connection:
        for table in ("passages", "articles", "meta"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608
    with closing(Catalog.open(old)) as catalog:
        assert (catalog.count("articles"), catalog.get("dimension"), catalog.seq) == (0, None, 0)


def test_a_migration_that_fails_leaves_the_old_archive(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it ends half way, the tables are the old ones, and the next opening does it whole."""
    before = columns(old, "SELECT name, sql FROM sqlite_master")
    with monkeypatch.context() as patch:
        patch.setattr(schema, "_MOVES", f"{schema._MOVES};\nDELETE FROM nowhere")  # noqa: SLF001
        with pytest.raises(ArchiveError, match=r"archive\.db"):
            Catalog.open(old)
    assert columns(old, "SELECT name, sql FROM sqlite_master") == before
    assert columns(old, "PRAGMA user_version") == [(1,)]
    with closing(Catalog.open(old)) as catalog:
        assert catalog.count("articles") == 5
