"""Keys of names: one name has one key, in whatever script and by whatever usage it is spelled (pure).

Netanyahu, Netanjahu, Нетаньяху and نتنياهو share a key. A key is the consonants of a name in rough classes, and, where
the script writes vowels, the places where vowels stand between them; which vowels they are differs too much.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from index.analysis.sounds import sounds_of
from index.analysis.stemming import stemmer
from index.analysis.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = "~"
_PART = re.compile(r"[^-‐‑]+")
_POSSESSIVE = re.compile("['’ʼ]s?$")
_CYRILLIC = re.compile("^[\u0400-\u04ff]")
_WITHOUT_VOWELS = re.compile("^[\u0590-\u06ff\u0900-\u097f\u3040-\u30ff\uac00-\ud7af]")
_ADJECTIVAL = re.compile("[сцsc](?:к|ьк|k)$")
_HEBREW_PREFIX = re.compile("^[בהוכלמש](?=....)")
_ARABIC_PREFIX = re.compile("^[وف]?[بك]?(?:ال|لل)(?=..)")
_KOREAN_PARTICLE = re.compile("(?<=[\uac00-\ud7af]{2})(?:에서|에게|으로|은|는|이|가|을|를|의|에|도|로|와|과)$")
_OPENING = re.compile(r"[.!?…:;\n\"“”«»„]")
_SILENT_E = re.compile("(?<=[^aeiouy])e$")
_NASAL = re.compile("(?<!^)m(?=[pbf])|nk(?!a)")
_REPEATED = re.compile(r"(.)\1+")
_WORDS = frozenset({"word", "last", "unspaced"})
_FEWEST = 3


def name_keys(text: str, language: str) -> list[str]:
    """The keys of what may be names in a text, each once.

    In scripts with capitals those are capitalised words, but for one that opens a sentence, stands capitalised nowhere
    else in the text, and is followed by none; in Arabic, Hebrew, Hindi, kana and Korean all words. Chinese characters
    have no keys: they do not tell how they sound.
    """
    found: dict[str, None] = {}
    for name in _names(text):
        found.update(dict.fromkeys(_article_keys(name, language)))
    return list(found)


def is_name_key(term: str) -> bool:
    """Whether a term is the key of a name, not a word."""
    return term.startswith(_MARK)


def question_name_keys(question: str) -> list[tuple[str, str]]:
    """Each word of a question, as it stands there, with each of its keys; readers do not type capitals."""
    words = dict.fromkeys(word for _, word in _words(question))
    return [(word, key) for word in words for key in _question_keys(word)]


def _words(text: str) -> Iterator[tuple[bool, str]]:
    """The words of a text, also those joined by hyphens, and whether each opens a sentence."""
    end = 0
    for found in tokens(text):
        between = found.string[end : found.start()]
        opens = end == 0 or (between != " " and _OPENING.search(between) is not None)
        end = found.end()
        if found.lastgroup == "compound":
            first, *others = _PART.findall(found.group())
            yield opens, first
            yield from ((False, part) for part in others)
        elif found.lastgroup in _WORDS:
            yield opens, found.group()


def _names(text: str) -> list[str]:
    """The distinct words that may be names, in a fixed order."""
    sure: set[str] = set()
    before: str | None = None
    for opens, word in _words(text):
        if word[0].isupper():
            if opens:
                before = word
                continue
            sure.add(word)
            if before is not None:
                sure.add(before)
        elif _WITHOUT_VOWELS.match(word):
            sure.add(word)
        before = None
    return sorted(sure)


@lru_cache(maxsize=8_192)
def _article_keys(word: str, language: str) -> tuple[str, ...]:
    found = _shapes(word, language)
    if _WITHOUT_VOWELS.match(word):
        return tuple(f"~>{bare}" for bare in dict.fromkeys(bare for _, bare in found))
    return tuple(dict.fromkeys(key for shape, bare in found for key in (f"~{shape}", f"~<{bare}")))


def _question_keys(word: str) -> tuple[str, ...]:
    found = _shapes(word, "ru" if _CYRILLIC.match(word) else "")
    without_vowels = _WITHOUT_VOWELS.match(word) is not None
    keys = (("~<" + bare if without_vowels else "~" + shape, "~>" + bare) for shape, bare in found)
    return tuple(dict.fromkeys(key for both in keys for key in both))


def _shapes(word: str, language: str) -> list[tuple[str, str]]:
    """How a word sounds, with the places of its vowels and without, where it has consonants enough to tell it by."""
    sounds = dict.fromkeys(
        sound for bare in _uninflected(word, language) for sound in sounds_of(_SILENT_E.sub("", bare))
    )
    found = [_shape(sound) for sound in sounds]
    return list(dict.fromkeys((shape, bare) for shape, bare in found if len(bare.lstrip("a")) >= _FEWEST))


def _shape(sound: str) -> tuple[str, str]:
    shape = _REPEATED.sub(r"\1", _NASAL.sub("n", _REPEATED.sub(r"\1", sound)))
    return shape, shape[:1] + shape[1:].replace("a", "")


def _uninflected(word: str, language: str) -> list[str]:
    """A word, and what it may be without the endings or prefixes that names take in its language."""
    lower = _POSSESSIVE.sub("", word).casefold()
    plain = _KOREAN_PARTICLE.sub("", _ARABIC_PREFIX.sub("", _HEBREW_PREFIX.sub("", lower)))
    if _CYRILLIC.match(lower):
        plain = _ADJECTIVAL.sub(r"\g<0>и", stemmer("ru")(lower))
    elif language == "pl":
        plain = _ADJECTIVAL.sub(r"\g<0>i", stemmer("pl")(lower))
    return [lower, plain] if plain != lower else [lower]
