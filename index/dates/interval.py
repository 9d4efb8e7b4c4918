"""Intervals of days, and what a question says of time."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Days from ``first`` to ``last``, both inside."""

    first: date
    last: date


class Lean(Enum):
    """Whether a question without an interval is about the present, about history, or tells nothing of it."""

    PRESENT = "present"
    PAST = "past"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """What a question says of time.

    ``spans`` are where the words stand that say nothing else, which need not be searched for; ``explicit`` is whether
    the interval was written out, and not told from the day of asking.
    """

    interval: Interval | None = None
    spans: tuple[Span, ...] = ()
    explicit: bool = False
    lean: Lean = Lean.NONE


def day(year: int, month: int, number: int) -> Interval | None:
    """One day; ``None`` where the calendar has none such."""
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= number <= calendar.monthrange(year, month)[1]):
        return None
    return Interval(first=date(year, month, number), last=date(year, month, number))


def month(year: int, number: int) -> Interval:
    """A month of a year."""
    return Interval(first=date(year, number, 1), last=date(year, number, calendar.monthrange(year, number)[1]))


def years(first: int, last: int) -> Interval:
    """Whole years."""
    return Interval(first=date(first, 1, 1), last=date(last, 12, 31))


def back(asked: date, days: int) -> date:
    """So many days before a day, as far as the calendar goes."""
    return asked - timedelta(min(days, asked.toordinal() - 1))


def months_before(asked: date, count: int) -> Interval:
    """The calendar month so many months before that of a day."""
    at = max(12, asked.year * 12 + asked.month - 1 - count)
    return month(at // 12, at % 12 + 1)


def hull(first: Interval, second: Interval) -> Interval:
    """The days from the earlier beginning to the later end."""
    return Interval(first=min(first.first, second.first), last=max(first.last, second.last))
