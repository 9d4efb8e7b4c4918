"""What is counted and timed, for Prometheus and for /status.

- ``newsdesk_questions_total{outcome}``: questions, by what came of them (answered, refused: the archive does not say,
  list: a ranked list, inline: passages offered in another chat, busy, timeout, error).
- ``newsdesk_stage_seconds{stage}``: how long each stage of a question takes (waiting: for the worker, asking: the
  archive, sending: to Telegram).
- ``newsdesk_queue``: calls that wait for the worker or are being done.
- ``newsdesk_inbox``: updates taken from Telegram, not yet done.
- ``newsdesk_telegram_errors_total{kind}``: requests that Telegram refused or did not answer, by the library's error.
- ``newsdesk_possible_duplicates_total``: messages sent again after Telegram's acknowledgement of the first was lost.
- ``newsdesk_archive_articles``, ``_passages``, ``_bytes``: the archive's size.
- ``newsdesk_last_sync_age_seconds``: since the archive was last brought in step; NaN where it never was.
- ``process_*``: memory, processor time, open files of the process.

No label holds a reader's text, an id or a token: what is not in the lists here is counted as ``other``.
"""

from __future__ import annotations

import math
import time
from collections import Counter as Counts
from collections import deque
from typing import TYPE_CHECKING, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from index.domain import Stats

Outcome = Literal["answered", "refused", "list", "inline", "busy", "timeout", "error"]
Stage = Literal["waiting", "asking", "sending"]

OUTCOMES: tuple[Outcome, ...] = ("answered", "refused", "list", "inline", "busy", "timeout", "error")
STAGES: tuple[Stage, ...] = ("waiting", "asking", "sending")
TELEGRAM_ERRORS = (
    "BadRequest",
    "ChatMigrated",
    "Conflict",
    "EndPointNotFound",
    "Forbidden",
    "InvalidToken",
    "NetworkError",
    "RetryAfter",
    "TelegramError",
    "TimedOut",
)
"""The errors of the Telegram library, by name."""
OTHER = "other"

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_LATENCIES = 1000
_ERRORS = 10_000
_DAY = 24 * 3600.0


class Metrics:
    """One process's figures. For the thread of the event loop; a call takes microseconds."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._latencies: deque[float] = deque(maxlen=_LATENCIES)
        self._errors: deque[tuple[float, str]] = deque(maxlen=_ERRORS)
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._questions = Counter("newsdesk_questions", "Questions, by outcome.", ["outcome"], registry=registry)
        self._stages = Histogram(
            "newsdesk_stage_seconds", "Seconds a question spends.", ["stage"], buckets=_BUCKETS, registry=registry
        )
        self._queue = Gauge("newsdesk_queue", "Calls that wait for the worker or are being done.", registry=registry)
        self._inbox = Gauge("newsdesk_inbox", "Updates taken in and not yet done.", registry=registry)
        self._telegram = Counter("newsdesk_telegram_errors", "Failed requests.", ["kind"], registry=registry)
        self._twice = Counter("newsdesk_possible_duplicates", "Messages perhaps sent twice.", registry=registry)
        self._articles = Gauge("newsdesk_archive_articles", "Articles in the archive.", registry=registry)
        self._passages = Gauge("newsdesk_archive_passages", "Passages in the archive.", registry=registry)
        self._bytes = Gauge("newsdesk_archive_bytes", "Bytes of the archive on disk.", registry=registry)
        self._age = Gauge("newsdesk_last_sync_age_seconds", "Seconds since the last sync.", registry=registry)
        self._age.set(math.nan)
        for outcome in OUTCOMES:
            self._questions.labels(outcome)
        for stage in STAGES:
            self._stages.labels(stage)

    def answered(self, outcome: Outcome, seconds: float) -> None:
        """A question is done, so many seconds after it was taken up."""
        self._questions.labels(outcome if outcome in OUTCOMES else OTHER).inc()
        if outcome in ("answered", "refused", "list", "inline"):
            self._latencies.append(seconds)
        if outcome in ("timeout", "error"):
            self._errors.append((self._clock(), outcome))

    def stage(self, name: Stage, seconds: float) -> None:
        """A stage of a question took so many seconds."""
        self._stages.labels(name if name in STAGES else OTHER).observe(seconds)

    def waiting(self, count: int) -> None:
        """So many calls wait for the worker now, or are being done."""
        self._queue.set(count)

    def inbox(self, count: int) -> None:
        """So many updates are taken in and not yet done."""
        self._inbox.set(count)

    def telegram_error(self, kind: str) -> None:
        """A request failed; ``kind`` is the name of the library's error."""
        known = kind if kind in TELEGRAM_ERRORS else OTHER
        self._telegram.labels(known).inc()
        self._errors.append((self._clock(), known))

    def perhaps_twice(self) -> None:
        """A message was sent again, though Telegram may have had the first."""
        self._twice.inc()

    def synced(self, stats: Stats) -> None:
        """The archive is of this size, and was last brought in step then."""
        self._articles.set(stats.articles)
        self._passages.set(stats.passages)
        self._bytes.set(stats.disk)
        if stats.last_sync is not None:
            last = stats.last_sync.timestamp()
            self._age.set_function(lambda: self._clock() - last)

    def median(self) -> float | None:
        """The median time of the last 1,000 questions, in seconds; ``None`` before the first."""
        return self._percentile(50)

    def p95(self) -> float | None:
        """The time that 95 of 100 of the last 1,000 questions took at most, in seconds."""
        return self._percentile(95)

    def errors_of_the_day(self) -> Mapping[str, int]:
        """What went wrong in the last 24 hours, and how often: outcomes of questions, errors of Telegram."""
        since = self._clock() - _DAY
        return Counts(kind for at, kind in self._errors if at >= since)

    def text(self) -> bytes:
        """All figures in Prometheus's text format."""
        return generate_latest(self._registry)

    def _percentile(self, share: int) -> float | None:
        """The nearest-rank percentile."""
        latencies = sorted(self._latencies)
        return latencies[math.ceil(share * len(latencies) / 100) - 1] if latencies else None
