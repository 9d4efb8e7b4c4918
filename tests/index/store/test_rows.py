"""Rows that were changed behind SQLite's back: each is refused when it is read, and the message names it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest
from toys import article

from index.errors import ArchiveDamaged
from index.store import rows
from index.store.catalog import Catalog
from index.store.checksums import checksum, digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index.domain import Article

ONE = article(
    "Rain fell. Ice froze.",
    title="Weather",
    path="a.txt",
    published=date(2020, 2, 29),
    author="Ann",
    source="Wire",
    url="https://example.org/1",
)
SPANS = [(0, 10), (11, 21)]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """A catalog of two articles, of two passages each."""
    with closing(Catalog.open(tmp_path / "archive.db")) as opened:
        with opened.change() as seq:
            opened.set("encoder", "toy")
            for one in (ONE, article("Snow lay. Wind blew.", path="b.txt")):
                prints = [f"{one.key.path}{at}".encode() for at in range(2)]
                opened.put(one, one.key.path, [*SPANS[:1], (11, 20)], prints, np.eye(2, 4, dtype=np.float32), seq)
            opened.files.stamp("/articles", "a.txt", (1, 2, 3, "as it is"), b"hash")
            opened.files.withdraw(article("Gone.", path="c.txt"))
        with opened.note():
            opened.note_backup("/backup", "2026-01-01")
        yield opened


def spoil(catalog: Catalog, statement: str) -> None:
    """Change a row as no part of newsdesk does: without its checksum."""
    with closing(sqlite3.connect(catalog.path)) as connection, connection:
        assert connection.execute(statement).rowcount > 0


READS: dict[str, Callable[[Catalog], object]] = {
    "by id": lambda catalog: catalog.passages([1]),
    "by change": lambda catalog: list(catalog.added_since(0)),
    "by key": lambda catalog: catalog.articles([ONE.key]),
    "newest": lambda catalog: catalog.newest(5, date.max),
}


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize(
    "column",
    [
        *("title = 'Whether'", "body = replace(body, 'Rain', 'Pain')", "published = '2020-02-28'", "author = NULL"),
        *("source = 'Fire'", "url = ''", "language = 'de'", "digest = zeroblob(16)", "seq = 9", "file = 'b'"),
        *('"check" = 1', "published = '0000-00-00'", "body = CAST(x'52' AS BLOB)", "title = 7", "url = x'ff'"),
    ],
)
def test_a_changed_article_is_refused(catalog: Catalog, column: str, read: str) -> None:
    """Any column of it, to another text or to what is none: however it is read, its number and its file are named."""
    spoil(catalog, f"UPDATE articles SET {column} WHERE id = 1")  # noqa: S608
    with pytest.raises(ArchiveDamaged, match=r"the article 1 \(/articles/a\.txt\) in archive\.db is damaged: .*repair"):
        READS[read](catalog)


@pytest.mark.parametrize("column", ["root = '/x'", "path = 'x'", "item = 'x'"])
def test_an_article_with_another_key_is_refused(catalog: Catalog, column: str) -> None:
    """Its name is that which its row says now."""
    spoil(catalog, f"UPDATE articles SET {column} WHERE id = 1")  # noqa: S608
    with pytest.raises(ArchiveDamaged, match=r"the article 1 \(.*x.*\) in archive\.db is damaged"):
        catalog.passages([1])


def test_two_articles_that_changed_places_are_refused(catalog: Catalog) -> None:
    """The number is part of the checksum: a whole row in another's place is told."""
    spoil(catalog, "UPDATE articles SET id = CASE id WHEN 1 THEN -2 ELSE -1 END")
    spoil(catalog, "UPDATE articles SET id = -id")
    for passage, number, name in ((1, 1, "b"), (3, 2, "a")):
        with pytest.raises(ArchiveDamaged, match=rf"the article {number} \(/articles/{name}\.txt\)"):
            catalog.passages([passage])


@pytest.mark.parametrize("read", ["by id", "by change", "newest"])
@pytest.mark.parametrize("column", ["start = 1", '"end" = 9', "seq = 2", "article = 2", '"check" = 0', "start = -1"])
def test_a_changed_passage_is_refused(catalog: Catalog, column: str, read: str) -> None:
    """Each column of it: the passage is named by its number."""
    spoil(catalog, f"UPDATE passages SET {column} WHERE id = 1")  # noqa: S608
    with pytest.raises(ArchiveDamaged, match=r"the passage 1 in archive\.db is damaged: .+ newsdesk repair"):
        READS[read](catalog)


@pytest.mark.parametrize("span", [(-1, 5), (0, 22), (5, 5), (9, 3)])
def test_a_passage_outside_its_article_is_refused(span: tuple[int, int]) -> None:
    """Also where its checksum fits, as in an archive that another program wrote: a quote is always a slice."""
    values = (1, 1, *span, 1)
    with pytest.raises(ArchiveDamaged, match="the passage 1"):
        rows.passage_of((*values, checksum(*values)), ONE)


def row_of(one: Article, **changes: object) -> tuple[object, ...]:
    """The row of an article, as the catalog writes it."""
    key, mark = one.key, digest(one)
    facts = (3, key.root, "f.zip", key.path, key.id, mark, 5)
    values = {
        "title": one.title,
        "body": one.body,
        "published": one.published and one.published.isoformat(),
        "author": one.author,
        "source": one.source,
        "url": one.url,
        "language": one.language,
        **changes,
    }
    return (*facts, *values.values(), checksum(*facts))


def test_a_sound_row_is_the_article() -> None:
    """What was written is read, and an article without a day has none."""
    assert rows.article_of(row_of(ONE)) == ONE
    bare = article("Text.")
    assert rows.article_of(row_of(bare)) == bare
    assert (rows.day_of(None), rows.day_of(""), rows.day_of("2020-02-29")) == (None, None, date(2020, 2, 29))


@pytest.mark.parametrize("day", ["2020-02-30", "soon", 20200229, b"2020-02-29"])
def test_a_day_that_is_none_is_damage(day: object) -> None:
    """Not an error of another kind that nobody catches."""
    with pytest.raises(ArchiveDamaged, match="the article 3"):
        rows.article_of(row_of(ONE, published=day))


@pytest.mark.parametrize("day", ["yesterday", "0000-00-00"])
def test_a_day_that_is_none_is_damage_where_no_text_is_read(catalog: Catalog, day: str) -> None:
    """A search asks for the days of hundreds of passages, figures for the first and last: neither is a ValueError."""
    spoil(catalog, f"UPDATE articles SET published = '{day}'")  # noqa: S608
    with pytest.raises(ArchiveDamaged):
        catalog.places([1, 2])
    with pytest.raises(ArchiveDamaged):
        catalog.dates()


@pytest.mark.parametrize("name", ["encoder", "seq", "vectors", "archive"])
def test_a_changed_fact_is_refused(catalog: Catalog, name: str) -> None:
    """The message names the fact."""
    spoil(catalog, f"UPDATE meta SET value = '7' WHERE name = '{name}'")  # noqa: S608
    with pytest.raises(ArchiveDamaged, match=f"the fact {name} is damaged; run: newsdesk repair"):
        catalog.get(name)


@pytest.mark.parametrize("column", ["vector = zeroblob(8)", "print = x'00'", '"check" = 0', "passage = 77"])
def test_a_changed_vector_is_refused(catalog: Catalog, column: str) -> None:
    """By id, by change and by fingerprint; the passage it is of is named."""
    spoil(catalog, f"UPDATE vectors_1 SET {column} WHERE passage = 1")  # noqa: S608
    passage = 77 if "77" in column else 1
    mark = b"\0" if "print" in column else b"a.txt0"
    for read in (
        lambda: catalog.vectors.of([passage]),
        lambda: catalog.vectors.since(0, 4),
        lambda: catalog.vectors.by_print([mark], 4),
    ):
        with pytest.raises(ArchiveDamaged, match=rf"the vector of passage {passage} in archive\.db is not as it was"):
            read()


def test_two_vectors_that_changed_places_are_refused(catalog: Catalog) -> None:
    """A vector under another passage's number is told."""
    spoil(catalog, "UPDATE vectors_1 SET passage = -passage WHERE passage < 3")
    spoil(catalog, "UPDATE vectors_1 SET passage = passage + 3 WHERE passage < 0")
    with pytest.raises(ArchiveDamaged, match="the vector of passage 1"):
        catalog.vectors.of([1])


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE files SET size = 9", r"/articles/a\.txt"),
        ("UPDATE files SET mtime = 9", r"/articles/a\.txt"),
        ("UPDATE files SET hash = x'00'", r"/articles/a\.txt"),
    ],
)
def test_a_changed_stamp_of_a_file_is_refused(catalog: Catalog, statement: str, said: str) -> None:
    """Else a file that changed could pass for unchanged."""
    spoil(catalog, statement)
    with pytest.raises(ArchiveDamaged, match=said):
        catalog.files.stamp_of("/articles", "a.txt")


@pytest.mark.parametrize("column", ["text = x'00'", "address = x'00'", "item = 'x'", '"check" = 0'])
def test_a_changed_withdrawal_is_refused(catalog: Catalog, column: str) -> None:
    """Else what was taken down could come back."""
    spoil(catalog, f"UPDATE withdrawn SET {column}")  # noqa: S608
    with pytest.raises(ArchiveDamaged, match=r"c\.txt"):
        catalog.files.is_withdrawn(article("Gone.", path="c.txt"))


def test_a_changed_backup_is_refused(catalog: Catalog) -> None:
    """Else a takedown would name another folder."""
    spoil(catalog, "UPDATE backups SET made = '1999-01-01'")
    with pytest.raises(ArchiveDamaged, match="/backup"):
        catalog.backups()
