"""What is wrong with archive.db: every page, every row, and what rows say of one another."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from index.domain import Damage
from index.errors import ArchiveDamaged
from index.store import rows, schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.store.catalog import Catalog

_NAMED = 20
"""Damages of one kind that are named one by one."""

_NAMES = {
    "meta": "'the fact ' || name",
    "articles": "'the article ' || root || '/' || path",
    "passages": "'the passage ' || id",
    "withdrawn": "'the takedown of ' || root || '/' || path",
    "files": "'the file ' || root || '/' || path",
    "backups": "'the backup ' || place",
    "stories": "'the story of article ' || article",
}
_WRONG = {
    "a passage of no article": "SELECT id FROM passages WHERE article NOT IN (SELECT id FROM articles)",
    "a passage outside its article": (
        "SELECT p.id FROM passages p JOIN articles a ON a.id = p.article"
        ' WHERE p.start < 0 OR p.start >= p."end" OR p."end" > length(a.body)'
    ),
    "a passage without a vector": "SELECT id FROM passages WHERE id NOT IN (SELECT passage FROM {vectors})",
    "a vector of no passage": "SELECT passage FROM {vectors} WHERE passage NOT IN (SELECT id FROM passages)",
    "a story of no article, or of another version of it": (
        "SELECT s.article FROM stories s LEFT JOIN articles a ON a.id = s.article WHERE a.digest IS NOT s.mark"
    ),
    "an article whose story has no first": (
        "SELECT article FROM stories WHERE story NOT IN (SELECT article FROM stories WHERE story = article)"
    ),
    "a vector of another length": "SELECT passage FROM {vectors} WHERE length(vector) != {bytes}",
}


def damages(catalog: Catalog) -> tuple[Damage, ...]:
    """Every damage of the truth, of which many of one kind are counted; called inside ``catalog.snapshot()``."""
    found: list[Damage] = []
    for check in (_pages, _rows, _articles, _relations, _buckets):
        try:
            found += [Damage(where=catalog.path.name, what=what) for what in check(catalog)]
        except (sqlite3.DatabaseError, ArchiveDamaged) as error:
            found.append(Damage(where=catalog.path.name, what=f"cannot be read whole: {str(error)[:80]}"))
    return tuple(found)


def _pages(catalog: Catalog) -> Iterator[str]:
    for (said,) in catalog.connection.execute(f"PRAGMA integrity_check({_NAMED})"):
        if said != "ok":
            yield str(said)


def _rows(catalog: Catalog) -> Iterator[str]:
    """Rows whose checksum does not fit."""
    tables = {table: (columns, _NAMES[table]) for table, columns in schema.CHECKS.items()}
    tables[catalog.vectors.table] = (schema.VECTORS_CHECK, "'the vector of passage ' || passage")
    for table, (columns, name) in tables.items():
        query = f'SELECT {name} FROM {table} WHERE "check" IS NOT checksum({columns})'  # noqa: S608 - names of ours
        yield from _named((f"{row[0]} is not as it was written" for row in catalog.connection.execute(query)), table)


def _articles(catalog: Catalog) -> Iterator[str]:
    """Articles whose text does not fit their digest."""
    yield from _named(_unlike_their_digest(catalog), "articles")


def _unlike_their_digest(catalog: Catalog) -> Iterator[str]:
    for row in catalog.connection.execute(f"SELECT {rows.ARTICLE} FROM articles a"):  # noqa: S608 - only columns
        try:
            rows.article_of(row)
        except ArchiveDamaged:
            yield f"the text of {row[1]}/{row[3]} is not as it was written"


def _relations(catalog: Catalog) -> Iterator[str]:
    names = {"vectors": catalog.vectors.table, "bytes": 2 * int(catalog.get("dimension") or 0)}
    for what, query in _WRONG.items():
        found = catalog.connection.execute(query.format(**names))
        yield from _named((f"{what}: {row[0]}" for row in found), what)


def _buckets(catalog: Catalog) -> Iterator[str]:
    """Articles that are in other buckets than their signatures say; those of no article are found by their number."""
    query = "SELECT article, COUNT(*), MIN(day), MAX(day), TOTAL(band) FROM buckets GROUP BY article"
    held = {row[0]: row[1:] for row in catalog.connection.execute(query)}
    yield from _named(_in_other_buckets(catalog, held), "buckets")
    yield from _named((f"a bucket of no article: {number}" for number in sorted(held)), "buckets of no article")


def _in_other_buckets(catalog: Catalog, held: dict[int, tuple[float, ...]]) -> Iterator[str]:
    """As it says; what was compared is taken out of ``held``. A sum of 32 bands of 48 bits is exact."""
    for telling in catalog.stories.all():
        bands = telling.signature.bands
        if held.pop(telling.article, None) != (len(bands), telling.day, telling.day, sum(bands)):
            yield f"article {telling.article} is not in the buckets of its signature"


def _named(found: Iterator[str], kind: str) -> Iterator[str]:
    """The first of one kind by name, the rest by number."""
    more = 0
    for at, what in enumerate(found):
        if at < _NAMED:
            yield what
        else:
            more += 1
    if more:
        yield f"{more:,} more of the kind: {kind}"
