"""An archive asked questions whose right answers are known."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from datetime import MAXYEAR, datetime
from functools import partial
from typing import TYPE_CHECKING

from index.evaluation.findings import finding
from index.evaluation.outcomes import (
    DEEPER,
    DEPTH,
    Outcome,
    Ranking,
    containing,
    judge,
    rank_names,
    story_names,
)
from index.evaluation.questions import names_of
from index.evaluation.survey import Survey
from index.reading import read_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from index.archive import Archive
    from index.domain import Answer, Hit
    from index.evaluation.findings import Finding
    from index.evaluation.questions import Question
    from index.ranking import Weights

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one question found; ``seconds`` of wall-clock time it took."""

    hits: tuple[Hit, ...]
    answer: Answer | None
    seconds: float


def measure(
    archive: Archive,
    questions: Sequence[Question],
    configurations: Sequence[Weights],
    *,
    years_later: int = 0,
    survey: Survey | None = None,
) -> Iterator[tuple[Outcome, ...]]:
    """Ask each question with each configuration, and judge what is found; the outcomes of a question come together.

    Args:
        archive: what is asked.
        questions: in the order they are asked in.
        configurations: they take turns at going first, so that none is timed warmer than another.
        years_later: how many years after its day each question is asked; today where it has none.
        survey: of these questions and this archive; made where none is given.

    """
    surveyed = survey or Survey.of(questions, archive.all_passages())
    today = datetime.now().astimezone().date()
    for at, question in enumerate(questions):
        asked = later(question.asked, years_later) if question.asked else today
        if at == 0:
            _find(archive, question, asked, configurations[0])  # what is loaded at the first question is not timed
        turns = [(at + turn) % len(configurations) for turn in range(len(configurations))]
        found = {turn: _find(archive, question, asked, configurations[turn]) for turn in turns}
        yield tuple(
            _outcome(question, found[each], surveyed, partial(_right, archive, question, asked, configurations[each]))
            for each in sorted(found)
        )


def later(day: date, years: int) -> date:
    """The same day some years later, the 28th where that year has no 29th of February."""
    year = min(day.year + years, MAXYEAR)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _find(archive: Archive, question: Question, asked: date, weights: Weights) -> Found:
    began = time.perf_counter()
    found = archive.read(archive.find(question.text, asked=asked, k=DEPTH, weights=weights), weights=weights)
    answer = read_answer(found)
    return Found(hits=found.hits, answer=answer, seconds=time.perf_counter() - began)


def _right(archive: Archive, question: Question, asked: date, weights: Weights, hits: Sequence[Hit]) -> Finding | None:
    """The first relevant article that was found, looked for further down where it is not among the hits."""
    if not question.relevant:
        return None
    if found := _first_relevant(question.relevant, hits):
        return found
    deeper = archive.find(question.text, asked=asked, k=DEEPER, weights=weights)
    return _first_relevant(question.relevant, archive.read(deeper, weights=weights).hits)


def _first_relevant(relevant: frozenset[str], hits: Sequence[Hit]) -> Finding | None:
    ranked = enumerate(hits, start=1)
    return next((finding(hit.passage, rank) for rank, hit in ranked if not relevant.isdisjoint(story_names(hit))), None)


def _outcome(
    question: Question, found: Found, survey: Survey, look: Callable[[Sequence[Hit]], Finding | None]
) -> Outcome:
    stories = [story_names(hit) for hit in found.hits]
    alone = [names_of(hit.article) for hit in found.hits]
    whole, first = _rank(question, stories), _rank(question, alone)
    answer, right = found.answer, look(found.hits)
    return Outcome(
        question=question,
        language=survey.language(question),
        rank=_place(right) if whole else None,
        gain=whole.gain if whole else None,
        rank_alone=first.rank if first else None,
        gain_alone=first.gain if first else None,
        contained=containing(_shown(found), question.answers) if question.answers and question.answerable else None,
        ceiling=survey.answered(question),
        missing=survey.missing(question),
        several=stories != alone,
        verdict=judge(question, answer, _names(answer, found.hits, stories) if answer else frozenset()),
        seconds=found.seconds,
        quote=answer.quote if answer else None,
        quoted=answer.hit.article.title if answer else None,
        first=finding(found.hits[0].passage, 1) if found.hits else None,
        right=right or survey.example(question),
    )


def _rank(question: Question, stories: Sequence[frozenset[str]]) -> Ranking | None:
    return rank_names(stories, question.relevant) if question.relevant else None


def _shown(found: Found) -> list[str]:
    """The passages that a reader is shown, as ``Archive.ask`` orders them: the answer's, then the best of the rest."""
    answer = found.answer
    hits = [hit for hit in found.hits if answer is None or hit.article.key != answer.hit.article.key]
    return [hit.passage.text for hit in ([answer.hit, *hits] if answer else hits)[:_SHOWN]]


def _names(answer: Answer, hits: Sequence[Hit], stories: Sequence[frozenset[str]]) -> frozenset[str]:
    """The names of the articles of the story that an answer is quoted from."""
    key = answer.hit.article.key
    shown = (names for hit, names in zip(hits, stories, strict=True) if hit.article.key == key)
    return next(shown, names_of(answer.hit.article))


def _place(right: Finding | None) -> float:
    return float(right.rank) if right and right.rank else math.inf
