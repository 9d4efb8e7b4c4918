"""What an evaluation's measures are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.evaluation import Comparison, Group

SECTIONS = {
    "ranking": "Finding the right article",
    "alone": "The same, without what is “also reported by”",
    "containment": "The answer's words in the passages shown",
    "answers": "Questions that the archive can answer",
    "silence": "Questions that it cannot answer",
    "feedback": "Answers that readers rejected",
    "every": "All questions",
}

MEASURES = {
    "recall@1": "it stands first (recall@1)",
    "recall@3": "among the first 3 (recall@3)",
    "recall@5": "among the first 5 (recall@5)",
    "recall@10": "among the first 10 (recall@10)",
    "MRR@10": "MRR@10",
    "nDCG@10": "nDCG@10",
    "contained@1": "in the first passage",
    "contained@3": "in the first 3 passages",
    "contained@5": "in the first 5 passages",
    "ceiling": "at most: in any of the right articles",
    "right": "answered rightly",
    "wrong": "answered wrongly",
    "other article": "· right words, other article",
    "wrong article": "· from another article",
    "wrong quote": "· right article, wrong words",
    "refused": "refused",
    "rightly refused": "refused, rightly",
    "unfounded": "answered all the same",
    "still rejected": "still from a rejected article",
    "answered": "answered",
    "not answered": "no answer given",
    "wrongly answered": "answered wrongly",
}

SHORT = {
    "contained@1": "words in passage 1",
    "contained@3": "words in first 3",
    "contained@5": "words in first 5",
    "right": "answered rightly",
    "wrong": "answered wrongly",
    "other article": "· right words only",
    "wrong article": "· another article",
    "wrong quote": "· wrong words",
    "still rejected": "still rejected",
    "answered": "answered, of all",
    "not answered": "no answer, of all",
    "wrongly answered": "wrong, of all",
}
"""What measures are called in a comparison; others as they are named."""

COLUMNS = {
    "recall@1": "first",
    "recall@5": "in 5",
    "MRR@10": "MRR",
    "nDCG@10": "nDCG",
    "contained@3": "words",
    "right": "right",
    "wrong": "wrong",
    "unfounded": "unfounded",
}
"""Short names of the measures that are given for each tier, language and kind."""

EXPLAINED = {
    "recall@1": "the right article stands first",
    "recall@5": "it is among the first 5",
    "contained@3": "the answer's words stand in the first 3 passages",
    "right": "answered rightly, where the archive can answer",
    "wrong": "answered wrongly there",
    "unfounded": "answered where it cannot",
}
"""What the short names mean that do not say it themselves."""

COMPARED = (
    "The interval is from paired resamples of the questions, p from a permutation test of their differences; better, "
    "worse: in how many questions B is."
)

BY = {"tier": "Tier", "language": "Language", "kind": "What is asked for"}
FALLING = frozenset({"wrong", "other article", "wrong article", "wrong quote", "refused"}) | frozenset(
    {"unfounded", "still rejected", "not answered", "wrongly answered"}
)
"""Measures that are better the smaller they are."""

_ALONE = " alone"


def label(name: str) -> str:
    """What a measure is called; of those that pass over the other articles of a story, as those that do not."""
    return MEASURES[name.removesuffix(_ALONE)]


def short_label(name: str) -> str:
    """What it is called where no section says what it is about."""
    plain = name.removesuffix(_ALONE)
    return SHORT.get(plain, plain) + ("," + _ALONE if name.endswith(_ALONE) else "")


def better_and_worse(name: str, row: Comparison) -> tuple[int, int]:
    """In how many questions the second configuration is the better, and in how many the worse."""
    return (row.lower, row.higher) if name in FALLING else (row.higher, row.lower)


def explained(names: Iterable[str]) -> str:
    """What the short names of measures mean."""
    return "; ".join(f"{COLUMNS[name]}: {EXPLAINED[name]}" for name in names if name in EXPLAINED)


def named(group: Group) -> str:
    """What a group of questions is called."""
    return "not known" if group.value in {"", "und"} else group.value


def columns(groups: Sequence[Group]) -> list[str]:
    """The measures that any of the groups has, in the order of ``COLUMNS``."""
    given = {figure.name for group in groups for figure in group.figures}
    return [name for name in COLUMNS if name in given]
