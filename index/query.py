"""A question as retrieval reads it: its vector, its words and what each tells, the time it speaks of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.analysis import question_name_keys, question_terms, slips
from index.dates import time_of
from index.questions import ASKING_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import date

    from index.dates import Time
    from index.encoder import Encoder, FloatMatrix
    from index.store.lexical import Lexical

Word = tuple[str, ...]
"""The terms that one word of a question may be, in the languages of the archive."""

COMMON = 0.25
"""Share of the passages from which on a word tells nothing: a quarter of the time of a search at a million."""
MOST_MENDED = 4
"""Words of a question that are looked up as misspelled: each takes about a millisecond at a million passages."""
MOST_WORDS = 64
"""Words of a question that are searched for, the rarest first: what a long text is about stands in fewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question, understood.

    ``vector`` has shape (dimension,) and unit norm. ``rarity`` gives each word its inverse document frequency among
    passages, ``worth`` its share, of 1 in all, of the inverse document frequencies among whole articles. ``slips``
    gives the terms that stand nowhere those that they are taken for.
    """

    vector: FloatMatrix
    rarity: Mapping[Word, float]
    worth: Mapping[Word, float]
    telling: Mapping[Word, float]
    slips: Mapping[str, str]
    time: Time

    @property
    def terms(self) -> list[str]:
        """What is searched for: words of many passages tell few apart, and their lists take long to read."""
        return list(dict.fromkeys(term for word in self.telling for term in word))


def understand(question: str, asked: date, encoder: Encoder, lexical: Lexical, languages: Collection[str]) -> Query:
    """Read a question asked on a day; the words that say when are looked at as a time, not searched for."""
    time = time_of(question, asked)
    text = without(question, time.spans)
    words = question_terms(text, languages, ASKING_WORDS) or question_terms(text, languages)
    words, slipped = _with_names(words or question_terms(question, languages), text, languages, lexical.share)
    rarity = _rarest(words, lexical.share, len(lexical))
    common = idf(COMMON, len(lexical))
    return Query(
        vector=encoder.encode_question(question),
        rarity=rarity,
        worth=_worth(words, lexical),
        telling={word: weight for word, weight in rarity.items() if weight >= common} or rarity,
        slips=slipped,
        time=time,
    )


def worth_of(text: str, lexical: Lexical, languages: Collection[str]) -> dict[Word, float]:
    """What each word of a text tells apart among articles, of 1 in all; words that make a question one do not count."""
    words = question_terms(text, languages, ASKING_WORDS)
    return _worth(_with_names(words, text, languages, lexical.share)[0], lexical)


def _worth(words: Sequence[Word], lexical: Lexical) -> dict[Word, float]:
    whole = _rarest(words, lexical.article_share, lexical.articles)
    total = sum(whole.values()) or 1.0
    return {word: weight / total for word, weight in whole.items()}


def _with_names(
    words: Sequence[Word], text: str, languages: Collection[str], share: Callable[[str], float]
) -> tuple[list[Word], dict[str, str]]:
    """The words, those that nothing holds as they are typed also as names spelled otherwise, or with a slip mended.

    Beside them, the terms in which there was a slip, and what each was taken for.
    """
    keys: dict[Word, list[str]] = {}
    for name, key in question_name_keys(text):
        for word in question_terms(name, languages):
            keys.setdefault(word, []).append(key)
    mendable = MOST_MENDED
    found: list[Word] = []
    slipped: dict[str, str] = {}
    for word in words:
        if any(map(share, word)):
            found.append(word)
            continue
        spelled = (*word, *keys.get(word, ()))
        if mendable and not any(map(share, spelled)):
            mendable -= 1
            mended = _mended(word, share)
            slipped.update((term, each) for term in word for each in mended)
            spelled = (*spelled, *mended)
        found.append(spelled)
    return found, slipped


def _mended(word: Word, share: Callable[[str], float]) -> list[str]:
    """The commonest term that is a slip away from one of a word's terms, if any."""
    near = {slip: share(slip) for term in word for slip in slips(term)}
    best = max(near, key=lambda each: (near[each], each), default="")
    return [best] if near.get(best) else []


def without(question: str, spans: Sequence[tuple[int, int]]) -> str:
    """A question without some of its words."""
    kept, at = [], 0
    for start, end in sorted(spans):
        kept.append(question[at:start])
        at = max(at, end)
    return " ".join([*kept, question[at:]])


def idf(share: float, count: int) -> float:
    """Inverse document frequency, by the formula that tantivy's BM25 uses, of what a share of ``count`` texts hold."""
    texts = max(1, count)
    return math.log(1 + (texts - share * texts + 0.5) / (share * texts + 0.5))


def _rarest(words: Sequence[Word], share: Callable[[str], float], count: int) -> dict[Word, float]:
    """Inverse document frequency of the rarest words.

    A word that nothing holds is the rarest of all: an archive that lacks it may not speak of what is asked.
    """
    shares = {word: max(share(term) for term in word) for word in words}
    rarest = set(sorted(words, key=lambda word: (shares[word], word))[:MOST_WORDS])
    return {word: idf(shares[word], count) for word in words if word in rarest}
