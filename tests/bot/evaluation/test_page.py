"""The page of an evaluation: what stands on it, that it is whole HTML, and that it loads and runs nothing."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from outcomes import NOWHERE, finding, outcome, question

from bot.evaluation.page import page
from bot.evaluation.results import Evaluation
from index.evaluation import Outcome, Verdict, compare_outcomes, summarise

VOID = {"meta", "br"}
HOSTILE = '<script>alert("1")</script>&amp;\u202e'


class Whole(HTMLParser):
    """Reads a page, and notes its elements, links and texts; an element that is not closed is an error."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element opens."""
        self.elements.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element closes: the one that opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text; of the style sheet it is not looked at."""
        if self.open[-1:] != ["style"] and data.strip():
            self.texts.append(" ".join(data.split()))

    @property
    def text(self) -> str:
        """All that a reader sees, on one line."""
        return " ".join(self.texts)


def shown(*outcomes: Outcome, other: tuple[Outcome, ...] = (), total: int | None = None) -> Whole:
    """The page of some outcomes, read."""
    lists = (outcomes, other) if other else (outcomes,)
    evaluation = Evaluation(
        articles=1234,
        total=total or len(outcomes),
        outcomes=lists,
        summaries=tuple(summarise(each) for each in lists),
        compared=compare_outcomes(*lists) if other else {},
        file="questions.jsonl",
        form="undated",
        years_later=1,
        configurations=("the usual weights", "recency=0") if other else ("the usual weights",),
    )
    return Whole("\n".join(page(evaluation)))


BEHIND = outcome(
    question(
        3, text="Who won the cup?", answers=("Ingrid Hale",), asked=date(2024, 2, 6), tier="gold", note="not in brief"
    ),
    rank=4.0,
    verdict=Verdict.WRONG_ARTICLE,
    quote="Ives lost it.",
    quoted="Another headline",
    first=finding(1, title="Ives loses", address="https://x.example/ives", text="Ives lost the cup."),
    right=finding(
        4, title="Hale wins", text="It was won by ingrid hale, not Ingrid Halesworth.", published=date(2024, 2, 5)
    ),
)


def test_a_miss_stands_beside_what_was_found_instead() -> None:
    """The question, what was expected, what was answered, what stood first, and where the right one stood."""
    read = shown(outcome(), BEHIND)
    for expected in (
        "Who won the cup?",
        "line 3 · q3 · asked 6 February 2024 · gold · en · name",
        "Expected: Ingrid Hale",
        "Right: a",
        "Reason: not in brief",
        "Answered: “Ives lost it.” (from an article that is not right, Another headline)",
        "Stood first Ives loses The Echo · no date Ives lost the cup.",
        "The right one stands at 4 Hale wins The Echo · 5 February 2024",
        "Another article stands before the right one: 1",
        "Missed: 1 of 2 questions",
    ):
        assert expected in read.text
    assert "Who won match 1?" not in read.text
    assert "https://x.example/ives" in read.links


def test_the_expected_words_are_marked_where_they_stand() -> None:
    """In any case, as whole words."""
    text = "\n".join(page(Evaluation(articles=1, total=1, outcomes=((BEHIND,),), summaries=(summarise([BEHIND]),))))
    assert re.findall("<mark>(.*?)</mark>", text) == ["ingrid hale"]


@pytest.mark.parametrize(
    ("missed", "expected"),
    [
        (outcome(rank=NOWHERE), "The right one, not among the first 50 A headline"),
        (outcome(rank=NOWHERE, missing=True, right=None), "The right one is not in the archive"),
        (outcome(rank=NOWHERE, first=None, quote=None), "No answer was given. Nothing was found"),
        (outcome(verdict=Verdict.WRONG_QUOTE), "Stood first, and is right A headline"),
        (
            outcome(question(relevant=frozenset(), answers=()), rank=None, right=None, verdict=Verdict.UNFOUNDED),
            "Answered: “Hale won.” (the archive cannot say)",
        ),
        (
            outcome(
                question(relevant=None, rejected=frozenset({"https://x.example/b"}), answers=()),
                rank=None,
                verdict=Verdict.REJECTED,
            ),
            "Rejected: https://x.example/b",
        ),
    ],
)
def test_each_kind_of_miss_is_told(missed: Outcome, expected: str) -> None:
    """In its own words."""
    assert expected in shown(missed).text


def test_the_figures_stand_above() -> None:
    """Each with its interval; groups have theirs, and their short names are explained."""
    read = shown(outcome(question(1, tier="gold")), outcome(question(2, tier="silver"), rank=2.0), total=5)
    assert read.text.startswith("2 of 5 questions of questions.jsonl (undated), 1 year after their day, asked of 1,234")
    assert "Stopped after 2 of 5 questions" in read.text
    assert "it stands first (recall@1) 0.500 0.000 to 1.000 2" in read.text
    assert "MRR@10 0.750 0.500 to 1.000 2" in read.text
    assert "median 100 ms 100 to 100 ms 2" in read.text
    assert "gold 1 1.000 1.000 1.000" in read.text
    assert "silver 1 0.000 1.000 0.500" in read.text
    assert "in 5: it is among the first 5" in read.text


def test_another_configuration_stands_beside() -> None:
    """Its figures, the difference, and what it found for a miss."""
    ahead = outcome(BEHIND.question, rank=1.0)
    read = shown(BEHIND, other=(ahead,))
    assert "A: the usual weights B: recency=0" in read.text
    assert "recall@1 0.000 1.000 +1.000 +1.000 to +1.000 1.000 1 0" in read.text
    assert "answered wrongly 1.000 0.000 -1.000 -1.000 to -1.000 1.000 1 0" in read.text
    assert "With recency=0: stands at 1, answered: rightly." in read.text


def test_figures_without_the_others_of_a_story_are_named_so() -> None:
    """In a section of their own, and by their names where configurations are compared."""
    beside = outcome(several=True, rank_alone=NOWHERE, gain_alone=0.0)
    read = shown(beside, other=(beside,))
    assert "without what is “also reported by” it stands first (recall@1) 0.000 0.000 to 0.000 1" in read.text
    assert "recall@1, alone 0.000 0.000 +0.000 +0.000 to +0.000 1.000 0 0" in read.text


def test_nothing_of_a_text_runs_or_loads() -> None:
    """Texts are escaped wherever they stand, only addresses of the web are links, and a policy forbids the rest."""
    bad = outcome(
        question(text=HOSTILE, answers=(HOSTILE,), relevant=frozenset({HOSTILE}), tier=HOSTILE, note=HOSTILE),
        rank=2.0,
        quote=HOSTILE,
        quoted=HOSTILE,
        language=HOSTILE,
        verdict=Verdict.WRONG_ARTICLE,
        first=finding(1, title=HOSTILE, address="javascript:alert(1)", source=HOSTILE, text=HOSTILE),
        right=finding(2, title=HOSTILE, address='https://x.example/"><script>', text=HOSTILE),
    )
    read = shown(bad, outcome(question(2), rank=3.0, first=finding(address="http://[bad")))
    assert "script" not in read.elements
    assert set(read.links) == {'https://x.example/"><script>', "https://x.example/a"}
    assert '<script>alert("1")</script>&amp;' in read.text
    assert "\u202e" not in read.text
    text = "\n".join(page(Evaluation(articles=1, total=1, outcomes=((bad,),), summaries=(summarise([bad]),))))
    assert "default-src 'none'; style-src 'unsafe-inline'" in text
    assert not re.search(r"@import|url\(", text)
    assert "prefers-color-scheme: dark" in text
    assert 'name="viewport"' in text
