"""Finding damage: nothing is reported of a whole archive, each kind of damage is, and nothing is changed."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest
from faults import corpus
from faults.work import opened
from toys import ToyEncoder, article

from index.store import folding, schema
from index.store.catalog import Catalog
from index.store.checksums import checksum

if TYPE_CHECKING:
    from pathlib import Path

    from index.domain import Damage

COUNT = 12
"""Articles, a passage each."""


@pytest.fixture(scope="module", name="template")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with articles and an archive of them; not to be changed."""
    folder = tmp_path_factory.mktemp("verify")
    corpus.write(folder / "articles", dict(list(corpus.before().items())[:COUNT]))
    with opened(folder / "archive", create=True) as archive:
        archive.sync([folder / "articles"])
        archive.backup(folder / "backup")
        archive.remove("3/11.md")
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """An archive whose derived files are in step."""
    shutil.copytree(template / "archive", tmp_path / "archive")
    with opened(tmp_path / "archive") as archive:
        archive.search("bridge")
    return tmp_path / "archive"


@pytest.fixture
def folded(folder: Path) -> Path:
    """An archive with a base of dense search, as only a large one has."""
    with closing(Catalog.open(folder / "archive.db")) as catalog:
        assert folding.fold(folder, catalog=catalog)
    return folder


def found(folder: Path, *, deep: bool = False, encoder: ToyEncoder | None = None) -> tuple[Damage, ...]:
    """The damages of an archive, none of which a look has made or mended."""
    before = state(folder)
    with opened(folder, encoder=encoder) as archive:
        damages = archive.verify(deep=deep).damages
    assert state(folder) == before
    return damages


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Digest and inode of every file, the log's and the index of the log apart, which an open connection makes."""
    return {
        path.relative_to(folder).as_posix(): (hashlib.sha256(path.read_bytes()).digest(), path.stat().st_ino)
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


def told(folder: Path, *, deep: bool = False) -> list[str]:
    """What the damages are, of which none is derived."""
    damages = found(folder, deep=deep)
    assert {(each.where, each.derived) for each in damages} <= {("archive.db", False)}
    return [each.what for each in damages]


def run(folder: Path, statement: str, *values: object) -> None:
    """Change the database behind the archive's back."""
    with closing(sqlite3.connect(folder / "archive.db", isolation_level=None)) as connection:
        schema.set_up(connection)
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(statement, values)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def flip(file: Path, at: int, bit: int = 0) -> None:
    """Flip one bit, in place."""
    with file.open("r+b") as stream:
        stream.seek(at)
        byte = stream.read(1)[0]
        stream.seek(at)
        stream.write(bytes([byte ^ 1 << bit]))


def test_a_whole_archive_has_no_damage(folder: Path) -> None:
    """What was read is counted; a deep look encodes its sample again."""
    encoder = ToyEncoder()
    with opened(folder, encoder=encoder) as archive:
        health = archive.verify()
        assert (health.articles, health.passages, health.damages, health.encoded) == (COUNT - 1, COUNT - 1, (), 0)
        assert encoder.encoded == []
        deep = archive.verify(deep=True)
    assert (deep.damages, deep.encoded) == ((), COUNT - 1)
    assert len(encoder.encoded) == COUNT - 1


def test_an_empty_archive_has_no_damage(tmp_path: Path) -> None:
    """Also of one that has no encoder yet nor any derived file."""
    with opened(tmp_path / "archive", create=True) as archive:
        health = archive.verify(deep=True)
    assert (health.articles, health.passages, health.damages, health.encoded) == (0, 0, (), 0)


def test_no_damage_is_found_after_any_change(folder: Path, tmp_path: Path) -> None:
    """Sync, add, remove, re-encode and readmit leave an archive that a deep look finds whole."""
    articles = tmp_path / "articles"
    corpus.write(articles, dict(list(corpus.after().items())[:20]))
    with opened(folder) as archive:
        for change in (
            lambda: archive.sync([articles], allow_removal=True),
            lambda: archive.add([article("The lighthouse keeper left. " * 40, path="keeper.txt")]),
            lambda: archive.remove("keeper.txt"),
            archive.readmit,
            lambda: archive.reencode(ToyEncoder("another")),
            lambda: archive.add([article("The lighthouse was sold.", path="sold.txt")]),
        ):
            change()
            health = archive.verify(deep=True)
            assert health.damages == ()
            assert health.encoded == health.passages > COUNT - 2


def test_no_damage_is_found_beside_a_base(folded: Path) -> None:
    """Nor once passages were added that are not in it, and removed that are, before and after folding again."""
    assert found(folded, deep=True) == ()
    with opened(folded) as archive:
        archive.add([article("The lighthouse was sold.", path="sold.txt")])
        archive.remove("0/00.md")
    assert list((folded / "derived").glob("dense-*.ivf"))
    assert found(folded, deep=True) == ()
    with closing(Catalog.open(folded / "archive.db")) as catalog:
        assert folding.fold(folded, catalog=catalog)
    assert found(folded, deep=True) == ()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE meta SET value = '9' WHERE name = 'last_sync'", "the fact last_sync"),
        ("UPDATE meta SET \"check\" = 0 WHERE name = 'seq'", "seq"),
        ("UPDATE articles SET item = 'x' WHERE path = '1/01.md'", "1/01.md"),
        ("UPDATE articles SET seq = seq + 1 WHERE path = '1/01.md'", "1/01.md"),
        ("UPDATE passages SET seq = seq + 1 WHERE id = 3", "the passage 3"),
        ('UPDATE passages SET "end" = "end" - 1 WHERE id = 3', "the passage 3"),
        ("UPDATE vectors_1 SET vector = zeroblob(128) WHERE passage = 4", "the vector of passage 4"),
        ("UPDATE vectors_1 SET print = x'00' WHERE passage = 4", "the vector of passage 4"),
        ("UPDATE withdrawn SET path = 'other.md'", "other.md"),
        ("UPDATE withdrawn SET text = NULL", "3/11.md"),
        ("UPDATE files SET size = size + 1 WHERE path = '2/02.md'", "2/02.md"),
        ("UPDATE backups SET made = '2001-01-01T00:00:00+00:00'", "the backup"),
    ],
)
def test_a_changed_row_is_named(folder: Path, statement: str, said: str) -> None:
    """Whatever table it is in."""
    run(folder, statement)
    assert any(said in what for what in told(folder)), told(folder)


@pytest.mark.parametrize("column", ["title", "body", "published", "author", "source", "url", "language"])
def test_a_changed_column_of_an_article_is_named(folder: Path, column: str) -> None:
    """Its digest tells of each that it shows, though its checksum covers none of them."""
    run(folder, f"UPDATE articles SET {column} = '2024-03-06' WHERE path = '1/05.md'")  # noqa: S608 - a column's name
    assert any("1/05.md is not as it was written" in what for what in told(folder))


def test_a_passage_outside_its_article_is_named(folder: Path) -> None:
    """Though its row's checksum is right."""
    with closing(Catalog.open(folder / "archive.db")) as catalog:
        row = catalog.connection.execute('SELECT id, article, start, "end", seq FROM passages WHERE id = 5').fetchone()
    wrong = (*row[:3], row[3] + 1, row[4])
    run(folder, 'UPDATE passages SET "end" = ?, "check" = ? WHERE id = 5', wrong[3], checksum(*wrong))
    assert told(folder) == ["a passage outside its article: 5"]


def test_a_passage_of_no_article_is_named(folder: Path) -> None:
    """Its rows are sound, its article's is gone."""
    run(folder, "DELETE FROM articles WHERE id = (SELECT article FROM passages WHERE id = 6)")
    assert told(folder) == ["a passage of no article: 6", "a story of no article, or of another version of it: 6"]


def test_a_passage_without_a_vector_is_named(folder: Path) -> None:
    """Its row in the table of vectors is gone."""
    run(folder, "DELETE FROM vectors_1 WHERE passage = 6")
    assert told(folder) == ["a passage without a vector: 6"]


def test_a_vector_of_no_passage_is_named(folder: Path) -> None:
    """Its row is sound."""
    row = (99, b"print", bytes(128))
    run(folder, "INSERT INTO vectors_1 VALUES (?, ?, ?, ?)", *row, checksum(*row))
    assert told(folder) == ["a vector of no passage: 99"]


def test_a_story_that_is_not_as_written_is_named(folder: Path) -> None:
    """By the article that it is of; its signature may be longer than a row's other values."""
    run(folder, "UPDATE stories SET facts = zeroblob(8) WHERE article = 6")
    assert "the story of article 6 is not as it was written" in told(folder)


def test_a_story_of_another_version_of_its_article_is_named(folder: Path) -> None:
    """Its row is sound, and of a text that the article no longer has."""
    values = "article, story, day, zeroblob(16), correction, size, minima, facts"
    run(
        folder,
        f'UPDATE stories SET mark = zeroblob(16), "check" = checksum({values}) WHERE article = 6',  # noqa: S608
    )
    assert told(folder) == ["a story of no article, or of another version of it: 6"]


def test_an_article_whose_storys_first_is_gone_is_named(folder: Path) -> None:
    """Its row is sound."""
    values = "article, 99, day, mark, correction, size, minima, facts"
    run(folder, f'UPDATE stories SET story = 99, "check" = checksum({values}) WHERE article = 6')  # noqa: S608
    assert told(folder) == ["an article whose story has no first: 6"]


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (
            "DELETE FROM buckets WHERE band = (SELECT MIN(band) FROM buckets WHERE article = 6) AND article = 6",
            "article 6 is not in the buckets of its signature",
        ),
        (
            "UPDATE buckets SET day = day + 1 WHERE article = 6",
            "article 6 is not in the buckets of its signature",
        ),
        (
            "UPDATE OR REPLACE buckets SET band = band + 1"
            " WHERE band = (SELECT MIN(band) FROM buckets WHERE article = 6) AND article = 6",
            "article 6 is not in the buckets of its signature",
        ),
        ("INSERT INTO buckets VALUES (7, 8, 99)", "a bucket of no article: 99"),
    ],
    ids=["gone", "another day", "another band", "no article"],
)
def test_a_bucket_that_is_wrong_is_named(folder: Path, statement: str, what: str) -> None:
    """Buckets have no checksums: they follow from the signatures."""
    run(folder, statement)
    assert told(folder) == [what]


def test_a_vector_of_another_length_is_named(folder: Path) -> None:
    """Its row is sound."""
    row = (6, b"print", bytes(64))
    run(folder, "INSERT OR REPLACE INTO vectors_1 VALUES (?, ?, ?, ?)", *row, checksum(*row))
    assert told(folder) == ["a vector of another length: 6"]


def test_a_wrong_vector_with_a_right_checksum_is_found_by_a_deep_look_only(folder: Path) -> None:
    """Only encoding its text again can tell."""
    vector = np.zeros(64, dtype=np.float16)
    vector[0] = 1
    row = (6, b"print", vector.tobytes())
    run(folder, "INSERT OR REPLACE INTO vectors_1 VALUES (?, ?, ?, ?)", *row, checksum(*row))
    assert told(folder) == []
    assert told(folder, deep=True) == ["the vector of passage 6 is not what its text gives"]


def test_many_damages_of_a_kind_are_counted(tmp_path: Path) -> None:
    """The first twenty are named, the others are a number."""
    corpus.write(tmp_path / "articles", corpus.before())
    with opened(tmp_path / "archive", create=True) as archive:
        archive.sync([tmp_path / "articles"])
    run(tmp_path / "archive", "UPDATE passages SET seq = seq + 1")
    what = told(tmp_path / "archive")
    assert sum("the passage" in each for each in what) == 20
    assert f"{len(corpus.before()) - 20} more of the kind: passages" in what


@pytest.mark.parametrize("change", ["less", "more", "other"])
def test_an_index_of_words_with_other_passages_is_told(folder: Path, change: str) -> None:
    """One passage too few, one too many, or one in the place of another, though its bytes are as they were written."""
    with opened(folder) as archive:
        derived = archive._moments.derived(None)  # noqa: SLF001 - the index that this process would use
        assert derived.follow(archive._catalog)  # noqa: SLF001 - as above
        passage = next(iter(archive.all_passages()))
        lexical = derived.lexical
        seq = lexical.seq
        with lexical.writing() as writer:
            if change == "less":
                writer.apply([passage.id], [], seq)
            else:
                other = article("Nobody had a zeppelin.", path="more.txt")
                more = type(passage)(id=99, article=other, start=0, end=len(other.body))
                writer.apply([passage.id] if change == "other" else [], [more], seq)
    damages = found(folder)
    assert "it holds other passages than archive.db" in [each.what for each in damages]
    assert {(each.where, each.derived) for each in damages} == {("derived, the index of words", True)}


def test_an_index_of_other_words_is_told(folder: Path) -> None:
    """It holds the very passages, with words that are not theirs."""
    with opened(folder) as archive:
        derived = archive._moments.derived(None)  # noqa: SLF001 - the index that this process would use
        assert derived.follow(archive._catalog)  # noqa: SLF001 - as above
        passage = next(iter(archive.all_passages()))
        other = article("Zeppelins hum.", title="Up")
        with derived.lexical.writing() as writer:
            wrong = type(passage)(id=passage.id, article=other, start=0, end=len(other.body))
            writer.apply([passage.id], [wrong], derived.lexical.seq)
    assert [each.what for each in found(folder)] == [f"passage {passage.id} is not found by its words"]


def test_every_flipped_bit_of_the_index_of_words_is_told(folder: Path) -> None:
    """In each of its files that hold passages; as derived damage, mended by making it anew."""
    files = sorted((folder / "derived" / "lexical-3").glob("*.*"))
    segments = [file for file in files if file.suffix in {".idx", ".term", ".fast", ".fieldnorm", ".store", ".pos"}]
    assert len(segments) >= 6
    for file in segments:
        for place in (0, file.stat().st_size // 2, file.stat().st_size - 1):
            flip(file, place)
            damages = found(folder)
            assert damages, f"{file.name} at {place}"
            assert all(each.derived for each in damages)
            flip(file, place)
    assert found(folder) == ()


def test_a_flipped_bit_of_a_base_is_told(folded: Path) -> None:
    """Wherever it is in the file; also where the file's time of change says nothing."""
    (file,) = (folded / "derived").glob("dense-*.ivf")
    for place in (0, file.stat().st_size // 2, file.stat().st_size - 1):
        flip(file, place)
        (damage,) = found(folded)
        assert (damage.where, damage.derived) == ("derived", True)
        assert damage.what == "the index of vectors is not as it was written"
        flip(file, place)
    assert found(folded) == ()


def test_a_base_without_a_passage_is_told(folded: Path) -> None:
    """Its bytes are as they were written, and it lacks what the archive holds."""
    with closing(Catalog.open(folded / "archive.db")) as catalog:
        first = catalog.connection.execute("SELECT MIN(passage) FROM vectors_1").fetchone()[0]
        chunks = catalog.vectors.chunks

        def fewer(seq: int, dimension: int) -> object:
            return ((ids[1:], rows[1:]) for ids, rows in chunks(seq, dimension))

        catalog.vectors.chunks = fewer  # type: ignore[method-assign, assignment]
        assert folding.fold(folded, catalog=catalog)
    whats = {each.what for each in found(folded)}
    assert "it holds other passages than archive.db" in whats
    assert f"passage {first} is not found by its vector" in whats


def test_derived_files_of_another_machine_are_no_damage(folder: Path, tmp_path: Path) -> None:
    """They are made anew when the archive is asked, and are not looked into."""
    (tmp_path / "cache" / "machine.key").unlink()
    assert found(folder) == ()


def test_damage_of_the_truth_spares_the_look_at_the_indexes(folder: Path) -> None:
    """What is derived from damaged rows says nothing of itself."""
    run(folder, "UPDATE passages SET seq = seq + 1 WHERE id = 3")
    file = next((folder / "derived" / "lexical-3").glob("*.idx"))
    flip(file, 0)
    assert told(folder) == ["the passage 3 is not as it was written"]


def test_the_archive_verifies_while_it_is_being_changed(folder: Path) -> None:
    """Another connection has begun a change that is not committed."""
    with closing(sqlite3.connect(folder / "archive.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM passages")
        with opened(folder) as archive:
            assert archive.verify().damages == ()
        writer.execute("ROLLBACK")
