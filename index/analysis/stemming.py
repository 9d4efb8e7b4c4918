"""Words without their endings, by language (pure)."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import Stemmer

from index.analysis.folding import fold
from index.analysis.ukrainian import stem_ukrainian

if TYPE_CHECKING:
    from collections.abc import Callable

_SNOWBALL = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nb": "norwegian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
_ARABIC_PREFIX = re.compile("^[وف]?(?:[بك]?ال|لل)(?=...)")
_HEBREW_PREFIXES = "בהוכלמש"
_SHORTEST_HEBREW = 4


@cache
def stemmer(language: str) -> Callable[[str], str]:
    """What takes the endings off a word, in lower case, of a language; nothing where none is known."""
    own = {"ar": _arabic, "he": stem_hebrew, "uk": stem_ukrainian}
    name = _SNOWBALL.get(language)
    if language in own:
        return own[language]
    return _snowball(name).stemWord if name else str


def stem_hebrew(word: str) -> str:
    """A word without the one-letter words that are written onto it: in, the, and, as, to, from, that.

    They are taken off while four letters remain, also where they are letters of the word: whatever of them stands
    before a word, what remains is the same.
    """
    start = 0
    while len(word) - start > _SHORTEST_HEBREW and word[start] in _HEBREW_PREFIXES:
        start += 1
    return word[start:]


def short_hebrew(stem: str) -> str:
    """A stem of four letters that may be a word of three with one written onto it, without that; else as it is."""
    may_be = len(stem) == _SHORTEST_HEBREW and stem[0] in _HEBREW_PREFIXES
    return stem[1:] if may_be else stem


def _arabic(word: str) -> str:
    """As Snowball, whether or not an article stands before it: Snowball takes other endings off where one does."""
    return str(_snowball("arabic").stemWord(_ARABIC_PREFIX.sub("", fold(word))))


@cache
def _snowball(name: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(name)
