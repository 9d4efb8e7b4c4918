"""Outcomes in figures, against counting by hand."""

from __future__ import annotations

import pytest
from outcomes import NOWHERE, outcome, question

from index.evaluation import Verdict, compare_outcomes, interval, summarise

UNKNOWN = question(relevant=None, answers=(), rejected=frozenset("x"))
UNANSWERABLE = question(relevant=frozenset(), answers=())
SILENT = {"rank": None, "gain": None, "rank_alone": None, "gain_alone": None, "contained": None, "ceiling": None}


def test_each_measure_is_of_the_questions_it_is_about() -> None:
    """Of four questions, two have a right article, one has none, of one it is not known."""
    summary = summarise(
        [
            outcome(question(1), rank=1.0, gain=1.0, contained=2.0),
            outcome(
                question(2), rank=4.0, gain=0.5, contained=NOWHERE, ceiling=False, verdict=Verdict.REFUSED, quote=None
            ),
            outcome(UNANSWERABLE, verdict=Verdict.UNFOUNDED, **SILENT),
            outcome(UNKNOWN, verdict=Verdict.REJECTED, **SILENT),
        ]
    )
    figures = {
        section: {figure.name: (figure.estimate.mean, figure.questions) for figure in some}
        for section, some in summary.sections.items()
    }
    assert figures == {
        "ranking": {
            "recall@1": (0.5, 2),
            "recall@3": (0.5, 2),
            "recall@5": (1.0, 2),
            "recall@10": (1.0, 2),
            "MRR@10": (0.625, 2),
            "nDCG@10": (0.75, 2),
        },
        "containment": {"contained@1": (0.0, 2), "contained@3": (0.5, 2), "contained@5": (0.5, 2), "ceiling": (0.5, 2)},
        "answers": {
            "right": (0.5, 2),
            "wrong": (0.0, 2),
            "other article": (0.0, 2),
            "wrong article": (0.0, 2),
            "wrong quote": (0.0, 2),
            "refused": (0.5, 2),
        },
        "silence": {"rightly refused": (0.0, 1), "unfounded": (1.0, 1)},
        "feedback": {"still rejected": (1.0, 1)},
        "every": {"answered": (0.75, 4), "not answered": (0.25, 4), "wrongly answered": (0.5, 4)},
    }


def test_wrong_answers_are_told_apart() -> None:
    """Each way of being wrong is a part of the wrong ones."""
    ways = (Verdict.OTHER_ARTICLE, Verdict.WRONG_ARTICLE, Verdict.WRONG_ARTICLE, Verdict.WRONG_QUOTE, Verdict.RIGHT)
    summary = summarise([outcome(question(at), verdict=way) for at, way in enumerate(ways)])
    means = {figure.name: figure.estimate.mean for figure in summary.sections["answers"]}
    assert means == pytest.approx(
        {"right": 0.2, "wrong": 0.8, "other article": 0.2, "wrong article": 0.4, "wrong quote": 0.2, "refused": 0.0}
    )
    assert "every" not in summary.sections


def test_without_the_others_of_a_story_is_said_where_there_are_any() -> None:
    """The right article stands beside the one that is shown first: found, but not alone."""
    alone = summarise([outcome()])
    assert "alone" not in alone.sections
    several = summarise([outcome(), outcome(several=True, rank_alone=NOWHERE, gain_alone=0.0)])
    assert {figure.name: figure.estimate.mean for figure in several.sections["alone"]} == {
        "recall@1 alone": 0.5,
        "recall@3 alone": 0.5,
        "recall@5 alone": 0.5,
        "recall@10 alone": 0.5,
        "MRR@10 alone": 0.5,
        "nDCG@10 alone": 0.5,
    }
    assert several.sections["ranking"][0].estimate.mean == 1.0


def test_times_are_a_median_and_a_high_percentile() -> None:
    """In seconds; the percentile between the two values that it falls among."""
    summary = summarise([outcome(question(at), seconds=float(at)) for at in range(1, 22)])
    assert summary.median.mean == 11.0
    assert summary.p95.mean == pytest.approx(20.0)


def test_questions_are_told_apart_by_tier_language_and_kind() -> None:
    """Largest first, each with its own figures; what all share is no group."""
    summary = summarise(
        [
            outcome(question(1, tier="gold"), rank=1.0),
            outcome(question(2, tier="silver"), rank=2.0, language="ru"),
            outcome(question(3, tier="silver"), rank=1.0),
        ]
    )
    found = {(group.by, group.value): group for group in summary.groups}
    assert [(group.by, group.value, group.questions) for group in summary.groups] == [
        ("tier", "silver", 2),
        ("tier", "gold", 1),
        ("language", "en", 2),
        ("language", "ru", 1),
    ]
    silver = {figure.name: figure.estimate for figure in found["tier", "silver"].figures}
    assert silver["recall@1"] == interval([0.0, 1.0])
    assert silver["MRR@10"].mean == 0.75


def test_configurations_are_compared_question_by_question() -> None:
    """Where both give a number; the ceiling is of the archive, and is the same for both."""
    first = [outcome(question(1), rank=2.0), outcome(question(2), rank=1.0), outcome(UNANSWERABLE, **SILENT)]
    second = [outcome(question(1), rank=1.0), outcome(question(2), rank=1.0), outcome(UNANSWERABLE, **SILENT)]
    compared = compare_outcomes(first, second)
    row = compared["recall@1"]
    assert (row.first, row.second, row.questions, row.higher, row.lower) == (0.5, 1.0, 2, 1, 0)
    assert row.p == 1.0
    assert compared["answered"].questions == 3
    assert "ceiling" not in compared
    assert "recall@1 alone" not in compared
