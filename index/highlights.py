"""Which words of a quoted sentence matter most for a question, to be shown in bold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.analysis import name_keys, terms
from index.questions import Asks, asks, spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from index.candidates import Sentence
    from index.domain import Span
    from index.query import Word

_TOKEN = re.compile(r"\w(?:[\w'’.-]*\w)?")
_SEVERAL_WORDS, _FIRST = 1.5, 4.0


def highlight(question: str, sentence: Sentence, rarity: Mapping[Word, float]) -> tuple[Span, ...]:
    """Spans of the article's body, inside a sentence, that matter most for a question.

    What the reader points at, where it reads the language. Else, where a name, number or date is asked for, the one
    that most likely is it: not in the question itself, near the question's rare words, a name of several words before
    one of one, the sentence's first before later ones. Else the words that the question shares.
    """
    if sentence.answer:
        return (sentence.answer,)
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


def _matched(text: str, language: str, rarity: Mapping[Word, float]) -> Iterator[tuple[Span, float]]:
    """Where words of the question stand in a text, with the rarity of the rarest that stands there."""
    for token in _TOKEN.finditer(text):
        held = {*terms(token.group(), language), *name_keys(f"– {token.group()}", language)}
        weight = max((weight for word, weight in rarity.items() if not held.isdisjoint(word)), default=0.0)
        if weight:
            yield token.span(), weight
