"""Terms of scripts without spaces between words: pairs of neighbours (pure).

Pairs find Chinese and Japanese words as well as dictionaries do (Nie, Gao and others, "On the use of words and n-grams
for Chinese information retrieval", IRAL 2000), and Korean ones (Lee and Ahn, "Using n-grams for Korean text retrieval",
SIGIR 1996). A Chinese character is a term besides, because it may be a word.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

import opencc

from index.analysis.asking import ASKING, ENDING, PARTICLES

_LEADING = "เ-ไເ-ໄ"
_FOLLOWING = "\u0e30-\u0e3a\u0e45\u0e47-\u0e4e\u0eb0-\u0ebd\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u17b4-\u17d3"
_CHARACTER = re.compile(f"[{_LEADING}]?[^{_LEADING}{_FOLLOWING}][{_FOLLOWING}]*|.", re.DOTALL)
_LONG_AT_END = re.compile("(?<=[ァ-ヺ][ァ-ヺー][ァ-ヺー])ー(?![ァ-ヺー])")
_V = re.compile("ヴ([ァィェォ]?)")
_B = {"ァ": "バ", "ィ": "ビ", "ェ": "ベ", "ォ": "ボ", "": "ブ"}
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_ONE_SYLLABLE = re.compile(f"([\uac00-\ud7af])(?:{PARTICLES})?")


def unspaced_terms(run: str) -> list[str]:
    """Pairs of neighbours, each Chinese character, and a Korean word of one syllable without its particle."""
    run = _respelled(run)
    short = _ONE_SYLLABLE.fullmatch(run)
    return [
        *_pairs(run),
        *(_HAN.findall(run) if len(run) > 1 else ()),
        *([short[1]] if short and short[1] != run else ()),
    ]


def unspaced_question_terms(run: str) -> list[str]:
    """Pairs of what a question asks about: between its question words and particles, which few articles hold.

    What is left of a word by that, and is no term of an article with the same words, is left out.
    """
    held = set(unspaced_terms(run))
    parts = [ENDING.sub("", part) for part in ASKING.split(_respelled(run))]
    return [term for part in parts if part for term in _pairs(part) if term in held]


def _pairs(run: str) -> list[str]:
    characters = list(run) if run[:1] >= "\u3040" else _CHARACTER.findall(run)
    return [first + second for first, second in pairwise(characters)] or [run]


def _respelled(run: str) -> str:
    """Simplified characters for traditional ones, whatever the language, and katakana in one spelling.

    コンピューター is コンピュータ, and ヴェネツィア begins as ベネチア does.
    """
    if _HAN.search(run):
        run = _simplifying().convert(run)
    if "ー" in run:
        run = _LONG_AT_END.sub("", run)
    return _V.sub(lambda found: _B[found[1]], run) if "ヴ" in run else run


@cache
def _simplifying() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
