"""newsdesk itself, by the same harness."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from index import Archive
from tests.benchmarks.data import news_archive, span_archive
from tests.benchmarks.peers.cases import NEWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.peers.peer import Article, Question, Setting

DEPTH = 10


class Newsdesk:
    """The archives that the other benchmarks keep, brought up to date; a new one where the rate is measured."""

    def __init__(self, setting: Setting) -> None:
        self._collection = setting.collection
        self._rated = setting.encoder is None
        self._archive: Archive

    def index(self, articles: Sequence[Article]) -> None:
        """Sync: a few articles from a file of their own, or all of a collection."""
        if self._rated:
            with tempfile.TemporaryDirectory() as folder:
                _sync(Path(folder), articles)
        else:
            self._archive = news_archive() if self._collection == NEWS else span_archive(self._collection)

    def search(self, question: Question) -> list[str]:
        """One id for each hit."""
        return [hit.article.key.id for hit in self._archive.search(question.text, asked=question.asked, k=DEPTH)]


def _sync(folder: Path, articles: Sequence[Article]) -> None:
    rows = [json.dumps({"id": each.id, "title": each.title, "text": each.text}) for each in articles]
    (folder / "articles.jsonl").write_text("\n".join(rows), "utf-8")
    with Archive.open(folder / "archive", create=True) as archive:
        archive.sync([folder / "articles.jsonl"])
