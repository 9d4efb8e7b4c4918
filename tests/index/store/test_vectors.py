"""Vectors: kept as float16, used again by what was encoded, a table for each encoder."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest
from toys import article

from index.encoder import unit
from index.errors import ArchiveDamaged
from index.store import vectors as vectors_module
from index.store.catalog import Catalog
from index.store.checksums import checksum
from index.store.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.encoder import FloatMatrix

DIMENSION = 4


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """An empty catalog."""
    with closing(Catalog.open(tmp_path / "archive.db")) as opened:
        yield opened


def rows(count: int, seed: int = 0) -> FloatMatrix:
    """Unit vectors as they come back from 16 bits."""
    made = unit(np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32))
    return made.astype(np.float16).astype(np.float32)


def put(catalog: Catalog, path: str, vectors: FloatMatrix) -> None:
    """Keep an article with these vectors, in a change of its own."""
    prints = [f"{path} {at}".encode() for at in range(len(vectors))]
    with catalog.change() as seq:
        catalog.put(article("Text.", path=path), path, [(0, 5)] * len(vectors), prints, vectors, seq)


def test_what_came_since_a_change_comes_in_parts(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few at a time, in the order of ids, all of them, or those added later; together they are what was put."""
    monkeypatch.setattr(vectors_module, "_CHUNK", 2)
    first, second = rows(5, 1), rows(2, 2)
    put(catalog, "a", first)
    put(catalog, "b", second)
    parts = list(catalog.vectors.chunks(0, DIMENSION))
    assert [ids.tolist() for ids, _ in parts] == [[1, 2], [3, 4], [5, 6], [7]]
    assert np.array_equal(np.concatenate([part for _, part in parts]), np.concatenate([first, second]))
    ids, since = catalog.vectors.since(1, DIMENSION)
    assert ids.tolist() == [6, 7]
    assert np.array_equal(since, second)
    assert list(catalog.vectors.chunks(2, DIMENSION)) == []


def test_a_vector_of_another_length_is_damage(catalog: Catalog) -> None:
    """Also with a checksum that fits: it cannot be searched beside the others, and is never taken for part of one."""
    put(catalog, "a", rows(2))
    blob = b"\0\0"
    with closing(sqlite3.connect(catalog.path)) as connection, connection:
        facts = (blob, checksum(2, b"a 1", blob))
        connection.execute('UPDATE vectors_1 SET vector = ?, "check" = ? WHERE passage = 2', facts)
    with pytest.raises(ArchiveDamaged, match="has not the length of the others; run: newsdesk repair"):
        catalog.vectors.since(0, DIMENSION)


def test_a_sample_is_from_all_over(catalog: Catalog) -> None:
    """As many as asked for, spread evenly, the same at every call; of few vectors all, of none none."""
    assert catalog.vectors.sample(5, DIMENSION).shape == (0, DIMENSION)
    all_of_them = rows(100)
    put(catalog, "a", all_of_them)
    sample = catalog.vectors.sample(4, DIMENSION)
    assert np.array_equal(sample, all_of_them[[0, 33, 66, 99]])
    assert np.array_equal(sample, catalog.vectors.sample(4, DIMENSION))
    assert np.array_equal(catalog.vectors.sample(1000, DIMENSION), all_of_them)


def test_a_removed_article_has_no_vectors(catalog: Catalog) -> None:
    """Nor has one that was replaced; its vectors are not used again."""
    put(catalog, "a", rows(3))
    put(catalog, "b", rows(2, 7))
    with catalog.change() as seq:
        catalog.remove([1], seq)
    assert (catalog.vectors.count(), list(catalog.vectors.of([1, 2, 3, 4, 5]))) == (2, [4, 5])
    assert catalog.vectors.by_print([b"a 0"], DIMENSION) == {}
    assert list(catalog.vectors.by_print([b"b 1"], DIMENSION)) == [b"b 1"]


def test_a_table_for_another_encoder(catalog: Catalog) -> None:
    """It is filled beside the one in use, which passages still want a vector is known, and the switch is one fact."""
    put(catalog, "a", rows(3))
    new = Vectors(catalog.connection, lambda: "2")
    other = rows(3, 9)
    with catalog.note():
        new.make()
        new.make()
        assert new.missing(2) == [1, 2]
        new.put([1, 3, 99], [b"1", b"3", b"99"], other)
    assert (catalog.vectors.table, new.table, new.missing(10)) == ("vectors_1", "vectors_2", [2])
    assert np.array_equal(catalog.vectors.of([1])[1], rows(3)[0])
    with catalog.change():
        new.forget_orphans()
        catalog.set("vectors", "2")
    assert (catalog.vectors.table, catalog.vectors.count()) == ("vectors_2", 2)
    assert np.array_equal(catalog.vectors.of([3])[3], other[1])
    with catalog.note():
        Vectors(catalog.connection, lambda: "1").drop()
        Vectors(catalog.connection, lambda: "1").drop()
    names = catalog.connection.execute(
        "SELECT name FROM sqlite_master WHERE name LIKE 'vectors%' ORDER BY 1"
    ).fetchall()
    assert names == [("vectors_2",), ("vectors_2_by_print",)]


def test_dropping_vectors_does_not_stop_the_overwriting_of_text(catalog: Catalog) -> None:
    """What is deleted afterwards is overwritten as before."""
    with catalog.note():
        Vectors(catalog.connection, lambda: "2").drop()
    assert catalog.connection.execute("PRAGMA secure_delete").fetchone() == (1,)


def test_the_name_of_a_table_is_a_number() -> None:
    """What the fact says goes into statements only as one."""
    with pytest.raises(ValueError, match="invalid literal"):
        _ = Vectors(sqlite3.connect(":memory:"), lambda: "1; DROP TABLE articles").table
