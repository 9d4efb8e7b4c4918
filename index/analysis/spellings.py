"""The terms of one word: stemmed, without case, diacritics and apostrophes, in each of its usual spellings (pure)."""

from __future__ import annotations

import re

from index.analysis.abbreviations import dotted, spelled_out
from index.analysis.folding import fold, respelled
from index.analysis.stemming import short_hebrew, stemmer
from index.analysis.tokens import APOSTROPHES

Word = tuple[str, ...]
"""Terms that stand for one word: an article has them all, a question is content with any."""

_MARK = re.compile(f'[{APOSTROPHES}"״]')
_POSSESSIVE = re.compile(f"[{APOSTROPHES}]s?$", re.IGNORECASE)
_CONTRACTED = re.compile("'(?:ll|re|ve|d|m)$")
_ELIDED = frozenset(
    "l d c j m n s t qu jusqu lorsqu puisqu quoiqu un all agl coll dell dall degl nell negl sull sugl quell quest"
    " gl".split()
)
"""Of French, Italian and Catalan, as in the elision filters of Lucene."""
_ELIDING = frozenset({"ca", "fr", "it"})
_GREEK = "\u0370"
"""Behind the Latin letters."""
_SUFFIXING = frozenset({"az", "tr"})


def word_terms(word: str, language: str, *, asked: bool) -> Word:
    """The terms of a word without hyphens, the usual one first."""
    acronym = dotted(word) if asked or word.isupper() else None
    if acronym and word.isupper():
        return (acronym,)
    plain = word.isalpha() and "ʼ" not in word and "ʻ" not in word
    spellings = [word.casefold()] if plain else _spellings(_POSSESSIVE.sub("", word), language)
    if asked:
        spellings += [respelled(spelling) for spelling in spellings]
    stem = stemmer(language)
    if (
        not word.isascii() and word[0] < _GREEK
    ):  # a stemmer may know an ending by its accent, which a reader may not type
        spellings += [bare for spelling in spellings if (bare := fold(spelling)).isascii()]
    found = [fold(stem(spelled_out(spelling, language))) for spelling in spellings]
    if language == "he":
        found += [short_hebrew(term) for term in found]
    return tuple(dict.fromkeys([*found, acronym] if acronym else found))


def _spellings(word: str, language: str) -> list[str]:
    """A word in lower case without its apostrophes, and a name also without what stands before its apostrophe."""
    plain = _MARK.sub("'", word.casefold())
    if "'" not in plain:
        return [plain]
    before, _, rest = plain.partition("'")
    joined = (_CONTRACTED.sub("", plain) if language == "en" else plain).replace("'", "")
    after = [rest.replace("'", "")]
    named = _MARK.split(word, maxsplit=1)[1][:1].isupper()
    if language in _SUFFIXING and not named:
        return [before]
    if language in _ELIDING and before in _ELIDED:
        return [*after, *([joined] if named else [])]
    return [joined, *(after if named else [])]
