"""The errors that were logged of late, for an admin who asks."""

from __future__ import annotations

import logging
import time
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.logs import Discretion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DAY = 24 * 3600.0
_MOST = 1000
_LONGEST = 300


class RecentErrors(logging.Handler):
    """Keeps the lines of the last errors, as they may be told: without the token, without what readers write."""

    def __init__(self, discretion: Discretion | None = None, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(logging.ERROR)
        self._discretion = discretion or Discretion()
        self._clock = clock
        self._seen: deque[tuple[float, str]] = deque(maxlen=_MOST)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        line = self._discretion.line(self._discretion.message(record))
        error = record.exc_info[0] if record.exc_info else None
        told = f"{line} ({error.__name__})" if error else line
        self._seen.append((self._clock(), " ".join(told.split())[:_LONGEST]))

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hear of all that is logged inside."""
        root = logging.getLogger()
        root.addHandler(self)
        try:
            yield
        finally:
            root.removeHandler(self)

    def of_the_day(self) -> tuple[tuple[float, str], ...]:
        """The errors of the last 24 hours, oldest first, each with its moment in seconds since the epoch."""
        since = self._clock() - _DAY
        return tuple(each for each in self._seen if each[0] >= since)
