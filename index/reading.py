"""Hits to an answer: the sentence that says what was asked, exactly as it stands, or none."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.domain import Answer
from index.highlights import highlight
from index.passages import sentences
from index.questions import opens_with_pronoun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.candidates import Sentence
    from index.dates import Time
    from index.domain import Hit
    from index.retrieval import Found

AHEAD_AFTER = 0.15
"""The most that an article counts as ahead which was found by its own headline, beside the question."""
ALONE = 0.039
"""As far as an article counts as ahead that was found alone: the median of the questions that were fitted on."""
UNTIMELY = 5.0
"""Log odds that an answer loses by being of other days than are asked about."""
EDGE_DAYS = 10
"""As far before the days that are named an article may still be of them: events are announced, and days are rough."""
TOLD_DAYS = 366
"""As long after them it may still tell of them without naming the year: a look back, a verdict."""
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_ENDED = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Weights of a sentence that may answer; fitted by tests/benchmarks/fit_reading.py on news, SQuAD and XQuAD.

    Logistic regression of "the answer stands in this sentence of a relevant article" on the reader's log odds, where it
    reads the language, the sentence's coverage, how far its passage scores behind the best, and the logarithm of one
    plus the number of paragraphs before it: news says first what matters.
    """

    odds: float = 0.191
    coverage: float = 1.69
    behind: float = -22.031
    depth: float = -0.208

    def score(self, sentence: Sentence) -> float:
        """The log odds, up to a constant, that the answer stands in a sentence."""
        return (
            self.odds * (sentence.odds or 0.0)
            + self.coverage * sentence.coverage
            + self.behind * sentence.behind
            + self.depth * math.log1p(sentence.depth)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """Logistic regression of "this sentence answers", fitted as ``Selection`` is.

    Each question is asked with its relevant articles in the archive and without them. It weighs the chosen sentence,
    ``unread`` where the reader does not read its language, and how far its article is ahead of the next;
    ``threshold`` is where a tenth of the questions of ../shared/data/news that the archive cannot answer still get an
    answer.
    """

    odds: float = 0.163
    unread: float = 0.887
    coverage: float = 2.207
    depth: float = -0.367
    lead: float = 13.688
    intercept: float = -3.365
    threshold: float = 0.323

    def of(self, sentence: Sentence, ahead: float, untimely: float = 0.0) -> float:
        """The probability, in (0, 1), that a sentence answers, its article being ``ahead`` by that much.

        ``untimely`` is what its article's day takes from the log odds.
        """
        odds = (
            self.intercept
            + (self.unread if sentence.odds is None else self.odds * sentence.odds)
            + self.coverage * sentence.coverage
            + self.depth * math.log1p(sentence.depth)
            + self.lead * ahead
            - untimely
        )
        return 1 / (1 + math.exp(-odds))


SELECTION = Selection()
CONFIDENCE = Confidence()


def read_answer(found: Found, *, most_ahead: float = math.inf) -> Answer | None:
    """The best of the sentences that were read, where it is sure enough.

    Args:
        found: what the second stage gives for a question.
        most_ahead: as far as its article may count as being ahead of the others.

    """
    if not found.sentences:
        return None
    best = max(found.sentences, key=lambda each: SELECTION.score(each) - untimely(found.time, each))
    ahead = min(most_ahead, lead(found.hits, best.hit))
    sure = CONFIDENCE.of(best, ahead, untimely(found.time, best))
    if sure < CONFIDENCE.threshold:
        return None
    highlights = highlight(found.question, best, found.rarity)
    return Answer(hit=best.hit, start=_with_subject(best), end=best.end, highlights=highlights, confidence=sure)


def untimely(time: Time, sentence: Sentence) -> float:
    """What the log odds of a sentence lose where its article is not of the days that a question names.

    ``UNTIMELY`` where it was reported before those days, for what was not yet cannot be told, or a year and more after
    them: then it speaks of other days, unless the sentence or its headline names the year.
    """
    interval, day = time.interval, sentence.hit.article.published
    if interval is None or day is None:
        return 0.0
    early, late = (interval.first - day).days, (day - interval.last).days
    if early <= EDGE_DAYS and late <= TOLD_DAYS:
        return 0.0
    named = {int(year) for year in _YEAR.findall(f"{sentence.hit.article.title} {sentence.text}")}
    return 0.0 if any(interval.first.year <= year <= interval.last.year for year in named) else UNTIMELY


def lead(hits: Sequence[Hit], hit: Hit) -> float:
    """How far a hit is ahead of the best hit of any other article; negative where behind, ``ALONE`` without one."""
    others = [other.score for other in hits if other.article.key != hit.article.key]
    return hit.score - max(others) if others else ALONE


def _with_subject(sentence: Sentence) -> int:
    """Where the quote begins: a sentence earlier where the first word is a pronoun, which that sentence explains."""
    article = sentence.hit.article
    if not opens_with_pronoun(sentence.text):
        return sentence.start
    before = sentences(article.body[: sentence.start], article.language)
    if not before or not _ENDED.search(article.body[slice(*before[-1])]):
        return sentence.start  # a heading, or an item of a list, explains no pronoun
    return before[-1][0]
