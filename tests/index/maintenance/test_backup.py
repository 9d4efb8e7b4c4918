"""Copying an archive in use: the copy is whole, refused where it would harm, and restored by copying it back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

import pytest
from faults import corpus
from faults.checks import check, held
from faults.work import opened
from toys import ToyEncoder, article

from index.errors import ArchiveDamaged, ArchiveError, ArchiveFull
from index.maintenance import truth
from index.store import folding, manifest
from index.store.catalog import Catalog

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 10
"""Articles, a passage each."""


class Usage(NamedTuple):
    """What a disk says of itself, in bytes."""

    total: int
    used: int
    free: int


@pytest.fixture(scope="module", name="template")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive; not to be changed."""
    folder = tmp_path_factory.mktemp("backup")
    corpus.write(folder / "articles", dict(list(corpus.before().items())[:COUNT]))
    with opened(folder / "archive", create=True) as archive:
        archive.sync([folder / "articles"])
    return folder / "archive"


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """An archive to copy and change."""
    shutil.copytree(template, tmp_path / "archive")
    return tmp_path / "archive"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where backups are made; there is nothing yet, nor the folder above it."""
    return tmp_path / "backups" / "one"


def expected(more: int = 0) -> dict[str, corpus.Story]:
    """What the archive holds: the corpus, and the first few of what is added."""
    new = {f"new{at}.txt": corpus.Story(word=f"zeppelin{'abcdefghijklmnop'[at]}") for at in range(more)}
    return dict(list(corpus.before().items())[:COUNT]) | new


def add(folder: Path, first: int, last: int) -> None:
    """Add some articles, one by one."""
    stories = list(expected(last).items())[COUNT + first :]
    with opened(folder) as archive:
        for path, story in stories:
            archive.add([article(f"Nobody had seen the {story.word} for years.", title=f"The {story.word}", path=path)])


def test_a_backup_is_an_archive(folder: Path, place: Path) -> None:
    """It holds the same, answers by its own, and is only a database until it is asked."""
    with opened(folder) as archive:
        archive.backup(place)
    assert [path.name for path in place.iterdir()] == ["archive.db"]
    encoder = ToyEncoder()
    with opened(place, encoder=encoder) as copy:
        check(copy, expected())
        assert copy.verify(deep=True).damages == ()
        copy.add([article("The lighthouse was sold.", path="sold.txt")])
        assert copy.search("lighthouse")[0].article.key.path == "sold.txt"
    assert sum("Nobody" in text for text in encoder.encoded) == COUNT  # those of the deep look: none else was encoded
    with opened(folder) as archive:
        check(archive, expected())


def test_a_backup_is_remembered(folder: Path, place: Path) -> None:
    """Where it is, and when it was made last; one place is there once."""
    with opened(folder) as archive:
        archive.backup(place)
        archive.backup(place)
        archive.backup(place.parent / "two")
        assert [where for where, _ in archive.backups()] == sorted([str(place), str(place.parent / "two")])
        assert all(made.tzinfo is not None for _, made in archive.backups())


def test_a_backup_takes_the_place_of_the_one_before(folder: Path, place: Path) -> None:
    """It holds what came since; also where the one before was asked, and has indexes and a log of its own."""
    with opened(folder) as archive:
        archive.backup(place)
    with opened(place) as copy:
        copy.search("bridge")
        add(folder, 0, 1)
        with opened(folder) as archive:
            archive.backup(place)
        assert copy.search("zeppelina")[0].article.key.path == "new0.txt"
    with opened(place) as copy:
        check(copy, expected(1))


def test_a_backup_is_made_while_the_archive_is_changed(folder: Path, place: Path) -> None:
    """It holds all of some moment: what was added first up to it, nothing of what came after."""
    many = 12
    writer = threading.Thread(target=add, args=(folder, 0, many))
    counts = []
    with opened(folder) as archive:
        writer.start()
        while writer.is_alive():
            archive.backup(place)
            with closing(Catalog.open(place / "archive.db")) as copy, copy.snapshot():
                assert truth.damages(copy) == ()
                counts.append(copy.count("articles") - COUNT)
                paths = {row[0] for row in copy.connection.execute("SELECT path FROM articles")}
            assert paths == set(expected(counts[-1]))
        writer.join()
        archive.backup(place)
        check(archive, expected(many))
    assert counts == sorted(counts)
    with opened(place) as copy:
        check(copy, expected(many))


def test_the_archive_itself_is_no_place_for_a_backup(folder: Path, tmp_path: Path) -> None:
    """Also by another name; nothing is written, and the archive goes on."""
    (tmp_path / "link").symlink_to(folder)
    with opened(folder) as archive:
        for name in (folder, folder / ".." / "archive", tmp_path / "link"):
            with pytest.raises(ArchiveError, match="is the archive itself: name another folder"):
                archive.backup(name)
        assert archive.backups() == ()
        check(archive, expected())


def test_another_archive_is_not_overwritten(folder: Path, tmp_path: Path) -> None:
    """Nor is its backup."""
    with opened(tmp_path / "other", create=True) as other:
        other.add([article("The lighthouse was sold.", path="sold.txt")])
        other.backup(tmp_path / "its backup")
    for name in ("other", "its backup"):
        with opened(folder) as archive, pytest.raises(ArchiveError, match="holds another archive: name another folder"):
            archive.backup(tmp_path / name)
        with opened(tmp_path / name) as other:
            assert list(held(other)) == ["sold.txt"]


def test_what_is_no_archive_is_not_overwritten(folder: Path, place: Path) -> None:
    """A file of the name archive.db that newsdesk did not write."""
    place.mkdir(parents=True)
    (place / "archive.db").write_text("accounts of 2024, which nobody else has; " * 40, "utf-8")
    with opened(folder) as archive, pytest.raises(ArchiveError):
        archive.backup(place)
    assert (place / "archive.db").read_text("utf-8").startswith("accounts of 2024")


def test_a_damaged_backup_is_replaced(folder: Path, place: Path) -> None:
    """What the one before has lost is in the next."""
    with opened(folder) as archive:
        archive.backup(place)
        with closing(sqlite3.connect(place / "archive.db")) as copy:
            copy.execute("UPDATE articles SET title = 'x'")
            copy.commit()
        archive.backup(place)
    with opened(place) as copy:
        check(copy, expected())


def test_a_full_disk_is_said_before_anything_is_written(
    folder: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How much is needed, where, and how much there is; the backup before stays."""
    with opened(folder) as archive:
        archive.backup(place)
        before = (place / "archive.db").read_bytes()
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9, 1000))
        with pytest.raises(ArchiveFull, match=r"a backup needs .* MB in .* and there are 0 MB"):
            archive.backup(place)
    assert [path.name for path in place.iterdir()] == ["archive.db"]
    assert (place / "archive.db").read_bytes() == before


@pytest.mark.parametrize("where", ["check", "flush"])
def test_an_interrupted_backup_leaves_the_one_before(
    folder: Path, place: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """It is not remembered, what it has written is taken away by itself or by the next, and that one is whole."""
    with opened(folder) as archive:
        archive.backup(place)
        made = archive.backups()
    before = (place / "archive.db").read_bytes()
    add(folder, 0, 1)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with opened(folder) as archive, monkeypatch.context() as patch:
        patch.setattr(*((truth, "damages", stop) if where == "check" else (manifest, "flush", stop)))
        with pytest.raises(KeyboardInterrupt):
            archive.backup(place)
        assert archive.backups() == made
    assert (place / "archive.db").read_bytes() == before
    (place / "archive.db.new").write_bytes(b"half a backup, of a process that was killed")
    with opened(folder) as archive:
        archive.backup(place)
    assert [path.name for path in place.iterdir()] == ["archive.db"]
    with opened(place) as copy:
        check(copy, expected(1))


def test_of_a_damaged_archive_no_backup_is_made(folder: Path, place: Path) -> None:
    """The one before stays, and the error says what to do."""
    with opened(folder) as archive:
        archive.backup(place)
        before = (place / "archive.db").read_bytes()
        archive._catalog.connection.execute("UPDATE articles SET title = 'x' WHERE id = 2")  # noqa: SLF001 - a damage
        with pytest.raises(ArchiveDamaged, match=r"no backup was made: .*; run: newsdesk repair"):
            archive.backup(place)
    assert (place / "archive.db").read_bytes() == before
    assert [path.name for path in place.iterdir()] == ["archive.db"]


def test_a_place_that_may_not_be_written_is_named(folder: Path, tmp_path: Path) -> None:
    """A file stands where its folder should."""
    (tmp_path / "file").write_text("", "utf-8")
    with opened(folder) as archive, pytest.raises(ArchiveError, match="file"):
        archive.backup(tmp_path / "file" / "backup")


def test_removing_an_article_leaves_it_in_no_new_backup(folder: Path, place: Path) -> None:
    """The backup made before still has it, until it is made anew."""
    with opened(folder) as archive:
        archive.backup(place)
        archive.remove("1/05.md")
        word = expected()["1/05.md"].word.encode()
        assert word in (place / "archive.db").read_bytes()
        archive.backup(place)
    assert word not in b"".join(path.read_bytes() for path in place.rglob("*") if path.is_file())
    assert word not in b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def restore(place: Path, folder: Path) -> None:
    """Put a backup in the place of the archive's database, as a person does."""
    for suffix in ("-wal", "-shm"):
        (folder / f"archive.db{suffix}").unlink(missing_ok=True)
    shutil.copyfile(place / "archive.db", folder / "archive.db")


@pytest.mark.parametrize("base", [False, True])
def test_a_restored_backup_is_answered_from_rightly(folder: Path, place: Path, *, base: bool) -> None:
    """What the later indexes hold, a base of dense search too, is shown no more; what was removed since is back."""
    with opened(folder) as archive:
        archive.backup(place)
        archive.remove("1/05.md")
        archive.add([article("The lighthouse was sold.", title="The lighthouse", path="sold.txt")])
        if base:
            assert folding.fold(folder, catalog=archive._catalog)  # noqa: SLF001 - which a large archive does itself
        assert archive.search("lighthouse")[0].article.key.path == "sold.txt"
    restore(place, folder)
    with opened(folder) as archive:
        assert all(hit.article.key.path != "sold.txt" for hit in archive.search("lighthouse"))
        check(archive, expected())


@pytest.mark.parametrize("changes", [1, 2, 3])
def test_a_restored_backup_that_has_gone_on_is_answered_from_rightly(folder: Path, place: Path, changes: int) -> None:
    """Though it comes to the very number of changes that the indexes left behind had seen, or past it."""
    with opened(folder) as archive:
        archive.backup(place)
        archive.add([article("The lighthouse was sold.", title="The lighthouse", path="sold.txt")])
        archive.add([article("The windmill was sold.", title="The windmill", path="mill.txt")])
    restore(place, folder)
    add(folder, 0, changes)
    with opened(folder) as archive:
        check(archive, expected(changes))


def test_a_process_that_has_it_open_goes_on_with_the_restored_backup(folder: Path, place: Path) -> None:
    """The database was put in the archive's place by renaming, as a careful person does."""
    with opened(folder) as archive:
        archive.backup(place)
        archive.add([article("The lighthouse was sold.", title="The lighthouse", path="sold.txt")])
        assert archive.search("lighthouse")[0].article.key.path == "sold.txt"
        shutil.copyfile(place / "archive.db", folder / "restored")
        for suffix in ("-wal", "-shm"):
            (folder / f"archive.db{suffix}").unlink(missing_ok=True)
        os.rename(folder / "restored", folder / "archive.db")  # noqa: PTH104 - what mv does
        check(archive, expected())


def test_a_log_that_a_killed_process_left_does_no_harm_to_a_restored_backup(
    folder: Path, template: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only archive.db was put back, as newsdesk says: what the log holds is of another database."""
    root = str(template.parent / "articles")
    with opened(folder) as archive, monkeypatch.context() as patch:
        archive.backup(place)
        patch.setattr(Catalog, "checkpoint", lambda _: False)
        archive.add([article("The windmill was sold.", title="The windmill", path="1/05.md", root=root)])
        archive.add([article("The lighthouse was sold.", title="The lighthouse", path="sold.txt")])
        log = (folder / "archive.db-wal").read_bytes()
    shutil.copyfile(place / "archive.db", folder / "archive.db")
    (folder / "archive.db-wal").write_bytes(log)
    (folder / "archive.db-shm").unlink(missing_ok=True)
    with opened(folder) as archive:
        if archive.verify().damages:
            archive.repair()
        archive.sync([root])
        assert archive.verify(deep=True).damages == ()
        stories = expected()
        assert {path: word for path, word in held(archive).items() if path in stories} == {
            path: story.word for path, story in stories.items()
        }
