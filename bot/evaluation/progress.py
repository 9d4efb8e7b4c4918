"""How far an evaluation is: a bar in a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def showing_questions(total: int) -> Iterator[Callable[[int], None]]:
    """Give a function that shows, on standard error, how many of the questions were asked."""
    if not sys.stderr.isatty():
        yield _lines(total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("looking for the right articles", total=total)

        def show(done: int) -> None:
            bar.update(task, description="asking", completed=done)

        yield show


def _lines(total: int) -> Callable[[int], None]:
    last = time.monotonic()

    def show(done: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _SECONDS_BETWEEN_LINES:
            last = now
            print(f"{done:,} of {total:,} questions", file=sys.stderr)  # noqa: T201 - plain lines are the point

    return show
