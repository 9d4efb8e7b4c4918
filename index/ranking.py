"""Signals of articles to scores: what they say of a question, and how their days suit it (pure)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from index.dates import Lean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from index.dates import Interval, Time

GRACE_DAYS = 3
"""An article this many days younger than its question counts as of the question's day."""
LONG_DAYS = 62
"""An interval longer than this says little of when it was reported: "since 1979", "the 2013 poll"."""
_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What the parts of a score are worth; fitted by tests/benchmarks/fit_retrieval.py in five folds by week.

    ``lexical`` weighs the best passage's BM25, ``whole`` the share of the question's words that stand anywhere in the
    article, ``lead`` the cosine of the best of its first passages, ``dense`` that of the best of all.

    ``near`` is by how much what an article says counts for more when it is of the day of the question; ``days`` is
    the time, in days, in which that falls to 1/e (a Gaussian). ``fading`` is by how much an article of today outweighs
    one of long ago that says as much, and ``years`` in what time that falls to 1/e: as far as the questions about
    older events bear it (see there). ``present`` is by how much more a question in the present leans to the recent;
    ``late`` holds back what is younger than the question. ``named`` is what an article gains by being of the days that
    a question names, and ``edge`` the days outside of those in which that falls to 1/e. ``own`` weighs a passage's
    cosine beside its BM25 where the best passage of an article is looked for. ``read`` is what a score gains by one of
    the log odds, less the mean of those that were read, that its article holds an answer: see index/second_stage.py.
    """

    lexical: float = 0.245
    whole: float = 0.32
    lead: float = 0.435
    dense: float = 0.0
    near: float = 0.447
    days: float = 15.0
    fading: float = 0.5
    years: float = 20.0
    present: float = 1.25
    named: float = 0.309
    edge: float = 15.0
    late: float = 1.2
    own: float = 0.5
    read: float = 0.004

    def __post_init__(self) -> None:
        """Refuse a time in which nothing can fall.

        Raises:
            ValueError: it is 0 or less.

        """
        for name in ("days", "edge", "years"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be over 0")

    @property
    def relevance(self) -> float:
        """The most that an article can gain by what it says."""
        return self.lexical + self.whole + self.lead + self.dense

    @property
    def most(self) -> float:
        """The most that an article can gain."""
        recent = max(1.0, self.present) * self.near * self.relevance
        return self.relevance + max(recent, self.named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What an article says of a question, each in [0, 1] but the cosines in [-1, 1], and its day."""

    lexical: float
    whole: float
    lead: float
    dense: float
    published: date | None


def scores(articles: Mapping[int, Signals], asked: date, time: Time, weights: Weights) -> dict[int, float]:
    """Scores, in [0, 1], of articles by number; larger is better.

    Relevance is a weighed sum of normalised signals, none scaled to the other candidates', so that a score means the
    same in every question (sums of normalised scores beat reciprocal ranks on news: TREC-NEWS, see DESIGN.md). That
    an article is recent multiplies it: one that says little does not gain by it, or whatever happened this week would
    bury what a question is about. Nearness to days that the question names adds to it, whatever the article says. An
    article without a date has the middle one of the others' gains.
    """
    times, plus = _gains(articles, asked, time, weights)
    most = weights.most or 1.0
    found = {}
    for number, each in articles.items():
        said = weights.lexical * each.lexical + weights.whole * each.whole
        meant = weights.lead * max(0.0, each.lead) + weights.dense * max(0.0, each.dense)
        found[number] = min(1.0, max(0.0, (said + meant) * times[number] + plus[number]) / most)
    return found


def window(time: Time, asked: date, weights: Weights) -> tuple[int, int] | None:
    """The days, as ordinals, whose articles are looked for beside those of all days; ``None`` for history."""
    if time.interval is not None:
        reach = round(2 * weights.edge)
        return time.interval.first.toordinal() - reach, time.interval.last.toordinal() + reach
    if time.lean is Lean.PAST or not weights.near:
        return None
    return asked.toordinal() - round(4 * weights.days), asked.toordinal() + GRACE_DAYS


def _gains(
    articles: Mapping[int, Signals], asked: date, time: Time, weights: Weights
) -> tuple[dict[int, float], dict[int, float]]:
    """What the relevance of each article is multiplied by for its age, over 0, and what its day adds to it."""
    dated = {number: each.published for number, each in articles.items() if each.published is not None}
    times = {number: _recency(day, asked, time, weights) for number, day in dated.items()}
    plus = {number: _suits(day, asked, time, weights) for number, day in dated.items()}
    return _filled(times, articles, 1.0), _filled(plus, articles, 0.0)


def _filled(gains: Mapping[int, float], articles: Iterable[int], otherwise: float) -> dict[int, float]:
    middle = median(gains.values()) if gains else otherwise
    return {number: gains.get(number, middle) for number in articles}


def _recency(day: date, asked: date, time: Time, weights: Weights) -> float:
    """How much what an article of a day says counts: by its weeks, then by its years."""
    age = max(0, (asked - day).days)
    soon = weights.near * math.exp(-((age / weights.days) ** 2))
    if time.interval is not None:
        return 1.0 + soon / 2 if _is_long(time.interval) else 1.0
    if time.lean is Lean.PAST:
        return 1.0
    kept = (1 + weights.fading * math.exp(-age / (_YEAR * weights.years))) / (1 + weights.fading)
    return kept + soon * (weights.present if time.lean is Lean.PRESENT else 1.0)


def _suits(day: date, asked: date, time: Time, weights: Weights) -> float:
    """What an article gains by lying in the interval that is named, or near it, or loses by being too young."""
    if time.interval is not None:
        outside = max((time.interval.first - day).days, (day - time.interval.last).days, 0)
        return weights.named * math.exp(-outside / weights.edge)
    late = max(0, (day - asked).days - GRACE_DAYS)
    return -weights.late * math.log1p(late / GRACE_DAYS)


def _is_long(interval: Interval) -> bool:
    return (interval.last - interval.first).days > LONG_DAYS
