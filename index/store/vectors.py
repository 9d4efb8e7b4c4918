"""The vectors of all passages, in a table for each encoder: one is in use, another may be in the making."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.errors import ArchiveDamaged
from index.store import schema
from index.store.checksums import checksum

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

    from index.encoder import FloatMatrix

    Ids = npt.NDArray[np.int64]

MANY = 500
"""Values in one statement."""
_CHUNK = 16_384


class Vectors:
    """Vectors of unit length by passage, kept as float16. Changes belong inside the catalog's ``change()``.

    Every vector that is read is checked against its row's checksum; ``ArchiveDamaged`` says which is not as written.
    """

    def __init__(self, connection: sqlite3.Connection, number: Callable[[], str]) -> None:
        self._db = connection
        self._number = number

    @property
    def table(self) -> str:
        """The name of the table."""
        return f"vectors_{int(self._number())}"

    def make(self) -> None:
        """Make the table, where there is none."""
        if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (self.table,)).fetchone():
            schema.make_vectors(self._db, self.table)

    def drop(self) -> None:
        """Remove the table with all it holds; vectors are no text, and need not be overwritten."""
        self._db.execute("PRAGMA secure_delete = OFF")
        self._db.execute(f"DROP TABLE IF EXISTS {self.table}")
        self._db.execute("PRAGMA secure_delete = ON")

    def put(self, passages: Sequence[int], prints: Sequence[bytes], vectors: FloatMatrix) -> None:
        """Keep vectors, shape (len(passages), dimension), with fingerprints of what was encoded for each."""
        half = vectors.astype(np.float16)
        rows = []
        for passage, mark, row in zip(passages, prints, half, strict=True):
            blob = row.tobytes()
            rows.append((passage, mark, blob, checksum(passage, mark, blob)))
        self._db.executemany(f"INSERT OR REPLACE INTO {self.table} VALUES (?, ?, ?, ?)", rows)  # noqa: S608 - a number

    def remove_of(self, article: int) -> None:
        """Remove the vectors of an article's passages."""
        self._db.execute(
            f"DELETE FROM {self.table} WHERE passage IN (SELECT id FROM passages WHERE article = ?)",  # noqa: S608
            (article,),
        )

    def forget_orphans(self) -> None:
        """Remove the vectors of passages that are gone."""
        self._db.execute(f"DELETE FROM {self.table} WHERE passage NOT IN (SELECT id FROM passages)")  # noqa: S608

    def by_print(self, prints: Sequence[bytes], dimension: int) -> dict[bytes, FloatMatrix]:
        """Vectors already made for these fingerprints, as float32 of shape (dimension,)."""
        query = f'SELECT passage, print, vector, "check" FROM {self.table} WHERE print = ? LIMIT 1'  # noqa: S608
        found: dict[bytes, FloatMatrix] = {}
        for mark in prints:
            row = self._db.execute(query, (mark,)).fetchone()
            if row is not None and len(row[2]) == 2 * dimension:
                found[mark] = _vector(row)
        return found

    def of(self, passages: Sequence[int]) -> dict[int, FloatMatrix]:
        """Vectors of those passages that exist, as float32 of shape (dimension,)."""
        found: dict[int, FloatMatrix] = {}
        for at in range(0, len(passages), MANY):
            some = passages[at : at + MANY]
            marks = ",".join("?" * len(some))
            query = f'SELECT passage, print, vector, "check" FROM {self.table} WHERE passage IN ({marks})'  # noqa: S608
            found.update((row[0], _vector(row)) for row in self._db.execute(query, some))
        return found

    def since(self, seq: int, dimension: int) -> tuple[Ids, FloatMatrix]:
        """Ids, shape (n,), and vectors, shape (n, dimension), of passages added after change ``seq``."""
        parts = list(self.chunks(seq, dimension))
        if not parts:
            return np.empty(0, dtype=np.int64), np.empty((0, dimension), dtype=np.float32)
        return np.concatenate([ids for ids, _ in parts]), np.concatenate([rows for _, rows in parts])

    def chunks(self, seq: int, dimension: int) -> Iterator[tuple[Ids, FloatMatrix]]:
        """As ``since``, a few thousand at a time, in the order of their ids."""
        where = "" if seq <= 0 else "WHERE passage IN (SELECT id FROM passages WHERE seq > ?)"
        query = f'SELECT passage, print, vector, "check" FROM {self.table} {where} ORDER BY passage'  # noqa: S608
        rows = self._db.execute(query, (seq,) if where else ())
        while some := rows.fetchmany(_CHUNK):
            yield _matrix(some, dimension)

    def sample(self, count: int, dimension: int) -> FloatMatrix:
        """About ``count`` vectors from all over the table, shape (n, dimension), the same at every call."""
        last = int(self._db.execute(f"SELECT COALESCE(MAX(passage), 0) FROM {self.table}").fetchone()[0])  # noqa: S608
        places = np.unique(np.linspace(1, max(last, 1), count, dtype=np.int64)).tolist()
        found = list(self.of(places).values())
        return np.stack(found) if found else np.empty((0, dimension), dtype=np.float32)

    def count(self) -> int:
        """Vectors in the table."""
        return int(self._db.execute(f"SELECT COUNT(*) FROM {self.table}").fetchone()[0])  # noqa: S608 - as above

    def missing(self, most: int) -> list[int]:
        """Passages, the oldest first, that have no vector here."""
        query = (
            f"SELECT p.id FROM passages p LEFT JOIN {self.table} v ON v.passage = p.id"  # noqa: S608 - as above
            " WHERE v.passage IS NULL ORDER BY p.id LIMIT ?"
        )
        return [int(row[0]) for row in self._db.execute(query, (most,))]


def _vector(row: tuple[int, bytes, bytes, int]) -> FloatMatrix:
    _check(row)
    return np.frombuffer(row[2], dtype=np.float16).astype(np.float32)


def _matrix(rows: Sequence[tuple[int, bytes, bytes, int]], dimension: int) -> tuple[Ids, FloatMatrix]:
    for row in rows:
        _check(row)
    ids = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
    joined = b"".join(row[2] for row in rows)
    if len(joined) != 2 * dimension * len(rows):
        raise ArchiveDamaged("a vector in archive.db has not the length of the others; run: newsdesk repair")
    return ids, np.frombuffer(joined, dtype=np.float16).reshape(len(rows), dimension).astype(np.float32)


def _check(row: tuple[int, bytes, bytes, int]) -> None:
    passage, mark, vector, check = row
    if checksum(passage, mark, vector) != check:
        raise ArchiveDamaged(
            f"the vector of passage {passage} in archive.db is not as it was written; run: newsdesk repair"
        )
