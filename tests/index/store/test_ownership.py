"""Ownership: derived files are opened only where this machine wrote them, in this very folder, for this archive."""

from __future__ import annotations

import logging
import os
import shutil
import stat
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest

from index.store.ownership import claim, is_owned, machine_key

if TYPE_CHECKING:
    from pathlib import Path

KEY = b"k" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that is claimed for the archive ``one``."""
    (tmp_path / "derived").mkdir()
    claim(tmp_path / "derived", "one", KEY)
    return tmp_path / "derived"


def test_a_folder_is_owned_once_it_was_claimed(folder: Path) -> None:
    """By the same key, for the same archive; not before."""
    assert is_owned(folder, "one", KEY)
    (folder.parent / "other").mkdir()
    assert not is_owned(folder.parent / "other", "one", KEY)
    assert not is_owned(folder.parent / "none", "one", KEY)


def test_another_key_or_archive_does_not_own(folder: Path) -> None:
    """A folder from another machine, or of another archive that was put here, is not this one's."""
    assert not is_owned(folder, "one", b"o" * 32)
    assert not is_owned(folder, "two", KEY)


def test_a_copy_is_not_owned(folder: Path) -> None:
    """Its files may be from anywhere: the signature is of the folder's inode; a renamed folder stays owned."""
    copy = shutil.copytree(folder, folder.parent / "copy")
    assert (copy / "owner").read_bytes() == (folder / "owner").read_bytes()
    assert not is_owned(copy, "one", KEY)
    folder.rename(folder.parent / "moved")
    assert is_owned(folder.parent / "moved", "one", KEY)


@pytest.mark.parametrize("data", [b"", b"0" * 64, b"\xff" * 64, "é".encode() * 32])
def test_a_forged_owner_does_not_own(folder: Path, data: bytes) -> None:
    """Whatever the file says, other than what only this machine can say."""
    (folder / "owner").write_bytes(data)
    assert not is_owned(folder, "one", KEY)


def test_every_byte_of_a_signature_counts(folder: Path) -> None:
    """Half of it is none, nor is one with another digit."""
    right = (folder / "owner").read_bytes()
    for forged in (right[:-1], right + b"0", right[:-1] + (b"0" if right[-1:] != b"0" else b"1"), right.upper()):
        (folder / "owner").write_bytes(forged)
        assert not is_owned(folder, "one", KEY)
    (folder / "owner").write_bytes(right)
    assert is_owned(folder, "one", KEY)


def test_a_folder_in_the_place_of_the_owner_is_none(folder: Path) -> None:
    """No error where it cannot be read."""
    (folder / "owner").unlink()
    (folder / "owner").mkdir()
    assert not is_owned(folder, "one", KEY)


def test_a_machine_has_one_key(tmp_path: Path) -> None:
    """It is made once, in a folder that need not be there, and only its user may read it; others have others."""
    cache = tmp_path / "deep" / "cache"
    key = machine_key(cache)
    assert len(key) == 32
    assert machine_key(cache) == key
    assert [path.name for path in cache.iterdir()] == ["machine.key"]
    assert stat.S_IMODE((cache / "machine.key").stat().st_mode) == 0o600
    assert machine_key(tmp_path / "other") != key


@pytest.mark.parametrize("data", [b"", b"short", b"x" * 33])
def test_a_key_of_another_length_is_made_anew(tmp_path: Path, data: bytes) -> None:
    """As a full disk leaves it: a short key could be guessed."""
    (tmp_path / "machine.key").write_bytes(data)
    key = machine_key(tmp_path)
    assert len(key) == 32
    assert machine_key(tmp_path) == key


def test_processes_that_begin_at_once_share_a_key(tmp_path: Path) -> None:
    """Whoever is second takes the first one's."""
    barrier, keys = Barrier(8), list[bytes]()

    def make() -> None:
        barrier.wait()
        keys.append(machine_key(tmp_path))

    threads = [Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


@pytest.mark.parametrize("step", ["read", "made"])
def test_a_cache_that_cannot_be_used_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, step: str
) -> None:
    """The process goes on with a key of its own; the log says what follows, and names the file."""
    cache = tmp_path / "cache"
    if step == "read":
        (cache / "machine.key").mkdir(parents=True)
    else:
        cache.write_text("a file")
        cache = cache / "below"

    def failing(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "link", failing)
    with caplog.at_level(logging.WARNING):
        key = machine_key(cache)
    assert len(key) == 32
    assert machine_key(cache) != key
    assert f"{cache / 'machine.key'} cannot be" in caplog.text
    assert "made anew by every process" in caplog.text
