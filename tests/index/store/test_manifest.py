"""Manifests: written whole or not at all, and not believed where a byte of them is another."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.store import manifest

FACTS = {"format": 2, "file": "dense-7.ivf", "stamp": [1, 2, 3], "seq": 7}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(st.dictionaries(st.text(max_size=5), st.one_of(st.integers(), st.text(max_size=5), st.none(), st.booleans())))
def test_facts_come_back(tmp_path: Path, facts: dict[str, Any]) -> None:
    """Any facts are read as they were written, also over others; nothing stays beside them."""
    manifest.write(tmp_path / "facts.json", FACTS)
    manifest.write(tmp_path / "facts.json", facts)
    assert manifest.read(tmp_path / "facts.json") == facts
    assert [path.name for path in tmp_path.iterdir()] == ["facts.json"]


def test_every_flipped_bit_is_noticed(tmp_path: Path) -> None:
    """Facts with one bit changed are none, or are the same facts, as with another space between them."""
    path = tmp_path / "facts.json"
    manifest.write(path, FACTS)
    data = path.read_bytes()
    for at in range(8 * len(data)):
        spoilt = bytearray(data)
        spoilt[at // 8] ^= 1 << at % 8
        path.write_bytes(spoilt)
        assert manifest.read(path) in (None, FACTS), at


@pytest.mark.parametrize("size", range(0, 90, 10))
def test_half_of_a_manifest_is_none(tmp_path: Path, size: int) -> None:
    """Cut anywhere, or emptied."""
    path = tmp_path / "facts.json"
    manifest.write(path, FACTS)
    path.write_bytes(path.read_bytes()[:size])
    assert manifest.read(path) is None


@pytest.mark.parametrize(
    "text", ["", "[]", "7", "null", '{"facts": {}}', '{"check": 0}', '{"check": 1, "facts": []}', "\ud7ff\x00"]
)
def test_what_is_no_manifest_is_none(tmp_path: Path, text: str) -> None:
    """Other JSON, or none."""
    (tmp_path / "facts.json").write_text(text)
    assert manifest.read(tmp_path / "facts.json") is None


def test_facts_that_are_a_list_are_none(tmp_path: Path) -> None:
    """Even with a checksum that fits."""
    manifest.write(tmp_path / "facts.json", [1])  # type: ignore[arg-type]
    assert manifest.read(tmp_path / "facts.json") is None


def test_where_there_is_no_file_there_are_no_facts(tmp_path: Path) -> None:
    """Nor where a folder has its name."""
    assert manifest.read(tmp_path / "facts.json") is None
    assert manifest.read(tmp_path) is None


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_facts_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Until the rename the old ones stand, and the next write is not hindered by what was left."""
    path = tmp_path / "facts.json"
    manifest.write(path, FACTS)

    def failing(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(*((os, "fsync", failing) if step == "fsync" else (Path, "replace", failing)))
        with pytest.raises(OSError, match="No space left"):
            manifest.write(path, {"seq": 8})
    assert manifest.read(path) == FACTS
    manifest.write(path, {"seq": 8})
    assert manifest.read(path) == {"seq": 8}


def test_a_stamp_tells_a_changed_file(tmp_path: Path) -> None:
    """By its size, its time and its inode; reading changes nothing."""
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    before = manifest.stamp(path)
    path.read_bytes()
    assert manifest.stamp(path) == before == json.loads(json.dumps(before))
    os.utime(path, ns=(before[1], before[1] + 1))
    assert manifest.stamp(path) != before
    (tmp_path / "other").write_bytes(b"12345")
    os.utime(tmp_path / "other", ns=(before[1], before[1]))
    (tmp_path / "other").rename(path)
    assert manifest.stamp(path)[:2] == before[:2]
    assert manifest.stamp(path) != before


def test_a_digest_is_of_all_bytes(tmp_path: Path) -> None:
    """As computed in one piece, also of more than is read at a time, and of nothing."""
    for data in (b"", bytes(range(256)) * 5_000):
        (tmp_path / "file").write_bytes(data)
        assert manifest.sha256(tmp_path / "file") == hashlib.sha256(data).hexdigest()


def test_names_and_bytes_can_be_flushed(tmp_path: Path) -> None:
    """A file's and a folder's; where there is none, it is an error of the system's, not silence."""
    (tmp_path / "file").write_bytes(b"1")
    manifest.flush(tmp_path / "file")
    manifest.flush(tmp_path)
    with pytest.raises(FileNotFoundError):
        manifest.flush(tmp_path / "none")
