"""Outcomes of many questions in figures: as a whole, by groups, and beside another configuration's (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.evaluation import measures
from index.evaluation.comparison import compare
from index.evaluation.estimates import interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from index.evaluation.comparison import Comparison
    from index.evaluation.estimates import Estimate
    from index.evaluation.measures import Measure
    from index.evaluation.outcomes import Outcome

GROUPED: Mapping[str, Callable[[Outcome], str]] = {
    "tier": lambda outcome: outcome.question.tier,
    "language": lambda outcome: outcome.language,
    "kind": lambda outcome: outcome.question.kind,
}
"""What questions are told apart by."""
_SECTIONS: Mapping[str, tuple[Measure, ...]] = {
    "ranking": measures.RANKING,
    "alone": measures.ALONE,
    "containment": measures.CONTAINMENT,
    "answers": measures.ANSWERS,
    "silence": measures.SILENCE,
    "feedback": measures.FEEDBACK,
    "every": measures.EVERY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measure's mean over the questions that it is about; its interval from resampling them."""

    name: str
    estimate: Estimate
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The figures of the questions of one tier, language or kind; ``value`` is empty where the file says none."""

    by: str
    value: str
    questions: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """An evaluation in figures.

    ``sections`` are named ranking, alone, containment, answers, silence, feedback, every: without those that no
    question speaks of, without "alone" where no story had several articles, and without "every" where the archive
    can answer all of them, or none. ``median`` and ``p95`` are seconds a
    question.
    """

    questions: int
    sections: Mapping[str, tuple[Figure, ...]]
    median: Estimate
    p95: Estimate
    groups: tuple[Group, ...]


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    """The figures of at least one outcome."""
    sections = {name: figures for name, of in _sections(outcomes) if (figures := _figures(of, outcomes))}
    seconds = [outcome.seconds for outcome in outcomes]
    return Summary(
        questions=len(outcomes),
        sections=sections,
        median=interval(seconds, lambda array: float(np.median(array))),
        p95=interval(seconds, lambda array: float(np.percentile(array, 95))),
        groups=tuple(_groups(outcomes)),
    )


def compare_outcomes(first: Sequence[Outcome], second: Sequence[Outcome]) -> dict[str, Comparison]:
    """The measures of two configurations over the same questions, in the same order, by name.

    The same sections as in a summary; a question counts where it gives both a number.
    """
    compared = {}
    for _, section in _sections([*first, *second]):
        for measure in section:
            pairs = [(measure.of(one), measure.of(other)) for one, other in zip(first, second, strict=True)]
            both = [(one, other) for one, other in pairs if one is not None and other is not None]
            if both and measure.name != "ceiling":
                compared[measure.name] = compare([one for one, _ in both], [other for _, other in both])
    return compared


def _sections(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, tuple[Measure, ...]]]:
    """The sections that say something of their own."""
    several = any(outcome.several for outcome in outcomes)
    mixed = len({outcome.question.answerable for outcome in outcomes}) > 1
    for name, section in _SECTIONS.items():
        if (several or name != "alone") and (mixed or name != "every"):
            yield name, section


def _figures(section: Sequence[Measure], outcomes: Sequence[Outcome]) -> tuple[Figure, ...]:
    figures = []
    for measure in section:
        values = [value for outcome in outcomes if (value := measure.of(outcome)) is not None]
        if values:
            figures.append(Figure(name=measure.name, estimate=interval(values), questions=len(values)))
    return tuple(figures)


def _groups(outcomes: Sequence[Outcome]) -> list[Group]:
    """The groups of each kind of which there are at least two, most questions first."""
    groups = []
    for by, key in GROUPED.items():
        members: dict[str, list[Outcome]] = {}
        for outcome in outcomes:
            members.setdefault(key(outcome), []).append(outcome)
        ordered = sorted(members.items(), key=lambda each: (-len(each[1]), each[0]))
        groups += [
            Group(by=by, value=value, questions=len(some), figures=_figures(measures.BRIEF, some))
            for value, some in (ordered if len(ordered) > 1 else [])
        ]
    return groups
