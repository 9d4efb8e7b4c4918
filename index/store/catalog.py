"""The truth: articles, passages and their vectors in SQLite, with a sequence number that grows with every change."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from index.domain import Article, ArticleKey, Passage
from index.errors import ArchiveError, ArchiveFormat
from index.store import schema
from index.store.files import Files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from index.domain import Span
    from index.encoder import FloatMatrix

_MANY = 500
_ARTICLE = "a.root, a.path, a.item, a.title, a.body, a.published, a.author, a.source, a.url, a.language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which article, by its number, a passage stands in, and the day that is of."""

    article: int
    published: date | None


class Catalog:
    """An open archive.db. For one thread; a change is one transaction, seen whole or not at all by every reader."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self.files = Files(connection)

    @classmethod
    def open(cls, path: Path) -> Catalog:
        """Open or create the database at ``path``.

        Raises:
            ArchiveFormat: a newer newsdesk wrote it, or it is no archive.
            ArchiveError: it cannot be opened or written.

        """
        try:
            with ExitStack() as undo:
                connection = undo.enter_context(closing(sqlite3.connect(path, isolation_level=None, timeout=30)))
                schema.prepare(connection, path)
                undo.pop_all()
        except sqlite3.DatabaseError as error:
            if "not a database" in str(error):
                raise ArchiveFormat(
                    f"{path} is not a newsdesk archive; choose another folder with --archive"
                ) from error
            raise ArchiveError(f"{path} cannot be opened: {error}") from error
        return cls(connection)

    def close(self) -> None:
        """Close the connection; what was not committed is gone."""
        self._db.close()

    @contextmanager
    def change(self) -> Iterator[int]:
        """One transaction that changes the archive; gives its sequence number."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            seq = self.seq + 1
            yield seq
            self.set("seq", str(seq))
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk has SQLite roll back by itself
                self._db.execute("ROLLBACK")
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """One read transaction: everything read inside is of one moment."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    def checkpoint(self) -> None:
        """Move what the write-ahead log holds into the database file, and empty the log."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @property
    def seq(self) -> int:
        """The number of the last change, 0 where there was none."""
        return int(self.get("seq") or 0)

    def is_behind(self) -> bool:
        """Whether the archive has changed since the snapshot began that this is called in."""
        path = self._db.execute("PRAGMA database_list").fetchone()[2]
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as now:
            return Catalog(now).seq != self.seq

    def get(self, name: str) -> str | None:
        """A fact about the archive, such as its encoder's fingerprint."""
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set(self, name: str, value: str) -> None:
        """Keep a fact about the archive."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def put(
        self,
        article: Article,
        file: str,
        spans: Sequence[Span],
        prints: Sequence[bytes],
        vectors: FloatMatrix,
        seq: int,
    ) -> None:
        """Add an article, or replace the one of the same key, with its passages.

        Args:
            article: the article.
            file: the file it came from, as the path below the root.
            spans: its passages, as offsets into its body.
            prints: a fingerprint of what was encoded for each passage, by which its vector can be used again.
            vectors: shape (len(spans), dimension), unit norm; kept as float16.
            seq: the number of the change this is part of.

        """
        key = article.key
        self.remove(self.article_ids([key]), seq)
        values = (
            *(key.root, file, key.path, key.id, article.title, article.body),
            *(article.published and article.published.isoformat(), article.author, article.source, article.url),
            *(article.language, digest(article), seq),
        )
        cursor = self._db.execute(
            "INSERT INTO articles (root, file, path, item, title, body, published, author, source, url, language,"
            " digest, seq) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            values,
        )
        rows = zip(spans, prints, vectors.astype(np.float16), strict=True)
        self._db.executemany(
            'INSERT INTO passages (article, start, "end", print, vector, seq) VALUES (?,?,?,?,?,?)',
            [(cursor.lastrowid, start, end, mark, row.tobytes(), seq) for (start, end), mark, row in rows],
        )

    def remove(self, article_ids: Sequence[int], seq: int) -> None:
        """Remove articles and their passages."""
        for article in article_ids:
            self._db.execute(
                "INSERT INTO removals (passage, seq) SELECT id, ? FROM passages WHERE article = ?", (seq, article)
            )
            self._db.execute("DELETE FROM passages WHERE article = ?", (article,))
            self._db.execute("DELETE FROM articles WHERE id = ?", (article,))

    def article_ids(self, keys: Sequence[ArticleKey]) -> list[int]:
        """The ids of those articles that exist."""
        found = []
        for key in keys:
            row = self._db.execute(
                "SELECT id FROM articles WHERE root = ? AND path = ? AND item = ?", (key.root, key.path, key.id)
            ).fetchone()
            found += [int(row[0])] if row else []
        return found

    def digest_of(self, key: ArticleKey) -> bytes | None:
        """The digest of the article of this key as it is kept, or ``None``."""
        row = self._db.execute(
            "SELECT digest FROM articles WHERE root = ? AND path = ? AND item = ?", (key.root, key.path, key.id)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def find(self, what: str) -> list[ArticleKey]:
        """Keys of the articles whose address, or whose file by its whole path, is ``what``; nothing names none."""
        return self._keys(
            "url = :what OR root || '/' || path = :what OR root || '/' || file = :what OR (root = :what AND file = '')",
            what,
        )

    def find_named(self, what: str) -> list[ArticleKey]:
        """Keys of the articles whose id, or whose path below a root, is ``what``; nothing names none."""
        return self._keys("item = :what OR path = :what OR file = :what", what)

    def _keys(self, condition: str, what: str) -> list[ArticleKey]:
        if not what:
            return []
        query = f"SELECT root, path, item FROM articles WHERE {condition}"  # noqa: S608 - one of the two above
        rows = self._db.execute(query, {"what": what})
        return [ArticleKey(root=root, path=path, id=item) for root, path, item in rows]

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Passages by id, with their articles; those that are gone are left out."""
        found: dict[int, Passage] = {}
        articles: dict[int, Article] = {}
        for at in range(0, len(ids), _MANY):
            some = ids[at : at + _MANY]
            marks = ",".join("?" * len(some))
            rows = self._db.execute(
                f'SELECT p.id, p.article, p.start, p."end", {_ARTICLE} FROM passages p'  # noqa: S608 - only marks
                f" JOIN articles a ON a.id = p.article WHERE p.id IN ({marks})",
                some,
            )
            for passage, article, start, end, *columns in rows:
                if article not in articles:
                    articles[article] = _article(columns)
                found[passage] = Passage(id=passage, article=articles[article], start=start, end=end)
        return found

    def places(self, passages: Sequence[int]) -> dict[int, Place]:
        """The article of each passage, and its day, of those that exist; reads no text."""
        found: dict[int, Place] = {}
        for at in range(0, len(passages), _MANY):
            some = passages[at : at + _MANY]
            rows = self._db.execute(
                "SELECT p.id, a.id, a.published FROM passages p JOIN articles a ON a.id = p.article"  # noqa: S608 - only marks
                f" WHERE p.id IN ({','.join('?' * len(some))})",
                some,
            )
            found.update((passage, Place(article=article, published=_day(day))) for passage, article, day in rows)
        return found

    def vectors_by_print(self, prints: Sequence[bytes], dimension: int) -> dict[bytes, FloatMatrix]:
        """Vectors already made for these fingerprints, as float32 of shape (dimension,)."""
        found: dict[bytes, FloatMatrix] = {}
        for mark in prints:
            row = self._db.execute("SELECT vector FROM passages WHERE print = ? LIMIT 1", (mark,)).fetchone()
            if row is not None and len(row[0]) == 2 * dimension:
                found[mark] = np.frombuffer(row[0], dtype=np.float16).astype(np.float32)
        return found

    def vectors(self, ids: Sequence[int]) -> dict[int, FloatMatrix]:
        """Vectors of passages that exist, as float32 of shape (dimension,)."""
        found: dict[int, FloatMatrix] = {}
        for at in range(0, len(ids), _MANY):
            some = ids[at : at + _MANY]
            query = f"SELECT id, vector FROM passages WHERE id IN ({','.join('?' * len(some))})"  # noqa: S608 - only marks
            for passage, vector in self._db.execute(query, some):
                found[passage] = np.frombuffer(vector, dtype=np.float16).astype(np.float32)
        return found

    def removed_since(self, seq: int) -> list[int]:
        """Ids of passages removed after change ``seq``."""
        return [int(row[0]) for row in self._db.execute("SELECT passage FROM removals WHERE seq > ?", (seq,))]

    def added_since(self, seq: int) -> Iterator[Passage]:
        """Passages added after change ``seq``, by id; one article is held at a time."""
        held, article = -1, None
        rows = self._db.execute(
            f'SELECT p.id, p.article, p.start, p."end", {_ARTICLE} FROM passages p'  # noqa: S608 - only columns
            " JOIN articles a ON a.id = p.article WHERE p.seq > ? ORDER BY p.id",
            (seq,),
        )
        for passage, owner, start, end, *columns in rows:
            if owner != held or article is None:
                held, article = owner, _article(columns)
            yield Passage(id=passage, article=article, start=start, end=end)

    def vectors_since(self, seq: int, dimension: int) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], FloatMatrix]:
        """Ids, shape (n,), and vectors, shape (n, dimension) float32, of passages added after change ``seq``."""
        rows = self._db.execute("SELECT id, vector FROM passages WHERE seq > ? ORDER BY id", (seq,)).fetchall()
        ids = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
        vectors = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float16).reshape(len(rows), dimension)
        return ids, vectors.astype(np.float32)

    def count(self, table: str = "passages") -> int:
        """Rows of ``articles`` or ``passages``."""
        query = {"passages": "SELECT COUNT(*) FROM passages", "articles": "SELECT COUNT(*) FROM articles"}[table]
        return int(self._db.execute(query).fetchone()[0])

    def sources(self) -> list[tuple[str, int]]:
        """Sources with their numbers of articles, most first."""
        query = "SELECT COALESCE(source, ''), COUNT(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1"
        return [(str(name), int(count)) for name, count in self._db.execute(query)]

    def dates(self) -> tuple[date | None, date | None]:
        """The first and the last day an article is of."""
        first, last = self._db.execute("SELECT MIN(published), MAX(published) FROM articles").fetchone()
        return _day(first), _day(last)

    def languages(self) -> frozenset[str]:
        """Languages that articles are in."""
        return frozenset(str(row[0]) for row in self._db.execute("SELECT DISTINCT language FROM articles"))

    def newest(self, count: int) -> list[Passage]:
        """The first passage of each of the newest articles, newest first."""
        rows = self._db.execute(
            "SELECT MIN(p.id) FROM passages p JOIN articles a ON a.id = p.article GROUP BY a.id"
            " ORDER BY a.published DESC, a.id DESC LIMIT ?",
            (count,),
        )
        ids = [int(row[0]) for row in rows]
        found = self.passages(ids)
        return [found[passage] for passage in ids]


def digest(article: Article) -> bytes:
    """A digest of everything an article says, its key apart: equal digests mean nothing changed."""
    parts = (article.title, article.body, article.published, article.author, article.source, article.url)
    return hashlib.blake2b(repr((*parts, article.language)).encode(), digest_size=16).digest()


def _article(columns: Sequence[str | None]) -> Article:
    root, path, item, title, body, published, author, source, url, language = columns
    return Article(
        key=ArticleKey(root=root or "", path=path or "", id=item or ""),
        title=title or "",
        body=body or "",
        published=_day(published),
        author=author,
        source=source,
        url=url,
        language=language or "und",
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
