"""Measures of an archive's answers: a question gives each a number, or says nothing of it (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.evaluation.outcomes import Verdict
from index.evaluation.ranking import reciprocal_rank

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.evaluation.outcomes import Outcome

Value = float | None
"""What a question gives a measure: ``None`` where it is not one of those that the measure is about."""

CUTS = (1, 3, 5, 10)
"""The first how many stories recall is taken over."""
PASSAGES = (1, 3, 5)
"""The first how many passages an answer may stand in."""
WRONG = (
    Verdict.OTHER_ARTICLE,
    Verdict.WRONG_ARTICLE,
    Verdict.WRONG_QUOTE,
    Verdict.REJECTED,
    Verdict.UNFOUNDED,
)
"""Answers that should not have been given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number in [0, 1] that questions give."""

    name: str
    of: Callable[[Outcome], Value]


def _recall(k: int) -> Callable[[Outcome], Value]:
    return lambda outcome: None if outcome.rank is None else float(outcome.rank <= k)


def _recall_alone(k: int) -> Callable[[Outcome], Value]:
    return lambda outcome: None if outcome.rank_alone is None else float(outcome.rank_alone <= k)


def _contained(k: int) -> Callable[[Outcome], Value]:
    return lambda outcome: None if outcome.contained is None else float(outcome.contained <= k)


def _reciprocal(rank: float | None) -> Value:
    return None if rank is None else reciprocal_rank([rank])


def _answerable(*verdicts: Verdict) -> Callable[[Outcome], Value]:
    return lambda outcome: float(outcome.verdict in verdicts) if outcome.question.answerable else None


def _unanswerable(*verdicts: Verdict) -> Callable[[Outcome], Value]:
    return lambda outcome: float(outcome.verdict in verdicts) if outcome.question.answerable is False else None


def _still_rejected(outcome: Outcome) -> Value:
    if outcome.question.relevant or not outcome.question.rejected:
        return None
    return float(outcome.verdict is Verdict.REJECTED)


def _ceiling(outcome: Outcome) -> Value:
    return None if outcome.ceiling is None else float(outcome.ceiling)


RANKING = (
    *(Measure(name=f"recall@{k}", of=_recall(k)) for k in CUTS),
    Measure(name="MRR@10", of=lambda outcome: _reciprocal(outcome.rank)),
    Measure(name="nDCG@10", of=lambda outcome: outcome.gain),
)
ALONE = (
    *(Measure(name=f"recall@{k} alone", of=_recall_alone(k)) for k in CUTS),
    Measure(name="MRR@10 alone", of=lambda outcome: _reciprocal(outcome.rank_alone)),
    Measure(name="nDCG@10 alone", of=lambda outcome: outcome.gain_alone),
)
"""As ``RANKING``, were no story's other articles shown."""
CONTAINMENT = (
    *(Measure(name=f"contained@{k}", of=_contained(k)) for k in PASSAGES),
    Measure(name="ceiling", of=_ceiling),
)
ANSWERS = (
    Measure(name="right", of=_answerable(Verdict.RIGHT)),
    Measure(name="wrong", of=_answerable(*WRONG)),
    Measure(name="other article", of=_answerable(Verdict.OTHER_ARTICLE)),
    Measure(name="wrong article", of=_answerable(Verdict.WRONG_ARTICLE)),
    Measure(name="wrong quote", of=_answerable(Verdict.WRONG_QUOTE)),
    Measure(name="refused", of=_answerable(Verdict.REFUSED)),
)
"""Of the questions that the archive can answer."""
SILENCE = (
    Measure(name="rightly refused", of=_unanswerable(Verdict.RIGHTLY_REFUSED)),
    Measure(name="unfounded", of=_unanswerable(Verdict.UNFOUNDED)),
)
"""Of those that it cannot."""
FEEDBACK = (Measure(name="still rejected", of=_still_rejected),)
"""Of those answered before from an article that a reader rejected."""
EVERY = (
    Measure(name="answered", of=lambda outcome: float(outcome.quote is not None)),
    Measure(name="not answered", of=lambda outcome: float(outcome.quote is None)),
    Measure(name="wrongly answered", of=lambda outcome: float(outcome.verdict in WRONG)),
)
"""Of all questions."""

BRIEF = (RANKING[0], RANKING[2], RANKING[4], RANKING[5], CONTAINMENT[1], ANSWERS[0], ANSWERS[1], SILENCE[1])
"""What is said of each tier, language and kind."""
