"""Damage to each file of an archive's folder, one at a time: no wrong text is shown, and all is mended."""

from __future__ import annotations

import dataclasses
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from faults import corpus
from faults.checks import check
from faults.work import opened
from toys import article

from index import NewsdeskError
from index.errors import ArchiveMissing
from index.store import folding, manifest, ownership, segments
from index.store.catalog import Catalog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index import Archive

COUNT = 12
"""Articles, a passage each."""
KESTREL = "kestrel.md"
"""Of an article that is removed again."""
FILES = (
    "archive.db",
    "archive.db-wal",
    "archive.db-shm",
    "archive.lock",
    "derived/owner",
    "derived/dense-toy.json",
    "derived/dense-toy-*.ivf",
    "derived/fold.lock",
    "derived/lexical-3.json",
    "derived/lexical-3/meta.json",
    "derived/lexical-3/.managed.json",
    "derived/lexical-3/.tantivy-writer.lock",
    "derived/lexical-3/.tantivy-meta.lock",
    "derived/lexical-3/*.store",
    "derived/lexical-3/*.term",
    "derived/lexical-3/*.idx",
    "derived/lexical-3/*.pos",
    "derived/lexical-3/*.fieldnorm",
    "derived/lexical-3/*.fast",
    "derived/lexical-3/*.del",
)
"""Every file that an archive may have."""
TRUTH = ("archive.db", "archive.db-wal", "archive.db-shm")
_HOW_TO_MEND = ("newsdesk repair", "backup", "--archive", "newsdesk sync")


def flipped(at: float) -> Callable[[Path, Path], None]:
    """Flips a bit at a share of the file's length."""

    def damage(file: Path, _other: Path) -> None:
        held = bytearray(file.read_bytes())
        if held:
            held[min(int(at * len(held)), len(held) - 1)] ^= 16
        file.write_bytes(held)

    return damage


def rot(file: Path, at: float, bit: int) -> None:
    """Flip a bit as a failing disk does: in place, and the file's times say nothing of it."""
    before = file.stat()
    with file.open("r+b") as stream:
        held = bytearray(stream.read())
        held[min(int(at * len(held)), len(held) - 1)] ^= 1 << bit
        stream.seek(0)
        stream.write(held)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def _truncated(file: Path, _other: Path) -> None:
    os.truncate(file, file.stat().st_size * 2 // 3)


def _emptied(file: Path, _other: Path) -> None:
    os.truncate(file, 0)


def _deleted(file: Path, _other: Path) -> None:
    file.unlink()


def _swapped(file: Path, other: Path) -> None:
    shutil.copyfile(other, file)


DAMAGES: dict[str, Callable[[Path, Path], None]] = {
    "flipped at the start": flipped(0.01),
    "flipped in the middle": flipped(0.5),
    "flipped at the end": flipped(0.999),
    "truncated": _truncated,
    "emptied": _emptied,
    "deleted": _deleted,
    "swapped": _swapped,
}


OTHERS = dict(list(corpus.after().items())[-16:])
"""What another archive holds."""


def stories() -> dict[str, corpus.Story]:
    """What the archive holds."""
    return dict(list(corpus.before().items())[:COUNT])


def make(folder: Path, held: dict[str, corpus.Story], monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive with every file that there may be, as a process leaves it that is killed after its last commit."""
    corpus.write(folder / "articles", dict(list(held.items())[:-2]) | {KESTREL: corpus.Story(word="kestrel")})
    with opened(folder / "archive", create=True) as archive:
        archive.sync([folder / "articles"])
        archive.search("bridge")
        assert folding.fold(folder / "archive", catalog=archive._catalog)  # noqa: SLF001 - which a large archive does
        corpus.write(folder / "articles", held)
        with monkeypatch.context() as patch:
            patch.setattr(Catalog, "checkpoint", lambda _: False)  # what is committed now stays in the log
            archive.sync([folder / "articles"])
            copy(folder / "archive", folder / "killed", folder / "cache")


def copy(source: Path, target: Path, cache: Path) -> None:
    """Copy an archive so that the copy stands for it: its derived files are as those that this machine wrote."""
    shutil.copytree(source, target)
    with closing(sqlite3.connect(f"file:{source}/archive.db?mode=ro", uri=True)) as connection:
        facts = dict(connection.execute("SELECT name, value FROM meta").fetchall())
    derived = target / "derived"
    ownership.claim(derived, f"{facts['archive']} {facts.get('branch', '')}", ownership.machine_key(cache))
    segments.record_files(derived / "lexical-3", derived / "lexical-3.json")
    for record in derived.glob("dense-*.json"):
        about = manifest.read(record)
        assert about is not None
        manifest.write(record, {**about, "stamp": manifest.stamp(derived / about["file"])})


@pytest.fixture(scope="module", name="grounds")
def _grounds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two archives of other articles, each as a killed process has left it; not to be changed."""
    mine, other = tmp_path_factory.mktemp("mine"), tmp_path_factory.mktemp("other")
    with pytest.MonkeyPatch.context() as patch:
        make(mine, stories(), patch)
        make(other, OTHERS, patch)
    return mine, other


@pytest.fixture(scope="module", name="bodies")
def _bodies(grounds: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """All that was ever written into either archive."""
    found: set[str] = {corpus.Story(word="kestrel").text().partition("---\n\n")[2].strip()}
    for at, ground in enumerate(grounds):
        folder = tmp_path_factory.mktemp(f"whole{at}") / "archive"
        copy(ground / "killed", folder, ground / "cache")
        with opened(folder) as archive:
            found.update(passage.article.body for passage in archive.all_passages())
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A damage to a file of a copy of the archive, with what both held."""

    folder: Path
    articles: Path
    bodies: set[str]
    name: str
    what: str

    def check(self) -> None:
        """Ask, mend, and ask again."""
        told = self._asked()
        if told:
            assert self.name in TRUTH, f"{self.what}: {told}"
        self._mended()
        with opened(self.folder) as archive:
            archive.sync([self.articles], allow_removal=True)
            assert archive.verify().damages == (), self.what
            held = {
                each.article.key.path for each in archive.all_passages() if each.article.key.root == str(self.articles)
            }
            assert held == set(stories()), self.what
            for path, story in stories().items():
                assert archive.search(story.word)[0].article.key.path == path, self.what

    def rotten(self) -> None:
        """Ask a file that has rotted: what is missed is told, and found again after a repair."""
        missed, told = [], False
        try:
            with opened(self.folder) as archive:
                for path, story in stories().items():
                    hits = archive.search(story.word)
                    assert {hit.article.body for hit in hits} <= self.bodies, self.what
                    missed += [] if hits and hits[0].article.key.path == path else [path]
                told = bool(archive.verify().damages)
        except NewsdeskError as error:
            assert any(way in str(error) for way in _HOW_TO_MEND), f"{self.what}: {error}"  # noqa: PT017
            told = True
        assert told or not missed, self.what
        with opened(self.folder) as archive:
            archive.repair()
            check(archive, stories())

    def _asked(self) -> list[str]:
        """Errors of some questions, each of which says what to do; what is shown is as it was written."""
        told = []
        try:
            with opened(self.folder) as archive:
                for path, story in list(stories().items())[::5]:
                    self._ask(archive, path, story.word)
        except NewsdeskError as error:
            assert any(way in str(error) for way in _HOW_TO_MEND), f"{self.what}: {error}"  # noqa: PT017
            told.append(str(error))
        return told

    def _ask(self, archive: Archive, path: str, word: str) -> None:
        reply = archive.ask(f"Where was the {word} found?")
        for hit in reply.hits:
            assert hit.article.body in self.bodies, self.what
        if reply.answer is not None:
            assert reply.answer.quote in reply.answer.hit.article.body, self.what
        if self.name not in TRUTH:
            assert reply.hits[0].article.key.path == path, self.what

    def _mended(self) -> None:
        """Do what the errors say."""
        try:
            with opened(self.folder) as archive:
                if damages := archive.verify().damages:
                    assert self.name in TRUTH or all(each.derived for each in damages), self.what
                    archive.repair()
        except NewsdeskError:
            assert self.name in TRUTH, self.what
            for file in TRUTH:
                (self.folder / file).unlink(missing_ok=True)
            opened(self.folder, create=True).close()


def case(grounds: tuple[Path, Path], bodies: set[str], scratch: Path, name: str, kind: str) -> Case:
    """A copy of the archive with one damage."""
    mine, other = grounds
    shutil.rmtree(scratch, ignore_errors=True)
    copy(mine / "killed", scratch, mine / "cache")
    here, there = sorted(scratch.glob(name)), sorted((other / "killed").glob(name))
    assert here, name
    DAMAGES[kind](here[0], there[0])
    return Case(folder=scratch, articles=mine / "articles", bodies=bodies, name=name, what=f"{name} {kind}")


@pytest.fixture
def scratch(grounds: tuple[Path, Path]) -> Iterator[Path]:
    """Where a copy is damaged, on the machine that made the archive."""
    folder = grounds[0] / "scratch"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_shows_no_wrong_text_and_is_mended(
    grounds: tuple[Path, Path], bodies: set[str], scratch: Path, name: str, *, long_form: bool
) -> None:
    """What is derived is made anew by the next question; of the truth what to do is told, and sync completes it."""
    kinds = list(DAMAGES)
    first = FILES.index(name)
    for kind in kinds if long_form or name in TRUTH else [kinds[(first + step) % len(kinds)] for step in (0, 3)]:
        case(grounds, bodies, scratch, name, kind).check()


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("derived/") and "lock" not in name])
def test_a_file_that_rots_shows_no_wrong_text_and_is_told(
    grounds: tuple[Path, Path], bodies: set[str], scratch: Path, name: str, *, long_form: bool
) -> None:
    """Nothing tells of it but its bytes: what is not found for it is told by verify, and found after a repair."""
    mine, _ = grounds
    places = 60 if long_form else 4
    for at in range(places):
        shutil.rmtree(scratch, ignore_errors=True)
        copy(mine / "killed", scratch, mine / "cache")
        rot(next(iter(sorted(scratch.glob(name)))), at / places, at % 8)
        Case(
            folder=scratch, articles=mine / "articles", bodies=bodies, name=name, what=f"{name} at {at}/{places}"
        ).rotten()


def test_an_emptied_database_is_no_new_archive(grounds: tuple[Path, Path], scratch: Path) -> None:
    """It is told, rather than every question being answered by nothing; verify is not content either."""
    copy(grounds[0] / "archive", scratch, grounds[0] / "cache")
    os.truncate(scratch / "archive.db", 0)
    with pytest.raises(NewsdeskError, match=r"newsdesk|backup"):
        opened(scratch)
    assert (scratch / "archive.db").stat().st_size == 0


def test_a_deleted_database_is_told(grounds: tuple[Path, Path], scratch: Path) -> None:
    """Though its indexes are there; after a sync of its files everything is found."""
    copy(grounds[0] / "archive", scratch, grounds[0] / "cache")
    (scratch / "archive.db").unlink()
    with pytest.raises(ArchiveMissing, match=r"no archive in .* make one with: newsdesk sync"):
        opened(scratch)
    with opened(scratch, create=True) as archive:
        archive.sync([grounds[0] / "articles"])
        check(archive, stories())


def test_all_derived_files_may_go_while_it_is_open(grounds: tuple[Path, Path], scratch: Path) -> None:
    """A process that has it open goes on, before and after the next change."""
    copy(grounds[0] / "archive", scratch, grounds[0] / "cache")
    with opened(scratch) as archive:
        check(archive, stories())
        shutil.rmtree(scratch / "derived")
        check(archive, stories())
        archive.add([article("The lighthouse was sold.", path="sold.txt")])
        assert archive.search("lighthouse")[0].article.key.path == "sold.txt"
        shutil.rmtree(scratch / "derived")
        archive.remove("sold.txt")
        check(archive, stories())


def test_an_archive_of_another_machine_is_answered_by_indexes_of_ones_own(
    grounds: tuple[Path, Path], scratch: Path, tmp_path: Path
) -> None:
    """One that was planted, to find other passages than the words asked for, is never opened."""
    copy(grounds[0] / "archive", scratch, grounds[0] / "cache")
    plant(scratch)
    with opened(scratch) as archive:  # on the machine itself it would be believed
        assert archive.search(PLANTED)[0].article.title.split()[1] == next(iter(stories().values())).word
    shutil.copytree(scratch, tmp_path / "archive")
    with opened(tmp_path / "archive") as archive:  # whose cache, and key, are others
        assert all(hit.bm25 == 0 for hit in archive.search(PLANTED))
        check(archive, stories())


def test_a_copy_of_an_archive_is_answered_by_indexes_of_its_own(
    grounds: tuple[Path, Path], scratch: Path, tmp_path: Path
) -> None:
    """Also on the same machine: another may have put other files there meanwhile."""
    copy(grounds[0] / "archive", scratch, grounds[0] / "cache")
    plant(scratch)
    shutil.copytree(scratch, tmp_path / "archive")
    shutil.copytree(grounds[0] / "cache", tmp_path / "cache")
    with opened(tmp_path / "archive") as archive:
        assert all(hit.bm25 == 0 for hit in archive.search(PLANTED))
        check(archive, stories())


PLANTED = "zeppelin"
"""A word that stands in no article."""


def plant(folder: Path) -> None:
    """Have the index of words, sound in itself, find an article by a word that it does not hold."""
    with opened(folder) as archive:
        derived = archive._moments.derived(None)  # noqa: SLF001 - the index that this process would use
        assert derived.follow(archive._catalog)  # noqa: SLF001 - as above
        word = next(iter(stories().values())).word
        passage = next(each for each in archive.all_passages() if word in each.article.title)
        false = dataclasses.replace(passage.article, title=f"{PLANTED} {PLANTED}")
        with derived.lexical.writing() as writer:
            writer.apply([passage.id], [dataclasses.replace(passage, article=false)], derived.lexical.seq)
