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

    from index.dates import Time

GRACE_DAYS = 3
"""An article this many days younger than its question counts as of the question's day."""
LONG_DAYS = 62
"""An interval longer than this says little of when it was reported: "since 1979", "the 2013 poll"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What the parts of a score are worth; fitted by tests/benchmarks/fit_retrieval.py in five folds by week.

    ``lexical`` weighs the best passage's BM25, ``whole`` the share of the question's words that stand anywhere in the
    article, ``lead`` the cosine of the best of its first passages, ``dense`` that of the best of all.

    ``near`` is what an article gains by being of the day of the question or of the days that it names; ``days`` (from
    today) and ``edge`` (from the interval named) are the days in which that falls to 1/e. ``fading`` is by how much
    an article of today outweighs one of long ago that says as much, and ``years`` in what time that falls to 1/e: as
    little as the questions about older events bear (see there). ``present`` is by how much more a question in the
    present leans to the recent; ``late`` holds back what is younger than the question. ``own`` weighs a passage's
    cosine beside its BM25 where the best passage of an article is looked for. ``read`` is what a score gains by one of
    the log odds, less the mean of those that were read, that its article holds an answer: see index/second_stage.py.
    """

    lexical: float = 0.32
    whole: float = 0.28
    lead: float = 0.40
    dense: float = 0.0
    near: float = 0.28
    days: float = 30.0
    edge: float = 15.0
    fading: float = 0.3
    years: float = 20.0
    late: float = 0.32
    present: float = 1.25
    own: float = 0.5
    read: float = 0.005

    @property
    def relevance(self) -> float:
        """The most that an article can gain by what it says."""
        return self.lexical + self.whole + self.lead + self.dense


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
    the recent outweighs the old multiplies it, so that an article which says little does not gain by it; nearness to
    the days that are asked about adds to it. An article without a date has the middle one of the others' gains.
    """
    fading, near = _gains(articles, asked, time, weights)
    most = (weights.relevance + max(1.0, weights.present) * weights.near) or 1.0
    found = {}
    for number, each in articles.items():
        said = weights.lexical * each.lexical + weights.whole * each.whole
        meant = weights.lead * max(0.0, each.lead) + weights.dense * max(0.0, each.dense)
        found[number] = min(1.0, max(0.0, (said + meant) * fading[number] + near[number]) / most)
    return found


def window(time: Time, asked: date, weights: Weights) -> tuple[int, int] | None:
    """The days, as ordinals, whose articles are looked for beside those of all days; ``None`` for history."""
    if time.interval is not None:
        reach = round(2 * weights.edge)
        return time.interval.first.toordinal() - reach, time.interval.last.toordinal() + reach
    if time.lean is Lean.PAST or not weights.near:
        return None
    return asked.toordinal() - round(2 * weights.days), asked.toordinal() + GRACE_DAYS


def _gains(
    articles: Mapping[int, Signals], asked: date, time: Time, weights: Weights
) -> tuple[dict[int, float], dict[int, float]]:
    """What each article keeps by its age, in (0, 1], and what it gains by its day."""
    dated = {number: each.published for number, each in articles.items() if each.published is not None}
    fading = {number: _fading(day, asked, time, weights) for number, day in dated.items()}
    near = {number: _near(day, asked, time, weights) for number, day in dated.items()}
    return _filled(fading, articles, 1.0), _filled(near, articles, 0.0)


def _filled(gains: Mapping[int, float], articles: Iterable[int], otherwise: float) -> dict[int, float]:
    middle = median(gains.values()) if gains else otherwise
    return {number: gains.get(number, middle) for number in articles}


def _fading(day: date, asked: date, time: Time, weights: Weights) -> float:
    if time.interval is not None or time.lean is Lean.PAST:
        return 1.0
    age = max(0, (asked - day).days) / 365.25
    return (1 + weights.fading * math.exp(-age / weights.years)) / (1 + weights.fading)


def _near(day: date, asked: date, time: Time, weights: Weights) -> float:
    """What an article gains by its day: by lying in the interval, or near it, or near the day of asking."""
    early = max(0, (asked - day).days)
    now = math.exp(-early / weights.days)
    if time.interval is not None:
        outside = max((time.interval.first - day).days, (day - time.interval.last).days, 0)
        named = math.exp(-outside / weights.edge)
        is_long = (time.interval.last - time.interval.first).days > LONG_DAYS
        return weights.near * (max(named, now / 2) if is_long else named)
    late = max(0, (day - asked).days - GRACE_DAYS)
    worth = {Lean.PAST: 0.0, Lean.PRESENT: weights.present, Lean.NONE: 1.0}[time.lean]
    return weights.near * worth * now - weights.late * math.log1p(late / GRACE_DAYS)
