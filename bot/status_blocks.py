"""How the bot does, on one screen of a telephone (pure)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.texts import Texts
    from index.domain import Stats

_LISTED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What is known. Moments are in seconds since the epoch, latencies in seconds; ``None`` before the first question.

    ``archive`` is ``None`` where it could not be asked; ``syncs`` and ``errors`` are lines by their moments, the newest
    last; ``failures`` counts what went wrong in the last day by kind; ``feedback`` is how many said right, and wrong.
    """

    archive: Stats | None
    waiting: int
    longest: int
    median: float | None = None
    p95: float | None = None
    syncs: tuple[tuple[float, str], ...] = ()
    errors: tuple[tuple[float, str], ...] = ()
    failures: Mapping[str, int] = field(default_factory=dict)
    feedback: tuple[int, int] = (0, 0)
    timezone: tzinfo = UTC


def status_blocks(status: Status, texts: Texts) -> list[str]:
    """Blocks of HTML: archive, questions, syncs, errors, feedback."""
    right, wrong = status.feedback
    return [
        "\n".join(_archive(status, texts)),
        "\n".join(_questions(status, texts)),
        "\n".join(_syncs(status, texts)),
        "\n".join(_errors(status, texts)),
        texts.html("status_feedback", right=right, wrong=wrong),
    ]


def _archive(status: Status, texts: Texts) -> list[str]:
    stats = status.archive
    if stats is None:
        return [texts.html("status_archive_busy")]
    size = f"{stats.disk / 1_000_000:,.1f}"
    lines = [
        texts.html(
            "status_archive",
            articles=texts.number(stats.articles),
            passages=texts.number(stats.passages),
            megabytes=size,
        )
    ]
    if stats.first and stats.last:
        lines.append(texts.html("status_dates", first=texts.date(stats.first), last=texts.date(stats.last)))
    if stats.last_sync is None:
        return [*lines, texts.html("status_never")]
    return [*lines, texts.html("status_last_sync", moment=_moment(stats.last_sync.timestamp(), status, texts))]


def _questions(status: Status, texts: Texts) -> list[str]:
    lines = [texts.html("status_questions", waiting=status.waiting, longest=status.longest)]
    if status.median is not None and status.p95 is not None:
        lines.append(texts.html("status_latency", median=f"{status.median:.1f}", p95=f"{status.p95:.1f}"))
    return lines


def _syncs(status: Status, texts: Texts) -> list[str]:
    if not status.syncs:
        return [texts.html("status_no_syncs")]
    shown = (_line(at, said, status, texts) for at, said in status.syncs[-_LISTED:][::-1])
    return [texts.html("status_syncs"), *shown]


def _errors(status: Status, texts: Texts) -> list[str]:
    lines = [texts.html("status_errors", count=len(status.errors))]
    if status.errors:
        lines.append(_line(*status.errors[-1], status, texts))
    failures = sorted(status.failures.items(), key=lambda each: (-each[1], each[0]))
    if failures:
        listed = ", ".join(f"{kind} {count}" for kind, count in failures)
        lines.append(texts.html("status_failures", listed=listed))
    return lines


def _line(at: float, said: str, status: Status, texts: Texts) -> str:
    return texts.html("status_line", moment=_moment(at, status, texts), what=said)


def _moment(at: float, status: Status, texts: Texts) -> str:
    moment = datetime.fromtimestamp(at, status.timezone)
    return f"{texts.date(moment.date())}, {moment:%H:%M}"
