"""The derived indexes: in step with the truth, whatever became of their files, and never encoding again."""

from __future__ import annotations

import shutil
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest
from toys import ToyEncoder, article

from index.passages import Chunking
from index.store.catalog import Catalog
from index.store.derived import Derived
from index.store.lock import writing
from index.sync import prepare, store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ENCODER = ToyEncoder()


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """A catalog of three articles, in two changes."""
    with closing(Catalog.open(tmp_path / "archive.db")) as opened:
        put(opened, ["ferry", "harbour"])
        put(opened, ["volcano"])
        yield opened


def put(catalog: Catalog, words: list[str]) -> None:
    """Keep an article a word, in one change."""
    with catalog.change() as seq:
        prepared = [prepare(article(f"A {word}.", path=word), word, ENCODER, Chunking()) for word in words]
        store(prepared, catalog, ENCODER, seq)


def remove(catalog: Catalog, word: str) -> None:
    """Remove an article."""
    with catalog.change() as seq:
        catalog.remove(catalog.article_ids([article("", path=word).key]), seq)


def opened(folder: Path, fingerprint: str = "toy") -> Derived:
    """The derived indexes as a process opens them."""
    return Derived(folder, dimension=64, fingerprint=fingerprint)


def followed(folder: Path, catalog: Catalog, fingerprint: str = "toy") -> Derived:
    """The derived indexes, opened and brought in step."""
    derived = opened(folder, fingerprint)
    with catalog.snapshot():
        derived.follow(catalog)
    return derived


def is_in_step(derived: Derived, catalog: Catalog) -> bool:
    """Whether both indexes find each passage of the catalog by its own word, and hold no other."""
    for passage in catalog.added_since(0):
        word = passage.article.key.path
        dense = derived.dense.search(ENCODER.encode_question(f"A headline A {word}."), 1)
        lexical = derived.lexical.search([ENCODED[word]], 5)
        if [at for at, _ in dense] != [passage.id] or [at for at, _ in lexical] != [passage.id]:
            return False
    counts = {len(derived.dense), len(derived.lexical), catalog.count()}
    return len(counts) == 1 and derived.dense.stamp.seq == derived.lexical.seq == catalog.seq


ENCODED = {"ferry": "ferri", "harbour": "harbour", "volcano": "volcano", "glacier": "glacier", "bridge": "bridg"}
"""Each word and its stem."""


def test_indexes_are_made_from_the_catalog(tmp_path: Path, catalog: Catalog) -> None:
    """Without any file they hold what the catalog holds, once followed."""
    derived = opened(tmp_path)
    assert (len(derived.dense), len(derived.lexical)) == (0, 0)
    with catalog.snapshot():
        derived.follow(catalog)
    assert is_in_step(derived, catalog)


def test_indexes_take_in_only_what_changed(tmp_path: Path, catalog: Catalog) -> None:
    """Added and removed passages reach indexes that were opened before, and those that were saved before."""
    derived = followed(tmp_path, catalog)
    derived.save()
    index = derived.dense
    put(catalog, ["glacier"])
    remove(catalog, "ferry")
    with catalog.snapshot():
        derived.follow(catalog)
    assert derived.dense is index
    assert is_in_step(derived, catalog)
    assert is_in_step(followed(tmp_path, catalog), catalog)


def test_an_article_added_and_removed_between_two_looks(tmp_path: Path, catalog: Catalog) -> None:
    """What came and went unseen is in no index."""
    derived = followed(tmp_path, catalog)
    put(catalog, ["glacier"])
    remove(catalog, "glacier")
    put(catalog, ["volcano"])
    with catalog.snapshot():
        derived.follow(catalog)
    assert is_in_step(derived, catalog)


def test_saving_writes_only_what_changed(tmp_path: Path, catalog: Catalog) -> None:
    """The dense file is written after a change, and left alone where there was none."""
    derived = followed(tmp_path, catalog)
    derived.save()
    (tmp_path / "dense.json").unlink()
    derived.save()
    assert not (tmp_path / "dense.json").exists()
    put(catalog, ["glacier"])
    with catalog.snapshot():
        derived.follow(catalog)
    derived.save()
    assert (tmp_path / "dense.json").exists()


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _overwrite(path: Path) -> None:
    path.write_bytes(b"\x00garbage" * (path.stat().st_size // 8 + 1))


@pytest.mark.parametrize("damage", ["deleted", "cut", "garbage", "of another encoder"])
def test_damaged_indexes_are_made_again(tmp_path: Path, catalog: Catalog, damage: str) -> None:
    """Files that are gone, torn, overwritten or of another encoder are replaced from the stored vectors."""
    followed(tmp_path, catalog).save()
    files = [path for path in tmp_path.rglob("*") if path.is_file() and not path.name.startswith("archive.")]
    spoil: dict[str, Callable[[Path], None]] = {"deleted": type(tmp_path).unlink, "cut": _cut, "garbage": _overwrite}
    for file in files:
        spoil.get(damage, lambda _: None)(file)
    fingerprint = "other" if damage == "of another encoder" else "toy"
    derived = opened(tmp_path, fingerprint)
    assert len(derived.dense) == 0
    with catalog.snapshot():
        derived.follow(catalog)
    assert is_in_step(derived, catalog)
    assert derived.dense.stamp.fingerprint == fingerprint


@pytest.mark.parametrize("replaced", [False, True])
def test_indexes_ahead_of_the_truth_are_made_again(tmp_path: Path, catalog: Catalog, *, replaced: bool) -> None:
    """With the database of an earlier day, what came later is found by no index, also where counts are the same."""
    catalog.checkpoint()
    shutil.copy(tmp_path / "archive.db", tmp_path / "backup.db")
    put(catalog, ["glacier"])
    if replaced:
        remove(catalog, "ferry")
    followed(tmp_path, catalog).save()
    with closing(Catalog.open(tmp_path / "backup.db")) as backup:
        derived = followed(tmp_path, backup)
        assert is_in_step(derived, backup)
        assert derived.lexical.search(["glacier"], 5) == []


def test_indexes_that_hold_too_little_are_made_again(tmp_path: Path, catalog: Catalog) -> None:
    """An index that says it is in step, but has lost passages, is found out by its count at the next change."""
    derived = followed(tmp_path, catalog)
    lost = [next(catalog.added_since(0)).id]
    derived.dense.apply(lost, np.empty(0, dtype=np.int64), np.empty((0, 64), dtype=np.float32), catalog.seq)
    derived.lexical.apply(lost, [], catalog.seq)
    put(catalog, ["glacier"])
    with catalog.snapshot():
        derived.follow(catalog)
    assert is_in_step(derived, catalog)


def test_while_another_writes_the_lexical_index_is_left_to_it(tmp_path: Path, catalog: Catalog) -> None:
    """A reader does not wait for a writer: it answers with the lexical index as it is, and catches up later."""
    derived = followed(tmp_path, catalog)
    put(catalog, ["glacier"])
    with writing(tmp_path), catalog.snapshot():
        derived.follow(catalog)
        assert (derived.dense.stamp.seq, derived.lexical.seq) == (3, 2)
        derived.follow(catalog, held=True)
        assert is_in_step(derived, catalog)


def test_a_reader_takes_over_what_another_wrote(tmp_path: Path, catalog: Catalog) -> None:
    """Once the writer has brought the lexical index in step, a reader sees it without writing."""
    reader, writer = followed(tmp_path, catalog), followed(tmp_path, catalog)
    put(catalog, ["glacier"])
    with writing(tmp_path), catalog.snapshot():
        writer.follow(catalog, held=True)
        reader.follow(catalog)
    assert is_in_step(reader, catalog)


def test_a_reader_does_not_set_back_what_a_writer_has_done(tmp_path: Path, catalog: Catalog) -> None:
    """A question that began before a change ended leaves the lexical index at the later change."""
    reader = opened(tmp_path)
    with closing(Catalog.open(tmp_path / "archive.db")) as earlier, earlier.snapshot():
        assert earlier.seq == 2
        put(catalog, ["glacier"])
        writer = followed(tmp_path, catalog)
        reader.follow(earlier)
        assert (reader.dense.stamp.seq, reader.lexical.seq) == (2, 3)
        writer.lexical.reload()
        assert is_in_step(writer, catalog)
    with catalog.snapshot():
        reader.follow(catalog)
    assert is_in_step(reader, catalog)


def test_nothing_is_encoded_again(tmp_path: Path, catalog: Catalog) -> None:
    """All of this reads stored vectors: an index made anew has what was encoded once, as float16."""
    before = len(ENCODER.encoded)
    derived = followed(tmp_path, catalog)
    ids, vectors = catalog.vectors_since(0, 64)
    assert len(ENCODER.encoded) == before
    for at, vector in zip(ids, vectors, strict=True):
        wanted = float(vector @ vector)
        assert derived.dense.search(vector, 1) == [(int(at), pytest.approx(wanted, abs=1e-6))]
