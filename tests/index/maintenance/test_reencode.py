"""Encoding again with another model: answered from the old vectors until all new ones are there, then in one step."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import pytest
from faults import corpus
from faults.checks import check
from faults.work import opened
from toys import ToyEncoder, article

from index import Archive
from index import encoder as encoders
from index.domain import ReencodeProgress
from index.errors import ArchiveBusy, ArchiveFull, EncoderMismatch
from index.store import folding
from index.store.lock import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from index.encoder import FloatMatrix

COUNT = 12
"""Articles, a passage each."""
BATCH = 4
"""Passages encoded together."""


class Usage(NamedTuple):
    """What a disk says of itself, in bytes."""

    total: int
    used: int
    free: int


class OtherEncoder(ToyEncoder):
    """Another model: its directions are the toy's in another order, and it can be told to do something in between."""

    def __init__(self, name: str = "other", between: Callable[[], object] | None = None, dimension: int = 64) -> None:
        super().__init__(name)
        self.dimension = dimension
        self.batches = 0
        self.between = between

    def encode_passages(self, texts: Sequence[str]) -> FloatMatrix:
        """As a toy does, reversed; before the third batch what is told to be done between is done."""
        self.batches += 1
        if self.batches == 3 and self.between is not None:
            self.between()
        return super().encode_passages(texts)[:, ::-1].copy()

    def encode_question(self, text: str) -> FloatMatrix:
        """As a passage."""
        return super().encode_question(text)[::-1].copy()


def stop() -> None:
    """What a power cut does."""
    raise KeyboardInterrupt


@pytest.fixture(scope="module", name="template")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with articles and an archive of them; not to be changed."""
    folder = tmp_path_factory.mktemp("reencode")
    corpus.write(folder / "articles", stories())
    with opened(folder / "archive", create=True) as archive:
        archive.sync([folder / "articles"])
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive to encode again, a few passages at a time."""
    monkeypatch.setattr(import_module("index.maintenance.reencode"), "BATCH_PASSAGES", BATCH)
    shutil.copytree(template / "archive", tmp_path / "archive")
    return tmp_path / "archive"


def stories() -> dict[str, corpus.Story]:
    """What the archive holds."""
    return dict(list(corpus.before().items())[:COUNT])


def tables(folder: Path) -> set[str]:
    """The tables of vectors."""
    with closing(sqlite3.connect(folder / "archive.db")) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE name GLOB 'vectors_*' AND type = 'table'")
        return {name for (name,) in found}


def fact(folder: Path, name: str) -> str | None:
    """A fact about the archive."""
    with closing(sqlite3.connect(folder / "archive.db")) as connection:
        row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None


def interrupted(folder: Path) -> None:
    """Encode two batches of four, and stop."""
    with opened(folder) as archive, pytest.raises(KeyboardInterrupt):
        archive.reencode(OtherEncoder(between=stop))


def test_every_passage_has_a_vector_of_the_new_encoder(folder: Path) -> None:
    """The old ones are gone, a deep look finds nothing wrong, and questions are encoded by the new one."""
    other = OtherEncoder()
    with opened(folder) as archive:
        assert archive.reencode(other) == COUNT
        assert len(other.encoded) == COUNT
        assert archive.encoder is other
        check(archive, stories())
        assert archive.verify(deep=True).damages == ()
    assert tables(folder) == {"vectors_2"}
    assert (fact(folder, "encoder"), fact(folder, "vectors"), fact(folder, "reencoding")) == ("other", "2", None)
    with opened(folder, encoder=OtherEncoder()) as archive:
        check(archive, stories())
        assert archive.stats().encoder == "OtherEncoder"


def test_encoding_again_can_be_done_again(folder: Path) -> None:
    """Each time into the next table."""
    with opened(folder) as archive:
        for number in (2, 3, 4):
            assert archive.reencode(OtherEncoder(f"encoder {number}")) == COUNT
            assert tables(folder) == {f"vectors_{number}"}
            check(archive, stories())
        assert archive.verify(deep=True).damages == ()


def test_another_length_of_vectors_is_no_hindrance(folder: Path) -> None:
    """From then on passages and questions have as many numbers as the new encoder gives."""
    with opened(folder) as archive:
        archive.search("bridge")
        archive.reencode(OtherEncoder(dimension=256))
        check(archive, stories())
        archive.add([article("The lighthouse was sold.", path="sold.txt")])
        assert archive.search("lighthouse")[0].article.key.path == "sold.txt"
        assert archive.verify(deep=True).damages == ()
    assert fact(folder, "dimension") == "256"


def test_the_same_encoder_has_nothing_to_do(folder: Path) -> None:
    """Not one passage is encoded, and the table stays."""
    encoder = ToyEncoder()
    with opened(folder) as archive:
        assert archive.reencode(encoder) == COUNT
        check(archive, stories())
    assert encoder.encoded == []
    assert tables(folder) == {"vectors_1"}


def test_progress_is_told_after_every_batch(folder: Path) -> None:
    """In passages; the last is all."""
    told: list[ReencodeProgress] = []
    with opened(folder) as archive:
        archive.reencode(OtherEncoder(), progress=told.append)
    assert told == [ReencodeProgress(done=done, total=COUNT) for done in (4, 8, 12)]


def test_questions_are_answered_meanwhile(folder: Path) -> None:
    """From the old vectors, by this process and by others, by the encoder that the archive is of."""
    asked: list[str | None] = []

    def ask() -> None:
        toy = ToyEncoder()
        with opened(folder, encoder=toy) as reader:
            check(reader, stories())
            assert reader.encoder is toy
        asked.append(fact(folder, "encoder"))

    with opened(folder) as archive:
        archive.reencode(OtherEncoder(between=ask))
        check(archive, stories())
    assert asked == ["toy"]


def test_what_was_interrupted_goes_on_where_it_was(folder: Path) -> None:
    """Only what is missing is encoded; questions in between are answered from the old vectors."""
    interrupted(folder)
    assert tables(folder) == {"vectors_1", "vectors_2"}
    with opened(folder) as archive:
        check(archive, stories())
    other = OtherEncoder()
    with opened(folder) as archive:
        assert archive.reencode(other) == COUNT
        assert len(other.encoded) == COUNT - 2 * BATCH
        check(archive, stories())
        assert archive.verify(deep=True).damages == ()
    assert tables(folder) == {"vectors_2"}


def test_another_encoder_begins_anew(folder: Path) -> None:
    """What was encoded for the one before is none of its own."""
    interrupted(folder)
    third = OtherEncoder("third")
    with opened(folder) as archive:
        assert archive.reencode(third) == COUNT
        assert len(third.encoded) == COUNT
        assert archive.verify(deep=True).damages == ()
    assert tables(folder) == {"vectors_2"}


def test_what_is_synced_meanwhile_is_encoded_too(folder: Path, template: Path) -> None:
    """With the old encoder at once, so that it is found, and with the new one before the switch."""
    word = "zeppelin"
    changed = stories() | {"1/05.md": corpus.Story(word=word)}
    del changed["2/06.md"]
    articles = template / "articles"

    def sync() -> None:
        with opened(folder) as writer:
            report = writer.sync([articles], allow_removal=True)
            assert (report.added, report.changed, report.removed) == (0, 1, 1)
            assert writer.search(word)[0].article.key.path == "1/05.md"

    corpus.write(articles, changed)
    try:
        other = OtherEncoder(between=sync)
        with opened(folder) as archive:
            assert archive.reencode(other) == COUNT - 1
            assert len(other.encoded) == COUNT + 1
            check(archive, changed)
            assert archive.verify(deep=True).damages == ()
    finally:
        corpus.write(articles, stories())
    assert tables(folder) == {"vectors_2"}


def test_what_is_removed_meanwhile_does_not_come_back(folder: Path) -> None:
    """Whether its passage had been encoded again by then or not; no vector of it stays."""
    gone = ["0/00.md", "3/11.md"]

    def remove() -> None:
        with opened(folder) as writer:
            assert [writer.remove(path) for path in gone] == [1, 1]

    with opened(folder) as archive:
        assert archive.reencode(OtherEncoder(between=remove)) == COUNT - 2
        check(archive, {path: story for path, story in stories().items() if path not in gone})
        assert archive.verify(deep=True).damages == ()


def test_a_reader_follows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It named no encoder: the question after the switch loads the archive's new one, and finds the same."""
    loaded: list[str] = []

    def load(name: str, **_: object) -> ToyEncoder:
        loaded.append(name)
        return OtherEncoder() if name == "the other" else ToyEncoder()

    monkeypatch.setattr(encoders, "load", load)
    with Archive.open(folder, cache=folder.parent / "cache") as reader:
        check(reader, stories())
        with Archive.open(folder, cache=folder.parent / "cache") as archive:
            archive.reencode("the other")
            assert archive.encoder.fingerprint == "other"
        before = len(loaded)
        check(reader, stories())
        check(reader, stories())
        assert reader.encoder.fingerprint == "other"
    assert loaded[before:] == ["the other"]
    assert set(loaded[:before]) == {"ToyEncoder", "the other"}


def test_a_reader_that_named_its_encoder_is_told(folder: Path) -> None:
    """It says which encoder the archive is of now, and what to do."""
    with opened(folder) as reader:
        reader.search("bridge")
        with opened(folder) as archive:
            archive.reencode(OtherEncoder())
        with pytest.raises(EncoderMismatch, match="newsdesk reencode ToyEncoder"):
            reader.search("bridge")


@pytest.mark.parametrize("action", ["search", "ask", "sync", "add", "verify"])
def test_another_encoder_than_the_archives_is_refused(folder: Path, template: Path, action: str) -> None:
    """Whatever is asked of it; the message names both, the setting, and the command that encodes again."""
    actions: dict[str, Callable[[Archive], object]] = {
        "search": lambda archive: archive.search("bridge"),
        "ask": lambda archive: archive.ask("bridge"),
        "sync": lambda archive: archive.sync([template / "articles"]),
        "add": lambda archive: archive.add([article("The lighthouse was sold.")]),
        "verify": partial(Archive.verify, deep=True),
    }
    with opened(folder, encoder=OtherEncoder()) as archive:
        with pytest.raises(EncoderMismatch) as refused:
            actions[action](archive)
        assert "set NEWSDESK_ENCODER=ToyEncoder" in str(refused.value)
        assert "newsdesk reencode OtherEncoder" in str(refused.value)
        assert archive.reencode(OtherEncoder()) == COUNT
        assert archive.search("bridge")


def test_a_full_disk_is_said_before_anything_is_encoded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How much is needed, and how much there is; the archive goes on with its own vectors."""
    other = OtherEncoder()
    with opened(folder) as archive:
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9, 100))
            with pytest.raises(ArchiveFull, match=r"encoding again needs .* and there are 0 MB"):
                archive.reencode(other)
        assert other.encoded == []
        check(archive, stories())
        assert archive.reencode(other) == COUNT


def test_while_another_writes_it_is_refused(folder: Path) -> None:
    """Before anything is encoded."""
    other = OtherEncoder()
    with opened(folder) as archive, writing(folder), pytest.raises(ArchiveBusy):
        archive.reencode(other)
    assert other.encoded == []


def test_the_base_of_the_new_vectors_is_ready_at_the_switch(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large archive is folded before it switches, and the base of the old vectors goes after."""
    with opened(folder) as archive:
        check(archive, stories())
        assert folding.fold(folder, catalog=archive._catalog)  # noqa: SLF001 - which a large archive does itself
        check(archive, stories())
        (old,) = (folder / "derived").glob("dense-*.ivf")
        monkeypatch.setattr(folding, "SMALLEST", COUNT)
        archive.reencode(OtherEncoder("0123456789"))
        (new,) = (folder / "derived").glob("dense-*.ivf")
        assert new.name.startswith("dense-01234567-")
        assert old.name != new.name
        assert {path.name.partition("-")[2][:8] for path in (folder / "derived").glob("dense-*")} == {"01234567"}
        check(archive, stories())


def test_the_base_of_the_new_vectors_has_their_length(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the archive's facts are still of the old ones while it is made."""
    monkeypatch.setattr(folding, "SMALLEST", COUNT)
    with opened(folder) as archive:
        archive.reencode(OtherEncoder(dimension=256))
        check(archive, stories())
        assert archive.verify(deep=True).damages == ()


def test_an_empty_archive_is_the_new_encoders(tmp_path: Path) -> None:
    """Without a passage there is nothing to encode."""
    with opened(tmp_path / "archive", create=True) as archive:
        assert archive.reencode(OtherEncoder()) == 0
        archive.add([article("The lighthouse was sold.", path="sold.txt")])
        assert archive.search("lighthouse")[0].article.key.path == "sold.txt"
        assert archive.verify(deep=True).damages == ()
    assert fact(tmp_path / "archive", "encoder") == "other"


def test_a_backup_taken_meanwhile_is_whole(folder: Path, tmp_path: Path) -> None:
    """It is of the old encoder, and encoding goes on in it where the archive was."""

    def copy() -> None:
        with opened(folder) as archive:
            archive.backup(tmp_path / "backup")

    with opened(folder) as archive:
        archive.reencode(OtherEncoder(between=copy))
    with opened(tmp_path / "backup") as archive:
        check(archive, stories())
        other = OtherEncoder()
        assert archive.reencode(other) == COUNT
        assert len(other.encoded) == COUNT - 2 * BATCH
        assert archive.verify(deep=True).damages == ()
