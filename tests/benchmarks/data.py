"""The questions and articles of ../shared/data, and archives of them that are kept between runs."""

from __future__ import annotations

import json
import os
import random
from dataclasses import dataclass
from pathlib import Path

from index import Archive
from index.evaluation import contains

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("NEWSDESK_DATA") or REPOSITORY.parent / "shared" / "data")
KEPT = REPOSITORY / ".bench"
FOLDS = 5
_SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with its known answers and the ids of the articles that hold them.

    ``fold``, from 0 to 4, is what it is scored in; of news, a week is in one fold whole. ``places`` are the offsets of
    its answers, where they are known.
    """

    text: str
    answers: tuple[str, ...]
    relevant: frozenset[str]
    fold: int
    tier: str = ""
    places: tuple[int, ...] | None = None

    def answered_by(self, article: str, body: str, start: int, end: int) -> bool:
        """Whether the answer stands in a slice of an article, which is a relevant one."""
        if article not in self.relevant:
            return False
        if self.places is None:
            return contains(body[start:end], self.answers)
        return any(start <= place < end for place in self.places)


def there() -> bool:
    """Whether the data is here; says so where it is not."""
    if (DATA / "news").is_dir():
        return True
    print(f"skipped: no data in {DATA}; NEWSDESK_DATA names its folder")
    return False


def news_questions(form: str = "undated") -> list[Question]:
    """The 240 quiz questions, as ``question``, ``undated`` or ``month``."""
    rows = _rows("news", "questions")
    weeks = sorted({row["asked"] for row in rows})
    return [
        Question(
            text=row[form],
            answers=tuple(row["answers"]),
            relevant=frozenset(row["relevant"]),
            fold=weeks.index(row["asked"]) % FOLDS,
            tier=row["tier"],
        )
        for row in rows
    ]


def news_rows() -> list[dict[str, object]]:
    """The 240 quiz questions with all their fields."""
    return _rows("news", "questions")


def span_questions(name: str, count: int) -> list[Question]:
    """A fixed sample of the answerable questions of ``squad2``, ``xquad/en`` or ``xquad/ru``."""
    draw = random.Random(_SEED)  # noqa: S311 - a sample, no secret
    rows = draw.sample([row for row in _rows(name, "questions") if row["answerable"]], count)
    return [
        Question(
            text=row["question"],
            answers=tuple(row["answers"]),
            relevant=frozenset(row["relevant"]),
            fold=at % FOLDS,
            places=tuple(place for place, _ in row["spans"]),
        )
        for at, row in enumerate(rows)
    ]


def news_archive() -> Archive:
    """The archive of all articles, brought up to date; a quarter of an hour the first time, seconds after that."""
    return _archive("news", "articles")


def span_archive(name: str) -> Archive:
    """The archive of the passages of ``squad2``, ``xquad/en`` or ``xquad/ru``, each an article."""
    return _archive(name, "passages")


def _archive(name: str, kind: str) -> Archive:
    archive = Archive.open(KEPT / name.replace("/", "-"), create=True)
    archive.sync([DATA / name / f"{kind}.jsonl"])
    return archive


def _rows(name: str, kind: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (DATA / name / f"{kind}.jsonl").read_text("utf-8").splitlines()]
