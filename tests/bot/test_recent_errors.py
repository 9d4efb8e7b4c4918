"""Errors of late: those that were logged, for a day, without secrets."""

from __future__ import annotations

import logging

from bot.logs import Discretion
from bot.recent_errors import RecentErrors

log = logging.getLogger("newsdesk.test")


def test_errors_are_kept_for_a_day_and_warnings_are_not() -> None:
    """Oldest first, each with its moment; only while it listens."""
    now = [0.0]
    errors = RecentErrors(clock=lambda: now[0])
    log.error("before")
    with errors.listening():
        log.error("one")
        log.warning("not serious")
        now[0] = 3600.0
        log.error("two\nlines %s", 7)
    log.error("after")
    assert errors.of_the_day() == ((0.0, "one"), (3600.0, "two lines 7"))
    now[0] = 86400.0 + 1
    assert errors.of_the_day() == ((3600.0, "two lines 7"),)


def test_neither_the_token_nor_what_readers_write_is_told() -> None:
    """A foreign exception is told by its kind; a line is of a length that can be read on a telephone."""
    errors = RecentErrors(Discretion(secrets=("123:secret",)))
    with errors.listening():
        log.error(
            "at https://api.example/bot123:secret/getMe",
            exc_info=ValueError("who is my neighbour?"),
            extra={"question": "who is my neighbour?"},
        )
        log.error("x" * 5000)
    (_, first), (_, second) = errors.of_the_day()
    assert first == "at https://api.example/bot<token>/getMe (ValueError)"
    assert second == "x" * 300
