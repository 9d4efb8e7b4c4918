"""The news questions as they are asked: on their day, three years later with the month, three years later without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tests.benchmarks.data import news_questions, news_rows

if TYPE_CHECKING:
    from tests.benchmarks.data import Question

YEARS_LATER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question and the day it is asked on; ``linked`` are the articles that the quiz's makers name themselves."""

    question: Question
    day: date
    linked: frozenset[str]


FORMS = {"question": "on its day", "month": "three years later, with the month", "undated": "three years later"}


def asked(form: str) -> list[Asked]:
    """All 240 questions in one of the three forms."""
    days = [date.fromisoformat(str(row["asked"])) for row in news_rows()]
    linked = [frozenset(row.get("linked") or ()) for row in news_rows()]
    moved = days if form == "question" else [later(day, YEARS_LATER) for day in days]
    return [
        Asked(question=question, day=day, linked=names)
        for question, day, names in zip(news_questions(form), moved, linked, strict=True)
    ]


def later(day: date, years: int) -> date:
    """The same day some years later; the 28th for the 29th of February."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if leap else day.day)
