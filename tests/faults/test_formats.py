"""An archive of an older format is brought to this one, whole or not at all; a newer one is left alone."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from faults.work import opened
from toys import ToyEncoder

from index.errors import ArchiveFormat, NewsdeskError
from index.store import lexical, manifest, schema
from index.store.catalog import Catalog

if TYPE_CHECKING:
    from index import Archive

FORMAT_1 = Path(__file__).with_name("format-1")
"""An archive of format 1: its database as newsdesk wrote it, with five articles, and one removed by hand."""
FORMAT_2 = Path(__file__).with_name("format-2")
"""One of format 2, as newsdesk wrote it: three articles of one story, two of another kind, and one removed by hand."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(FORMAT_1, tmp_path / "archive")
    return tmp_path / "archive"


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    """What a query of the database gives."""
    with closing(sqlite3.connect(folder / "archive.db")) as connection:
        return connection.execute(query).fetchall()


def digest(folder: Path) -> str:
    """Of the database's bytes."""
    return hashlib.sha256((folder / "archive.db").read_bytes()).hexdigest()


def tables(folder: Path) -> set[object]:
    """Names of tables and indexes."""
    return {row[0] for row in rows(folder, "SELECT name FROM sqlite_master")}


def columns() -> dict[str, str]:
    """What a table of format 1 shares with this format's."""
    return {
        "articles": "id, root, file, path, item, title, published, author, source, url, language, digest, seq, body",
        "passages": 'id, article, start, "end", seq',
        "removals": "passage, seq",
        "withdrawn": "root, path, item",
        "files": "root, path, size, mtime, inode, reading",
    }


def write_files(folder: Path, archive: Archive) -> Path:
    """Write the articles' files anew: those that are there, as they read, below another folder."""
    for passage in archive.all_passages():
        article = passage.article
        path = folder / article.key.path
        path.parent.mkdir(parents=True, exist_ok=True)
        head = [f"title: {article.title}", f"language: {article.language}"]
        head += [f"date: {article.published}"] if article.published else []
        head += [f"url: {article.url}"] if article.url else []
        path.write_text("---\n" + "\n".join(head) + f"\n---\n\n{article.body}\n", "utf-8")
    return folder


def test_the_fixture_is_of_format_1() -> None:
    """Else the tests below would say nothing."""
    with closing(sqlite3.connect(FORMAT_1 / "archive.db")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT COUNT(*) FROM articles").fetchone() == (5,)
        assert connection.execute("SELECT COUNT(*) FROM withdrawn").fetchone() == (1,)


def test_every_article_is_found(folder: Path) -> None:
    """Each by a word of its own headline, without one passage being encoded again; nothing is damaged."""
    encoder = ToyEncoder()
    with opened(folder, encoder=encoder) as archive:
        assert encoder.encoded == []
        assert archive.stats().articles == 5
        for passage in archive.all_passages():
            found = archive.search(f"{passage.article.title} {passage.text}")[0]
            assert found.article == passage.article
        assert encoder.encoded == []
        assert archive.verify(deep=True).damages == ()


def test_nothing_is_changed_but_the_form(folder: Path) -> None:
    """Every row is there, with all that it said; the ids that were given are not given again."""
    before = {table: rows(folder, f"SELECT {names} FROM {table} ORDER BY 1, 2") for table, names in columns().items()}  # noqa: S608
    vectors = rows(folder, "SELECT id, print, vector FROM passages ORDER BY id")
    given = rows(folder, "SELECT name, seq FROM sqlite_sequence ORDER BY name")
    facts = dict(rows(folder, "SELECT name, value FROM meta"))
    opened(folder).close()
    after = {table: rows(folder, f"SELECT {names} FROM {table} ORDER BY 1, 2") for table, names in columns().items()}  # noqa: S608
    assert after == before
    assert rows(folder, "SELECT passage, print, vector FROM vectors_1 ORDER BY passage") == vectors
    assert rows(folder, "SELECT name, seq FROM sqlite_sequence ORDER BY name") == given
    now = dict(rows(folder, "SELECT name, value FROM meta"))
    assert {name: now[name] for name in facts} == facts
    assert now["dimension"] == "64"
    assert rows(folder, "PRAGMA user_version") == [(schema.FORMAT,)]


def test_it_has_the_tables_of_a_new_archive(folder: Path, tmp_path: Path) -> None:
    """Neither more nor less, and none of them with an old one's name."""
    opened(folder).close()
    opened(tmp_path / "new", create=True).close()
    assert tables(folder) == tables(tmp_path / "new")
    definitions = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
    assert rows(folder, definitions) == rows(tmp_path / "new", definitions)


def test_what_was_withdrawn_stays_out(folder: Path, tmp_path: Path) -> None:
    """When its file is synced again from where it was; the others are taken in."""
    ((root, path, _),) = rows(folder, "SELECT root, path, item FROM withdrawn")
    place = tmp_path / "articles"
    with closing(sqlite3.connect(folder / "archive.db")) as connection:  # as if the archive had been made from here
        for table in ("articles", "withdrawn", "files"):
            connection.execute(f"UPDATE {table} SET root = ? WHERE root = ?", (str(place), root))  # noqa: S608
        connection.commit()
    with opened(folder) as archive:
        write_files(place, archive)
        (place / str(path)).parent.mkdir(parents=True, exist_ok=True)
        (place / str(path)).write_text("---\ntitle: Back again\n---\n\nThe article that was taken out came back.\n")
        report = archive.sync([place], allow_removal=True)
        assert [refusal.path for refusal in report.refused] == [path]
        assert report.removed == 0
        assert path not in {passage.article.key.path for passage in archive.all_passages()}
        assert archive.stats().articles == 5
        assert archive.verify().damages == ()


def test_it_goes_on_like_any_archive(folder: Path, tmp_path: Path) -> None:
    """It can be synced, encoded again, backed up and repaired."""
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "new.md").write_text("---\ntitle: The lighthouse\n---\n\nThe lighthouse was sold on Monday.\n")
    with opened(folder) as archive:
        assert archive.sync([tmp_path / "more"]).added == 1
        assert archive.search("lighthouse")[0].article.key.path == "new.md"
        assert archive.reencode(ToyEncoder("another")) == archive.stats().passages
        archive.backup(tmp_path / "backup")
        archive.repair()
        assert archive.verify(deep=True).damages == ()
        assert archive.stats().articles == 6


def test_what_was_derived_in_format_1_goes(folder: Path) -> None:
    """Its indexes are of no use any more; they are deleted when the new ones are made."""
    (folder / "lexical-1").mkdir()
    (folder / "lexical-1" / "meta.json").write_text("{}")
    for name in ("dense.json", "dense-7.faiss", "dense.json.new"):
        (folder / name).write_bytes(b"an index")
    with opened(folder) as archive:
        archive.search("bridge")
    assert {path.name for path in folder.iterdir()} - {"archive.db-wal", "archive.db-shm"} == {
        "archive.db",
        "archive.lock",
        "derived",
    }


class Interrupting(sqlite3.Connection):
    """A connection that fails at its n-th statement; ``ran`` counts them."""

    stop_at = 10**9
    ran = 0

    def execute(self, *args: object, **rest: object) -> sqlite3.Cursor:  # type: ignore[override]
        """As a connection does, until it fails as a disk does."""
        type(self).ran += 1
        if type(self).ran == type(self).stop_at:
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(*args, **rest)  # type: ignore[arg-type]


def test_an_interrupted_migration_leaves_format_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever of its statements fails; the next time it is done, and loses nothing."""
    connect = sqlite3.connect

    def interrupting(path: Path, **rest: object) -> sqlite3.Connection:
        return connect(path, factory=Interrupting, **rest)  # type: ignore[call-overload, no-any-return]

    def migrate(at: int) -> Path:
        folder = tmp_path / str(at)
        shutil.copytree(FORMAT_1, folder)
        Interrupting.stop_at, Interrupting.ran = at, 0
        with monkeypatch.context() as patch:
            patch.setattr(sqlite3, "connect", interrupting)
            Catalog.open(folder / "archive.db").close()
        return folder

    before = sorted(rows(FORMAT_1, "SELECT * FROM articles"))
    migrate(0)
    statements = Interrupting.ran
    assert statements > 30
    for at in range(1, statements + 1, 3):
        with pytest.raises(NewsdeskError):
            migrate(at)
        folder = tmp_path / str(at)
        version = rows(folder, "PRAGMA user_version")
        if version == [(1,)]:
            assert tables(folder) == tables(FORMAT_1)
            assert sorted(rows(folder, "SELECT * FROM articles")) == before
        else:
            assert at == statements  # all was done but the last
        Interrupting.stop_at = 0
        with opened(folder) as archive:
            assert archive.stats().articles == 5
            assert archive.verify(deep=True).damages == ()
        shutil.rmtree(folder)


def test_two_processes_may_migrate_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that comes later finds it done."""
    migrate = schema.migrate

    def slower(connection: sqlite3.Connection) -> None:
        monkeypatch.setattr(schema, "migrate", migrate)
        opened(folder).close()  # the other, which is faster
        migrate(connection)

    monkeypatch.setattr(schema, "migrate", slower)
    with opened(folder) as archive:
        assert archive.verify(deep=True).damages == ()
        assert archive.stats().articles == 5
    assert rows(folder, "SELECT COUNT(*) FROM meta WHERE name = 'archive'") == [(1,)]


def test_a_newer_format_is_left_alone(folder: Path) -> None:
    """The error says to upgrade; not a byte is changed."""
    opened(folder).close()
    with closing(sqlite3.connect(folder / "archive.db")) as connection:
        connection.execute(f"PRAGMA user_version = {schema.FORMAT + 1}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = digest(folder)
    with pytest.raises(
        ArchiveFormat, match=r"was written by a newer newsdesk \(format 4, this one reads 3\); upgrade$"
    ):
        opened(folder)
    assert digest(folder) == before


def test_a_damaged_archive_of_format_1_is_not_migrated_into_a_sound_one(folder: Path) -> None:
    """What was no longer what was written is told after the migration too."""
    with closing(sqlite3.connect(folder / "archive.db")) as connection:
        connection.execute(
            "UPDATE articles SET body = replace(body, 'e', 'a') WHERE id = (SELECT MIN(id) FROM articles)"
        )
        connection.commit()
    with opened(folder) as archive:
        (damage,) = archive.verify().damages
        assert "is not as it was written" in damage.what


def test_an_index_of_words_of_another_format_is_made_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It lies in a folder of another name, and is never opened."""
    with monkeypatch.context() as patch:
        patch.setattr(lexical, "_FOLDER", "lexical-3")
        patch.setattr(lexical, "_RECORD", "lexical-3.json")
        with opened(folder) as archive:
            archive.search("bridge")
    assert (folder / "derived" / "lexical-3" / "meta.json").exists()
    with opened(folder) as archive:
        assert len(held_titles(archive)) == 5
        assert archive.verify().damages == ()
    assert (folder / "derived" / "lexical-3" / "meta.json").exists()


def held_titles(archive: Archive) -> set[str]:
    """Headlines of the articles that are found by them."""
    titles = {passage.article.title for passage in archive.all_passages()}
    return {title for title in titles if archive.search(title)[0].article.title == title}


def test_a_base_of_another_format_is_not_opened(folder: Path) -> None:
    """Its vectors are read from the database."""
    from index.store import folding  # noqa: PLC0415 - of this test alone

    with opened(folder) as archive:
        archive.search("bridge")
        assert folding.fold(folder, catalog=archive._catalog)  # noqa: SLF001 - which a large archive does itself
    (record,) = (folder / "derived").glob("dense-*.json")
    facts = manifest.read(record)
    assert facts is not None
    manifest.write(record, {**facts, "format": 3})
    (file,) = (folder / "derived").glob("dense-*.ivf")
    file.write_bytes(b"nothing that faiss can read")
    with opened(folder) as archive:
        assert len(held_titles(archive)) == 5


@pytest.fixture(name="second")
def _second(tmp_path: Path) -> Path:
    """A copy of the archive of format 2."""
    shutil.copytree(FORMAT_2, tmp_path / "archive")
    return tmp_path / "archive"


def stories(folder: Path) -> list[set[str]]:
    """The stories of an archive, as the names of their articles, the largest first."""
    with closing(Catalog.open(folder / "archive.db")) as catalog:
        passages = {passage.id: passage.article.key.path for passage in catalog.added_since(0)}
        found: dict[int, set[str]] = {}
        for passage, place in catalog.places(list(passages)).items():
            found.setdefault(place.story, set()).add(passages[passage])
    return sorted(found.values(), key=lambda names: (-len(names), sorted(names)))


def test_nothing_of_format_2_is_changed(second: Path) -> None:
    """Every table of it has the rows it had, and its facts; there are two more, which are empty."""
    held = ("articles", "passages", "vectors_1", "removals", "withdrawn", "files", "backups", "meta")
    before = {table: rows(second, f"SELECT * FROM {table} ORDER BY 1, 2") for table in held}  # noqa: S608
    assert rows(second, "PRAGMA user_version") == [(2,)]
    opened(second).close()
    assert {table: rows(second, f"SELECT * FROM {table} ORDER BY 1, 2") for table in held} == before  # noqa: S608
    assert rows(second, "PRAGMA user_version") == [(schema.FORMAT,)]
    assert rows(second, "SELECT COUNT(*) FROM stories") == rows(second, "SELECT COUNT(*) FROM buckets") == [(0,)]


def test_an_archive_of_format_2_answers_at_once(second: Path) -> None:
    """Before any sync every article is a story of its own, is found, and is not encoded again."""
    encoder = ToyEncoder()
    with opened(second, encoder=encoder) as archive:
        assert len(held_titles(archive)) == 5
        assert encoder.encoded == []
        assert archive.verify(deep=True).damages == ()
    assert [len(names) for names in stories(second)] == [1] * 5


@pytest.mark.parametrize("fixture", [FORMAT_1, FORMAT_2], ids=["format 1", "format 2"])
def test_the_next_sync_finds_the_stories(tmp_path: Path, fixture: Path) -> None:
    """A sync of any folder, and once: it finds the stories of what is there, and encodes none of it."""
    shutil.copytree(fixture, tmp_path / "archive")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "new.md").write_text("---\ntitle: The lighthouse\n---\n\nThe lighthouse was sold on Monday.\n")
    encoder = ToyEncoder()
    for _ in range(2):
        with opened(tmp_path / "archive", encoder=encoder) as archive:
            archive.sync([tmp_path / "more"])
            assert archive.verify().damages == ()
        assert [text.partition("\n")[0] for text in encoder.encoded if "lighthouse" not in text] == []
        told = {
            "2019-11-04-orrin-flood.md",
            "2019-11-05-orrin-update.md",
            "wire/2019-11-04-orrin.md",
        }
        sizes = [3, 1, 1, 1] if fixture == FORMAT_2 else [1] * 6
        found = stories(tmp_path / "archive")
        assert [len(names) for names in found] == sizes
        assert fixture == FORMAT_1 or found[0] == told
        encoder.encoded.clear()


def test_an_archive_of_format_2_goes_on_like_any_other(second: Path, tmp_path: Path) -> None:
    """It can be repaired, backed up and encoded again, and what was removed by hand stays out."""
    with opened(second) as archive:
        archive.repair()
        archive.backup(tmp_path / "backup")
        assert archive.reencode(ToyEncoder("another")) == archive.stats().passages
        assert archive.verify(deep=True).damages == ()
        assert archive.stats().articles == 5
    assert rows(second, "SELECT path FROM withdrawn") == [("2019-11-08-gone.md",)]


def test_a_migration_from_format_2_that_fails_leaves_format_2(second: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not one of the new tables is left behind, and the next opening does it whole."""
    before = tables(second)
    with monkeypatch.context() as patch:
        patch.setattr(schema, "_STORIES", f"{schema._STORIES};\nDELETE FROM nowhere")  # noqa: SLF001
        with pytest.raises(NewsdeskError):
            opened(second)
    assert tables(second) == before
    assert rows(second, "PRAGMA user_version") == [(2,)]
    with opened(second) as archive:
        assert archive.stats().articles == 5


def test_the_fixtures_are_untouched() -> None:
    """The tests above work on copies."""
    for version, fixture in enumerate((FORMAT_1, FORMAT_2), 1):
        assert {path.name for path in fixture.iterdir()} == {"archive.db"}
        assert rows(fixture, "PRAGMA user_version") == [(version,)]
