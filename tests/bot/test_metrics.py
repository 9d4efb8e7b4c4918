"""Figures: what is counted, under which names, and what never is."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import OUTCOMES, STAGES, TELEGRAM_ERRORS, Metrics
from index.domain import Stats

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = 24 * 3600.0


class Clock:
    """A clock that is set by hand."""

    now = 1_000_000.0

    def __call__(self) -> float:
        """Seconds since the epoch."""
        return self.now


def samples(metrics: Metrics) -> dict[str, float]:
    """Every figure by name and label, read as Prometheus reads them."""

    def all_samples() -> Iterator[tuple[str, float]]:
        for family in text_string_to_metric_families(metrics.text().decode()):
            for sample in family.samples:
                label = "".join(f"{{{name}={value}}}" for name, value in sorted(sample.labels.items()))
                yield f"{sample.name}{label}", sample.value

    return dict(all_samples())


def stats(last_sync: datetime | None) -> Stats:
    """An archive of these figures."""
    days = {"first": date(2018, 1, 1), "last": date(2024, 5, 6)}
    return Stats(articles=3, passages=7, sources=(), encoder="toy", disk=4096, last_sync=last_sync, **days)


def test_questions_are_counted_by_outcome_and_timed_by_stage() -> None:
    """Every outcome is there from the start, at nought; a stage's seconds are summed and counted."""
    metrics = Metrics()
    assert {samples(metrics)[f"newsdesk_questions_total{{outcome={name}}}"] for name in OUTCOMES} == {0}
    for outcome, times in (("answered", 3), ("refused", 2), ("busy", 1)):
        for _ in range(times):
            metrics.answered(outcome, 0.5)
    metrics.stage("asking", 0.25)
    metrics.stage("asking", 0.5)
    figures = samples(metrics)
    counted = {name: figures[f"newsdesk_questions_total{{outcome={name}}}"] for name in OUTCOMES}
    assert counted == {"answered": 3, "refused": 2, "list": 0, "inline": 0, "busy": 1, "timeout": 0, "error": 0}
    assert figures["newsdesk_stage_seconds_sum{stage=asking}"] == 0.75
    assert figures["newsdesk_stage_seconds_count{stage=asking}"] == 2
    assert figures["newsdesk_stage_seconds_bucket{le=0.25}{stage=asking}"] == 1
    assert {figures[f"newsdesk_stage_seconds_count{{stage={name}}}"] for name in STAGES} == {2, 0}


def test_what_is_now_replaces_what_was() -> None:
    """The queue and the inbox are as long as was last said; duplicates add up."""
    metrics = Metrics()
    for count in (4, 2):
        metrics.waiting(count)
        metrics.inbox(count + 10)
        metrics.perhaps_twice()
    figures = samples(metrics)
    assert (figures["newsdesk_queue"], figures["newsdesk_inbox"]) == (2, 12)
    assert figures["newsdesk_possible_duplicates_total"] == 2


def test_the_age_of_the_last_sync_grows_by_itself() -> None:
    """It is reckoned when it is asked for; an archive that was never synced has none."""
    clock = Clock()
    metrics = Metrics(clock)
    assert math.isnan(samples(metrics)["newsdesk_last_sync_age_seconds"])
    metrics.synced(stats(None))
    assert math.isnan(samples(metrics)["newsdesk_last_sync_age_seconds"])
    metrics.synced(stats(datetime.fromtimestamp(clock.now - 60, UTC)))
    clock.now += 40
    figures = samples(metrics)
    assert figures["newsdesk_last_sync_age_seconds"] == 100
    assert [figures[f"newsdesk_archive_{name}"] for name in ("articles", "passages", "bytes")] == [3, 7, 4096]


def test_no_label_takes_what_is_not_in_the_lists() -> None:
    """A text, an id or a token given by mistake is counted as other, and shown nowhere."""
    metrics = Metrics()
    for kind in (*TELEGRAM_ERRORS, "123456789:AAtoken", "who stole the silver?"):
        metrics.telegram_error(kind)
    metrics.answered("who stole the silver?", 1.0)  # type: ignore[arg-type]
    metrics.stage("77", 1.0)  # type: ignore[arg-type]
    figures = samples(metrics)
    assert figures["newsdesk_telegram_errors_total{kind=other}"] == 2
    assert {figures[f"newsdesk_telegram_errors_total{{kind={kind}}}"] for kind in TELEGRAM_ERRORS} == {1}
    assert figures["newsdesk_questions_total{outcome=other}"] == 1
    assert figures["newsdesk_stage_seconds_count{stage=other}"] == 1
    for secret in ("silver", "AAtoken", "77"):
        assert secret not in "".join(figures)
    assert "silver" not in str(metrics.errors_of_the_day())


def test_the_telegram_library_has_no_other_errors() -> None:
    """The names that are counted are those of its errors; a request never fails with one about passports."""
    error = pytest.importorskip("telegram.error")
    kinds = {name for name, kind in vars(error).items() if isinstance(kind, type) and issubclass(kind, Exception)}
    assert kinds - {"PassportDecryptionError"} == set(TELEGRAM_ERRORS)


def test_median_and_p95_are_of_the_last_thousand_questions() -> None:
    """By nearest rank: of 1 to 1000 they are 500 and 950; what came before, and what was not answered, is not in it."""
    metrics = Metrics()
    assert (metrics.median(), metrics.p95()) == (None, None)
    metrics.answered("answered", 7.0)
    assert (metrics.median(), metrics.p95()) == (7.0, 7.0)
    for seconds in range(1, 1001):
        metrics.answered("refused" if seconds % 2 else "answered", float(seconds))
        metrics.answered("busy", 0.0)
        metrics.answered("timeout", 60.0)
    assert (metrics.median(), metrics.p95()) == (500.0, 950.0)


def test_errors_are_those_of_the_last_day() -> None:
    """Outcomes that are errors and errors of Telegram, each with its count; older ones are forgotten."""
    clock = Clock()
    metrics = Metrics(clock)
    metrics.telegram_error("Conflict")
    clock.now += DAY - 1
    metrics.telegram_error("Conflict")
    metrics.telegram_error("TimedOut")
    metrics.answered("error", 0.1)
    metrics.answered("busy", 0.1)
    assert metrics.errors_of_the_day() == {"Conflict": 2, "TimedOut": 1, "error": 1}
    clock.now += 2
    assert metrics.errors_of_the_day() == {"Conflict": 1, "TimedOut": 1, "error": 1}


def test_two_processes_figures_do_not_mix() -> None:
    """Each has a registry of its own."""
    first, second = Metrics(), Metrics()
    first.perhaps_twice()
    assert samples(second)["newsdesk_possible_duplicates_total"] == 0
