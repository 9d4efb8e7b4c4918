"""The sentences that may answer a question: the best of the best articles, read by the model that points."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.analysis import is_name_key, name_keys, terms
from index.passages import sentences
from index.questions import Asks, asks, spans
from index.respelling import respelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.domain import Hit, Span
    from index.reader import Reader, Spans
    from index.retrieval import Found

STORIES = 6
"""Stories that are read, the best by what they were found by; a second stage orders them by what was read."""
PASSAGES = 3
"""Passages of an article whose sentences are looked at, the best first."""
SENTENCES = 12
"""Sentences that are read: the likeliest of each story alone, and of the others the likeliest."""
TOKENS = 640
"""Tokens of all that is read: where a tokenizer cuts a script into letters, fewer sentences have to do."""
LANGUAGES = frozenset({"en"})
"""What the reader has learned to read; in Russian (XQuAD) words alone chose as well as words and reader together."""

NAMED = 8.0
"""Log odds that a name, number or date may lack of the best answer, and still be shown for it; 6 to 8 were best."""

_INNER = re.compile(r".?\w|\w['’-]", re.DOTALL)
"""The last sign before a part of a word, with the one before it: a letter, or a hyphen behind a letter."""
RESPELLED = 10
"""Passages in which the question's slips of the key are looked up."""
_TOGETHER = 6
"""Sentences of an article that are read in one."""
_CHARACTERS = 900
"""Characters from which on no more are put to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence that may answer.

    ``coverage`` is the share, in [0, 1], of the question's words that it holds, each weighed by its rarity; ``behind``
    is how much less its passage scores than the best one; ``odds`` are the log odds that the reader gives to its best
    answer, which stands at ``answer`` in the article: ``None`` where it does not read the language. ``relevance`` is
    how surely, by the reader, it holds an answer at all: log odds, of the likeliest sentence of an article, read alone.
    """

    hit: Hit
    start: int
    end: int
    coverage: float
    behind: float
    odds: float | None = None
    answer: Span | None = None
    relevance: float | None = None

    @property
    def depth(self) -> int:
        """Paragraphs of the article before it."""
        return self.hit.article.body.count("\n\n", 0, self.start)

    @property
    def text(self) -> str:
        """The sentence as it stands in the article."""
        return self.hit.article.body[self.start : self.end]


def sentences_to_weigh(found: Found, reader: Reader) -> list[Sentence]:
    """At most ``SENTENCES`` sentences of the best stories, the likeliest by their words and places, read."""
    first, more = _likely(found)
    likely = [*first, *more]
    texts = [f"{each.hit.article.title}\n{each.text}" for each in likely]
    lengths = list(itertools.accumulate(reader.count_tokens(texts)))
    fit = max(1, sum(length <= TOKENS for length in lengths)) if likely else 0
    alone, together = likely[: min(fit, len(first))], likely[len(first) : fit]
    read = _read(found, _sheets(alone, together), reader)
    return [read.get((each.hit.article.key, each.start), each) for each in likely[:fit]]


def _read(found: Found, sheets: Sequence[_Sheet], reader: Reader) -> dict[tuple[object, int], Sentence]:
    """Sentences as they were read last, by their place; the question is read with its slips of the key mended."""
    question = respelled(found.question, found.slips, found.passages[:RESPELLED]) if sheets else ""
    done: dict[tuple[object, int], Sentence] = {}
    for sheet, read in zip(sheets, reader.read(question, [sheet.text for sheet in sheets]), strict=True):
        for at, each in sheet.places:
            place = (each.hit.article.key, each.start)
            told = read.relevance if sheet.tells else done[place].relevance if place in done else None
            done[place] = replace(_answered(question, each, read, at), relevance=told)
    return done


def _answered(question: str, each: Sentence, read: Spans, at: int) -> Sentence:
    """A sentence that stands at a place of what was read, with the best answer in it."""
    odds, (start, end) = _pointed(question, each.text, read, at)
    answer = _whole(each.hit.article.body, each.start + start, each.start + end, each)
    return replace(each, odds=odds, answer=answer if start < end else None)


def _pointed(question: str, text: str, read: Spans, at: int) -> tuple[float, Span]:
    """The log odds of the best answer in a sentence, and where in that it stands.

    Where a name, a number or a date is asked for, the likeliest of those goes before a likelier description.
    """
    odds, (start, end) = read.best(at, at + len(text))
    kind, asked = asks(question), question.casefold()
    if kind is not Asks.ANYTHING:
        named = [span for span in spans(kind, text) if text[slice(*span)].casefold() not in asked]
        rated = [(read.best(at + span[0], at + span[1])[0], span) for span in named]
        if rated and max(rated)[0] > odds - NAMED:
            return odds, max(rated)[1]
    return odds, (start - at, end - at)


def _whole(body: str, start: int, end: int, within: Sentence) -> Span:
    """An answer with all of the words that it begins and ends in: Solvang-Hale, not Hale."""
    while start > within.start and _INNER.fullmatch(body[max(within.start, start - 2) : start]):
        start -= 1
    while end < within.end and _INNER.fullmatch(body[end : end + 2][::-1]):
        end += 1
    return start, end


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """Sentences of an article under its headline, to be read together, and where each stands in that text.

    What is read of it ``tells`` whether the article answers, where it holds the article's likeliest sentence alone.
    """

    text: str
    places: tuple[tuple[int, Sentence], ...]
    tells: bool


def _sheets(alone: Sequence[Sentence], together: Sequence[Sentence]) -> list[_Sheet]:
    """One for each of some sentences; and those of articles with more, in their order, on as few as will do.

    They explain one another; but beside others, a sentence tells less surely whether its article answers at all.
    """
    articles: dict[object, list[Sentence]] = {}
    more = {each.hit.article.key for each in together}
    again = [each for each in alone if each.hit.article.key in more]
    for each in sorted([*again, *together], key=lambda each: each.start):
        articles.setdefault(each.hit.article.key, []).append(each)
    parts = [part for theirs in articles.values() for part in _parts(theirs)]
    sheets = [*(_sheet([each], tells=True) for each in alone), *(_sheet(part, tells=False) for part in parts)]
    return [sheet for sheet in sheets if sheet.places[0][1].hit.article.language in LANGUAGES]


def _parts(sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    """Sentences of an article, as many together as are read in one."""
    part: list[Sentence] = []
    for each in sentences:
        if len(part) == _TOGETHER or sum(len(other.text) for other in part) > _CHARACTERS:
            yield part
            part = []
        part.append(each)
    yield part


def _sheet(sentences: Sequence[Sentence], *, tells: bool) -> _Sheet:
    text = f"{sentences[0].hit.article.title}\n"
    places = []
    for each in sentences:
        places.append((len(text), each))
        text += f"{each.text} "
    return _Sheet(text=text, places=tuple(places), tells=tells)


def _likely(found: Found) -> tuple[list[Sentence], list[Sentence]]:
    """The likeliest of each of the best stories, and the likeliest of the others."""
    passages: dict[object, list[Hit]] = {hit.article.key: [] for hit in found.hits[:STORIES]}
    for hit in found.passages:
        if hit.article.key in passages and len(passages[hit.article.key]) < PASSAGES:
            passages[hit.article.key].append(hit)
    stories = [sorted(_sentences(found, theirs), key=_promise) for theirs in passages.values()]
    first = [theirs.pop() for theirs in stories if theirs]
    more = sorted(itertools.chain(*stories), key=_promise, reverse=True)
    return first, more[: SENTENCES - len(first)]


def _promise(sentence: Sentence) -> float:
    """How likely a sentence answers, by what is known before it is read: in its proportions fitted on the news."""
    return sentence.coverage + 4 * sentence.hit.score - 0.1 * math.log1p(sentence.depth)


def _sentences(found: Found, passages: Sequence[Hit]) -> Iterator[Sentence]:
    """The sentences of an article's passages, each in the best passage that has it."""
    seen: set[int] = set()
    for hit in passages:
        offset = hit.passage.start
        for start, end in sentences(hit.passage.text, hit.article.language):
            if offset + start not in seen:
                seen.add(offset + start)
                yield _weigh(found, hit, (offset + start, offset + end))


def _weigh(found: Found, hit: Hit, span: Span) -> Sentence:
    text = hit.article.body[slice(*span)]
    held = set(terms(text, hit.article.language))
    if any(is_name_key(term) for word in found.rarity for term in word):
        held.update(name_keys(text, hit.article.language))
    total = sum(found.rarity.values()) or 1.0
    coverage = sum(weight for word, weight in found.rarity.items() if not held.isdisjoint(word)) / total
    behind = found.passages[0].score - hit.score
    return Sentence(hit=hit, start=span[0], end=span[1], coverage=coverage, behind=behind)
