"""Which files an archive was made from, as they were when they were read, and what was taken out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.domain import ArticleKey
from index.store.checksums import checksum, traces
from index.store.rows import sound

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from index.domain import Article

File = tuple[str, str]
"""A root and the path of a file below it."""
Stamp = tuple[int, int, int, str]
"""Size in bytes, time of change in nanoseconds, inode, and how the file was read."""

_ADOPT = {
    "articles": (
        "UPDATE OR REPLACE articles SET root = :root, file = :place || file, path = :place || path,"
        ' "check" = checksum(id, :root, :place || file, :place || path, item, digest, seq) WHERE root = :child'
    ),
    "files": (
        "UPDATE OR REPLACE files SET root = :root, path = :place || path,"
        ' "check" = checksum(:root, :place || path, size, mtime, inode, reading, hash) WHERE root = :child'
    ),
    "withdrawn": (
        "UPDATE OR REPLACE withdrawn SET root = :root, path = :place || path,"
        ' "check" = checksum(:root, :place || path, item, text, address) WHERE root = :child'
    ),
}


class Files:
    """The files behind a catalog. Changes belong inside the catalog's ``change()``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def stamp_of(self, root: str, path: str) -> tuple[Stamp, bytes | None] | None:
        """The stamp of a file that was read whole, and a hash of its bytes."""
        query = 'SELECT root, path, size, mtime, inode, reading, hash, "check" FROM files WHERE root = ? AND path = ?'
        row = self._db.execute(query, (root, path)).fetchone()
        if row is None:
            return None
        size, mtime, inode, reading, mark = sound(row, f"the stamp of {root}/{path}")[2:]
        return (size, mtime, inode, reading), mark

    def stamp(self, root: str, path: str, stamp: Stamp, mark: bytes | None = None) -> None:
        """Remember a file as read whole; ``mark`` is a hash of its bytes."""
        row = (root, path, *stamp, mark)
        self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, checksum(*row)))

    def forget(self, root: str, path: str) -> None:
        """Forget a file."""
        self._db.execute("DELETE FROM files WHERE root = ? AND path = ?", (root, path))

    def all(self) -> Iterator[File]:
        """Every file that was read whole, or that gave an article."""
        yield from self._db.execute("SELECT root, path FROM files UNION SELECT root, file FROM articles")

    def count(self, root: str, path: str) -> int:
        """How many articles a file gave."""
        rows = self._db.execute("SELECT COUNT(*) FROM articles WHERE root = ? AND file = ?", (root, path))
        return int(rows.fetchone()[0])

    def counts(self) -> dict[str, int]:
        """How many articles each root gave."""
        return dict(self._db.execute("SELECT root, COUNT(*) FROM articles GROUP BY root"))

    def keys_of(self, root: str, path: str) -> Iterator[ArticleKey]:
        """Keys of the articles that a file gave, which may be millions."""
        rows = self._db.execute("SELECT path, item FROM articles WHERE root = ? AND file = ?", (root, path))
        return (ArticleKey(root=root, path=inner, id=item) for inner, item in rows)

    def roots(self) -> list[str]:
        """Every path that was synced and gave something."""
        rows = self._db.execute("SELECT root FROM files UNION SELECT root FROM articles ORDER BY 1")
        return [str(row[0]) for row in rows]

    def adopt(self, root: str, child: str, prefix: str) -> None:
        """Count what came from the root ``child`` to ``root``, which holds it at ``prefix``."""
        query = "SELECT 1 FROM files WHERE root = :child AND path = '' UNION SELECT 1 FROM articles WHERE root = :child"
        is_file = self._db.execute(f"{query} AND file = ''", {"child": child}).fetchone() is not None
        facts = {"root": root, "child": child, "place": prefix if is_file else f"{prefix}/"}
        for statement in _ADOPT.values():
            self._db.execute(statement, facts)

    def withdraw(self, article: Article) -> None:
        """Keep an article out of later syncs, also under another name: by its key, its text or its address."""
        key, (text, address) = article.key, traces(article)
        row = (key.root, key.path, key.id, text, address)
        self._db.execute("INSERT OR REPLACE INTO withdrawn VALUES (?, ?, ?, ?, ?, ?)", (*row, checksum(*row)))

    def readmit(self) -> int:
        """Let all withdrawn articles in again at the next sync; gives how many there were."""
        rows = self._db.execute("SELECT DISTINCT root FROM withdrawn").fetchall()
        for (root,) in rows:
            self._db.execute("DELETE FROM files WHERE root = ?", (root,))
        return self._db.execute("DELETE FROM withdrawn").rowcount

    def is_withdrawn(self, article: Article) -> bool:
        """Whether an article was removed by hand."""
        key, (text, address) = article.key, traces(article)
        query = (
            'SELECT root, path, item, text, address, "check" FROM withdrawn'
            " WHERE (root = ? AND path = ? AND item = ?) OR text = ? OR address = ? LIMIT 1"
        )
        row = self._db.execute(query, (key.root, key.path, key.id, text, address)).fetchone()
        return row is not None and bool(sound(row, f"the takedown of {row[0]}/{row[1]}"))
