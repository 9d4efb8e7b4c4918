"""A killed process: what it had committed is kept, the next command goes on, and nothing is there twice."""

from __future__ import annotations

import importlib.util
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from faults import tracing
from faults.calls import Kind
from faults.checks import check
from faults.work import command, environment, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from faults.conftest import Ground
    from faults.tracing import Run, Step, Where

pytestmark = pytest.mark.usefixtures("traced")

SPREAD = 160
"""Points of the long form among the steps of SQLite, beside every step of the derived indexes."""


def step(kind: Kind, name: str) -> Where:
    """The steps of a kind whose file has a name like this."""
    return lambda each: each.kind is kind and re.search(name, each.name) is not None


def is_derived(each: Step) -> bool:
    """Whether it changes a file that can be made anew."""
    return not each.name.startswith("archive.")


def is_truth(each: Step) -> bool:
    """Whether it changes the database, its log, or the lock."""
    return not is_derived(each)


POINTS = {
    "the lock's first change": (step(Kind.RESIZE, r"\.lock$"), 1, False),
    "the log's first write": (step(Kind.WRITE, "-wal$"), 1, False),
    "a write of the log": (step(Kind.WRITE, "-wal$"), 40, False),
    "half a write of the log": (step(Kind.WRITE, "-wal$"), 101, True),
    "a flush of the log": (step(Kind.FLUSH, "-wal$"), 2, False),
    "half a write of the database": (step(Kind.WRITE, r"archive\.db$"), 3, True),
    "a flush of the database": (step(Kind.FLUSH, r"archive\.db$"), 1, False),
    "the first file of the lexical index": (step(Kind.NAME, r"lexical.*/\w+\.\w+$"), 1, False),
    "half a write of terms": (step(Kind.WRITE, r"lexical.*/\w+\.term$"), 1, True),
    "half a write of deletions": (step(Kind.WRITE, r"lexical.*/[\w.]+\.del$"), 1, True),
    "a flush of the lexical index": (step(Kind.FLUSH, r"lexical.*/\w+\.\w+$"), 3, False),
    "tantivy's list of files": (step(Kind.NAME, r"/\.managed\.json$"), 2, False),
    "tantivy's commit": (step(Kind.NAME, r"/meta\.json$"), 1, False),
    "between two commits of tantivy": (step(Kind.NAME, r"/meta\.json$"), 2, False),
    "half a write of a manifest": (step(Kind.WRITE, r"(lexical|dense)[-\d]*\.json\.new$"), 1, True),
    "the rename of a manifest": (step(Kind.NAME, r"(lexical|dense)[-\d]*\.json$"), 1, False),
}
"""One of each kind: which steps, the number among them, and whether half of it is done."""


def killed(ground: Ground, where: Where, n: int, *, torn: bool) -> Run:
    """A sync that was killed there."""
    argv = command("sync", ground.archive, ground.articles)
    return tracing.kill_at(argv, ground.archive, n, where=where, torn=torn, env=environment())


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_sync_loses_nothing(point: str, fresh: Callable[[], Ground]) -> None:
    """Every article is as it was or as it is now; the next sync completes; each is found by its word, once."""
    where, n, torn = POINTS[point]
    ground = fresh()
    run = killed(ground, where, n, torn=torn)
    assert run.acted, f"the sync has no such step: {run.err}"
    assert run.status == -9
    ground.check_goes_on()


@pytest.mark.parametrize("part", [is_derived, is_truth])
def test_a_sync_killed_anywhere_loses_nothing(part: Where, fresh: Callable[[], Ground], *, long_form: bool) -> None:
    """At every step of the derived indexes, amid each write of theirs, and at steps spread over those of SQLite."""
    if not long_form:
        pytest.skip("one point of each kind is tried; all with NEWSDESK_FAULTS=all")
    ground = fresh()
    every = [each for each in tracing.steps(*_counted(ground), env=environment()).steps if part(each)]
    ground.check_goes_on(ground.after)
    apart = max(1, len(every) // SPREAD) if part is is_truth else 1
    failed = []
    for n in range(1, len(every) + 1, apart):
        torn = every[n - 1].kind is Kind.WRITE and (part is is_derived or n // apart % 2 == 0)
        ground = fresh()
        run = killed(ground, part, n, torn=torn)
        try:
            ground.check_goes_on(*((ground.after,) if run.acted is None else ()))
        except Exception as error:  # noqa: BLE001 - all points are tried, and each that failed is named
            failed.append(f"{n} {run.acted} {torn=}: {type(error).__name__}: {error}")
    assert failed == []


def _counted(ground: Ground) -> tuple[list[str], object]:
    return command("sync", ground.archive, ground.articles), ground.archive


FIRST = {
    "the folder": (step(Kind.NAME, "^$"), 1),
    "the database": (step(Kind.NAME, r"^archive\.db$"), 1),
    "the schema": (step(Kind.WRITE, r"^archive\.db"), 3),
    "the first commit": (step(Kind.FLUSH, r"-wal$"), 1),
    "the lexical index": (step(Kind.NAME, "lexical.*/"), 2),
    "the lexical index's first commit": (step(Kind.NAME, r"/meta\.json$"), 1),
}
"""Steps of a first sync."""


@pytest.mark.parametrize("point", FIRST)
def test_a_killed_first_sync_can_be_run_again(point: str, template: Ground, fresh: Callable[[], Ground]) -> None:
    """Nothing of it, or what it committed, is there; the next one makes the archive."""
    where, n = FIRST[point]
    ground = fresh()
    shutil.rmtree(ground.archive)
    run = killed(ground, where, n, torn=False)
    assert run.acted
    assert run.status == -9
    ground.check_goes_on({}, template.after)


@pytest.mark.parametrize("place", [r"-wal$", r"lexical.*/\w+\.\w+$", r"/meta\.json$", r"archive\.db$"])
def test_a_killed_removal_takes_all_or_nothing(place: str, fresh: Callable[[], Ground]) -> None:
    """The article is there whole or gone; removing it again ends with it gone, and the next sync keeps it out."""
    ground = fresh()
    path = next(iter(ground.after))
    run = tracing.kill_at(
        command("remove", ground.archive, path),
        ground.archive,
        1,
        where=lambda each: re.search(place, each.name) is not None,
        env=environment(),
    )
    assert run.acted, run.err
    rest = {name: story for name, story in ground.before.items() if name != path}
    with opened(ground.archive) as archive:
        if path in check(archive, ground.before, rest):
            assert archive.remove(path) == 1
        archive.sync([ground.articles], allow_removal=True)
        check(archive, {name: story for name, story in ground.after.items() if name != path})


@pytest.mark.skipif(importlib.util.find_spec("index.store.folding") is None, reason="nothing is folded")
@pytest.mark.parametrize("torn", [False, True])
def test_a_killed_folding_leaves_dense_search_as_it_was(
    fresh: Callable[[], Ground], *, torn: bool, long_form: bool
) -> None:
    """At every step (of the short form, at three): questions are answered as before, and folding again completes."""
    ground = fresh()
    with opened(ground.archive) as archive:
        archive.sync([ground.articles], allow_removal=True)
    argv = command("fold", ground.archive)
    every = tracing.steps(argv, ground.archive, env=environment()).steps
    numbers = [each.number for each in every if is_derived(each)]
    assert len(numbers) >= 4
    for n in numbers if long_form else numbers[1 :: max(1, len(numbers) // 3)]:
        run = tracing.kill_at(argv, ground.archive, n, torn=torn, env=environment())
        assert run.acted, run.err
        with opened(ground.archive) as archive:
            check(archive, ground.after)
    assert tracing.steps(argv, ground.archive, env=environment()).status == 0
    ground.check_goes_on(ground.after)
