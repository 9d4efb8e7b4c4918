"""The sentences that may answer a question: looked for in the best passages, and read by the model that points."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.analysis import name_keys, terms
from index.passages import sentences
from index.questions import Asks, asks, spans
from index.respelling import respelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.domain import Hit, Span
    from index.reader import Reader, Spans
    from index.retrieval import Found

ARTICLES = 5
"""Articles whose passages are read."""
PASSAGES = 10
"""Passages that are read, the best first."""
SENTENCES = 12
"""Sentences that are read, chosen by words first: one costs about 2 ms."""
TOKENS = 320
"""Tokens of all of them: where a tokenizer cuts a script into letters, fewer sentences have to do."""
LANGUAGES = frozenset({"en"})
"""What the reader has learned to read; in Russian (XQuAD) words alone chose as well as words and reader together."""

NAMED = 8.0
"""Log odds that a name, number or date may lack of the best answer, and still be shown for it; 6 to 8 were best."""

_INNER = re.compile(r".?\w|\w['’-]", re.DOTALL)
"""The last sign before a part of a word, with the one before it: a letter, or a hyphen behind a letter."""
_TOGETHER = 6
"""Sentences of an article that are read in one."""
_CHARACTERS = 900
"""Characters from which on no more are put to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence that may answer.

    ``coverage`` is the share, in [0, 1], of the question's words that it holds, each weighed by its rarity; ``behind``
    is how much less its passage scores than the best one; ``odds`` are the log odds that the reader gives to its best
    answer, which stands at ``answer`` in the article: ``None`` where it does not read the language.
    """

    hit: Hit
    start: int
    end: int
    coverage: float
    behind: float
    odds: float | None = None
    answer: Span | None = None

    @property
    def depth(self) -> int:
        """Paragraphs of the article before it."""
        return self.hit.article.body.count("\n\n", 0, self.start)

    @property
    def text(self) -> str:
        """The sentence as it stands in the article."""
        return self.hit.article.body[self.start : self.end]


def sentences_to_weigh(found: Found, reader: Reader) -> list[Sentence]:
    """At most ``SENTENCES`` sentences of the best passages, those with most of the question's words, read."""
    likely = sorted(_candidates(found), key=lambda each: -(each.coverage + each.hit.score))[:SENTENCES]
    texts = [f"{each.hit.article.title}\n{each.text}" for each in likely]
    lengths = itertools.accumulate(reader.count_tokens(texts))
    chosen = [each for each, length in zip(likely, lengths, strict=True) if each is likely[0] or length <= TOKENS]
    read = _read(found, [each for each in chosen if each.hit.article.language in LANGUAGES], reader)
    return [read.get((each.hit.article.key, each.start), each) for each in chosen]


def _read(found: Found, chosen: Sequence[Sentence], reader: Reader) -> dict[tuple[object, int], Sentence]:
    """Sentences as they were read, by their place; the question is read with its slips of the key mended."""
    sheets = list(_sheets(chosen))
    question = respelled(found.question, found.slips, found.passages[:PASSAGES]) if sheets else ""
    done: dict[tuple[object, int], Sentence] = {}
    for sheet, read in zip(sheets, reader.read(question, [sheet.text for sheet in sheets]), strict=True):
        for at, each in sheet.places:
            odds, (start, end) = _pointed(question, each.text, read, at)
            answer = _whole(each.hit.article.body, each.start + start, each.start + end, each)
            done[each.hit.article.key, each.start] = replace(each, odds=odds, answer=answer if start < end else None)
    return done


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
    """Sentences of an article under its headline, to be read together, and where each stands in that text."""

    text: str
    places: tuple[tuple[int, Sentence], ...]


def _sheets(chosen: Sequence[Sentence]) -> Iterator[_Sheet]:
    """The sentences of each article, in their order, on as few sheets as will do: they explain one another."""
    articles: dict[object, list[Sentence]] = {}
    for each in sorted(chosen, key=lambda each: each.start):
        articles.setdefault(each.hit.article.key, []).append(each)
    for theirs in articles.values():
        text = headline = f"{theirs[0].hit.article.title}\n"
        places: list[tuple[int, Sentence]] = []
        for each in theirs:
            if places and (len(places) == _TOGETHER or len(text) > _CHARACTERS):
                yield _Sheet(text=text, places=tuple(places))
                text, places = headline, []
            places.append((len(text), each))
            text += f"{each.text} "
        yield _Sheet(text=text, places=tuple(places))


def _candidates(found: Found) -> Iterator[Sentence]:
    keys = {hit.article.key for hit in found.hits[:ARTICLES]}
    seen: set[tuple[object, int]] = set()
    passages = [hit for hit in found.passages if hit.article.key in keys][:PASSAGES]
    for hit in passages:
        offset = hit.passage.start
        for start, end in sentences(hit.passage.text, hit.article.language):
            mark = (hit.article.key, offset + start)
            if mark not in seen:
                seen.add(mark)
                yield _weigh(found, hit, (offset + start, offset + end))


def _weigh(found: Found, hit: Hit, span: Span) -> Sentence:
    text = hit.article.body[slice(*span)]
    held = {*terms(text, hit.article.language), *name_keys(text, hit.article.language)}
    total = sum(found.rarity.values()) or 1.0
    coverage = sum(weight for word, weight in found.rarity.items() if not held.isdisjoint(word)) / total
    behind = found.passages[0].score - hit.score
    return Sentence(hit=hit, start=span[0], end=span[1], coverage=coverage, behind=behind)
