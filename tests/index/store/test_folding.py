"""Folding: a new base beside questions and changes, whole or not at all, exact until it is large."""

from __future__ import annotations

import fcntl
import shutil
from contextlib import closing
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np
import pytest
from toys import article

from index.encoder import unit
from index.errors import ArchiveDamaged, ArchiveError, ArchiveFull
from index.store import dense, folding, manifest
from index.store.catalog import Catalog
from index.store.dense import Base, Dense, Form

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.encoder import FloatMatrix

DIMENSION = 16


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """An empty archive for vectors of 16 numbers."""
    (tmp_path / "derived").mkdir()
    with closing(Catalog.open(tmp_path / "archive.db")) as opened:
        with opened.note():
            opened.set("encoder", "toy")
            opened.set("dimension", str(DIMENSION))
        yield opened


def rows(count: int, seed: int) -> FloatMatrix:
    """Random unit vectors, as 16 bits keep them."""
    made = unit(np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32))
    return made.astype(np.float16).astype(np.float32)


def put(catalog: Catalog, path: str, count: int) -> None:
    """Keep an article of so many passages."""
    vectors = rows(count, len(path) * 1_000 + sum(map(ord, path)))
    prints = [f"{path} {at}".encode() for at in range(count)]
    with catalog.change() as seq:
        catalog.put(article("Text.", path=path), path, [(0, 5)] * count, prints, vectors, seq)


def remove(catalog: Catalog, path: str) -> None:
    """Remove an article."""
    with catalog.change() as seq:
        catalog.remove(catalog.article_ids([article("", path=path).key]), seq)


def folded(tmp_path: Path, catalog: Catalog) -> Base:
    """Fold, and open what came of it."""
    assert folding.fold(tmp_path, catalog=catalog)
    base = Base.open(tmp_path / "derived", "toy")
    assert base is not None
    return base


def moment(catalog: Catalog, base: Base) -> Dense:
    """Dense search over a base and what came since."""
    ids, vectors = catalog.vectors.since(base.seq, DIMENSION)
    return Dense.begin(DIMENSION, "toy", base).advanced(catalog.removed_since(base.seq), ids, vectors, catalog.seq)


def check(catalog: Catalog, search: Dense) -> None:
    """Every question is answered as multiplying all stored vectors does: the same ids and cosines."""
    ids, vectors = catalog.vectors.since(0, DIMENSION)
    assert len(search) == len(ids) == catalog.count()
    for question in rows(20, 4_242):
        scores = vectors @ question
        best = np.argsort(-scores)[:10]
        found = search.search(question, 10)
        assert [at for at, _ in found] == ids[best].tolist()
        assert [score for _, score in found] == pytest.approx(scores[best].tolist(), abs=1e-5)


def check_nearly(catalog: Catalog, search: Dense) -> None:
    """Of the ten that multiplying all stored vectors finds nine are found, their cosines off by a tenth at most."""
    ids, vectors = catalog.vectors.since(0, DIMENSION)
    assert len(search) == len(ids) == catalog.count()
    alike = 0
    for question in rows(40, 4_242):
        scores = dict(zip(ids.tolist(), (vectors @ question).tolist(), strict=True))
        found = search.search(question, 10)
        assert [score for _, score in found] == pytest.approx([scores[at] for at, _ in found], abs=0.1)
        alike += len({at for at, _ in found} & set(sorted(scores, key=lambda at: -scores[at])[:10]))
    assert alike >= 0.9 * 400


@pytest.fixture
def compressing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive is large from 300 passages on."""
    monkeypatch.setattr(folding, "_COMPRESSED_FROM", 300)
    monkeypatch.setattr(folding, "_MOST_LISTS", 8)


def test_a_base_is_exact_while_it_is_small(tmp_path: Path, catalog: Catalog) -> None:
    """It holds what there is, in one list of 16 bits; with what came and went since it is brute force."""
    for path, count in (("a", 300), ("b", 40), ("c", 60)):
        put(catalog, path, count)
    remove(catalog, "b")
    base = folded(tmp_path, catalog)
    assert (base.form, base.seq, base.last, base.count) == (Form(lists=1, probes=1, compressed=False), 4, 400, 360)
    check(catalog, moment(catalog, base))
    put(catalog, "d", 30)
    remove(catalog, "c")
    put(catalog, "b", 5)
    check(catalog, moment(catalog, base))
    again = folded(tmp_path, catalog)
    assert (again.seq, again.last, again.count) == (7, 435, 335)
    check(catalog, moment(catalog, again))


@pytest.mark.usefixtures("compressing")
def test_a_large_base_is_compressed(tmp_path: Path, catalog: Catalog) -> None:
    """In lists, of 8 bits: nearly all of what is nearest is found."""
    put(catalog, "a", 400)
    base = folded(tmp_path, catalog)
    assert (base.form.lists, base.form.compressed, base.trained) == (8, True, 400)
    check_nearly(catalog, moment(catalog, base))


@pytest.mark.usefixtures("compressing")
def test_a_compressed_base_is_extended(tmp_path: Path, catalog: Catalog) -> None:
    """Its lists stay, and only what changed is read; it holds what a base made anew would."""
    put(catalog, "a", 350)
    put(catalog, "b", 50)
    before = folded(tmp_path, catalog)
    remove(catalog, "b")
    put(catalog, "c", 100)
    put(catalog, "gone", 10)
    remove(catalog, "gone")
    put(catalog, "d", 100)
    after = folded(tmp_path, catalog)
    assert (after.trained, after.count, after.last) == (400, 550, 610)
    assert after.ids().tolist() == catalog.vectors.since(0, DIMENSION)[0].tolist()
    assert np.array_equal(after.index.quantizer.reconstruct(3), before.index.quantizer.reconstruct(3))
    check_nearly(catalog, moment(catalog, after))
    put(catalog, "e", 20)
    remove(catalog, "c")
    check_nearly(catalog, moment(catalog, after))


@pytest.mark.usefixtures("compressing")
def test_a_base_that_has_doubled_gets_new_lists(tmp_path: Path, catalog: Catalog) -> None:
    """Lists that were made from less than half of the passages fit them no more."""
    put(catalog, "a", 400)
    folded(tmp_path, catalog)
    put(catalog, "b", 401)
    base = folded(tmp_path, catalog)
    assert (base.trained, base.count) == (801, 801)
    check_nearly(catalog, moment(catalog, base))


@pytest.mark.usefixtures("compressing")
def test_an_archive_that_shrank_is_exact_again(tmp_path: Path, catalog: Catalog) -> None:
    """What is small is not compressed, whatever it was before."""
    put(catalog, "a", 300)
    put(catalog, "b", 200)
    assert folded(tmp_path, catalog).form.compressed
    remove(catalog, "a")
    base = folded(tmp_path, catalog)
    assert (base.form.compressed, base.count) == (False, 200)
    check(catalog, moment(catalog, base))


@pytest.mark.usefixtures("compressing")
def test_a_base_from_before_the_known_removals_is_not_extended(tmp_path: Path, catalog: Catalog) -> None:
    """What was removed between it and them is not known any more: it is made anew, without it."""
    put(catalog, "a", 400)
    put(catalog, "b", 50)
    folded(tmp_path, catalog)
    remove(catalog, "b")
    catalog.trim(catalog.seq)
    base = folded(tmp_path, catalog)
    assert (base.count, base.trained) == (400, 400)
    check_nearly(catalog, moment(catalog, base))


@pytest.mark.usefixtures("compressing")
def test_a_damaged_base_is_not_extended(tmp_path: Path, catalog: Catalog) -> None:
    """It is made anew from the truth."""
    put(catalog, "a", 400)
    file = folded(tmp_path, catalog).file
    file.write_bytes(file.read_bytes()[:-99])
    put(catalog, "b", 10)
    base = folded(tmp_path, catalog)
    assert (base.count, base.trained) == (410, 410)
    check_nearly(catalog, moment(catalog, base))


def test_an_archive_without_passages_can_be_folded(tmp_path: Path, catalog: Catalog) -> None:
    """The base holds nothing, and finds nothing, until something comes."""
    put(catalog, "a", 3)
    remove(catalog, "a")
    base = folded(tmp_path, catalog)
    search = moment(catalog, base)
    assert (len(search), search.search(rows(1, 1)[0], 5), base.ids().tolist()) == (0, [], [])
    put(catalog, "b", 4)
    check(catalog, moment(catalog, base))


def test_changes_go_on_beside_a_fold(tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is committed while a base is made is not in it, and is found beside it; what went is passed over."""
    put(catalog, "a", 200)
    put(catalog, "b", 20)
    build = dense.build

    def slow(*facts: Any) -> faiss.Index:  # noqa: ANN401 - as build
        with closing(Catalog.open(tmp_path / "archive.db")) as other:
            put(other, "c", 30)
            remove(other, "b")
        return build(*facts)

    monkeypatch.setattr(dense, "build", slow)
    base = folded(tmp_path, catalog)
    assert (base.seq, base.last, base.count, catalog.seq) == (2, 220, 220, 4)
    check(catalog, moment(catalog, base))


def test_one_fold_at_a_time(tmp_path: Path, catalog: Catalog) -> None:
    """Where another process is at it nothing is done; a fold that failed holds nobody up."""
    put(catalog, "a", 10)
    with (tmp_path / "derived" / "fold.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert not folding.fold(tmp_path, catalog=catalog)
    assert not Base.exists(tmp_path / "derived", "toy")
    assert folding.fold(tmp_path, catalog=catalog)


@pytest.mark.parametrize("step", ["building", "half a file", "flushing", "manifest", "taking away"])
def test_a_fold_that_ends_half_way_leaves_the_base_before(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Wherever it is killed, the index answers from the one before, or the new one, and the next fold works."""
    put(catalog, "a", 50)
    before = folded(tmp_path, catalog)
    put(catalog, "b", 50)

    def killed(*facts: Any) -> None:  # noqa: ANN401 - as any of them
        if step == "half a file":
            (tmp_path / "derived" / "dense-toy-2.ivf.new").write_bytes(b"IwSq")
        raise KeyboardInterrupt(facts)

    place = {
        "building": (dense, "build"),
        "half a file": (faiss, "write_index"),
        "flushing": (manifest, "flush"),
        "manifest": (manifest, "write"),
        "taking away": (type(tmp_path), "glob"),
    }[step]
    with monkeypatch.context() as patch:
        patch.setattr(*place, killed)
        with pytest.raises(KeyboardInterrupt):
            folding.fold(tmp_path, catalog=catalog)
    base = Base.open(tmp_path / "derived", "toy")
    assert base is not None
    assert base.seq == (2 if step == "taking away" else before.seq)
    check(catalog, moment(catalog, base))
    put(catalog, "c", 5)
    after = folded(tmp_path, catalog)
    check(catalog, moment(catalog, after))
    names = {path.name for path in (tmp_path / "derived").iterdir()}
    assert names == {"dense-toy.json", "dense-toy-3.ivf", "fold.lock"}


def test_a_disk_without_room_is_told_before_anything_is_written(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message has the figures, and the base before stays."""
    put(catalog, "a", 1_000)
    folded(tmp_path, catalog)
    before = {path.name for path in (tmp_path / "derived").iterdir()}
    put(catalog, "b", 9_000)
    needed = 10_000 * DIMENSION * 2 * 1.2
    free = SimpleNamespace(free=int(needed) - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)
    with pytest.raises(ArchiveFull, match=r"needs 0 MB beside the one in use and there are 0 MB; .*free some space"):
        folding.fold(tmp_path, catalog=catalog)
    assert {path.name for path in (tmp_path / "derived").iterdir()} == before
    free.free = int(needed) + 1
    assert folding.fold(tmp_path, catalog=catalog)


def test_damage_of_the_truth_makes_no_base(tmp_path: Path, catalog: Catalog) -> None:
    """A vector that is not as it was written is named, and in no index."""
    put(catalog, "a", 10)
    with catalog.note():
        catalog.connection.execute("UPDATE vectors_1 SET vector = zeroblob(32) WHERE passage = 4")
    with pytest.raises(ArchiveDamaged, match="the vector of passage 4"):
        folding.fold(tmp_path, catalog=catalog)
    assert not Base.exists(tmp_path / "derived", "toy")


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path, catalog: Catalog) -> None:
    """Where there is none, as an error for a person."""
    (tmp_path / "derived").rmdir()
    with pytest.raises(ArchiveError, match=r"derived/fold\.lock: No such file or directory"):
        folding.fold(tmp_path, catalog=catalog)


@pytest.mark.parametrize(
    ("count", "lists", "probes", "compressed"),
    [
        (0, 1, 1, False),
        (131_071, 1, 1, False),
        (131_072, 1_024, 85, True),
        (262_144, 2_048, 170, True),
        (1_000_000, 2_048, 170, True),
    ],
)
def test_the_form_of_a_base(count: int, lists: int, probes: int, *, compressed: bool) -> None:
    """Exact below 131,072 passages; above four times the root of their number in lists, a twelfth of them searched."""
    assert folding.form_for(count) == Form(lists=lists, probes=probes, compressed=compressed)


def test_when_folding_is_worth_it() -> None:
    """Beyond some thousands without a base, a quarter of a small one, and 16,384 of a large; removals count twice."""

    def base(count: int) -> Base:
        return Base(
            index=None,
            form=folding.form_for(count),
            seq=1,
            last=count,
            count=count,
            trained=count,
            file=None,  # type: ignore[arg-type] - no file is looked at
            sha256="",
        )

    assert [folding.is_due(None, count, 0) for count in (0, 4_096, 4_097)] == [False, False, True]
    assert [folding.is_due(base(40_000), 40_000 + more, 0) for more in (10_000, 10_001)] == [False, True]
    assert [folding.is_due(base(1_000_000), 1_000_000 + more, 0) for more in (16_384, 16_385)] == [False, True]
    assert [folding.is_due(base(5_000), 5_000 - gone, gone) for gone in (4_096, 4_097)] == [False, True]
