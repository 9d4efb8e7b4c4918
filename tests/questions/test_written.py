"""The written questions about older events: each can be answered, and from the articles that it names.

A line of ``older.jsonl`` is a question as a reader remembers the event, without a date, with ``asked``, a day years
later, ``answers``, short and in every usual spelling, and ``relevant``, all articles of the archive that say it: file
names of index/sample, or ids of the news. Even lines are for tuning, odd ones for what is reported.
"""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from index.evaluation import contains

HERE = Path(__file__).resolve()
PROJECT = HERE.parents[2]
SAMPLE = PROJECT / "index" / "sample"
NEWS = Path(os.environ.get("NEWSDESK_DATA") or PROJECT.parent / "shared" / "data") / "news" / "articles.jsonl"
QUESTIONS = [json.loads(line) for line in HERE.with_name("older.jsonl").read_text("utf-8").splitlines()]
LATER = timedelta(days=3 * 365)


def _of(archive: str) -> list[dict]:
    return [question for question in QUESTIONS if question["archive"] == archive]


@pytest.fixture(scope="module")
def news() -> dict[str, dict]:
    """The news articles, by id."""
    if not NEWS.is_file():
        pytest.skip(f"no articles in {NEWS}: set NEWSDESK_DATA to the folder of data")
    with NEWS.open(encoding="utf-8") as lines:
        return {article["id"]: article for article in map(json.loads, lines)}


def test_there_are_enough_of_each_archive_in_each_half() -> None:
    """At least 48 questions, as many of an archive on even lines as on odd ones, each with an id of its own."""
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS)
    for archive in ("sample", "news"):
        odd, even = ([each["archive"] for each in QUESTIONS[first::2]].count(archive) for first in (0, 1))
        assert odd == even >= 12


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_fields(question: dict) -> None:
    """A line has these fields and no others, none of them empty, and its question does not give the answer away."""
    names = {"id", "archive", "language", "kind", "question", "answers", "relevant", "asked"}
    assert question.keys() == names
    assert all(question.values())
    assert all([*question["answers"], *question["relevant"]])
    assert question["language"] in {"en", "ru", "es"}
    assert question["kind"] in {"who", "where", "how many", "when", "what", "why"}
    assert not contains(question["question"], question["answers"])


@pytest.mark.parametrize("question", _of("sample"), ids=lambda question: question["id"])
def test_the_sample_holds_the_answers(question: dict) -> None:
    """Each relevant file is there, holds an answer in its body, and the first is years older than the question."""
    for name in question["relevant"]:
        body = (SAMPLE / name).read_text("utf-8").split("---\n", 2)[2]
        assert contains(body, question["answers"]), name
    assert date.fromisoformat(min(question["relevant"])[:10]) + LATER <= date.fromisoformat(question["asked"])


def test_the_news_hold_the_answers(news: dict[str, dict]) -> None:
    """Each relevant article is there, holds an answer, and the first is years older than the question."""
    for question in _of("news"):
        articles = [news[each] for each in question["relevant"]]
        assert [each["id"] for each in articles if not contains(each["text"], question["answers"])] == []
        oldest = min(date.fromisoformat(each["published"]) for each in articles)
        assert oldest + LATER <= date.fromisoformat(question["asked"]), question["id"]
