"""What a line of a page looks like: a sentence, a heading, a caption, a label (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from index.sources.dates import days_in
from index.sources.phrases import (
    closes,
    counts_or_dates,
    has_byline,
    has_credit,
    is_label,
    leads_elsewhere,
    site_phrases,
    thanks,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_TERMINAL = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]*$")
_BULLET = re.compile(r"\s*(?:[•·‣▪●■*–-]|\d{1,2}[.)])\s+\S")
_BRACKETS = re.compile(r"[\[(][^\])]*[\])]")
_NAMES = r"[^\W\d_][\w.’'-]*(?:\s[^\W\d_][\w.’'-]*){0,3}"
_CREDITED = re.compile(rf"[.!?)»”\"]\s+{_NAMES}(?:/{_NAMES})+$")
_TIMED = re.compile(r"\W*\d{1,2}[:.]\d{2}(?!\d)")
_TRAIL = re.compile(r"\S\s*[>›→]\s+\S|\S\s+»\s+\S|\S\s+[|·/]\s+\S.*\s[|·/]\s")
_LEAD = re.compile(r"[^a-zа-яёßà-öø-ÿ:]{4,30}:\s+\S")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?!\d)")
_COLUMNS = re.compile(r"\S {2,}\S")
_HANDLE = re.compile(r"(?<!\S)@\w|https?://|www\.\S|\S+@\S+\.\w")
_SPOKEN = re.compile(r"[\"“”„«»]")
_DIGIT = re.compile(r"\d")
_CREDIT_CHARACTERS = 80
_TRAIL_CHARACTERS = 500
_SHORT_WORDS = 14
_HEADING_WORDS = 16


class Kind(Enum):
    """What a line is taken for."""

    SENTENCE = auto()
    ITEM = auto()
    HEADING = auto()
    CAPTION = auto()
    BYLINE = auto()
    LABEL = auto()
    RELATED = auto()
    CLOSING = auto()
    SITE = auto()


FURNITURE = frozenset({Kind.LABEL, Kind.RELATED, Kind.CLOSING, Kind.SITE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that is not empty. ``block`` counts the runs of lines between empty ones; ``words`` is how many it has."""

    text: str
    block: int
    kind: Kind
    words: int
    bullet: bool
    terminal: bool


def lines_alone(page: str) -> list[Line]:
    """The lines of a page (plain text), each with what it looks like by itself."""
    found: list[Line] = []
    block = 0
    for raw in page.split("\n"):
        if raw.strip():
            found.append(_line(raw, block))
        else:
            block += 1
    return found


def _line(raw: str, block: int) -> Line:
    text = " ".join(raw.split())
    words = words_of(text)
    terminal = bool(_TERMINAL.search(text)) or (text.endswith(":") and len(words) > 4)
    bullet = bool(_BULLET.match(raw))
    kind = _furniture_kind(raw.strip(), words) or _prose_kind(text, words, terminal=terminal, bullet=bullet)
    return Line(text=text, block=block, kind=kind, words=len(words), bullet=bullet, terminal=terminal)


def _furniture_kind(raw: str, words: list[str]) -> Kind | None:
    return next((kind for kind, applies in _TESTS if applies(raw, words)), None)


def _is_dated(raw: str, words: list[str]) -> bool:
    return len(words) <= _SHORT_WORDS and bool(days_in(raw)) and not _ends(raw) and not leads_elsewhere(raw)


def _is_control(raw: str, words: list[str]) -> bool:
    return is_label(raw) or (bool(_COLUMNS.search(raw)) and len(words) < _SHORT_WORDS and not _ends(raw))


def _leads(raw: str, words: list[str]) -> bool:
    short = len(words) <= 5 or ":" in raw[:40]
    return (short and leads_elsewhere(raw)) or (bool(_LEAD.match(raw)) and not _ends(raw))


def _closes(raw: str, words: list[str]) -> bool:
    if "©" in raw and _DIGIT.search(raw) and (len(words) < _SHORT_WORDS or site_phrases(raw)):
        return True
    if len(words) <= 30 and thanks(raw) and not _SPOKEN.search(raw):
        return True
    return closes(raw) and (len(words) <= 6 or ":" in raw[:30] or has_credit(raw))


def _is_byline(raw: str, words: list[str]) -> bool:
    return len(words) <= _SHORT_WORDS and has_byline(raw) and not _ends(raw) and _names(words)


def _is_caption(raw: str, words: list[str]) -> bool:
    return (len(words) <= 40 and has_credit(raw)) or bool(
        _CREDITED.search(raw[-_CREDIT_CHARACTERS:]) or _BRACKETS.fullmatch(raw)
    )


def _is_counted(raw: str, words: list[str]) -> bool:
    if len(words) <= 6 and _CLOCK.search(raw) and not _TIMED.match(raw):
        return True
    short = len(words) <= 4 or (len(words) <= _SHORT_WORDS and not _ends(raw))
    return short and bool(_DIGIT.search(raw)) and counts_or_dates(raw)


def _is_trail(raw: str, words: list[str]) -> bool:
    return len(words) <= 10 and len(raw) <= _TRAIL_CHARACTERS and bool(_HANDLE.search(raw) or _TRAIL.search(raw))


def _ends(raw: str) -> bool:
    return bool(_TERMINAL.search(raw))


def _names(words: list[str]) -> bool:
    """Whether most words after the first are names: few are small."""
    return sum(not word[0].isupper() for word in words[1:]) * 3 <= len(words)


def _speaks_of_site(raw: str, words: list[str]) -> bool:
    """Whether a line has as many of the site's phrases as prove it: in a long sentence one proves nothing."""
    phrases = set(site_phrases(raw))
    if len(words) > 45:
        return len(phrases) >= max(2, len(words) // 30)
    return len(phrases) > 1 or any(" " in phrase or len(words) <= _SHORT_WORDS for phrase in phrases)


_TESTS: tuple[tuple[Kind, Callable[[str, list[str]], bool]], ...] = (
    (Kind.BYLINE, _is_dated),
    (Kind.LABEL, _is_control),
    (Kind.RELATED, _leads),
    (Kind.CLOSING, _closes),
    (Kind.SITE, _speaks_of_site),
    (Kind.BYLINE, _is_byline),
    (Kind.CAPTION, _is_caption),
    (Kind.BYLINE, _is_counted),
    (Kind.LABEL, _is_trail),
)
"""What furniture a line is, by the first test that it passes."""


def _prose_kind(text: str, words: list[str], *, terminal: bool, bullet: bool) -> Kind:
    count = len(words)
    small = sum(not word[0].isupper() and not word[0].isdigit() for word in words)
    if terminal and count and (small * 3 >= count or count < 4):
        return Kind.SENTENCE
    if bullet and count >= 2 and small * 2 >= count:
        return Kind.ITEM
    if _TIMED.match(text) or count <= 1:
        return Kind.LABEL
    if count > _HEADING_WORDS and small * 2 >= count:
        return Kind.SENTENCE
    return Kind.HEADING
