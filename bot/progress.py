"""How far a sync is: a bar with rate and time left in a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from index import ReencodeProgress, SyncProgress

_P = TypeVar("_P")
_SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def showing() -> Iterator[Callable[[SyncProgress], None]]:
    """Give a function that shows a sync's progress on standard error."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[done]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("getting ready", total=None, done="")
        began: float | None = None

        def show(progress: SyncProgress) -> None:
            nonlocal began
            began = began or time.monotonic()  # what comes before is loading the encoder
            reading = progress.files_done < progress.files_total
            done = f"{progress.files_done:,} of {progress.files_total:,}"
            if progress.passages:
                done += f" · {progress.passages / max(time.monotonic() - began, 1e-3):,.0f} passages/s"
            bar.tasks[task].total = progress.files_total if reading else None  # the last passages take what they take
            bar.update(
                task,
                description="reading files" if reading else "encoding the last",
                completed=progress.files_done,
                done=done,
            )

        yield show


@contextmanager
def showing_passages() -> Iterator[Callable[[ReencodeProgress], None]]:
    """Give a function that shows a re-encoding's progress on standard error."""
    if not sys.stderr.isatty():
        yield _said_now_and_then(lambda progress: f"{progress.done:,} of {progress.total:,} passages")
        return
    columns = (TextColumn("encoding again"), BarColumn(), TextColumn("{task.fields[done]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, done="")

        def show(progress: ReencodeProgress) -> None:
            done = f"{progress.done:,} of {progress.total:,} passages"
            bar.update(task, total=progress.total, completed=progress.done, done=done)

        yield show


def _lines() -> Callable[[SyncProgress], None]:
    def said(progress: SyncProgress) -> str:
        done = f"{progress.files_done:,} of {progress.files_total:,} files"
        return f"{done}, {progress.articles:,} articles, {progress.passages:,} passages"

    return _said_now_and_then(said)


def _said_now_and_then(said: Callable[[_P], str]) -> Callable[[_P], None]:
    last = time.monotonic()

    def show(progress: _P) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _SECONDS_BETWEEN_LINES:
            last = now
            print(said(progress), file=sys.stderr)  # noqa: T201 - plain lines are the point

    return show
