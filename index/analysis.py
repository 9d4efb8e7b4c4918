"""Text to terms for lexical search, per language: the same for an article and for a question (pure).

A term is a word, stemmed by its language's Snowball stemmer and stripped of diacritics, lower case; a number without
its separators; an acronym without its dots; and, where a script has no spaces, each pair of neighbouring characters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

import Stemmer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_STEMMERS = {
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
    "uk": "russian",  # no Ukrainian stemmer exists; the Russian one takes off the endings that the two share
    "yi": "yiddish",
}
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_MARKS = "".join(chr(at) for at in range(0x300, 0x1000) if unicodedata.category(chr(at)).startswith("M"))
_TOKEN = re.compile(
    r"(?P<acronym>\b(?:[^\W\d_]\.){2,})"
    r"|(?P<number>\d+(?:[.,]\d{3})*(?:[.,]\d+)?)"
    rf"|(?P<unspaced>[{_UNSPACED}]+)"
    rf"|(?P<word>[^\W\d_{_UNSPACED}](?:[^\W\d_{_UNSPACED}]|[{_MARKS}])*(?:['’ʼ][^\W\d_]+)*)"
)
_GROUPING = re.compile(r"[.,](?=\d{3}(?:\D|$))")
_SPACED_GROUPING = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_POSSESSIVE = re.compile(r"['’ʼ]s?$", re.IGNORECASE)
_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_ELIDING = frozenset({"ca", "fr", "it"})
_LONGEST = 64


def terms(text: str, language: str) -> list[str]:
    """The terms of a text in the order of its words."""
    return [term for match in _tokens(text) for term in _terms_of(match.group(), match.lastgroup, language)]


def question_terms(question: str, languages: Collection[str], without: Collection[str] = ()) -> list[tuple[str, ...]]:
    """For each distinct word of a question, the terms it may be in an archive of these languages.

    Words of ``without``, in lower case, are passed over.

    A question is too short to tell its language by, so each language of the archive has its say: the stems that do
    not belong are in no passage of that language, and find nothing.
    """
    found: dict[tuple[str, ...], None] = {}
    for match in _tokens(question):
        if match.group().casefold() in without:
            continue
        each = (_terms_of(match.group(), match.lastgroup, language) for language in sorted(languages) or ["und"])
        if match.lastgroup == "unspaced":
            found.update(dict.fromkeys((term,) for term in next(iter(each))))
        elif variants := tuple(dict.fromkeys(term for some in each for term in some)):
            found[variants] = None
    return list(found)


def fold(word: str) -> str:
    """A word without case and diacritics: Müller, MULLER and muller are one."""
    decomposed = unicodedata.normalize("NFKD", word.casefold()).translate(_UNDECOMPOSED)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _tokens(text: str) -> Iterator[re.Match[str]]:
    return _TOKEN.finditer(unicodedata.normalize("NFKC", _SPACED_GROUPING.sub("", text)))


@lru_cache(maxsize=200_000)
def _terms_of(token: str, kind: str | None, language: str) -> tuple[str, ...]:
    if kind == "acronym":
        found = [fold(token.replace(".", ""))]
    elif kind == "number":
        found = [_GROUPING.sub("", token)]
    elif kind == "unspaced":
        found = _pairs(token)
    else:
        found = _words(token, language)
    return tuple(term[:_LONGEST] for term in found if term)


def _words(token: str, language: str) -> list[str]:
    word = _POSSESSIVE.sub("", token).casefold().replace("’", "'").replace("ʼ", "'")
    parts = word.split("'") if language in _ELIDING else [word]
    stemmer = _stemmer(language)
    return [fold(stemmer.stemWord(part) if stemmer else part) for part in parts]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    name = _STEMMERS.get(language)
    return Stemmer.Stemmer(name) if name else None
