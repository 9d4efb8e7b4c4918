"""What came of a question, judged by what is known to be right (pure)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from index.evaluation.questions import names_of
from index.evaluation.ranking import first_rank, ndcg
from index.evaluation.wording import contains

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.domain import Answer, Hit
    from index.evaluation.findings import Finding
    from index.evaluation.questions import Question

DEPTH = 10
"""Stories that are asked for and timed: measures end there."""
DEEPER = 50
"""Stories that are looked through, untimed, for a right one that is not among those: a miss says where it stands."""


class Verdict(Enum):
    """What an answer, or none, is worth."""

    RIGHT = "right"
    OTHER_ARTICLE = "expected words, from an article that is not relevant"
    WRONG_ARTICLE = "from an article that is not relevant"
    WRONG_QUOTE = "quote without the answer"
    REJECTED = "from an article that a reader rejected"
    UNFOUNDED = "answered though the archive cannot say"
    REFUSED = "refused though the archive can say"
    RIGHTLY_REFUSED = "rightly refused"
    UNJUDGED = "not judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a question found.

    ``rank`` is that of the first story with a relevant article, ``inf`` where none is among ``DEEPER``; ``gain`` its
    nDCG@10; both again for the articles that stand first in their stories alone. ``contained`` is the rank of the
    first passage shown that holds the answer. They are ``None`` where what is right is not known. ``ceiling`` says
    whether any passage of a relevant article holds it. ``seconds`` is what finding and answering took. ``right`` is
    what stood at ``rank``, or a relevant article that was not found. ``several`` says whether any story found has
    several articles.
    """

    question: Question
    language: str
    rank: float | None
    gain: float | None
    rank_alone: float | None
    gain_alone: float | None
    contained: float | None
    ceiling: bool | None
    missing: bool
    several: bool
    verdict: Verdict
    seconds: float
    quote: str | None
    quoted: str | None
    first: Finding | None
    right: Finding | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Where relevant articles stand in a ranked list of stories."""

    rank: float
    gain: float


def rank_names(stories: Sequence[frozenset[str]], relevant: frozenset[str]) -> Ranking:
    """Judge ranked stories, each all names of its articles.

    Relevant articles of one story, which cannot be found apart, count as one; those that no story has, one each.
    """
    good = [not relevant.isdisjoint(names) for names in stories]
    found = relevant & frozenset().union(*stories)
    return Ranking(rank=first_rank(good, {True}), gain=ndcg(good, sum(good) + len(relevant - found)))


def judge(question: Question, answer: Answer | None, names: frozenset[str]) -> Verdict:
    """What an answer is worth, ``names`` being those of its article, or of its story's articles."""
    if answer is None:
        return {True: Verdict.REFUSED, False: Verdict.RIGHTLY_REFUSED, None: Verdict.UNJUDGED}[question.answerable]
    if question.answerable is False:
        return Verdict.UNFOUNDED
    worded = contains(answer.quote, question.answers) if question.answers else None
    if question.relevant is not None and question.relevant.isdisjoint(names):
        return Verdict.OTHER_ARTICLE if worded else Verdict.WRONG_ARTICLE
    if not question.rejected.isdisjoint(names) and not question.relevant:
        return Verdict.REJECTED
    if worded is False:
        return Verdict.WRONG_QUOTE
    return Verdict.RIGHT if question.answerable else Verdict.UNJUDGED


def containing(texts: Sequence[str], answers: Sequence[str]) -> float:
    """The rank of the first text with one of the answers, or ``inf``."""
    return next((float(rank) for rank, text in enumerate(texts, start=1) if contains(text, answers)), math.inf)


def story_names(hit: Hit) -> frozenset[str]:
    """The names of all articles of a hit's story."""
    return names_of(hit.article)
