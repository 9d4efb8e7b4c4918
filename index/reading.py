"""Hits to an answer: the sentence that says what was asked, exactly as it stands, or none."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.analysis import name_keys, terms
from index.calibration import FITTED, floors, stretched
from index.domain import Answer
from index.late_interaction import max_sim
from index.passages import sentences
from index.questions import Asks, asks, opens_with_pronoun, spans
from index.respelling import respelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from index.dates import Time
    from index.domain import Hit, Span
    from index.encoder import Encoder, FloatMatrix
    from index.query import Word
    from index.retrieval import Found

ARTICLES = 5
"""Articles whose passages are read."""
PASSAGES = 10
"""Passages that are read, the best first."""
SENTENCES = 12
"""Sentences that are encoded, chosen by words first: one costs about 6 ms."""
AHEAD_AFTER = 0.15
"""The most that an article counts as ahead which was found by its own headline, beside the question."""
UNTIMELY = 5.0
"""Log odds that an answer loses by being of other days than are asked about."""
EDGE_DAYS = 10
"""As far before the days that are named an article may still be of them: events are announced, and days are rough."""
TOLD_DAYS = 366
"""As long after them it may still tell of them without naming the year: a look back, a verdict."""
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_ENDED = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]*$")
_TOKEN = re.compile(r"\w(?:[\w'’.-]*\w)?")
_SEVERAL_WORDS, _FIRST = 1.5, 4.0
TOKENS = 320
"""Tokens of all of them: where a tokenizer cuts a script into letters, fewer sentences have to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Weights of a sentence that may answer; fitted by tests/benchmarks/fit_reading.py on news, SQuAD and XQuAD.

    Logistic regression of "the answer stands in this sentence of a relevant article" on the sentence's cosine and
    coverage, its MaxSim, whether it names the kind of thing asked for, how far its passage scores behind the best, and
    the logarithm of one plus the number of paragraphs before it: news says first what matters.
    """

    cosine: float = -4.363
    max_sim: float = 10.367
    coverage: float = 1.246
    kind: float = 0.369
    behind: float = -15.647
    depth: float = -0.257

    def score(self, sentence: Sentence) -> float:
        """The log odds, up to a constant, that the answer stands in a sentence."""
        return (
            self.cosine * sentence.cosine
            + self.max_sim * sentence.max_sim
            + self.coverage * sentence.coverage
            + self.kind * sentence.kind
            + self.behind * sentence.behind
            + self.depth * math.log1p(sentence.depth)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """Logistic regression of "this sentence answers", fitted as ``Selection`` is.

    Each question is asked with its relevant articles in the archive and without them. It weighs the chosen sentence
    and how far its article is ahead of the next; ``threshold`` is where a tenth of the questions of
    ../shared/data/news that the archive cannot answer still get an answer.
    """

    cosine: float = -3.95
    max_sim: float = 10.617
    coverage: float = 1.579
    kind: float = 0.049
    depth: float = -0.484
    lead: float = 10.933
    intercept: float = -6.667
    threshold: float = 0.272

    def of(self, sentence: Sentence, ahead: float, untimely: float = 0.0) -> float:
        """The probability, in (0, 1), that a sentence answers, its article being ``ahead`` by that much.

        ``untimely`` is what its article's day takes from the log odds.
        """
        odds = (
            self.intercept
            + self.cosine * sentence.cosine
            + self.max_sim * sentence.max_sim
            + self.coverage * sentence.coverage
            + self.kind * sentence.kind
            + self.depth * math.log1p(sentence.depth)
            + self.lead * ahead
            - untimely
        )
        return 1 / (1 + math.exp(-odds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence that may answer.

    ``coverage`` is the share, in [0, 1], of the question's words that it holds, each weighed by its rarity; ``kind``
    is 1 where it names a thing of the kind asked for, -1 where not, 0 where any kind will do; ``cosine`` is that of
    the question and the sentence under its headline, ``max_sim`` how near the question's words come to its, both in
    [-1, 1] and on the scale of the encoder that the weights were fitted with; ``behind`` is how much less its passage
    scores than the best one.
    """

    hit: Hit
    start: int
    end: int
    coverage: float
    kind: int
    behind: float
    cosine: float = 0.0
    max_sim: float = 0.0

    @property
    def depth(self) -> int:
        """Paragraphs of the article before it."""
        return self.hit.article.body.count("\n\n", 0, self.start)

    @property
    def text(self) -> str:
        """The sentence as it stands in the article."""
        return self.hit.article.body[self.start : self.end]


SELECTION = Selection()
CONFIDENCE = Confidence()


def read_answer(found: Found, encoder: Encoder, *, most_ahead: float = math.inf) -> Answer | None:
    """The best sentence of the best passages, where it is sure enough.

    Args:
        found: passages for a question.
        encoder: the archive's encoder; called once, for at most ``SENTENCES`` sentences, and for a question with a
            slip of the key once more.
        most_ahead: as far as its article may count as being ahead of the others.

    """
    candidates = sentences_to_weigh(found, encoder)
    if not candidates:
        return None
    best = max(candidates, key=lambda each: SELECTION.score(each) - untimely(found.time, each))
    ahead = min(most_ahead, lead(found.hits, best.hit))
    sure = CONFIDENCE.of(best, ahead, untimely(found.time, best))
    if sure < CONFIDENCE.threshold:
        return None
    highlights = highlight(found.question, best, found.rarity)
    return Answer(hit=best.hit, start=_with_subject(best), end=best.end, highlights=highlights, confidence=sure)


def sentences_to_weigh(found: Found, encoder: Encoder) -> list[Sentence]:
    """At most ``SENTENCES`` sentences of the best passages, those with most of the question's words, encoded."""
    likely = sorted(_candidates(found), key=lambda each: -(each.coverage + each.hit.score))[:SENTENCES]
    texts = [f"{each.hit.article.title}\n{each.text}" for each in likely]
    lengths = itertools.accumulate(encoder.count_tokens(texts))
    chosen = [each for each, length in zip(likely, lengths, strict=True) if each is likely[0] or length <= TOKENS]
    if not chosen:
        return []
    vectors, words = encoder.read_passages(texts[: len(chosen)])
    vector, asked = _as_meant(found, encoder)
    floor = floors(encoder)
    return [
        replace(
            each,
            cosine=stretched(float(row @ vector), floor.cosine, FITTED.cosine),
            max_sim=stretched(max_sim(asked, theirs), floor.max_sim, FITTED.max_sim),
        )
        for each, row, theirs in zip(chosen, vectors, words, strict=True)
    ]


def _as_meant(found: Found, encoder: Encoder) -> tuple[FloatMatrix, FloatMatrix]:
    """The question's vector and its words, read anew where a slip of the key is mended."""
    meant = respelled(found.question, found.slips, found.passages[:PASSAGES])
    return (found.vector, found.words) if meant == found.question else encoder.read_question(meant)


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
    """How far a hit is ahead of the best hit of any other article; negative where it is behind."""
    others = [other.score for other in hits if other.article.key != hit.article.key]
    return hit.score - max(others) if others else 0.0


def highlight(question: str, sentence: Sentence, rarity: Mapping[Word, float]) -> tuple[Span, ...]:
    """Spans of the article's body, inside a sentence, that matter most for a question.

    Where a name, number or date is asked for, the one that most likely is it: not in the question itself, near the
    question's rare words, a name of several words before one of one, the sentence's first before later ones. Else
    the words that the question shares.
    """
    text = sentence.text
    kind, asked = asks(question), question.casefold()
    matched = list(_matched(text, sentence.hit.article.language, rarity))
    if kind is Asks.ANYTHING:
        found = _rare(matched)
    else:
        candidates = [span for span in spans(kind, text) if text[slice(*span)].casefold() not in asked]
        found = [max(candidates, key=lambda span: _nearness(text, span, matched))] if candidates else []
    return tuple((sentence.start + start, sentence.start + end) for start, end in found)


def _nearness(text: str, span: Span, matched: Sequence[tuple[Span, float]]) -> float:
    """The rarity of the question's words around a span, each less the further away it is, in words of six letters."""
    near = sum(weight / (1 + max(span[0] - end, start - span[1], 0) / 6) for (start, end), weight in matched)
    many = _SEVERAL_WORDS if " " in text[slice(*span)] else 1.0
    return near * many * (_FIRST if span[0] == 0 else 1.0)


def _rare(matched: Sequence[tuple[Span, float]]) -> list[Span]:
    """The places of the question's rarer words."""
    rarest = max((weight for _, weight in matched), default=0.0)
    return [span for span, weight in matched if weight >= rarest / 2]


def _candidates(found: Found) -> Iterator[Sentence]:
    kind = asks(found.question)
    keys = {hit.article.key for hit in found.hits[:ARTICLES]}
    seen: set[tuple[object, int]] = set()
    passages = [hit for hit in found.passages if hit.article.key in keys][:PASSAGES]
    for hit in passages:
        offset = hit.passage.start
        for start, end in sentences(hit.passage.text, hit.article.language):
            mark = (hit.article.key, offset + start)
            if mark not in seen:
                seen.add(mark)
                yield _weigh(found, kind, hit, (offset + start, offset + end))


def _weigh(found: Found, kind: Asks, hit: Hit, span: Span) -> Sentence:
    text = hit.article.body[slice(*span)]
    held = {*terms(text, hit.article.language), *name_keys(text, hit.article.language)}
    total = sum(found.rarity.values()) or 1.0
    coverage = sum(weight for word, weight in found.rarity.items() if not held.isdisjoint(word)) / total
    question = found.question.casefold()
    named = any(text[start:end].casefold() not in question for start, end in spans(kind, text))
    sign = 0 if kind is Asks.ANYTHING else 1 if named else -1
    behind = found.passages[0].score - hit.score
    return Sentence(hit=hit, start=span[0], end=span[1], coverage=coverage, kind=sign, behind=behind)


def _with_subject(sentence: Sentence) -> int:
    """Where the quote begins: a sentence earlier where the first word is a pronoun, which that sentence explains."""
    article = sentence.hit.article
    if not opens_with_pronoun(sentence.text):
        return sentence.start
    before = sentences(article.body[: sentence.start], article.language)
    if not before or not _ENDED.search(article.body[slice(*before[-1])]):
        return sentence.start  # a heading, or an item of a list, explains no pronoun
    return before[-1][0]


def _matched(text: str, language: str, rarity: Mapping[Word, float]) -> Iterator[tuple[Span, float]]:
    """Where words of the question stand in a text, with the rarity of the rarest that stands there."""
    for token in _TOKEN.finditer(text):
        held = {*terms(token.group(), language), *name_keys(f"– {token.group()}", language)}
        weight = max((weight for word, weight in rarity.items() if not held.isdisjoint(word)), default=0.0)
        if weight:
            yield token.span(), weight
