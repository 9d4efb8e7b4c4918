"""The time a question speaks of: "last week", "in January 2018", "в мае 2019 года" (pure).

A small grammar of ours over the words of English, Russian, Spanish, German, French and Ukrainian. What is found is a
span of the question and an interval of days; a date that is written out beats one told from the day of asking.
"""

from index.dates.interval import Interval, Lean, Time
from index.dates.reading import time_of

__all__ = ["Interval", "Lean", "Time", "time_of"]
