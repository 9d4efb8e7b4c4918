"""Looking into an archive: what a name means, and whether a text is there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from index import Archive
from index.domain import Article, ArticleKey
from index.errors import ArchiveMissing
from index.looking import Look

if TYPE_CHECKING:
    from pathlib import Path

BODY = "The weir at Sallow was mended by Ivo Kern. It took three weeks, and cost 4,000 crowns."


@pytest.fixture
def folder(tmp_path: Path, newsdesk_cache: Path) -> Path:
    """An archive of a folder with two files, one of which holds two articles."""
    sources = tmp_path / "news"
    sources.mkdir()
    (sources / "weir.txt").write_text(f"Weir mended\n\n{BODY}\n")
    rows = ('{"id": "b1", "title": "B1", "text": "Buoy 1 is red."}', '{"id": "b2", "title": "B2", "text": "It is 2."}')
    (sources / "buoys.jsonl").write_text("\n".join(rows))
    with Archive.open(tmp_path / "archive", cache=newsdesk_cache, create=True) as archive:
        archive.sync([sources])
    return tmp_path / "archive"


@pytest.mark.parametrize("name", ["weir.txt", "b1", "buoys.jsonl", "{folder}/news/buoys.jsonl", "none", ""])
def test_a_name_is_what_remove_takes_it_for(folder: Path, newsdesk_cache: Path, name: str) -> None:
    """As many articles are named as are then removed, and none of them is left."""
    what = name.format(folder=folder.parent)
    with Look.into(folder) as look:
        named = look.named(what)
    with Archive.open(folder, cache=newsdesk_cache) as archive:
        before = archive.stats().articles
        assert archive.remove(what) == len(named)
        assert archive.stats().articles == before - len(named)
    with Look.into(folder) as look:
        assert look.named(what) == ()


def test_the_same_text_is_found_whatever_stands_above_it(folder: Path) -> None:
    """A headline or a day more or less is no other text; a letter is."""
    other = Article(key=ArticleKey(root="/x", path="y"), title="Another headline", body=BODY, language="en")
    with Look.into(folder) as look:
        assert [each.title for each in look.same_text(other)] == ["Weir mended"]
        assert look.same_text(replace(other, body=BODY.replace("three", "five"))) == ()


def test_there_must_be_an_archive(tmp_path: Path) -> None:
    """Looking makes none."""
    with pytest.raises(ArchiveMissing, match="newsdesk sync"):
        Look.into(tmp_path)
    assert list(tmp_path.iterdir()) == []
