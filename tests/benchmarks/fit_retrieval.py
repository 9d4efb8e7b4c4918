"""Fit the weights of retrieval on the news, in five folds by week, and print what each fold's weights find unseen.

What is fitted: listwise, the log probability of the relevant articles under a softmax of the scores of all that were
weighed (Cao et al. 2007, ListNet's top one), over the three forms of the questions together, so that one set of
weights serves a question on its day, one that names a month and one asked years later. The shapes of the gains by
date (``days``, ``edge``) were chosen among a few by the same measure and are not fitted here. What the second stage
adds (``read``) is fitted after the others, in the same way, to the scores that those give.

All of those questions are about what was new when the pool was made, so that they want what is recent without bound,
and it then buries what is older. Hence the written questions about older events, tests/questions/older.jsonl. Each is
asked years later, and on ``LIVE`` days too, when the archive is full of the news of the week. The even lines of the
latter are fitted with the others, for ``LIVE_SHARE`` each; ``fading`` is the largest of a few that costs the even lines
of the former one question at most; the odd lines are reported.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from index.candidates import STORIES
from index.evaluation import interval, recall_at, reciprocal_rank
from index.ranking import Weights, scores
from tests.benchmarks.data import FOLDS, KEPT, REPOSITORY, Question, news_archive, there
from tests.benchmarks.news_forms import FORMS, Asked, asked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from index import Archive
    from index.ranking import Signals
    from index.retrieval import Found

FITTED = ("lexical", "whole", "lead", "near", "named", "late")
FADING = (0.0, 0.25, 0.5, 0.75, 1.0, 4.0)
LIVE = (date(2022, 10, 15), date(2023, 6, 15), date(2024, 1, 20))
"""Days of which 100, 8 and 18 articles of the three weeks before are in the pool."""
LIVE_SHARE = 0.2
OLDER = REPOSITORY / "tests" / "questions" / "older.jsonl"
_NEWS = f"file:{KEPT / 'news' / 'archive.db'}?mode=ro"
_SHARPNESS = 30.0
_READ = 2 * STORIES
_WEIGHED = 40
"""Articles of a question that are looked at, the best by the weights in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question with the signals of the articles that were weighed for it, and which of them answer it."""

    asked: Asked
    form: str
    time: object
    signals: dict[int, Signals]
    relevant: npt.NDArray[np.bool_]
    read: npt.NDArray[np.float64]
    """How surely what was read of each holds an answer: log odds, NaN where nothing was read."""
    share: float = 1.0
    """How much it counts when weights are fitted."""


def main() -> None:
    """Print the weights of each fold and of all, the figures of the folds, and what leaning to the recent costs."""
    if not there():
        return
    found = cases()
    older, live = older_cases(), live_cases()
    _print_fading(found, older)
    tuned = [replace(case, share=LIVE_SHARE) for case in live[1::2]]
    ranks: dict[str, list[float]] = {form: [] for form in FORMS}
    for fold in range(FOLDS):
        weights = fitted([*(case for case in found if case.asked.question.fold != fold), *tuned])
        print(f"fold {fold}: {shown(weights)}", flush=True)
        for case in found:
            if case.asked.question.fold == fold:
                ranks[case.form].append(rank(case, weights))
    weights = fitted([*found, *tuned])
    print(f"all:    {shown(weights)}")
    for form, name in FORMS.items():
        line = interval([float(each <= 1) for each in ranks[form]])
        five = interval([float(each <= 5) for each in ranks[form]])
        print(f"{name:36} recall@1 {line}  @5 {five}  MRR@10 {reciprocal_rank(ranks[form]):.3f}")
        now = [rank(case, Weights()) for case in found if case.form == form]
        print(f"{'  with the weights in use':36} {_figures(now)}")
    for name, some in {"older": older, "older, the archive full of news": live}.items():
        for lines, part in {"even": some[1::2], "odd": some[::2]}.items():
            unleaned = replace(Weights(), near=0.0, fading=0.0)
            both = (_figures([rank(case, each) for case in part]) for each in (Weights(), unleaned))
            print(f"{f'{name}, {lines} lines':42} {'; without leaning '.join(both)}")


def _figures(ranks: Sequence[float]) -> str:
    return f"recall@1 {recall_at(ranks, 1):.3f}  @5 {recall_at(ranks, 5):.3f}  MRR@10 {reciprocal_rank(ranks):.3f}"


def _print_fading(found: Sequence[Case], older: Sequence[Case]) -> None:
    parts = {
        "undated": [case for case in found if case.form == "undated"],
        "older, even lines": older[1::2],
        "older, odd lines": older[::2],
    }
    for fading in FADING:
        weights = replace(Weights(), fading=fading)
        ranks = {name: [rank(case, weights) for case in some] for name, some in parts.items()}
        shares = (f"{name} {recall_at(each, 1):.3f} {recall_at(each, 5):.3f}" for name, each in ranks.items())
        print(f"fading {fading:.2f}, recall@1 @5:  " + ";  ".join(shares), flush=True)


def older_cases() -> list[Case]:
    """The written questions about older events in the news, asked years later."""
    return _of_older(None)


def live_cases() -> list[Case]:
    """The same, asked on days when there is much that is new."""
    return [case for day in LIVE for case in _of_older(day)]


def _of_older(day: date | None) -> list[Case]:
    with news_archive() as archive, sqlite3.connect(_NEWS, uri=True) as truth:
        names = dict(truth.execute("SELECT id, item FROM articles"))
        found = []
        for row in map(json.loads, OLDER.read_text("utf-8").splitlines()):
            if row["archive"] == "news":
                question = Question(text=row["question"], answers=(), relevant=frozenset(row["relevant"]), fold=0)
                asked_on = day or date.fromisoformat(row["asked"])
                each = Asked(question=question, day=asked_on, linked=frozenset())
                found.append(_case(archive, each, "older", names))
    return found


def cases() -> list[Case]:
    """All questions in all forms, with what retrieval weighs for each."""
    with news_archive() as archive, sqlite3.connect(_NEWS, uri=True) as truth:
        names = dict(truth.execute("SELECT id, item FROM articles"))
        return [_case(archive, each, form, names) for form in FORMS for each in asked(form)]


def _case(archive: Archive, each: Asked, form: str, names: Mapping[int, str]) -> Case:
    seen = archive.find(each.question.text, asked=each.day, k=_READ)
    likely = scores(seen.signals, each.day, seen.time, Weights())
    kept = sorted(likely, key=lambda number: -likely[number])[:_WEIGHED]
    relevant = np.array([names[number] in each.question.relevant for number in kept], dtype=bool)
    read = _read(archive, seen)
    return Case(
        asked=each,
        form=form,
        time=seen.time,
        signals={number: seen.signals[number] for number in kept},
        relevant=relevant,
        read=np.array([read.get(names[number], np.nan) for number in kept]),
    )


def _read(archive: Archive, found: Found) -> dict[str, float]:
    """How surely the best stories hold an answer, by their names: more of them than are read at once."""
    parts = [found.hits[at : at + STORIES] for at in range(0, len(found.hits), STORIES)]
    sentences = [each for hits in parts for each in archive.read(replace(found, hits=hits)).sentences]
    return {each.hit.article.key.id: each.relevance for each in sentences if each.relevance is not None}


def fitted(found: Sequence[Case]) -> Weights:
    """The weights under which the relevant articles are likeliest; scaled so that relevance is worth 1."""
    some = [case for case in found if case.relevant.any()]
    start = Weights()

    def loss(values: npt.NDArray[np.float64]) -> float:
        weights = _of(values[1:], start)
        return _unlikely([_scores(case, weights) for case in some], some, float(np.exp(values[0])))

    first = np.log([_SHARPNESS, *(getattr(start, name) for name in FITTED)])
    best = minimize(loss, first, method="L-BFGS-B", options={"maxiter": 25})
    return _with_reading(some, _of(best.x[1:], start))


def _with_reading(some: Sequence[Case], weights: Weights) -> Weights:
    """The weights, and that of the second stage which suits them best."""
    first = [_scores(case, weights) for case in some]

    def loss(values: npt.NDArray[np.float64]) -> float:
        sharpness, read = np.exp(values)
        moved = [_moved(case, scores, read) for case, scores in zip(some, first, strict=True)]
        return _unlikely(moved, some, sharpness)

    best = minimize(loss, np.log([_SHARPNESS, Weights().read]), method="L-BFGS-B")
    return replace(weights, read=float(np.exp(best.x[1])))


def _unlikely(scores: Sequence[npt.NDArray[np.float64]], some: Sequence[Case], sharpness: float) -> float:
    """Minus the mean log likelihood of the relevant, each question by its share."""
    logits = [sharpness * each for each in scores]
    likely = [
        np.logaddexp.reduce(each[case.relevant]) - np.logaddexp.reduce(each)
        for each, case in zip(logits, some, strict=True)
    ]
    return -float(np.average(likely, weights=[case.share for case in some]))


def _moved(case: Case, scores: npt.NDArray[np.float64], read: float) -> npt.NDArray[np.float64]:
    """Scores after the second stage has read the best; see index/second_stage.py."""
    best = np.argsort(-scores)[:STORIES]
    known = best[~np.isnan(case.read[best])]
    if not len(known):
        return scores
    gains = read * (case.read[known] - case.read[known].mean())
    moved = scores + gains.min()
    moved[known] = scores[known] + gains
    return moved


def rank(case: Case, weights: Weights) -> float:
    """Where the first relevant article stands, of those that were weighed."""
    if not case.relevant.any():
        return float("inf")
    found = _moved(case, _scores(case, weights), weights.read)
    return 1.0 + float(np.sum(found > found[case.relevant].max()))


def shown(weights: Weights) -> str:
    """The fitted weights in a line."""
    return "  ".join(f"{name} {getattr(weights, name):.3f}" for name in (*FITTED, "read"))


def _of(logs: npt.NDArray[np.float64], start: Weights) -> Weights:
    values = dict(zip(FITTED, np.exp(logs), strict=True))
    whole = values["lexical"] + values["whole"] + values["lead"]
    scaled = {name: float(value / whole) for name, value in values.items()}
    return replace(start, **scaled)


def _scores(case: Case, weights: Weights) -> npt.NDArray[np.float64]:
    return np.array(list(scores(case.signals, case.asked.day, case.time, weights).values()))  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
