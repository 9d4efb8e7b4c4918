"""Files: which of them were read, as what, and what is kept out."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest
from toys import article

from index import ArticleKey
from index.store import schema
from index.store.catalog import Catalog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STAMP = (10, 20, 30, "as it is")


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """An empty catalog."""
    with closing(Catalog.open(tmp_path / "archive.db")) as opened:
        yield opened


def put(catalog: Catalog, root: str, path: str, file: str | None = None, id: str = "") -> None:  # noqa: A002
    """Keep an article of one passage."""
    with catalog.change() as seq:
        one = article("Some text.", root=root, path=path, id=id)
        catalog.put(one, path if file is None else file, [(0, 10)], [b"p"], np.ones((1, 4), dtype=np.float32), seq)


def test_a_stamp_is_kept_until_forgotten(catalog: Catalog) -> None:
    """A stamp and a hash are given back by root and path, replaced by later ones, and gone once forgotten."""
    files = catalog.files
    with catalog.change():
        files.stamp("/news", "a.txt", STAMP)
        files.stamp("/news", "b.txt", STAMP)
        files.stamp("/news", "a.txt", (11, 21, 31, "otherwise"), b"hash")
    assert files.stamp_of("/news", "a.txt") == ((11, 21, 31, "otherwise"), b"hash")
    assert files.stamp_of("/news", "b.txt") == (STAMP, None)
    with catalog.change():
        files.forget("/news", "a.txt")
        files.forget("/other", "b.txt")
    assert files.stamp_of("/news", "a.txt") is None
    assert files.stamp_of("/news", "b.txt") == (STAMP, None)


def _fail(catalog: Catalog) -> None:
    catalog.files.stamp("/news", "a.txt", STAMP)
    raise TypeError


def test_a_stamp_of_a_failed_change_is_not_kept(catalog: Catalog) -> None:
    """A file counts as read only if the change it was read in is there."""
    with pytest.raises(TypeError), catalog.change():
        _fail(catalog)
    assert list(catalog.files.all()) == []


def test_articles_are_counted_by_the_file_that_gave_them(catalog: Catalog) -> None:
    """A file with three articles counts three, whatever their paths inside it are."""
    for at in "123":
        put(catalog, "/news", "wire.jsonl", id=at)
    put(catalog, "/news", "old.zip!a.txt", file="old.zip")
    put(catalog, "/other", "wire.jsonl", id="1")
    files = catalog.files
    given = {("/news", "wire.jsonl"): 3, ("/news", "old.zip"): 1, ("/other", "wire.jsonl"): 1}
    assert {file: files.count(*file) for file in files.all()} == given
    assert files.counts() == {"/news": 4, "/other": 1}
    assert list(files.keys_of("/news", "old.zip")) == [ArticleKey(root="/news", path="old.zip!a.txt")]
    assert {key.id for key in files.keys_of("/news", "wire.jsonl")} == {"1", "2", "3"}
    assert list(files.keys_of("/news", "wire")) == []
    assert files.count("/news", "wire") == 0


def test_files_are_those_read_and_those_that_gave(catalog: Catalog) -> None:
    """A file read whole that gave nothing counts, and one that gave articles and was not read whole; each once."""
    put(catalog, "/news", "a.txt")
    put(catalog, "/news", "broken.jsonl", id="1")
    with catalog.change():
        catalog.files.stamp("/news", "a.txt", STAMP)
        catalog.files.stamp("/news", "empty.jsonl", STAMP)
    assert sorted(catalog.files.all()) == [("/news", "a.txt"), ("/news", "broken.jsonl"), ("/news", "empty.jsonl")]


def test_roots_are_of_files_and_of_articles(catalog: Catalog) -> None:
    """A path that gave a readable file without articles, or an article without a file, is known too."""
    put(catalog, "/b", "a.txt")
    with catalog.change():
        catalog.files.stamp("/a", "empty.jsonl", STAMP)
        catalog.files.stamp("/b", "a.txt", STAMP)
    assert catalog.files.roots() == ["/a", "/b"]


def test_a_root_adopts_those_below_it(catalog: Catalog) -> None:
    """Articles, stamps and what is kept out move to the outer root, at their places below it; others stay."""
    put(catalog, "/news/2018", "may/a.txt")
    put(catalog, "/news/2018", "!b.txt")
    put(catalog, "/newsroom", "a.txt")
    gone = article("Text.", root="/news/2018", path="b.txt", id="7")
    with catalog.change():
        catalog.files.stamp("/news/2018", "may/a.txt", STAMP, b"hash")
        catalog.files.withdraw(gone)
        catalog.files.adopt("/news", "/news/2018", "2018")
    files = catalog.files
    assert {file: files.count(*file) for file in files.all()} == {
        ("/news", "2018/may/a.txt"): 1,
        ("/news", "2018/!b.txt"): 1,
        ("/newsroom", "a.txt"): 1,
    }
    assert list(files.keys_of("/news", "2018/may/a.txt")) == [ArticleKey(root="/news", path="2018/may/a.txt")]
    assert files.stamp_of("/news", "2018/may/a.txt") == (STAMP, b"hash")
    assert files.stamp_of("/news/2018", "may/a.txt") is None
    assert files.is_withdrawn(article("Other.", root="/news", path="2018/b.txt", id="7"))
    assert not files.is_withdrawn(article("Other.", root="/news/2018", path="b.txt", id="7"))
    assert {each.article.key.root for each in catalog.added_since(0)} == {"/news", "/newsroom"}
    assert damages(catalog) == []


def test_a_root_adopts_a_single_file(catalog: Catalog) -> None:
    """A root that was a file becomes a file below the outer root, and a member of a .zip keeps its ``!``."""
    put(catalog, "/news/wire.jsonl", "", id="1")
    put(catalog, "/news/old.zip", "!in/a.txt", file="")
    with catalog.change():
        catalog.files.adopt("/news", "/news/wire.jsonl", "wire.jsonl")
        catalog.files.adopt("/news", "/news/old.zip", "old.zip")
    assert list(catalog.files.keys_of("/news", "wire.jsonl")) == [ArticleKey(root="/news", path="wire.jsonl", id="1")]
    assert list(catalog.files.keys_of("/news", "old.zip")) == [ArticleKey(root="/news", path="old.zip!in/a.txt")]


def damages(catalog: Catalog) -> list[str]:
    """The tables of which a row is not as its checksum says."""
    return [
        table
        for table, columns in schema.CHECKS.items()
        if catalog.connection.execute(f'SELECT 1 FROM {table} WHERE "check" IS NOT checksum({columns})').fetchone()  # noqa: S608
    ]


def test_what_is_withdrawn_stays_out_until_readmitted(catalog: Catalog) -> None:
    """Readmitting gives how many were out, and has the files of their roots read again, and no others."""
    files = catalog.files
    one, two, three = (
        article(f"Text {at}.", title=f"Headline {at}", root="/news", path="b.jsonl", id=str(at)) for at in (1, 2, 3)
    )
    with catalog.change():
        for each in (one, two, two):
            files.withdraw(each)
        for root in ("/news", "/other"):
            files.stamp(root, "a.txt", STAMP)
    assert [files.is_withdrawn(each) for each in (one, two, three)] == [True, True, False]
    with catalog.change():
        assert files.readmit() == 2
    assert not files.is_withdrawn(one)
    assert files.stamp_of("/news", "a.txt") is None
    assert files.stamp_of("/other", "a.txt") == (STAMP, None)
    with catalog.change():
        assert files.readmit() == 0


def test_what_is_withdrawn_is_known_again(catalog: Catalog) -> None:
    """By its key with another text, by its text under another name, by its address: any of them will do."""
    gone = article("The text.", title="Title", path="a.txt", url="https://example.org/1")
    with catalog.change():
        catalog.files.withdraw(gone)
    known = [
        article("Another text.", title="Other", path="a.txt"),
        article("The text.", title="Title", path="b.txt", root="/elsewhere"),
        article("Another text.", title="Other", path="b.txt", url="https://example.org/1"),
    ]
    assert all(map(catalog.files.is_withdrawn, known))
    others = [
        article("The text.", title="Another title", path="b.txt"),
        article("The text.\nMore.", title="Title", path="b.txt"),
        article("Another text.", title="Title", path="b.txt", url="https://example.org/2"),
    ]
    assert not any(map(catalog.files.is_withdrawn, others))


def test_an_article_without_an_address_is_not_known_by_having_none(catalog: Catalog) -> None:
    """One withdrawn article without an address does not keep out all the others without one."""
    with catalog.change():
        catalog.files.withdraw(article("The text.", path="a.txt"))
    assert not catalog.files.is_withdrawn(article("Another text.", path="b.txt"))


def test_an_adopted_withdrawal_is_still_known_by_its_text(catalog: Catalog) -> None:
    """Moving to another root leaves what it is known by."""
    gone = article("The text.", root="/news/2018", path="a.txt", url="https://example.org/1")
    with catalog.change():
        catalog.files.withdraw(gone)
        catalog.files.adopt("/news", "/news/2018", "2018")
    assert catalog.files.is_withdrawn(article("The text.", root="/x", path="y.txt"))
    assert catalog.files.is_withdrawn(article("Other.", root="/x", path="y.txt", url="https://example.org/1"))
    assert damages(catalog) == []
