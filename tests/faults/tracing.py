"""Run a process and, at the n-th system call by which it changes a folder, kill it or have the call fail."""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from faults.calls import Kind
from faults.tracer import Act, Run, Step, Tracer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Where = Callable[[Step], bool]
"""Which steps are meant."""


def anywhere(_: Step) -> bool:
    """All of them."""
    return True


def steps(argv: Sequence[str], folder: Path, *, env: Mapping[str, str] | None = None) -> Run:
    """Run to the end, counting only."""
    return Tracer(folder, lambda _: None).run(argv, env)


def kill_at(
    argv: Sequence[str],
    folder: Path,
    n: int,
    *,
    where: Where = anywhere,
    torn: bool = False,
    env: Mapping[str, str] | None = None,
) -> Run:
    """Kill a process and all its children as they enter the n-th step of those meant.

    Args:
        argv: the program and its arguments.
        folder: what is changed outside it does not count.
        n: which step, from 1; it is not done.
        where: the steps meant.
        torn: have the first half of the step done, where it is a write.
        env: the environment, the tests' own where none is given.

    """
    met = count()
    return Tracer(folder, lambda step: Act(kill=True, torn=torn) if where(step) and next(met) == n - 1 else None).run(
        argv, env
    )


def fail_at(
    argv: Sequence[str],
    folder: Path,
    n: int,
    errno: int,
    *,
    where: Where = anywhere,
    sticky: bool = False,
    env: Mapping[str, str] | None = None,
) -> Run:
    """Have the n-th step of those meant fail, without being done; ``sticky``: and every later one of its kind."""
    met, failing = count(), set[Kind]()

    def decide(step: Step) -> Act | None:
        chosen = where(step) and next(met) == n - 1
        if chosen and sticky:
            failing.add(step.kind)
        return Act(errno=errno) if chosen or step.kind in failing else None

    return Tracer(folder, decide).run(argv, env)


@cache
def unavailable() -> str:
    """Why nothing can be traced here; empty where it can."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return "tracing needs Linux on x86_64"
    with tempfile.TemporaryDirectory() as folder:
        run = steps([sys.executable, "-c", f"open({folder + '/probe'!r}, 'w').close()"], Path(folder))
        return "" if [step.name for step in run.steps] == ["probe"] else f"tracing is not permitted here: {run.err}"
