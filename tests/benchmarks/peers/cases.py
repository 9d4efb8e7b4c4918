"""What is asked of which articles: the news in three ways, and three collections of encyclopedic passages."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.benchmarks.data import DATA
from tests.benchmarks.peers.peer import Article, Question

NEWS = "news"
FORMS = ("question", "month", "undated")
"""News is asked as it was asked, on its day; and three years later, naming the month, or without any date."""
SPANS = {"squad2": 600, "xquad/en": 400, "xquad/ru": 400}
"""Answerable questions drawn of each collection."""
COLLECTIONS = (NEWS, *SPANS)
RATED = 200
"""Articles that the rate of indexing is measured on."""

_SEED = 1
_LATER = 3
_TODAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Questions of one form. ``name`` is the form of a question about news, or the collection."""

    name: str
    questions: tuple[Question, ...]


def articles(collection: str) -> list[Article]:
    """All articles of a collection, in the order of their file."""
    kind = "articles" if collection == NEWS else "passages"
    return [Article(id=row["id"], title=row["title"] or "", text=row["text"]) for row in _rows(collection, kind)]


def some_articles() -> list[Article]:
    """The articles that the rate of indexing is measured on, always the same."""
    draw = random.Random(_SEED)  # noqa: S311 - a sample, no secret
    return draw.sample(articles(NEWS), RATED)


def cases(collection: str) -> list[Case]:
    """All that is asked of a collection."""
    rows = _rows(collection, "questions")
    if collection == NEWS:
        return [Case(name=form, questions=tuple(_news(row, form) for row in rows)) for form in FORMS]
    draw = random.Random(_SEED)  # noqa: S311 - a sample, no secret
    drawn = draw.sample([row for row in rows if row["answerable"]], SPANS[collection])
    asked = (Question(text=row["question"], asked=_TODAY, relevant=frozenset(row["relevant"])) for row in drawn)
    return [Case(name=collection, questions=tuple(asked))]


def later(day: date) -> date:
    """The same day three years later; the 1st of March for a 29th of February."""
    year = day.year + _LATER
    return date(year, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _news(row: dict[str, Any], form: str) -> Question:
    asked = date.fromisoformat(row["asked"])
    return Question(
        text=row[form],
        asked=asked if form == "question" else later(asked),
        relevant=frozenset(row["relevant"]),
        linked=frozenset(row["linked"]),
    )


def _rows(collection: str, kind: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / collection / f"{kind}.jsonl").read_text("utf-8").splitlines()]
