"""The day that a file says an article was published (pure)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_YEARS = range(1700, 2101)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?=T|$)")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)")
_SLASHES = re.compile(r"(?<!\d)(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|\.)?(?:\s+(?:de|of))?\s+([^\W\d_]{3,})\.?,?(?:\s+de)?,?\s+(\d{4})"
)
_MONTH_DAY = re.compile(r"(?<![^\W\d_])([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_MONTHS = (
    "jan ene gen янв січ sty",
    "feb fev fév feb фев лют lut",
    "mar mär mär maer мар бер",
    "apr abr avr апр кві kwi",
    "may mai maj mag мая май тра",
    "jun juin jun giu июн чер cze",
    "jul juil lug июл лип lip",
    "aug ago aoû aou авг сер sie",
    "sep set сен вер wrz",
    "oct okt out ott окт жов paź paz",
    "nov ноя лис lis",
    "dec dez dic déc дек гру gru",
)
"""How the months begin in English, Spanish, German, French, Italian, Portuguese, Polish, Russian and Ukrainian."""
_BEGINNINGS = {word: at for at, words in enumerate(_MONTHS, 1) for word in words.split()}


def day_of(value: object) -> date | None:
    """The day that a field's value names, ``None`` where it names none for certain.

    Read are ISO 8601, the dates of e-mail (RFC 2822), ``14.03.2024``, ``14 March 2024``, ``March 14, 2024`` (in nine
    languages), ``20240314``, and seconds or milliseconds since 1970 (in UTC). A date with a time is the day that it
    names where it was written. ``03/04/2024`` is no date, as nobody can tell which; nor is a year before 1700.
    """
    if isinstance(value, datetime):
        return _plausible(value.year, value.month, value.day)
    if isinstance(value, date):
        return _plausible(value.year, value.month, value.day)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_number(value)
    if not isinstance(value, str):
        return None
    text = value.strip()[:100]
    if text.isascii() and text.isdigit() and len(text) != 8:
        return _of_number(int(text))
    return _of_text(text)


def days_in(text: str) -> set[date]:
    """The days that a line of text names in full."""
    found: set[date | None] = set()
    for pattern, order in ((_YEAR_FIRST, (1, 2, 3)), (_DAY_FIRST, (3, 2, 1))):
        found |= {_plausible(*(int(match[at]) for at in order)) for match in pattern.finditer(text)}
    found |= {_slashed(match) for match in _SLASHES.finditer(text)}
    found |= {_named(match[3], match[2], match[1]) for match in _DAY_MONTH.finditer(text)}
    found |= {_named(match[3], match[1], match[2]) for match in _MONTH_DAY.finditer(text)}
    return {day for day in found if day}


def _of_text(text: str) -> date | None:
    for pattern in (_YEAR_FIRST, _COMPACT):
        if match := pattern.match(text):
            return _plausible(int(match[1]), int(match[2]), int(match[3]))
    try:
        mailed = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError, TypeError):
        named = days_in(text)
        return named.pop() if len(named) == 1 else None
    return _plausible(mailed.year, mailed.month, mailed.day)


def _of_number(value: float) -> date | None:
    if isinstance(value, int) and 17000101 <= value <= 21001231:
        return _plausible(value // 10_000, value // 100 % 100, value % 100)
    for unit in (1, 1000):
        if 1e8 * unit <= value <= 4.1e9 * unit:  # smaller and larger numbers are more likely something else
            return datetime.fromtimestamp(value / unit, UTC).date()
    return None


def _slashed(match: re.Match[str]) -> date | None:
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    if first > 12 or first == second:
        return _plausible(year, second, first)
    return _plausible(year, first, second) if second > 12 else None


def _named(year: str, month: str, day: str) -> date | None:
    name = month.lower()
    number = _BEGINNINGS.get(name[:4]) or _BEGINNINGS.get(name[:3])
    return _plausible(int(year), number, int(day)) if number else None


def _plausible(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None
