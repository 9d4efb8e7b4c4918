"""Carrying every sound row of a damaged database into a new one."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from index.errors import ArchiveDamaged, ArchiveError
from index.near_duplicates import VERSION
from index.passages import Chunking
from index.preparing import prepare, store
from index.store import rows, schema
from index.store.checksums import checksum
from index.store.stories import COLUMNS as STORY
from index.store.stories import telling_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from index.encoder import Encoder
    from index.store.catalog import Catalog

_BLOCK = 256
_PLAIN = ("withdrawn", "backups")
_FACTS = ("archive", "branch", "encoder", "encoder_name", "dimension", "last_sync", "seq", "stories", "vectors")


class Salvage:
    """One run. ``lost`` names what is given up; ``encoded`` counts articles whose passages were made again."""

    def __init__(self, old: Catalog, new: Catalog, load: Callable[[str | None], Encoder]) -> None:
        self._old = old.connection
        self._new = new
        self._load = load
        self._facts: dict[str, str] = {}
        self._broken: list[tuple[Any, ...]] = []
        self._owned: dict[int, list[int]] = {}
        self._unplaced: set[int] = set()
        self._seen: set[int] = set()
        self.lost: list[str] = []
        self.encoded = 0

    def run(self) -> None:
        """Carry over what is sound."""
        self._read_facts()
        self._old_vectors = f"vectors_{int(self._facts.get('vectors', '1'))}"
        with self._new.note():
            for name in ("articles", "passages"):
                self._new.connection.execute(
                    "INSERT OR REPLACE INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, self._last(name))
                )
            self._place_passages()
            query = f"SELECT {rows.ARTICLE} FROM articles a NOT INDEXED WHERE a.id BETWEEN ? AND ?"  # noqa: S608
            for block in _blocks(self._last("articles")):
                for number, row in self._read(query, block):
                    self._seen.add(number)
                    self._carry_article(number, row)
            for name in _PLAIN:
                self._carry_rows(name)
            self._name_vanished()
            self._write_facts()
            self._carry_stories()
        self._mend()

    def _read_facts(self) -> None:
        """The facts that can still be read."""
        for name in _FACTS:
            try:
                row = self._old.execute('SELECT value, "check" FROM meta WHERE name = ?', (name,)).fetchone()
            except sqlite3.DatabaseError:
                row = None
            if row is not None and checksum(name, row[0]) == row[1]:
                self._facts[name] = str(row[0])
        if "vectors" not in self._facts:
            names = self._old.execute("SELECT name FROM sqlite_master WHERE name GLOB 'vectors_[0-9]*'").fetchall()
            numbers = [name.rpartition("_")[2] for (name,) in names]
            self._facts["vectors"] = min((number for number in numbers if number.isdigit()), default="1")

    def _write_facts(self) -> None:
        """The facts of the new database: a state of its own, later than any before."""
        last = "SELECT MAX(COALESCE((SELECT MAX(seq) FROM articles), 0), COALESCE((SELECT MAX(seq) FROM passages), 0))"
        seq = max(int(self._facts.get("seq", "0")), int(self._new.connection.execute(last).fetchone()[0])) + 1
        for name in ("archive", "encoder", "encoder_name", "dimension", "last_sync"):
            if name in self._facts:
                self._new.set(name, self._facts[name])
        length = self._new.connection.execute("SELECT length(vector) FROM vectors_1 LIMIT 1").fetchone()
        if length:
            self._new.set("dimension", str(length[0] // 2))
        self._new.set("seq", str(seq))
        self._new.set("removals_after", str(seq))

    def _carry_article(self, number: int, row: tuple[Any, ...] | None) -> None:
        """Carry an article with its passages and vectors; one whose text is damaged is lost."""
        parts = self._parts(number, row) if row else None
        if row is None or parts is None:
            self._give_up(number, row)
            return
        values = (number, *row[1:5], row[7], *row[9:14], row[5], row[6], row[14], row[8])
        self._new.connection.execute(f"INSERT INTO articles VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608
        for part in parts:
            self._new.connection.execute("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)", part[:6])
            self._new.connection.execute("INSERT INTO vectors_1 VALUES (?, ?, ?, ?)", (part[0], *part[6:]))

    def _carry_stories(self) -> None:
        """Carry the stories of the articles that were carried; what cannot be is found again from their texts."""
        if self._facts.get("stories") != VERSION:
            return
        self._new.set("stories", VERSION)
        stories = self._new.stories
        carried = dict(self._new.connection.execute("SELECT id, digest FROM articles"))
        query = f"SELECT {STORY} FROM stories s NOT INDEXED WHERE s.article BETWEEN ? AND ?"  # noqa: S608 - columns
        for block in _blocks(self._last("articles")):
            for number, row in self._read(query, block):
                if number not in carried or row is None or checksum(*row[:-1]) != row[-1]:
                    continue
                telling = telling_of(row)
                if telling.mark == carried[number]:
                    stories.keep(telling)
        stories.settle(stories.leaderless())
        while found := stories.missing(0, _BLOCK):
            self._new.find_stories(found)

    def _name_vanished(self) -> None:
        """Name the articles that have passages, but no row any more: a damaged page may lose some without a word.

        For the same reason no file's stamp is carried: every file is read again, and what is unchanged not encoded.
        """
        for number in sorted(set(self._owned) - self._seen):
            self._give_up(number, None)

    def _place_passages(self) -> None:
        """Find out, without trusting an index, which passages each article has, and which cannot be told."""
        query = f"SELECT {rows.PASSAGE} FROM passages p NOT INDEXED WHERE p.id BETWEEN ? AND ?"  # noqa: S608 - columns
        for block in _blocks(self._last("passages")):
            for number, row in self._read(query, block):
                if row is None or checksum(*row[:5]) != row[5]:
                    self._unplaced.add(number)
                else:
                    self._owned.setdefault(row[1], []).append(number)
        placed = {number for ids in self._owned.values() for number in ids}
        query = f"SELECT passage FROM {self._old_vectors} NOT INDEXED WHERE passage BETWEEN ? AND ?"  # noqa: S608 - ours
        for block in _blocks(self._last("passages")):
            self._unplaced |= {number for number, _ in self._read(query, block)} - placed

    def _parts(self, number: int, row: tuple[Any, ...]) -> list[tuple[Any, ...]] | None:
        """Passages of an article with their vectors; ``None`` where one of them, or the article, is not as written.

        An article's passages have ids that follow one another: one beside them that cannot be told may be its own.
        """
        ids = self._owned.get(number, [])
        if not ids or ids[-1] - ids[0] + 1 != len(ids) or {ids[0] - 1, ids[-1] + 1} & self._unplaced:
            return None
        query = (
            f'SELECT {rows.PASSAGE}, v.print, v.vector, v."check" FROM passages p'  # noqa: S608 - columns, and a number
            f" JOIN {self._old_vectors} v ON v.passage = p.id WHERE p.id BETWEEN ? AND ? ORDER BY p.id"
        )
        try:
            article = rows.article_of(row)
            found = self._old.execute(query, (ids[0], ids[-1])).fetchall()
            for part in found:
                rows.passage_of(part[:6], article)
        except (ArchiveDamaged, sqlite3.DatabaseError):
            return None
        sound = all(checksum(part[0], part[6], part[7]) == part[8] for part in found)
        return found if sound and len(found) == len(ids) else None

    def _give_up(self, number: int, row: tuple[Any, ...] | None) -> None:
        """Keep an article whose text is whole for making its passages again; name one whose text is not."""
        try:
            if row is not None:
                rows.article_of(row)
                self._broken.append(row)
                return
        except ArchiveDamaged:
            pass
        self.lost.append(f"{row[1]}/{row[3]}" if row else f"the article {number}, whose name cannot be read")

    def _mend(self) -> None:
        """Cut and encode again the articles whose text is whole and whose passages are not."""
        if not self._broken:
            return
        encoder = self._load(self._facts.get("encoder_name"))
        if self._facts.get("encoder") not in {None, encoder.fingerprint}:
            raise ArchiveError("the articles to encode again need the encoder that the archive was built with")
        chunking = Chunking.for_encoder(encoder.max_tokens)
        for row in self._broken:
            article = rows.article_of(row)
            with self._new.change() as seq:
                store([prepare(article, row[2], encoder, chunking)], self._new, encoder, seq)
            self.encoded += 1

    def _carry_rows(self, table: str) -> None:
        """Carry the sound rows of a table of facts; count the others as lost."""
        columns = schema.CHECKS[table]
        marks = ", ".join("?" * (columns.count(",") + 2))
        try:
            found = self._old.execute(f'SELECT {columns}, "check" FROM {table}').fetchall()  # noqa: S608 - ours
        except sqlite3.DatabaseError:
            self.lost.append(f"all of the table {table}")
            return
        sound = [row for row in found if checksum(*row[:-1]) == row[-1]]
        self._new.connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", sound)  # noqa: S608 - ours
        if len(sound) != len(found):
            self.lost.append(f"rows of the table {table}: {len(found) - len(sound)}")

    def _read(self, query: str, block: range) -> Iterator[tuple[int, tuple[Any, ...] | None]]:
        """Rows of a block by id; ``None`` of one that cannot be read, which is found by reading one by one."""
        try:
            yield from ((row[0], row) for row in self._old.execute(query, (block[0], block[-1])).fetchall())
        except sqlite3.DatabaseError:
            for number in block:
                try:
                    row = self._old.execute(query, (number, number)).fetchone()
                except sqlite3.DatabaseError:
                    yield number, None
                else:
                    yield from [(number, row)] if row else []

    def _last(self, table: str) -> int:
        """The last id that was ever given in a table, as far as that can be read."""
        for query in (
            f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'",  # noqa: S608 - a name of ours
            f"SELECT MAX(id) FROM {table}",  # noqa: S608 - as above
        ):
            try:
                row = self._old.execute(query).fetchone()
            except sqlite3.DatabaseError:
                continue
            if row and row[0]:
                return int(row[0])
        return 0


def _blocks(last: int) -> Iterator[range]:
    for start in range(1, last + 1, _BLOCK):
        yield range(start, min(start + _BLOCK, last + 1))
