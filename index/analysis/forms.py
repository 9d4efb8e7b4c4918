"""The words of a token, and the terms of each: as it is written, and as it is usually written otherwise (pure)."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from index.analysis.abbreviations import dotted
from index.analysis.folding import digits, fold
from index.analysis.spellings import Word, word_terms
from index.analysis.unspaced import unspaced_terms

if TYPE_CHECKING:
    from collections.abc import Callable

    Part = Callable[[str], Word]

_GROUPING = re.compile(r"[.,'’٬](?=\d{3}(?:\D|$))|,(?=\d{2},)")
_LETTERS_AT_END = re.compile(r"[^\W\d_]+$")
_DIGITS_AT_END = re.compile(r"[-‐‑]?\d+$")
_NOT_OF_NUMBER = re.compile(r"\D+$")
_DOTS = re.compile(r"[.\s]|['’]s$")
_HYPHEN = re.compile("[-‐‑]")


def forms(token: str, kind: str | None, language: str, *, asked: bool = False) -> list[Word]:
    """The words of a token; what is ``asked`` may also be in an article that spells umlauts otherwise."""
    return _OF_KIND[kind or "word"](token, partial(word_terms, language=language, asked=asked))


def _acronym(token: str, part: Part) -> list[Word]:
    letters = _DOTS.sub("", token)
    term = dotted(letters)
    return [(term,) if term else (fold(letters), *part(letters))]


def _number(token: str, _part: Part) -> list[Word]:
    """A number without what parts its thousands, or makes it an ordinal or a decade; its decimals after a dot."""
    plain = digits(_GROUPING.sub("", _NOT_OF_NUMBER.sub("", token)))
    return [(plain.replace(",", ".").replace("٫", "."),)]


def _unit(token: str, part: Part) -> list[Word]:
    """19bn and 5G: the number, both, and the letters."""
    [(number,)] = _number(token, part)
    letters = "".join(_LETTERS_AT_END.findall(token))
    return [(number, number + fold(letters)), part(letters)]


def _tail(token: str, part: Part) -> list[Word]:
    """F-16 and Covid19: the letters, both, and the number."""
    letters = _DIGITS_AT_END.sub("", token)
    number = digits(_HYPHEN.sub("", token[len(letters) :]))
    term = part(letters)
    return [(*term, term[0] + number), (number,)]


def _unspaced(token: str, _part: Part) -> list[Word]:
    return [(term,) for term in unspaced_terms(token)]


def _compound(token: str, part: Part) -> list[Word]:
    """Words joined by hyphens; a name of two, and a word with a short prefix, also as one: Wal-Mart, e-mail."""
    each = _HYPHEN.split(token)
    words = [part(one) for one in each]
    as_one = len(each) == 2 and (len(each[0]) <= 2 or (each[0][0].isupper() and each[1][0].isupper()))
    return [words[0], (*words[1], *part(_HYPHEN.sub("", token).casefold()))] if as_one else words


def _word(token: str, part: Part) -> list[Word]:
    return [part(token)]


_OF_KIND: dict[str, Callable[[str, Part], list[Word]]] = {
    "acronym": _acronym,
    "number": _number,
    "unit": _unit,
    "tail": _tail,
    "unspaced": _unspaced,
    "compound": _compound,
    "word": _word,
    "last": _word,
}
