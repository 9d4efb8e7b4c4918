"""The process that brings the indexes of a large archive in step, so that no question waits for it."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from toys import ToyEncoder, ToyReader, article

from index import Archive
from index.errors import ArchiveBusy
from index.store import background, derived, folding
from index.store.catalog import Catalog
from index.store.lock import writing

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = ("kestrel", "lighthouse", "windmill", "ferry", "harvest", "tram")
PATIENCE_SECONDS = 300.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive of six articles."""
    with Archive.open(
        tmp_path / "archive", encoder=ToyEncoder(), reader=ToyReader(), cache=tmp_path / "cache", create=True
    ) as archive:
        archive.add([article(f"The {word} was sold on Monday.", title=word, path=f"{word}.txt") for word in WORDS])
    return tmp_path / "archive"


def until(true: Callable[[], object]) -> None:
    """Wait for something that another process does."""
    last = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < last
        time.sleep(0.02)


def check(archive: Archive) -> None:
    """Every article is found by its word, and nothing is damaged."""
    for word in WORDS:
        assert archive.search(word)[0].article.key.path == f"{word}.txt"
    assert archive.verify().damages == ()


def opened(folder: Path) -> Archive:
    """The archive, on the machine that made it."""
    return Archive.open(folder, encoder=ToyEncoder(), reader=ToyReader(), cache=folder.parent / "cache")


def bases(folder: Path) -> list[Path]:
    """Files of dense search."""
    return sorted((folder / "derived").glob("dense-*.ivf"))


def test_a_run_brings_the_index_of_words_in_step(folder: Path) -> None:
    """One that is gone is made anew, and the next question makes none."""
    (folder / "derived").rename(folder / "gone")
    background.run(folder, folder.parent / "cache")
    made = (folder / "derived" / "lexical-3").stat().st_ino
    with opened(folder) as archive:
        check(archive)
    assert (folder / "derived" / "lexical-3").stat().st_ino == made


def test_a_run_folds_what_is_worth_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small archive is not; where enough has come there is one base, of all its passages."""
    background.run(folder, folder.parent / "cache")
    assert bases(folder) == []
    monkeypatch.setattr(folding, "SMALLEST", len(WORDS) - 1)
    background.run(folder, folder.parent / "cache")
    (base,) = bases(folder)
    with closing(Catalog.open(folder / "archive.db")) as catalog:
        found = folding.Base.open(folder / "derived", "toy")
        assert found is not None
        assert found.ids().tolist() == [row[0] for row in catalog.connection.execute("SELECT id FROM passages")]
    background.run(folder, folder.parent / "cache")
    assert bases(folder) == [base]
    with opened(folder) as archive:
        check(archive)


def test_a_run_leaves_the_words_to_who_is_writing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It folds all the same, which disturbs nobody."""
    monkeypatch.setattr(folding, "SMALLEST", 1)
    with writing(folder):
        background.run(folder, folder.parent / "cache")
    assert len(bases(folder)) == 1
    with opened(folder) as archive:
        check(archive)


def test_two_runs_at_once_fold_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that comes later leaves it to the first."""
    monkeypatch.setattr(folding, "SMALLEST", 1)
    with folding._alone(folder / "derived") as alone:  # noqa: SLF001 - what the first one holds
        assert alone
        background.run(folder, folder.parent / "cache")
    assert bases(folder) == []


def test_a_run_on_an_empty_archive_does_nothing(tmp_path: Path) -> None:
    """It has no encoder yet, nor anything to fold."""
    Archive.open(
        tmp_path / "archive", encoder=ToyEncoder(), reader=ToyReader(), cache=tmp_path / "cache", create=True
    ).close()
    background.run(tmp_path / "archive", tmp_path / "cache")
    assert bases(tmp_path / "archive") == []


def test_starting_waits_for_nothing(folder: Path) -> None:
    """The process makes the index of words by itself, while this one goes on."""
    (folder / "derived").rename(folder / "gone")
    began = time.monotonic()
    background.start(folder, folder.parent / "cache")
    assert time.monotonic() - began < 5
    until((folder / "derived" / "lexical-3.json").exists)
    with opened(folder) as archive:
        check(archive)


def test_starting_leaves_no_warning_and_no_zombie(folder: Path) -> None:
    """A bot that folds every day for years does not fill the table of processes."""
    before = children()
    for _ in range(2):
        background.start(folder, folder.parent / "cache")
    gc.collect()
    until(lambda: children() <= before)


def children() -> set[str]:
    """Numbers of this process's children, zombies too, as Linux tells them."""
    told = (Path(f"/proc/self/task/{task.name}/children") for task in Path("/proc/self/task").iterdir())
    return {number for file in told if file.exists() for number in file.read_text().split()}


def test_the_process_ends_by_itself_and_says_nothing(folder: Path) -> None:
    """As it is started, with two folders; status 0."""
    argv = [sys.executable, "-c", background._PROGRAM, str(folder), str(folder.parent / "cache")]  # noqa: SLF001
    ended = subprocess.run(argv, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_a_question_with_much_to_do_begins_it_and_is_told_to_come_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, however often it is asked; when it is done the question is answered."""
    begun: list[Path] = []
    monkeypatch.setattr(derived, "_MOST_INLINE", 2)
    monkeypatch.setattr("index.moments._PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(background, "start", lambda archive, cache: begun.append(cache / archive))
    (folder / "derived").rename(folder / "gone")
    with opened(folder) as archive:
        for _ in range(2):
            with pytest.raises(ArchiveBusy, match="is being brought up to date; ask again in a moment"):
                archive.search("kestrel")
        assert len(begun) == 1
        background.run(folder, folder.parent / "cache")
        check(archive)


def test_vectors_too_many_for_memory_wait_for_a_base(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The question that misses the base begins it, and the one after it is made is answered from it."""
    begun: list[Path] = []
    monkeypatch.setattr(folding, "MOST_WITHOUT", len(WORDS))
    monkeypatch.setattr(folding, "SMALLEST", len(WORDS) - 1)
    monkeypatch.setattr("index.moments._PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(background, "start", lambda archive, cache: begun.append(cache / archive))
    with opened(folder) as archive:
        with pytest.raises(ArchiveBusy):
            archive.search("kestrel")
        assert len(begun) == 1
        background.run(folder, folder.parent / "cache")
        check(archive)
    assert len(bases(folder)) == 1


def test_a_sync_that_makes_folding_due_begins_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its commit, once; one that changes little does not."""
    begun: list[Path] = []
    monkeypatch.setattr(background, "start", lambda archive, cache: begun.append(cache / archive))
    with opened(folder) as archive:
        archive.add([article("The mill was sold.", path="mill.txt")])
        assert begun == []
        monkeypatch.setattr(folding, "SMALLEST", len(WORDS))
        archive.add([article("The barn was sold.", path="barn.txt")])
        assert len(begun) == 1
