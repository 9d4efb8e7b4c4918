"""Dense search: what brute force finds, kept in a file that is trusted only where it fits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder import unit
from index.store.dense import Dense, Stamp

if TYPE_CHECKING:
    from pathlib import Path

    from index.encoder import FloatMatrix

DIMENSION = 8


def rows(count: int, seed: int = 0) -> FloatMatrix:
    """Random unit vectors."""
    return unit(np.random.default_rng(seed).normal(size=(count, DIMENSION)))


def filled(count: int = 20, seq: int = 3) -> Dense:
    """An index of passages 100, 101, ..."""
    dense = Dense.empty(DIMENSION, "toy")
    dense.apply([], np.arange(100, 100 + count), rows(count), seq)
    return dense


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(0, 60), k=st.integers(1, 80), data=st.data())
def test_search_is_brute_force(seed: int, count: int, k: int, data: st.DataObject) -> None:
    """The best k by cosine are those that multiplying all vectors gives, after any additions and removals."""
    ids = np.random.default_rng(seed).choice(10_000, size=count, replace=False).astype(np.int64)
    vectors, question = rows(count, seed), rows(1, seed + 1)[0]
    removed = data.draw(st.lists(st.sampled_from(ids.tolist()), unique=True)) if count else []
    dense = Dense.empty(DIMENSION, "toy")
    dense.apply([], ids[: count // 2], vectors[: count // 2], 1)
    dense.apply([], ids[count // 2 :], vectors[count // 2 :], 2)
    dense.apply(removed, np.empty(0, dtype=np.int64), np.empty((0, DIMENSION), dtype=np.float32), 3)
    kept = [at for at in range(count) if ids[at] not in removed]
    cosines = {int(ids[at]): float(vectors[at] @ question) for at in kept}
    wanted = sorted(cosines, key=lambda each: -cosines[each])[:k]
    found = dense.search(question, k)
    assert [passage for passage, _ in found] == wanted
    assert [score for _, score in found] == pytest.approx([cosines[each] for each in wanted], abs=1e-5)
    assert (len(dense), dense.stamp) == (len(kept), Stamp(seq=3, fingerprint="toy"))


def test_a_change_removes_before_it_adds() -> None:
    """A passage of an id that is removed and added in one change is there once, with its new vector."""
    dense, new = filled(5), rows(1, 9)
    dense.apply([102, 777], np.array([102]), new, 4)
    assert len(dense) == 5
    assert dense.search(new[0], 1) == [(102, pytest.approx(1.0))]


def test_an_empty_index_finds_nothing() -> None:
    """Before the first passage a search gives none, not ids of -1."""
    dense = Dense.empty(DIMENSION, "toy")
    assert dense.search(rows(1)[0], 10) == []
    assert (len(dense), dense.stamp.seq) == (0, 0)


def test_a_saved_index_finds_the_same(tmp_path: Path) -> None:
    """What is read back gives the same passages and scores, and knows the change it is applied up to."""
    dense, question = filled(), rows(1, 7)[0]
    dense.save(tmp_path)
    loaded = Dense.load(tmp_path, "toy")
    assert loaded is not None
    assert loaded.search(question, 20) == dense.search(question, 20)
    assert loaded.stamp == dense.stamp == Stamp(seq=3, fingerprint="toy")


def test_the_file_before_is_taken_away(tmp_path: Path) -> None:
    """One index file is kept, the last; nothing half written stays beside it."""
    dense = filled()
    dense.save(tmp_path)
    dense.apply([100], np.empty(0, dtype=np.int64), np.empty((0, DIMENSION), dtype=np.float32), 5)
    dense.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dense-5.faiss", "dense.json"]
    loaded = Dense.load(tmp_path, "toy")
    assert loaded is not None
    assert (len(loaded), loaded.stamp.seq) == (19, 5)


def test_a_crash_while_saving_leaves_the_index_before(tmp_path: Path) -> None:
    """An index file that the manifest does not name yet is not read."""
    filled().save(tmp_path)
    (tmp_path / "dense-9.faiss").write_bytes(b"half an ind")
    (tmp_path / "dense.json.new").write_text("{")
    loaded = Dense.load(tmp_path, "toy")
    assert loaded is not None
    assert loaded.stamp.seq == 3


def test_another_encoders_index_is_not_read(tmp_path: Path) -> None:
    """An index is read only for the encoder whose fingerprint it carries."""
    filled().save(tmp_path)
    assert Dense.load(tmp_path, "other") is None


def test_no_index_is_none(tmp_path: Path) -> None:
    """A folder without one gives none."""
    assert Dense.load(tmp_path, "toy") is None


@pytest.mark.parametrize(
    "damage",
    [
        "no file",
        "short file",
        "garbage of the same size",
        "manifest cut",
        "manifest is a list",
        "manifest without a seq",
        "other format",
        "other count",
        "manifest is not text",
    ],
)
def test_a_damaged_index_is_not_read(tmp_path: Path, damage: str) -> None:
    """Whatever is missing or does not fit gives none, so that it is made anew."""
    filled().save(tmp_path)
    file, manifest = tmp_path / "dense-3.faiss", tmp_path / "dense.json"
    data, facts = file.read_bytes(), json.loads(manifest.read_text())
    match damage:
        case "no file":
            file.unlink()
        case "short file":
            file.write_bytes(data[:-7])
        case "garbage of the same size":
            file.write_bytes(b"\x5a" * len(data))
        case "manifest cut":
            manifest.write_text(json.dumps(facts)[:-9])
        case "manifest is a list":
            manifest.write_text("[]")
        case "manifest without a seq":
            manifest.write_text(json.dumps({name: value for name, value in facts.items() if name != "seq"}))
        case "other format":
            manifest.write_text(json.dumps({**facts, "format": 99}))
        case "other count":
            manifest.write_text(json.dumps({**facts, "count": 19}))
        case _:
            manifest.write_bytes(b"\xff\xfe\x00")
    assert Dense.load(tmp_path, "toy") is None
