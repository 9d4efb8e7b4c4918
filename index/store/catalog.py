"""The truth: articles, passages and their vectors in SQLite, with a sequence number that grows with every change."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.domain import ArticleKey
from index.errors import ArchiveDamaged
from index.near_duplicates import VERSION
from index.store import rows, schema
from index.store.checksums import checksum, digest
from index.store.failures import explained
from index.store.files import Files
from index.store.stories import Stories
from index.store.vectors import MANY, Vectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from index.domain import Article, Passage, Span
    from index.encoder import FloatMatrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which article, by its number, a passage stands in, the day that is of, and the story that it tells.

    ``story`` is the same number for all articles of one story; an article alone is a story of its own.
    """

    article: int
    published: date | None
    story: int


class Catalog:
    """An open archive.db. For one thread; a change is one transaction, seen whole or not at all by every reader."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path
        self._inode = path.stat().st_ino
        self.files = Files(connection)
        self.vectors = Vectors(connection, lambda: self.get("vectors") or "1")
        self.stories = Stories(connection, self._article)
        self._languages: tuple[int, frozenset[str]] = (-1, frozenset())

    @classmethod
    def open(cls, path: Path) -> Catalog:
        """Open or create the database at ``path``; one of an older format is brought to this one.

        Raises:
            ArchiveFormat: a newer newsdesk wrote it, or it is no archive.
            ArchiveError: it cannot be opened or written.

        """
        with explained(path), ExitStack() as undo:
            connection = undo.enter_context(closing(sqlite3.connect(path, isolation_level=None, timeout=30)))
            schema.set_up(connection)
            version = schema.version_of(connection, path)
            if not version:
                schema.make(connection)
            elif version < schema.FORMAT:
                schema.migrate(connection)
            undo.pop_all()
        return cls(connection, path)

    def close(self) -> None:
        """Close the connection; what was not committed is gone."""
        self.connection.close()

    @contextmanager
    def change(self) -> Iterator[int]:
        """One transaction that changes the archive; gives its sequence number."""
        with explained(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                seq = self.seq + 1
                yield seq
                self.set("seq", str(seq))
                self.connection.execute("COMMIT")
            except BaseException:
                schema.roll_back(self.connection)
                raise

    @contextmanager
    def note(self) -> Iterator[None]:
        """One transaction that changes nothing a reader sees."""
        with explained(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                schema.roll_back(self.connection)
                raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """One read transaction: everything read inside is of one moment."""
        with explained(self.path):
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                schema.roll_back(self.connection)

    def checkpoint(self) -> bool:
        """Move what the write-ahead log holds into the database file, and empty the log; whether nobody hindered it."""
        with explained(self.path):
            self.connection.execute("PRAGMA busy_timeout = 100")
            try:
                busy, _, _ = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                self.connection.execute(f"PRAGMA busy_timeout = {schema.BUSY_MILLISECONDS}")
        return not busy

    @property
    def seq(self) -> int:
        """The number of the last change, 0 where there was none."""
        return int(self.get("seq") or 0)

    @property
    def identity(self) -> str:
        """A name for this archive that no other has, nor a backup of it."""
        return f"{self.get('archive')} {self.get('branch') or ''}"

    def is_there(self) -> bool:
        """Whether the file is still the one that was opened: a repair, or a restored backup, puts another there."""
        try:
            return self.path.stat().st_ino == self._inode
        except OSError:
            return False

    def is_behind(self) -> bool:
        """Whether the archive has changed since the snapshot began that this is called in."""
        with closing(sqlite3.connect(self.path, isolation_level=None, timeout=30)) as now:
            return Catalog(now, self.path).seq != self.seq

    def get(self, name: str) -> str | None:
        """A fact about the archive, such as its encoder's fingerprint."""
        row = self.connection.execute('SELECT value, "check" FROM meta WHERE name = ?', (name,)).fetchone()
        if row is None:
            return None
        if checksum(name, row[0]) != row[1]:
            raise ArchiveDamaged(f"{self.path}: the fact {name} is damaged; run: newsdesk repair")
        return str(row[0])

    def set(self, name: str, value: str) -> None:
        """Keep a fact about the archive."""
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?, ?)", (name, value, checksum(name, value)))

    def forget(self, name: str) -> None:
        """Keep a fact no longer."""
        self.connection.execute("DELETE FROM meta WHERE name = ?", (name,))

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
        self.remove(self.article_ids([article.key]), seq)
        number = self._put_article(article, file, seq)
        first = self._next_id("passages")
        ids = range(first, first + len(spans))
        values = [(at, number, start, end, seq) for at, (start, end) in zip(ids, spans, strict=True)]
        self.connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)", [(*row, checksum(*row)) for row in values]
        )
        self.vectors.put(ids, prints, vectors)
        self.renew_stories()
        self.stories.add(number, article)

    def _put_article(self, article: Article, file: str, seq: int) -> int:
        key, mark, number = article.key, digest(article), self._next_id("articles")
        values = (
            *(number, key.root, file, key.path, key.id, article.title),
            *(article.published and article.published.isoformat(), article.author, article.source, article.url),
            *(article.language, mark, seq, checksum(number, key.root, file, key.path, key.id, mark, seq), article.body),
        )
        self.connection.execute(f"INSERT INTO articles VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608
        return number

    def _next_id(self, table: str) -> int:
        """The id after the last that was ever given."""
        row = self.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        return int(row[0]) + 1 if row else 1

    def remove(self, article_ids: Sequence[int], seq: int) -> None:
        """Remove articles and their passages."""
        self.stories.remove(article_ids)
        for article in article_ids:
            self.connection.execute(
                "INSERT INTO removals (passage, seq) SELECT id, ? FROM passages WHERE article = ?", (seq, article)
            )
            self.vectors.remove_of(article)
            self.connection.execute("DELETE FROM passages WHERE article = ?", (article,))
            self.connection.execute("DELETE FROM articles WHERE id = ?", (article,))

    def article_ids(self, keys: Sequence[ArticleKey]) -> list[int]:
        """The ids of those articles that exist."""
        query = "SELECT id FROM articles WHERE root = ? AND path = ? AND item = ?"
        found = [self.connection.execute(query, (key.root, key.path, key.id)).fetchone() for key in keys]
        return [int(row[0]) for row in found if row]

    def articles(self, keys: Sequence[ArticleKey]) -> list[Article]:
        """Those articles that exist, whole."""
        return list(self.articles_by_id(self.article_ids(keys)).values())

    def articles_by_id(self, ids: Sequence[int]) -> dict[int, Article]:
        """Those articles that exist, whole, by id."""
        query = f"SELECT {rows.ARTICLE} FROM articles a WHERE a.id = ?"  # noqa: S608 - only columns
        found = ((number, self.connection.execute(query, (number,)).fetchone()) for number in dict.fromkeys(ids))
        return {number: rows.article_of(row) for number, row in found if row}

    def _article(self, number: int) -> Article:
        found = self.articles_by_id([number])
        if not found:
            raise ArchiveDamaged(f"{self.path}: a story is of no article ({number}); run: newsdesk repair")
        return found[number]

    def story_articles(self, stories: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """The articles of each story by id, the newest correct version first; see ``Stories.articles``."""
        return self.stories.articles(stories)

    def renew_stories(self) -> None:
        """Forget stories that were found by another version of signatures; the next sync finds them again."""
        if self.get("stories") != VERSION:
            self.stories.clear()
            self.set("stories", VERSION)

    def find_stories(self, articles: Sequence[int]) -> None:
        """Find the stories of articles that have none yet, because an older newsdesk took them in."""
        for number, article in self.articles_by_id(articles).items():
            self.stories.add(number, article)

    def passages_of(self, articles: Sequence[int]) -> dict[int, tuple[int, ...]]:
        """Ids of the passages of each article, in their order."""
        query = "SELECT id FROM passages WHERE article = ? ORDER BY id"
        return {each: tuple(int(row[0]) for row in self.connection.execute(query, (each,))) for each in articles}

    def digest_of(self, key: ArticleKey) -> bytes | None:
        """The digest of the article of this key as it is kept, or ``None``."""
        query = "SELECT digest FROM articles WHERE root = ? AND path = ? AND item = ?"
        row = self.connection.execute(query, (key.root, key.path, key.id)).fetchone()
        return None if row is None else bytes(row[0])

    def find(self, what: str) -> list[ArticleKey]:
        """Keys of the articles whose address, or whose file by its whole path, is ``what``; nothing names none."""
        return self._keys(
            "url = :what OR root || '/' || path = :what OR root || '/' || file = :what OR (root = :what AND file = '')",
            what,
        )

    def headline(self, addresses: Sequence[str], today: date) -> str | None:
        """The headline of an article at one of these addresses that may be shown on a day."""
        marks = ",".join("?" * len(addresses))
        query = f"SELECT id FROM articles WHERE url IN ({marks})"  # noqa: S608 - marks
        found = self.articles_by_id([int(row[0]) for row in self.connection.execute(query, tuple(addresses))])
        shown = (each.title for each in found.values() if not each.published or each.published <= today)
        return next(filter(None, shown), None)

    def find_named(self, what: str) -> list[ArticleKey]:
        """Keys of the articles whose id, or whose path below a root, is ``what``; nothing names none."""
        return self._keys("item = :what OR path = :what OR file = :what", what)

    def _keys(self, condition: str, what: str) -> list[ArticleKey]:
        if not what:
            return []
        query = f"SELECT root, path, item FROM articles WHERE {condition}"  # noqa: S608 - one of the two above
        found = self.connection.execute(query, {"what": what})
        return [ArticleKey(root=root, path=path, id=item) for root, path, item in found]

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Passages by id, with their articles; those that are gone are left out."""
        placed = {}
        for at in range(0, len(ids), MANY):
            some = ids[at : at + MANY]
            query = f"SELECT {rows.PASSAGE} FROM passages p WHERE p.id IN ({','.join('?' * len(some))})"  # noqa: S608
            placed.update({row[0]: row for row in self.connection.execute(query, some)})
        whole = self.articles_by_id([row[1] for row in placed.values()])
        return {at: rows.passage_of(row, whole[row[1]]) for at, row in placed.items() if row[1] in whole}

    def places(self, passages: Sequence[int]) -> dict[int, Place]:
        """The article of each passage, its day and its story, of those that exist; reads no text."""
        found: dict[int, Place] = {}
        for at in range(0, len(passages), MANY):
            some = passages[at : at + MANY]
            query = (
                "SELECT p.id, a.id, a.published, COALESCE(s.story, a.id) FROM passages p"  # noqa: S608 - marks
                " JOIN articles a ON a.id = p.article LEFT JOIN stories s ON s.article = a.id"
                f" WHERE p.id IN ({','.join('?' * len(some))})"
            )
            found.update(
                (passage, Place(article=article, published=rows.day_of(day), story=story))
                for passage, article, day, story in self.connection.execute(query, some)
            )
        return found

    def removed_since(self, seq: int) -> list[int]:
        """Ids of passages removed after change ``seq``."""
        return [int(row[0]) for row in self.connection.execute("SELECT passage FROM removals WHERE seq > ?", (seq,))]

    def trim(self, seq: int) -> None:
        """Forget the removals up to change ``seq``, to which every derived index is applied."""
        if self.connection.execute("SELECT 1 FROM removals WHERE seq <= ? LIMIT 1", (seq,)).fetchone():
            with self.note():
                self.connection.execute("DELETE FROM removals WHERE seq <= ?", (seq,))
                self.set("removals_after", str(seq))

    @property
    def removals_after(self) -> int:
        """The change after which removals are still known; a derived index that is older must be made anew."""
        return int(self.get("removals_after") or 0)

    def added_since(self, seq: int) -> Iterator[Passage]:
        """Passages added after change ``seq``, by id; one article is held at a time."""
        held, article = -1, None
        query = f"SELECT {rows.PASSAGE} FROM passages p WHERE p.seq > ? ORDER BY p.id"  # noqa: S608 - only columns
        whole = f"SELECT {rows.ARTICLE} FROM articles a WHERE a.id = ?"  # noqa: S608 - only columns
        for row in self.connection.execute(query, (seq,)):
            if row[1] != held or article is None:
                held = row[1]
                found = self.connection.execute(whole, (held,)).fetchone()
                if found is None:
                    raise ArchiveDamaged(f"{self.path}: passage {row[0]} is of no article; run: newsdesk repair")
                article = rows.article_of(found)
            yield rows.passage_of(row, article)

    def added_after(self, seq: int) -> int:
        """How many passages were added after change ``seq``."""
        return int(self.connection.execute("SELECT COUNT(*) FROM passages WHERE seq > ?", (seq,)).fetchone()[0])

    def count(self, table: str = "passages") -> int:
        """Rows of ``articles`` or ``passages``."""
        query = {"passages": "SELECT COUNT(*) FROM passages", "articles": "SELECT COUNT(*) FROM articles"}[table]
        return int(self.connection.execute(query).fetchone()[0])

    def sources(self) -> list[tuple[str, int]]:
        """Sources with their numbers of articles, most first."""
        query = "SELECT COALESCE(source, ''), COUNT(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1"
        return [(str(name), int(count)) for name, count in self.connection.execute(query)]

    def dates(self) -> tuple[date | None, date | None]:
        """The first and the last day an article is of."""
        first, last = self.connection.execute("SELECT MIN(published), MAX(published) FROM articles").fetchone()
        return rows.day_of(first), rows.day_of(last)

    def languages(self) -> frozenset[str]:
        """Languages that articles are in."""
        seq = self.seq
        if self._languages[0] != seq:
            found = self.connection.execute("SELECT DISTINCT language FROM articles")
            self._languages = seq, frozenset(str(row[0]) for row in found)
        return self._languages[1]

    def newest(self, count: int, until: date) -> list[Passage]:
        """The first passage of each of the newest articles that are not of a later day, newest first."""
        query = (
            "SELECT (SELECT MIN(id) FROM passages p WHERE p.article = a.id) FROM articles a"
            " WHERE a.published <= ? ORDER BY a.published DESC, a.id DESC LIMIT ?"
        )
        dated = self.connection.execute(query, (until.isoformat(), count)).fetchall()
        query = query.replace("a.published <= ?", "a.published IS NULL").replace("a.published DESC, ", "")
        undated = self.connection.execute(query, (count - len(dated),)).fetchall()
        ids = [int(row[0]) for row in (*dated, *undated) if row[0] is not None]
        found = self.passages(ids)
        return [found[passage] for passage in ids]

    def backups(self) -> list[tuple[str, str]]:
        """Where backups of this archive were made, and when each was made last, as an ISO moment."""
        found = self.connection.execute('SELECT place, made, "check" FROM backups ORDER BY place').fetchall()
        return [(place, made) for place, made in (rows.sound(row, f"the backup {row[0]}") for row in found)]

    def note_backup(self, place: str, made: str) -> None:
        """Remember a backup."""
        row = (place, made)
        self.connection.execute("INSERT OR REPLACE INTO backups VALUES (?, ?, ?)", (*row, checksum(*row)))
