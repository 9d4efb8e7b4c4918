"""Which files an archive was made from, as they were when they were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.domain import ArticleKey

if TYPE_CHECKING:
    import sqlite3

Stamp = tuple[int, int, int, str]
"""Size in bytes, time of change in nanoseconds, inode, and how the file was read."""


class Files:
    """The files behind a catalog. Changes belong inside the catalog's ``change()``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def stamps(self) -> dict[tuple[str, str], Stamp]:
        """The stamp of every file that was read whole, by root and path."""
        rows = self._db.execute("SELECT root, path, size, mtime, inode, reading FROM files")
        return {(root, path): (size, mtime, inode, reading) for root, path, size, mtime, inode, reading in rows}

    def stamp(self, root: str, path: str, stamp: Stamp) -> None:
        """Remember a file as read whole."""
        self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)", (root, path, *stamp))

    def forget(self, root: str, path: str) -> None:
        """Forget a file."""
        self._db.execute("DELETE FROM files WHERE root = ? AND path = ?", (root, path))

    def articles(self) -> dict[tuple[str, str], int]:
        """How many articles each file gave, by root and path."""
        rows = self._db.execute("SELECT root, file, COUNT(*) FROM articles GROUP BY root, file")
        return {(root, file): count for root, file, count in rows}

    def keys_of(self, root: str, path: str) -> list[ArticleKey]:
        """Keys of the articles that a file gave."""
        rows = self._db.execute("SELECT path, item FROM articles WHERE root = ? AND file = ?", (root, path))
        return [ArticleKey(root=root, path=inner, id=item) for inner, item in rows]

    def roots(self) -> list[str]:
        """Every path that was synced and gave something."""
        rows = self._db.execute("SELECT root FROM files UNION SELECT root FROM articles ORDER BY 1")
        return [str(row[0]) for row in rows]

    def adopt(self, root: str, child: str, prefix: str) -> None:
        """Count what came from the root ``child`` to ``root``, which holds it at ``prefix``."""
        query = "SELECT 1 FROM files WHERE root = :child AND path = '' UNION SELECT 1 FROM articles WHERE root = :child"
        is_file = self._db.execute(f"{query} AND file = ''", {"child": child}).fetchone() is not None
        facts = {"root": root, "child": child, "place": prefix if is_file else f"{prefix}/"}
        for table, columns in (("articles", ("file", "path")), ("files", ("path",)), ("withdrawn", ("path",))):
            moved = ", ".join(f"{column} = :place || {column}" for column in columns)
            self._db.execute(f"UPDATE OR REPLACE {table} SET root = :root, {moved} WHERE root = :child", facts)  # noqa: S608

    def withdraw(self, key: ArticleKey) -> None:
        """Keep an article out of later syncs."""
        self._db.execute("INSERT OR REPLACE INTO withdrawn VALUES (?, ?, ?)", (key.root, key.path, key.id))

    def readmit(self) -> int:
        """Let all withdrawn articles in again at the next sync; gives how many there were."""
        rows = self._db.execute("SELECT DISTINCT root FROM withdrawn").fetchall()
        for (root,) in rows:
            self._db.execute("DELETE FROM files WHERE root = ?", (root,))
        return self._db.execute("DELETE FROM withdrawn").rowcount

    def is_withdrawn(self, key: ArticleKey) -> bool:
        """Whether an article was removed by hand."""
        query = "SELECT 1 FROM withdrawn WHERE root = ? AND path = ? AND item = ?"
        return self._db.execute(query, (key.root, key.path, key.id)).fetchone() is not None
