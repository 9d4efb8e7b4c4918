"""Fits how an answer is chosen and how sure it is, each fold scored by what never saw it.

Every question is asked with its relevant articles in the archive and without them. Run by
``python -m tests.benchmarks.fit_reading``; the constants that it prints last, fitted on all folds, stand in
index/reading.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression

from index.evaluation import auroc, interval
from index.highlights import highlight
from index.reading import Confidence, Selection, lead
from tests.benchmarks.data import FOLDS, news_archive, news_questions, span_archive, span_questions, there

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index import Archive
    from index.candidates import Sentence
    from index.retrieval import Found
    from tests.benchmarks.data import Question

_WORD = re.compile(r"\w+")

MOST_WRONG = 0.1
"""The share of questions that may be answered although the archive holds no answer."""
SETS = {"news": 2.0, "squad2": 0.7, "xquad/en": 0.7, "xquad/ru": 0.7}
"""What is fitted on, and the weight of one question in it."""
SAMPLES = {"squad2": 350, "xquad/en": 150, "xquad/ru": 150}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence that might answer: what is weighed of it, whether it is right, and whether its bold words are."""

    sentence: Sentence
    ahead: float
    right: bool
    bold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A question asked, with its relevant articles in the archive or without."""

    name: str
    fold: int
    answerable: bool
    candidates: tuple[Candidate, ...]

    def best(self, selection: Selection) -> Candidate:
        """The sentence that would be shown."""
        return max(self.candidates, key=lambda each: selection.score(each.sentence))


def trials() -> list[Trial]:
    """Ask every question of every set twice."""
    found = []
    for name in SETS:
        archive = news_archive() if name == "news" else span_archive(name)
        questions = news_questions() if name == "news" else span_questions(name, SAMPLES[name])
        with archive:
            found += [trial for question in questions for trial in _ask(name, archive, question)]
    return found


def fit_selection(sample: Sequence[Trial]) -> Selection:
    """Fit the weights of a sentence."""
    rows, labels, counts = [], [], []
    for trial in (trial for trial in sample if trial.answerable):
        for each in trial.candidates:
            rows.append(_selection_features(each))
            labels.append(each.right)
            counts.append(SETS[trial.name])
    weights, _ = _logistic(rows, labels, counts)
    return Selection(**_named(Selection, weights))


def fit_confidence(sample: Sequence[Trial], selection: Selection) -> Confidence:
    """Fit how sure an answer is, and the threshold below which there is none."""
    best = [trial.best(selection) for trial in sample]
    rows = [_confidence_features(each) for each in best]
    labels = [trial.answerable and each.right for trial, each in zip(sample, best, strict=True)]
    weights, intercept = _logistic(rows, labels, [SETS[trial.name] for trial in sample])
    fitted = Confidence(**_named(Confidence, [*weights, intercept, 0.0]))
    unanswerable = [
        fitted.of(each.sentence, each.ahead)
        for trial, each in zip(sample, best, strict=True)
        if trial.name == "news" and not trial.answerable
    ]
    return replace(fitted, threshold=float(np.quantile(unanswerable, 1 - MOST_WRONG)))


def main() -> None:
    """Fit and report."""
    if not there():
        return
    sample = trials()
    scored = list(_unseen(sample))
    print("answers, on folds that were not seen (95 % intervals):")
    for name in SETS:
        _report(name, [row for row in scored if row[0].name == name])
    selection = fit_selection(sample)
    ahead = np.median([trial.best(selection).ahead for trial in sample])
    print(f"the article of the best sentence is ahead by a median of {ahead:.3f}")
    print("fitted on all folds, for index/reading.py:")
    print(f"  {selection}\n  {fit_confidence(sample, selection)}")


def _unseen(sample: Sequence[Trial]) -> Iterator[tuple[Trial, Candidate, float, bool]]:
    """Each trial with its best sentence, how sure that is, and whether it would be shown."""
    for fold in range(FOLDS):
        seen = [trial for trial in sample if trial.fold != fold]
        selection = fit_selection(seen)
        confidence = fit_confidence(seen, selection)
        for trial in (trial for trial in sample if trial.fold == fold):
            best = trial.best(selection)
            sure = confidence.of(best.sentence, best.ahead)
            yield trial, best, sure, sure >= confidence.threshold


def _report(name: str, rows: Sequence[tuple[Trial, Candidate, float, bool]]) -> None:
    held = np.array([trial.answerable for trial, *_ in rows])
    right = np.array([best.right for _, best, *_ in rows])
    bold = np.array([best.bold for _, best, *_ in rows])
    sure = np.array([value for _, _, value, _ in rows])
    shown = np.array([value for *_, value in rows])
    good = held & right
    print(f"{name}: {held.sum()} questions")
    print(f"  the best sentence is right              {interval(right[held])}")
    print(f"  of those, its bold words are            {interval(bold[good])}")
    print(f"  answered                                {interval(shown[held])}")
    print(f"  of those, rightly                       {interval(right[held & shown])}")
    print(f"  answered though the archive cannot say  {interval(shown[~held])}")
    print(f"  AUROC, right answers against the rest   {auroc(sure[good], sure[~good]):.3f}")
    print(f"  AUROC, archive can say against cannot   {auroc(sure[held], sure[~held]):.3f}")


def _ask(name: str, archive: Archive, question: Question) -> Iterator[Trial]:
    found = archive.find(question.text, asked=datetime.now(UTC).date())
    for answerable, seen in ((True, found), (False, _without(found, question.relevant))):
        read = archive.read(seen) if seen.passages else seen
        candidates = tuple(_candidate(question, read, sentence) for sentence in read.sentences)
        if candidates:
            yield Trial(name=name, fold=question.fold, answerable=answerable, candidates=candidates)


def _candidate(question: Question, found: Found, sentence: Sentence) -> Candidate:
    article = sentence.hit.article
    right = question.answered_by(article.key.id, article.body, sentence.start, sentence.end)
    marked = highlight(found.question, sentence, found.rarity) if right else ()
    bold = any(_meet(article.body[slice(*span)], answer) for span in marked for answer in question.answers)
    return Candidate(sentence=sentence, ahead=lead(found.hits, sentence.hit), right=right, bold=bold)


def _meet(said: str, answer: str) -> bool:
    """Whether one of the two holds the other, by its words."""
    one, other = (f" {' '.join(_WORD.findall(text.casefold()))} " for text in (said, answer))
    return bool(one.strip() and other.strip()) and (one in other or other in one)


def _without(found: Found, ids: frozenset[str]) -> Found:
    passages = tuple(hit for hit in found.passages if hit.article.key.id not in ids)
    best: dict[object, object] = {}
    hits = tuple(hit for hit in passages if best.setdefault(hit.article.key, hit) is hit)
    return replace(found, passages=passages, hits=hits[: max(len(found.hits), 1)])


def _selection_features(each: Candidate) -> list[float]:
    sentence = each.sentence
    return [sentence.odds or 0.0, sentence.coverage, sentence.behind, float(np.log1p(sentence.depth))]


def _confidence_features(each: Candidate) -> list[float]:
    sentence, unread = each.sentence, each.sentence.odds is None
    depth = float(np.log1p(sentence.depth))
    return [sentence.odds or 0.0, float(unread), sentence.coverage, depth, each.ahead]


def _named(kind: type[Selection | Confidence], values: Sequence[float]) -> dict[str, float]:
    return {field.name: round(value, 3) for field, value in zip(fields(kind), values, strict=True)}


def _logistic(
    rows: Sequence[list[float]], labels: Sequence[bool], counts: Sequence[float]
) -> tuple[list[float], float]:
    """Weights in the features' own units, fitted on standardised ones with a light penalty."""
    matrix = np.asarray(rows)
    scale = matrix.std(axis=0) + 1e-9
    model = LogisticRegression(C=0.5).fit(matrix / scale, labels, sample_weight=counts)
    return [float(weight) for weight in model.coef_[0] / scale], float(model.intercept_[0])


if __name__ == "__main__":
    main()
