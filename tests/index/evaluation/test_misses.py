"""Which questions are missed, and how."""

from __future__ import annotations

import pytest
from outcomes import NOWHERE, outcome, question

from index.evaluation import Miss, Outcome, Verdict, miss_of, misses


@pytest.mark.parametrize(
    ("missed", "kind"),
    [
        (outcome(), None),
        (outcome(rank=NOWHERE, missing=True, verdict=Verdict.WRONG_ARTICLE), Miss.ABSENT),
        (outcome(rank=NOWHERE), Miss.NOT_FOUND),
        (outcome(rank=11.0), Miss.LOW),
        (outcome(rank=10.0, verdict=Verdict.REFUSED), Miss.BEHIND),
        (outcome(rank=2.0), Miss.BEHIND),
        (outcome(verdict=Verdict.WRONG_QUOTE), Miss.WRONG),
        (outcome(verdict=Verdict.OTHER_ARTICLE), Miss.WRONG),
        (outcome(verdict=Verdict.REFUSED, quote=None), Miss.REFUSED),
        (outcome(rank=None, verdict=Verdict.UNFOUNDED), Miss.UNFOUNDED),
        (outcome(rank=None, verdict=Verdict.REJECTED), Miss.REJECTED),
        (outcome(rank=None, verdict=Verdict.RIGHTLY_REFUSED, quote=None), None),
        (outcome(rank=None, verdict=Verdict.UNJUDGED), None),
    ],
)
def test_a_question_is_missed_in_the_gravest_way_that_fits(missed: Outcome, kind: Miss | None) -> None:
    """Or not at all, where nothing is known to be wrong."""
    assert miss_of(missed) is kind


def test_misses_are_told_gravest_first() -> None:
    """Within a kind, those furthest from the first place; what went right is not among them."""
    found = [outcome(question(number), rank=rank) for number, rank in enumerate((1.0, 3.0, NOWHERE, 7.0, 30.0))]
    ordered = misses(found)
    assert list(ordered) == [Miss.NOT_FOUND, Miss.LOW, Miss.BEHIND]
    assert [each.question.id for each in ordered[Miss.BEHIND]] == ["q3", "q1"]
