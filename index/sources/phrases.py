"""Finding the phrases of ``furniture`` and ``boilerplate`` in lines."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from index.sources import boilerplate, furniture

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")
_MOST_LABEL_WORDS = 14
_CREDIT_CHARACTERS = 60
_THANKS_WORDS = 8


class _Phrases:
    """A table of phrases. Only words that a phrase begins with are looked at, which makes long lines cheap."""

    def __init__(self, table: str) -> None:
        phrases = {" ".join(phrase.split()) for phrase in table.replace("\n", " ").split("|")} - {""}
        longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
        pattern = "|".join(re.escape(phrase).replace(r"\*", r"\w*") for phrase in longest_first)
        self._pattern = re.compile(rf"(?:{pattern})(?!\w)")
        firsts = {phrase.split()[0] for phrase in phrases}
        self._words = frozenset(first for first in firsts if "*" not in first)
        self._stems = tuple(first.rstrip("*") for first in firsts if "*" in first)

    def at_start(self, folded: str) -> re.Match[str] | None:
        return self._pattern.match(folded)

    def within(self, folded: str) -> Iterator[re.Match[str]]:
        for word in _WORD.finditer(folded):
            possible = word[0] in self._words or word[0].startswith(self._stems)
            if possible and (match := self._pattern.match(folded, word.start())):
                yield match


def words_of(text: str) -> list[str]:
    """The words of a line; what is joined by a hyphen or an apostrophe is one."""
    return _WORD.findall(text)


def is_label(text: str) -> bool:
    """Whether a line is nothing but labels of controls: ``Share``, ``Log in | Subscribe``."""
    words = words_of(_folded(text))
    rest = " ".join(words) if len(words) <= _MOST_LABEL_WORDS else "-"
    while match := _phrases("LABELS").at_start(rest):
        rest = rest[match.end() :].lstrip()
    return not rest


def leads_elsewhere(text: str) -> bool:
    """Whether a line begins with words that lead to other articles."""
    return _phrases("RELATED").at_start(_start(text)) is not None


def closes(text: str) -> bool:
    """Whether a line begins a section that follows an article."""
    return _phrases("CLOSING").at_start(_start(text)) is not None


def thanks(text: str) -> bool:
    """Whether a line names, near its start, agencies and colleagues who helped."""
    return any(_phrases("THANKS").within(" ".join(words_of(_folded(text[:120]))[:_THANKS_WORDS])))


def has_credit(text: str) -> bool:
    """Whether a line says who made a picture or helped: a word such as photo, then a colon; or it begins with one."""
    folded = _folded(text)
    if "©" in folded or "credit:" in folded:
        return True
    for match in _phrases("CREDITS").within(folded):
        before, after = folded[: match.start()].rstrip(), folded[match.end() :].lstrip()
        if after[:1] in {":", "/", "|"} or before[-1:] in {"(", "[", "/", "|"}:
            return True
        if len(after) <= _CREDIT_CHARACTERS and not words_of(before):
            return True
    return False


def announces_caption(text: str) -> bool:
    """Whether the next line is a caption."""
    start = _start(text)
    match = _phrases("CAPTION_LABELS").at_start(start)
    return match is not None and match.end() == len(start)


def has_byline(text: str) -> bool:
    """Whether a line begins with what names its authors."""
    return _phrases("BYLINES").at_start(_start(text)) is not None


def counts_or_dates(text: str) -> bool:
    """Whether a line says when it was written, how long it takes to read, how many comments it has."""
    return any(_phrases("UPDATES").within(_folded(text)))


def site_phrases(text: str) -> list[str]:
    """The phrases of a line that speak of the site and not of the news."""
    return [match[0] for match in _phrases("SENTENCES").within(_folded(text))]


def _folded(text: str) -> str:
    return text.casefold().replace("’", "'")


def _start(text: str) -> str:
    return " ".join(words_of(_folded(text[:120]))[:_MOST_LABEL_WORDS])


@cache
def _phrases(name: str) -> _Phrases:
    return _Phrases(getattr(furniture, name, None) or getattr(boilerplate, name))
