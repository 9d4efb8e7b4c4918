"""Segments: any file of a tantivy index that is not as it was written is found, before anything is asked of it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from toys import article

from index.domain import Passage
from index.store import manifest, segments
from index.store.lexical import Lexical

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("term", "idx", "store", "fast", "fieldnorm", "pos")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of two segments, one with a list of deletions."""
    lexical = Lexical.begin(tmp_path)
    with lexical.writing() as writer:
        writer.apply([], passages(1, 40), 1)
        writer.apply([3, 4], passages(40, 60), 2)
    return tmp_path / "lexical-3"


def passages(first: int, end: int) -> Iterator[Passage]:
    """Passages of a few words each."""
    for at in range(first, end):
        text = f"Ferry {at} met storm {at % 7} in harbour {at % 5}."
        yield Passage(id=at, article=article(text, path=str(at)), start=0, end=len(text))


def record(folder: Path) -> Path:
    """Where the stamps of the files are."""
    return folder.parent / "lexical-3.json"


def parts(folder: Path) -> list[Path]:
    """The files of segments."""
    return sorted(path for path in folder.iterdir() if path.suffix.strip(".") in {*KINDS, "del"})


def is_sound(folder: Path) -> bool:
    """Whether the index is whole, as it is opened."""
    return segments.is_sound(folder, record(folder))


def test_a_whole_index_is_sound(folder: Path) -> None:
    """With its record, without one, and read byte by byte; the fixture has what the tests below are about."""
    assert is_sound(folder)
    assert segments.is_sound(folder, record(folder), deep=True)
    record(folder).unlink()
    assert is_sound(folder)
    assert {path.suffix.strip(".") for path in parts(folder)} >= {"term", "idx", "store", "fast", "fieldnorm", "del"}


def test_every_flipped_byte_is_found(folder: Path) -> None:
    """In every file, all over it, its footer too."""
    for file in parts(folder):
        data = file.read_bytes()
        for at in sorted({0, len(data) - 1, len(data) - 5, *range(0, len(data), max(1, len(data) // 24))}):
            spoilt = bytearray(data)
            spoilt[at] ^= 1 << at % 8
            file.write_bytes(spoilt)
            sound = is_sound(folder)
            assert not sound or _is_harmless(data, spoilt), (file.name, at)
        file.write_bytes(data)
        assert is_sound(folder)


def _is_harmless(data: bytes, spoilt: bytes) -> bool:
    """Whether a change is only in what the footer says of tantivy's version, which nothing is read by."""
    at = next(at for at, (one, other) in enumerate(zip(data, spoilt, strict=True)) if one != other)
    return at >= len(data) - 8 - int.from_bytes(data[-8:-4], "little")


@pytest.mark.parametrize("change", ["cut", "emptied", "longer", "gone", "zeros"])
def test_every_file_that_is_not_whole_is_found(folder: Path, change: str) -> None:
    """Cut, emptied, longer than it was, gone, or zeros of the same size."""
    for file in parts(folder):
        data = file.read_bytes()
        new = {"cut": data[:-1], "emptied": b"", "longer": data + b"\0", "zeros": bytes(len(data))}
        file.unlink() if change == "gone" else file.write_bytes(new[change])
        assert not is_sound(folder), file.name
        file.write_bytes(data)
        assert is_sound(folder)


def test_files_of_one_segment_that_changed_places_are_found(folder: Path) -> None:
    """Terms where postings should be: each is whole, but what stands in them is not theirs."""
    one, other = sorted(folder.glob("*.term"))[:2]
    one_data, other_data = one.read_bytes(), other.read_bytes()
    one.write_bytes(other_data)
    other.write_bytes(one_data)
    assert not is_sound(folder)


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"segments": 7}', '{"segments": [{}]}', "\0\0"])
def test_without_a_list_of_segments_nothing_is_sound(folder: Path, damage: str) -> None:
    """Whatever stands in meta.json; and a folder that is not there is not sound either."""
    (folder / "meta.json").write_text(damage)
    assert not is_sound(folder)
    assert not segments.is_sound(folder / "none", record(folder))


def test_files_that_are_known_are_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a large index costs a look at each file's size, time and inode."""
    read: list[str] = []
    is_whole = segments._is_whole  # noqa: SLF001 - to count

    def counted(file: Path) -> bool:
        read.append(file.name)
        return is_whole(file)

    monkeypatch.setattr(segments, "_is_whole", counted)
    assert is_sound(folder)
    assert read == []
    os.utime(parts(folder)[0])
    assert is_sound(folder)
    assert read == [parts(folder)[0].name]
    read.clear()
    assert segments.is_sound(folder, record(folder), deep=True)
    assert sorted(read) == [path.name for path in parts(folder)]


@pytest.mark.parametrize("damage", ["gone", "emptied", "forged", "of an older state"])
def test_a_record_that_is_stale_costs_only_reading(tmp_path: Path, folder: Path, damage: str) -> None:
    """Without a record that fits, a whole index is still whole, and a damaged one still damaged."""
    if damage == "gone":
        record(folder).unlink()
    elif damage == "emptied":
        record(folder).write_bytes(b"")
    elif damage == "forged":
        manifest.write(record(folder), {"x": 1})
    else:
        kept = record(folder).read_bytes()
        lexical = Lexical.open(tmp_path)
        assert lexical is not None
        with lexical.writing() as writer:
            writer.apply([5], passages(60, 70), 3)
        record(folder).write_bytes(kept)
    assert is_sound(folder)
    file = max(folder.glob("*.idx"))
    data = bytearray(file.read_bytes())
    data[len(data) // 4] ^= 1
    file.write_bytes(data)
    os.utime(file, (1, 1))
    assert not is_sound(folder)


def test_a_file_that_no_commit_names_is_not_looked_at(folder: Path) -> None:
    """What a killed writer left behind is no damage."""
    (folder / f"{'0' * 32}.idx").write_bytes(b"half")
    name = parts(folder)[0].name.partition(".")[0]
    (folder / f"{name}.99999.del").write_bytes(b"half")
    (folder / "notes.txt").write_text("x")
    assert is_sound(folder)


def test_deletions_that_no_commit_names_are_taken_away(tmp_path: Path, folder: Path) -> None:
    """Those of the last commit stay, with all else; the next writer then can write."""
    before = {path.name for path in folder.iterdir()}
    segment = next(folder.glob("*.del")).name.partition(".")[0]
    names = [f"{segment}.99999.del", f"{'0' * 32}.7.del"]
    for name in names:
        (folder / name).write_bytes(b"half")
    segments.clear(folder)
    assert {path.name for path in folder.iterdir()} == before
    (folder / "meta.json").write_text("{")
    segments.clear(folder)
    shutil.rmtree(folder)
    segments.clear(folder)
    assert Lexical.open(tmp_path) is None


def test_a_killed_writers_deletions_do_not_stop_the_next(tmp_path: Path, folder: Path) -> None:
    """The list that the next writer would write may be there already, of the very same name."""
    shutil.copytree(folder, tmp_path / "before")
    lexical = Lexical.open(tmp_path)
    assert lexical is not None
    with lexical.writing() as writer:
        writer.apply([20], [], 3)
    made = {path.name for path in folder.glob("*.del")} - {path.name for path in (tmp_path / "before").iterdir()}
    assert made
    for name in made:
        shutil.copy(folder / name, tmp_path / "before" / name)
    shutil.rmtree(folder)
    (tmp_path / "before").rename(folder)
    again = Lexical.open(tmp_path)
    assert again is not None
    assert again.seq == 2
    with again.writing() as writer:
        writer.apply([20], [], 3)
    assert 20 not in set(again.ids())
    assert is_sound(folder)


def test_a_merge_meanwhile_is_no_damage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a writer takes a file away while they are looked at, they are looked at again."""
    record(folder).unlink()
    is_whole, seen = segments._is_whole, list[Path]()  # noqa: SLF001 - to come in between

    def merged(file: Path) -> bool:
        seen.append(file)
        if len(seen) == 1:
            raise FileNotFoundError(file)
        return is_whole(file)

    monkeypatch.setattr(segments, "_is_whole", merged)
    assert is_sound(folder)
    assert len(seen) == len(parts(folder)) + 1
    seen.clear()
    monkeypatch.setattr(segments, "_is_whole", lambda _: Path(folder / "none").stat())
    assert not is_sound(folder)
