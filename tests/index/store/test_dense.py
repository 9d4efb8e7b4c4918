"""Dense search: exact cosines while nothing is compressed, and the part in a file only where it is as written."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder import unit
from index.store import dense, manifest
from index.store.dense import Base, Dense, Form
from index.store.recent import Recent

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from index.encoder import FloatMatrix

    Ids = npt.NDArray[np.int64]

DIMENSION = 8
EXACT = Form(lists=1, probes=1, compressed=False)
NONE: Ids = np.empty(0, dtype=np.int64)
NO_ROWS: FloatMatrix = np.empty((0, DIMENSION), dtype=np.float32)


def rows(count: int, seed: int = 0, dimension: int = DIMENSION) -> FloatMatrix:
    """Random unit vectors, as 16 bits keep them."""
    made = unit(np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32))
    return made.astype(np.float16).astype(np.float32)


def saved(folder: Path, ids: Ids, vectors: FloatMatrix, *, form: Form = EXACT, seq: int = 3, name: str = "toy") -> Base:
    """A base of these vectors, written and opened."""
    index = dense.build(None, form, vectors, NONE, [(ids, vectors)])
    last = int(ids.max(initial=0))
    dense.save(index, folder, form, seq=seq, last=last, trained=len(ids), fingerprint=name)
    base = Base.open(folder, name)
    assert base is not None
    return base


def filled(folder: Path, count: int = 20) -> Base:
    """A base of passages 100, 101, ..."""
    return saved(folder, np.arange(100, 100 + count), rows(count))


def brute(ids: Ids, vectors: FloatMatrix, question: FloatMatrix, k: int) -> list[tuple[int, Any]]:
    """The best k, by multiplying all."""
    scores = vectors @ question
    return [(int(ids[at]), pytest.approx(float(scores[at]), abs=1e-5)) for at in np.argsort(-scores)[:k]]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    count=st.integers(0, 60),
    folded=st.integers(0, 60),
    k=st.integers(1, 80),
    data=st.data(),
)
def test_search_is_brute_force(
    tmp_path_factory: pytest.TempPathFactory, seed: int, count: int, folded: int, k: int, data: st.DataObject
) -> None:
    """The best k by cosine are those that multiplying all vectors gives, of a base and what came since and went."""
    ids, vectors, question = np.arange(1, count + 1), rows(count, seed), rows(1, seed + 1)[0]
    folded = min(folded, count)
    base = saved(tmp_path_factory.mktemp("base"), ids[:folded], vectors[:folded]) if folded else None
    removed = [data.draw(st.lists(st.sampled_from(ids.tolist()), unique=True)) if count else [] for _ in range(2)]
    half = (folded + count) // 2
    search = Dense.begin(DIMENSION, "toy", base).advanced([], ids[folded:half], vectors[folded:half], 4)
    search = search.advanced([at for at in removed[0] if at <= half], ids[half:], vectors[half:], 5)
    search = search.advanced([at for at in removed[1] if at > half or at not in removed[0]], NONE, NO_ROWS, 6)
    gone = {at for at in removed[0] if at <= half} | set(removed[1])
    kept = [at for at in range(count) if at + 1 not in gone]
    assert search.search(question, k) == brute(ids[kept], vectors[kept], question, k)
    assert (len(search), search.seq) == (len(kept), 6)


@pytest.mark.parametrize("compressed", [False, True])
def test_a_search_among_some_passages_is_brute_force(tmp_path: Path, *, compressed: bool) -> None:
    """Of those that a mask names, in the file and since, without those that went; ids behind the mask are in none."""
    ids, vectors, question = np.arange(1, 81), rows(80), rows(1, 5)[0]
    form = Form(lists=1, probes=1, compressed=compressed)
    search = Dense.begin(DIMENSION, "toy", saved(tmp_path, ids[:50], vectors[:50], form=form))
    search = search.advanced([4], ids[50:], vectors[50:], 4)
    search = search.advanced([6, 60, 66], NONE, NO_ROWS, 5)
    among = np.arange(75) % 2 == 0
    kept = np.array([at for at in range(80) if ids[at] < 75 and among[ids[at]] and ids[at] not in (4, 6, 60, 66)])
    found = search.search(question, 100, among)
    assert {at for at, _ in found} == set(ids[kept].tolist())
    expected = dict(brute(ids[kept], vectors[kept], question, 100))
    assert all(score == pytest.approx(expected[at].expected, abs=0.02 if compressed else 1e-5) for at, score in found)
    assert search.search(question, 5, np.zeros(99, dtype=bool)) == []


def test_a_change_removes_before_it_adds(tmp_path: Path) -> None:
    """A passage that is removed and another that is added in one change: the one is gone, the other there once."""
    base, new = filled(tmp_path, 5), rows(1, 9)
    search = Dense.begin(DIMENSION, "toy", base).advanced([102, 777], np.array([105]), new, 4)
    assert search.search(new[0], 1) == [(105, pytest.approx(1.0, abs=1e-3))]
    assert 102 not in dict(search.search(new[0], 99))


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    """Before the first passage, and after the last is gone, a search gives none, not ids of -1."""
    search = Dense.begin(DIMENSION, "toy")
    assert search.search(rows(1)[0], 10) == []
    assert (len(search), search.seq) == (0, 0)
    emptied = Dense.begin(DIMENSION, "toy", filled(tmp_path, 3)).advanced([100, 101, 102], NONE, NO_ROWS, 4)
    assert (emptied.search(rows(1)[0], 10), len(emptied)) == ([], 0)
    again = search.advanced([], np.array([1, 2]), rows(2), 1).advanced([1, 2], NONE, NO_ROWS, 2)
    assert (again.search(rows(1)[0], 10), len(again)) == ([], 0)


def test_a_moment_never_changes(tmp_path: Path) -> None:
    """A search that goes on in an older moment finds what it held, also when two later ones grew out of it."""
    question = rows(1, 7)[0]
    before = Dense.begin(DIMENSION, "toy", filled(tmp_path, 4)).advanced([], np.array([110, 111]), rows(2, 1), 4)
    found = before.search(question, 99)
    one = before.advanced([100], np.array([120]), rows(1, 2), 5)
    other = before.advanced([110], np.array([130, 131]), rows(2, 3), 5)
    third = one.advanced([], np.array([140]), rows(1, 4), 6)
    assert before.search(question, 99) == found
    assert {at for at, _ in found} == {100, 101, 102, 103, 110, 111}
    assert {at for at, _ in one.search(question, 99)} == {101, 102, 103, 110, 111, 120}
    assert {at for at, _ in other.search(question, 99)} == {100, 101, 102, 103, 111, 130, 131}
    assert {at for at, _ in third.search(question, 99)} == {101, 102, 103, 110, 111, 120, 140}


def test_two_futures_of_one_buffer_do_not_mix() -> None:
    """Of two moments that were extended from the same one, the second does not write over the first."""
    start = Recent.empty(DIMENSION).extended(np.array([1]), rows(1, 1))
    one = start.extended(np.array([2]), rows(1, 2))
    other = start.extended(np.array([3]), rows(1, 3))
    assert (one.ids[: one.count].tolist(), other.ids[: other.count].tolist()) == ([1, 2], [1, 3])
    assert np.array_equal(one.rows[: one.count], np.concatenate([rows(1, 1), rows(1, 2)]))
    assert np.array_equal(other.rows[: other.count], np.concatenate([rows(1, 1), rows(1, 3)]))


def test_adding_copies_only_what_is_added() -> None:
    """Where there is room the buffer is the same; it grows by doubling."""
    recent = Recent.empty(DIMENSION).extended(np.array([1]), rows(1))
    buffers = set()
    for at in range(2, 3_000):
        recent = recent.extended(np.array([at]), rows(1, at))
        buffers.add(id(recent.ids))
    assert len(buffers) <= 3
    assert recent.ids[: recent.count].tolist() == list(range(1, 3_000))
    assert recent.extended(NONE, NO_ROWS) is recent


def test_a_saved_base_finds_the_same(tmp_path: Path) -> None:
    """What is opened knows its passages and the change it is of."""
    base = filled(tmp_path)
    question = rows(1, 7)[0]
    assert Dense.begin(DIMENSION, "toy", base).search(question, 9) == brute(np.arange(100, 120), rows(20), question, 9)
    assert (base.seq, base.last, base.count, base.trained, base.form) == (3, 119, 20, 20, EXACT)
    assert base.ids().tolist() == list(range(100, 120))
    assert base.is_sound()


def test_the_file_before_is_taken_away(tmp_path: Path) -> None:
    """One file is kept, the last; nothing half written stays beside it, and another encoder's is not touched."""
    saved(tmp_path, np.array([1]), rows(1), name="other")
    filled(tmp_path)
    (tmp_path / "dense-toy-9.ivf.new").write_bytes(b"half")
    base = saved(tmp_path, np.array([7]), rows(1), seq=5)
    names = {"dense-toy-5.ivf", "dense-toy.json", "dense-other-3.ivf", "dense-other.json"}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert (base.seq, base.ids().tolist()) == (5, [7])


def test_a_base_in_use_outlives_its_file(tmp_path: Path) -> None:
    """A reader that has mapped it goes on when a folding has taken the file away."""
    base, question = filled(tmp_path), rows(1, 7)[0]
    saved(tmp_path, np.array([7]), rows(1), seq=5)
    assert not base.file.exists()
    assert Dense.begin(DIMENSION, "toy", base).search(question, 9) == brute(np.arange(100, 120), rows(20), question, 9)


def test_the_base_in_use_is_kept_while_it_is_the_one(tmp_path: Path) -> None:
    """It is not mapped again; once there is another, that is."""
    base = filled(tmp_path)
    assert Base.open(tmp_path, "toy", in_use=base) is base
    saved(tmp_path, np.array([7]), rows(1), seq=5)
    again = Base.open(tmp_path, "toy", in_use=base)
    assert again is not None
    assert again.seq == 5


def test_a_crash_while_saving_leaves_the_base_before(tmp_path: Path) -> None:
    """A file that the manifest does not name yet is not read."""
    filled(tmp_path)
    (tmp_path / "dense-toy-9.ivf").write_bytes(b"half an ind")
    (tmp_path / "dense-toy.json.new").write_text("{")
    base = Base.open(tmp_path, "toy")
    assert base is not None
    assert base.seq == 3


def test_another_encoders_base_is_not_opened(tmp_path: Path) -> None:
    """A base is opened only for the encoder whose whole fingerprint it carries, not only the beginning of it."""
    saved(tmp_path, np.array([7]), rows(1), name="toy-coder one")
    assert Base.open(tmp_path, "toy-coder two") is None
    assert Base.open(tmp_path, "other") is None
    assert Base.open(tmp_path, "toy-coder one") is not None


def test_bases_of_other_encoders_are_forgotten(tmp_path: Path) -> None:
    """After a switch only one encoder's files stay."""
    saved(tmp_path, np.array([7]), rows(1), name="other")
    filled(tmp_path)
    dense.forget_others(tmp_path, "toy")
    assert Base.open(tmp_path, "toy") is not None
    assert not Base.exists(tmp_path, "other")
    assert {path.name for path in tmp_path.iterdir()} == {"dense-toy-3.ivf", "dense-toy.json"}


def test_no_base_is_none(tmp_path: Path) -> None:
    """A folder without one gives none, and says that there is none."""
    assert Base.open(tmp_path, "toy") is None
    assert not Base.exists(tmp_path, "toy")
    filled(tmp_path)
    assert Base.exists(tmp_path, "toy")


DAMAGES: dict[str, Any] = {
    "no file": lambda file, _: file.unlink(),
    "short": lambda file, data: file.write_bytes(data[:-7]),
    "empty": lambda file, _: file.write_bytes(b""),
    "longer": lambda file, data: file.write_bytes(data + b"\0"),
    "garbage": lambda file, data: file.write_bytes(b"\x5a" * len(data)),
    "a byte": lambda file, data: file.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_base_that_is_not_as_written_is_not_opened(tmp_path: Path, damage: str) -> None:
    """Gone, cut, longer, or one bit changed: there is a base, but none that is used."""
    base = filled(tmp_path)
    DAMAGES[damage](base.file, base.file.read_bytes())
    assert Base.open(tmp_path, "toy") is None
    assert Base.exists(tmp_path, "toy")


def test_a_bit_that_flipped_without_a_trace_is_found_by_reading_all(tmp_path: Path) -> None:
    """With the size, time and inode it had, a changed file is told only where every byte is read."""
    base = filled(tmp_path)
    status, data = base.file.stat(), bytearray(base.file.read_bytes())
    data[-9] ^= 1
    with base.file.open("r+b") as file:
        file.write(data)
    os.utime(base.file, ns=(status.st_atime_ns, status.st_mtime_ns))
    opened = Base.open(tmp_path, "toy")
    assert opened is not None
    assert not opened.is_sound()


def test_a_file_that_was_only_touched_or_moved_is_opened(tmp_path: Path) -> None:
    """Its digest says that it is the same."""
    base = filled(tmp_path)
    os.utime(base.file, (1, 1))
    assert Base.open(tmp_path, "toy") is not None
    (tmp_path / "other").write_bytes(base.file.read_bytes())
    (tmp_path / "other").replace(base.file)
    assert Base.open(tmp_path, "toy") is not None


def test_two_bases_that_changed_places_are_not_opened(tmp_path: Path) -> None:
    """A whole file in the place of another is told."""
    one, other = filled(tmp_path), saved(tmp_path, np.arange(100, 120), rows(20, 5), name="other")
    one.file.rename(tmp_path / "kept")
    other.file.rename(one.file)
    (tmp_path / "kept").rename(other.file)
    assert Base.open(tmp_path, "toy") is None
    assert Base.open(tmp_path, "other") is None


@pytest.mark.parametrize(
    "forged",
    [
        {"format": 99},
        {"count": 19},
        {"dimension": 9},
        {"file": "none.ivf"},
        {"seq": None},
        {"lists": "x"},
        {"stamp": 7},
    ],
)
def test_a_manifest_that_does_not_fit_is_not_believed(tmp_path: Path, forged: dict[str, Any]) -> None:
    """Even with a checksum of its own that fits."""
    filled(tmp_path)
    path = tmp_path / "dense-toy.json"
    manifest.write(path, {**json.loads(path.read_text())["facts"], "sha256": "0", **forged})
    assert Base.open(tmp_path, "toy") is None
    manifest.write(path, {name: value for name, value in (manifest.read(path) or {}).items() if name not in forged})
    assert Base.open(tmp_path, "toy") is None


def clustered(count: int, seed: int = 0) -> FloatMatrix:
    """Vectors of 32 dimensions that lie in heaps, as those of texts do."""
    generator = np.random.default_rng(seed)
    heaps = np.random.default_rng(99).normal(size=(40, 32))
    made = heaps[generator.integers(0, 40, count)] + generator.normal(size=(count, 32))
    return unit(made.astype(np.float32))


def test_a_compressed_base_finds_nearly_all(tmp_path: Path) -> None:
    """With 8 bits and a quarter of the lists recall@10 is .95 and more, and scores are off by hundredths at most."""
    vectors, ids = clustered(4_000), np.arange(1, 4_001)
    base = saved(tmp_path, ids, vectors, form=Form(lists=32, probes=8, compressed=True))
    search = Dense.begin(32, "toy", base)
    shares = []
    for question in clustered(60, 1):
        scores = vectors @ question
        wanted = set((np.argsort(-scores)[:10] + 1).tolist())
        found = search.search(question, 10)
        shares.append(len(wanted & {at for at, _ in found}) / 10)
        assert [score for _, score in found] == pytest.approx([float(scores[at - 1]) for at, _ in found], abs=0.02)
    assert sum(shares) / len(shares) >= 0.95
    assert base.ids().tolist() == ids.tolist()


def test_removed_passages_are_passed_over_in_a_compressed_base(tmp_path: Path) -> None:
    """They take no place among the k: as many others are found."""
    vectors, ids = clustered(2_000), np.arange(1, 2_001)
    base = saved(tmp_path, ids, vectors, form=Form(lists=8, probes=8, compressed=True))
    question = clustered(1, 1)[0]
    search = Dense.begin(32, "toy", base)
    gone = [at for at, _ in search.search(question, 50)]
    found = search.advanced(gone, NONE, np.empty((0, 32), np.float32), 4).search(question, 50)
    assert len(found) == 50
    assert set(gone).isdisjoint(at for at, _ in found)
    assert [at for at, _ in search.search(question, 100)][50:] == [at for at, _ in found]


def test_a_base_that_is_extended_keeps_its_lists(tmp_path: Path) -> None:
    """What is gone is taken out, what is new put in; the result is that of all vectors, in the lists there were."""
    vectors, ids = clustered(2_000), np.arange(1, 2_001)
    form = Form(lists=8, probes=8, compressed=True)
    before = saved(tmp_path, ids[:1_500], vectors[:1_500], form=form)
    gone = np.arange(1, 300)
    index = dense.build(
        before, form, NO_ROWS, gone, [(ids[1_500:1_700], vectors[1_500:1_700]), (ids[1_700:], vectors[1_700:])]
    )
    dense.save(index, tmp_path, form, seq=9, last=2_000, trained=1_500, fingerprint="toy")
    after = Base.open(tmp_path, "toy", in_use=before)
    assert after is not None
    assert (after.seq, after.count, after.trained, after.ids().tolist()) == (9, 1_701, 1_500, list(range(300, 2_001)))
    assert np.array_equal(centres(after), centres(before))
    for question in clustered(20, 1):
        scores = vectors[299:] @ question
        wanted = set((np.argsort(-scores)[:10] + 300).tolist())
        assert len(wanted & {at for at, _ in Dense.begin(32, "toy", after).search(question, 10)}) >= 9


def centres(base: Base) -> FloatMatrix:
    """The middles of a base's lists."""
    quantizer = base.index.quantizer
    return np.stack([quantizer.reconstruct(at) for at in range(base.form.lists)])
