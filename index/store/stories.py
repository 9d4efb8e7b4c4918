"""Which articles tell one story, kept beside them: found when they are added, by way of buckets of like bodies.

A story is led by its first article: the earliest by day, and among those of a day by digest. An article belongs to the
first leader that it is one story with, and leads where there is none. So a member is like its leader, not merely like a
member that is like another: stories do not drift. And who leads follows from the articles alone, not from the order in
which they came: where one comes or goes, those after it that this touches are settled again, in that order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from index.near_duplicates import DAYS, Signature, Text, is_one_story, may_be_one_story, signature_of
from index.store.checksums import checksum, digest
from index.store.rows import sound
from index.store.vectors import MANY

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from index.domain import Article

UNDATED = 10_000_000
"""The day of an article without one: after all days."""

_HELD = 128
COLUMNS = 's.article, s.story, s.day, s.mark, s.correction, s.size, s.minima, s.facts, s."check"'
_NONE_YET = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An article as it is kept here. ``story`` is its leader; ``day`` its day as an ordinal; ``mark`` its digest."""

    article: int
    story: int
    day: int
    mark: bytes
    correction: bool
    signature: Signature

    @property
    def rank(self) -> tuple[int, bytes, int]:
        """What orders the articles of an archive: less leads more."""
        return self.day, self.mark, self.article

    @property
    def row(self) -> tuple[object, ...]:
        """The row that it is kept in."""
        mark, signature = self.mark, self.signature
        place = (self.article, self.story, self.day, mark, int(self.correction))
        values = (*place, signature.size, signature.minima, signature.facts)
        return (*values, checksum(*values))


class Stories:
    """The stories of a catalog. Changes belong inside the catalog's ``change()``.

    Args:
        connection: to archive.db.
        load: gives an article by its number.

    """

    def __init__(self, connection: sqlite3.Connection, load: Callable[[int], Article]) -> None:
        self._db = connection
        self._load = load
        self._texts: dict[tuple[int, bytes], Text] = {}

    def add(self, number: int, article: Article) -> None:
        """Find out which story an article tells that was just added."""
        text = Text.of(article)
        telling = Telling(
            article=number,
            story=_NONE_YET,
            day=article.published.toordinal() if article.published else UNDATED,
            mark=digest(article),
            correction=text.correction,
            signature=signature_of(text),
        )
        self._hold(telling, text)
        self.keep(telling)
        self.settle([number])

    def keep(self, telling: Telling) -> None:
        """Keep an article's row, and its buckets."""
        self._db.execute("INSERT INTO stories VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", telling.row)
        places = [(band, telling.day, telling.article) for band in telling.signature.bands]
        self._db.executemany("INSERT INTO buckets VALUES (?, ?, ?)", places)

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget articles, and all that was made of their text; those they led are settled again."""
        left: set[int] = set()
        for number in numbers:
            row = self._db.execute(f"SELECT {COLUMNS} FROM stories s WHERE article = ?", (number,)).fetchone()  # noqa: S608
            if row is None:
                continue
            if checksum(*row[:-1]) == row[-1]:
                each = telling_of(row)
                places = [(band, each.day, number) for band in each.signature.bands]
                self._db.executemany("DELETE FROM buckets WHERE band = ? AND day = ? AND article = ?", places)
            else:  # which buckets it was in cannot be told
                self._db.execute("DELETE FROM buckets WHERE article = ?", (number,))
            self._db.execute("DELETE FROM stories WHERE article = ?", (number,))
            left.update(row[0] for row in self._db.execute("SELECT article FROM stories WHERE story = ?", (number,)))
        self.settle(left.difference(numbers))

    def clear(self) -> None:
        """Forget all stories."""
        self._db.execute("DELETE FROM stories")
        self._db.execute("DELETE FROM buckets")

    def settle(self, numbers: Iterable[int]) -> None:
        """Find the leaders of some articles, and of those that are touched by that, the first in order first."""
        queue = sorted(each.rank for each in self._tellings(numbers))
        queued = set(queue)
        while queue:
            number = heappop(queue)[-1]
            (now,) = self._tellings([number])
            leader = self._leader_of(now)
            if leader == now.story:
                continue
            check = replace(now, story=leader).row[-1]
            self._db.execute('UPDATE stories SET story = ?, "check" = ? WHERE article = ?', (leader, check, number))
            if leader == number:
                touched = {each.rank for each in self._later(now) if self._are_one(now, each)}
            else:
                touched = {each.rank for each in self._members(number)}
            for rank in touched - queued:
                heappush(queue, rank)
            queued |= touched

    def missing(self, after: int, count: int) -> list[int]:
        """The next articles, by number after a number, whose story is not known yet."""
        query = (
            "SELECT a.id FROM articles a LEFT JOIN stories s ON s.article = a.id"
            " WHERE s.article IS NULL AND a.id > ? ORDER BY a.id LIMIT ?"
        )
        return [int(row[0]) for row in self._db.execute(query, (after, count))]

    def leaderless(self) -> list[int]:
        """Articles whose leader is not there, or no longer leads: settled again, they have one."""
        query = "SELECT article FROM stories WHERE story NOT IN (SELECT article FROM stories WHERE story = article)"
        return [int(row[0]) for row in self._db.execute(query)]

    def all(self) -> Iterator[Telling]:
        """Every article's row."""
        yield from map(telling_of, self._db.execute(f"SELECT {COLUMNS} FROM stories s"))  # noqa: S608 - columns

    def articles(self, stories: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """The articles of each story by number, the newest correct version first.

        What corrects or takes back comes before what it corrects, also before copies of that which came later; then
        the newest, of one day the longest, and what has no day last.
        """
        wanted = list(dict.fromkeys(stories))
        found: dict[int, list[int]] = {story: [] for story in wanted}
        for at in range(0, len(wanted), MANY):
            some = wanted[at : at + MANY]
            query = (
                f"SELECT story, article FROM stories WHERE story IN ({','.join('?' * len(some))})"  # noqa: S608 - marks
                f" ORDER BY correction DESC, day = {UNDATED}, day DESC, size DESC, article"
            )
            for story, article in self._db.execute(query, some):
                found[story].append(article)
        return {story: tuple(articles) or (story,) for story, articles in found.items()}

    def _leader_of(self, now: Telling) -> int:
        """The first of the leaders before it that an article is one story with, or itself."""
        for each in self._like(now, "s.story = s.article AND (s.day, s.mark, s.article) < (?, ?, ?)", now.rank):
            if self._are_one(now, each):
                return each.article
        return now.article

    def _are_one(self, one: Telling, other: Telling) -> bool:
        if not may_be_one_story(one.signature, other.signature):
            return False
        return is_one_story(self._text(one), self._text(other))

    def _later(self, now: Telling) -> Iterator[Telling]:
        """Articles of like bodies that would rather have this one lead them than the one that does."""
        condition = (
            "EXISTS (SELECT 1 FROM stories l WHERE l.article = s.story AND (l.day, l.mark, l.article) > (?, ?, ?))"
        )
        yield from self._like(now, condition, now.rank)

    def _like(self, now: Telling, condition: str, rank: tuple[object, ...]) -> Iterator[Telling]:
        """Articles that share a bucket with one, of days near its own, that meet a condition; in order of rank."""
        first, last = (0, UNDATED) if now.day == UNDATED else (now.day - DAYS, now.day + DAYS)
        bands = now.signature.bands
        marks = ",".join("?" * len(bands))
        query = (
            f"SELECT {COLUMNS} FROM (SELECT DISTINCT article FROM buckets"  # noqa: S608 - marks, and columns
            f" WHERE band IN ({marks}) AND (day BETWEEN ? AND ? OR day = {UNDATED})) b"
            f" JOIN stories s ON s.article = b.article WHERE {condition} ORDER BY s.day, s.mark, s.article"
        )
        rows = self._db.execute(query, (*bands, first, last, *rank)).fetchall()
        yield from (telling_of(row) for row in rows if row[0] != now.article)

    def _members(self, leader: int) -> Iterator[Telling]:
        query = f"SELECT {COLUMNS} FROM stories s WHERE story = ? AND article != ?"  # noqa: S608 - columns
        yield from map(telling_of, self._db.execute(query, (leader, leader)).fetchall())

    def _tellings(self, numbers: Iterable[int]) -> Iterator[Telling]:
        query = f"SELECT {COLUMNS} FROM stories s WHERE article = ?"  # noqa: S608 - columns
        for number in numbers:
            yield from map(telling_of, self._db.execute(query, (number,)).fetchall())

    def _text(self, telling: Telling) -> Text:
        text = self._texts.get((telling.article, telling.mark))
        return self._hold(telling, Text.of(self._load(telling.article))) if text is None else text

    def _hold(self, telling: Telling, text: Text) -> Text:
        """Keep a text for the next comparisons, by number and digest: a number is given again after a rollback."""
        while len(self._texts) >= _HELD:
            del self._texts[next(iter(self._texts))]
        self._texts[telling.article, telling.mark] = text
        return text


def telling_of(row: Sequence[object]) -> Telling:
    """An article from its row, whose checksum is its last column.

    Raises:
        ArchiveDamaged: the row is not as it was written.

    """
    article, story, day, mark, correction, size, minima, facts = sound(row, f"the story of article {row[0]}")
    return Telling(
        article=article,
        story=story,
        day=day,
        mark=mark,
        correction=bool(correction),
        signature=Signature(minima=minima, facts=facts, size=size),
    )
