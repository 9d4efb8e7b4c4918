"""Reindexing: the command, the priority, one at a time, and the end of it."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.reindexing import (
    Reindexing,
    RemovalHeld,
    SyncCancelled,
    SyncElsewhere,
    SyncFailed,
    SyncStopped,
    sync_command,
)
from index.domain import SyncProgress, SyncReport
from index.store.lock import writing

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTS = "added=1, changed=0, unchanged=0, removed=0"
DONE = f"import json; print(json.dumps(dict(report=dict({COUNTS}, seconds=%s, refused=[]))))"


def python(code: str, *arguments: str) -> Callable[[], list[str]]:
    """What starts a child that runs this code."""
    return lambda: [sys.executable, "-c", code, *arguments]


def test_the_command_syncs_the_sources_into_the_archive() -> None:
    """Sources come behind --, so that none is taken for an option."""
    command = sync_command(Path("/archive"), [Path("-x"), Path("b c")])
    assert command == [
        *[sys.executable, "-m", "bot", "sync", "--json", "--archive", "/archive"],
        *["--", "-x", "b c"],
    ]


async def test_the_child_is_of_lower_priority() -> None:
    """Its nice value is ten above ours, or the highest there is."""
    code = f"import os, time; time.sleep(0.3); {DONE % 'os.getpriority(os.PRIO_PROCESS, 0)'}"
    report = await Reindexing(python(code)).start()
    assert isinstance(report, SyncReport)
    assert report.seconds == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)


async def test_one_runs_at_a_time() -> None:
    """A second is refused while one runs, and can be started after it; progress is of the running one."""
    progress = '{"progress": {"files_done": 1, "files_total": 2, "articles": 3, "passages": 4}}'
    reindexing = Reindexing(python(f"print('{progress}', flush=True); import time; time.sleep(0.3); {DONE % 1}"))
    run = reindexing.start()
    assert reindexing.running
    assert (run.progress, run.ended) == (None, None)
    with pytest.raises(RuntimeError, match="is running"):
        reindexing.start()
    assert (await run) == SyncReport(added=1, changed=0, unchanged=0, removed=0, refused=(), seconds=1)
    assert run.ended == run.task.result()
    assert not reindexing.running
    assert run.progress == SyncProgress(files_done=1, files_total=2, articles=3, passages=4)
    again = reindexing.start()
    assert reindexing.run is again
    assert again.key != run.key
    await again


async def test_a_report_of_a_child_that_failed_after_it_is_not_believed() -> None:
    """Only exit status 0 makes a report true."""
    ended = await Reindexing(python(f"{DONE % 1}; raise SystemExit('newsdesk: disk full')")).start()
    assert isinstance(ended, SyncFailed)
    assert str(ended) == "disk full"


async def test_the_command_is_asked_for_at_each_start() -> None:
    """What is to be synced may have changed in between."""
    seconds = iter("56")
    reindexing = Reindexing(lambda: [sys.executable, "-c", DONE % next(seconds)])
    reports = [await reindexing.start() for _ in range(2)]
    assert [isinstance(each, SyncReport) and each.seconds for each in reports] == [5, 6]


async def test_a_child_that_cannot_be_started_is_a_failure() -> None:
    """Where there is no such program, that is said, and another can be tried."""
    reindexing = Reindexing(lambda: ["/nowhere/newsdesk"])
    for _ in range(2):
        assert str(await reindexing.start()) == "the sync could not be started: No such file or directory"


async def test_what_is_no_report_is_passed_over() -> None:
    """Text, and JSON that is no object, are not what the child reports."""
    noise = "print('progress'); print('[1]'); print('7')"
    assert isinstance(await Reindexing(python(f"{noise}; {DONE % 1}")).start(), SyncReport)


@pytest.mark.parametrize("seconds", [0.0, 0.5])
async def test_a_cancelled_sync_ends_and_another_may_begin(seconds: float) -> None:
    """At once, or while the child runs; the child gets SIGTERM."""
    reindexing = Reindexing(python("import time; time.sleep(20)"))
    for _ in range(2):
        run = reindexing.start()
        await asyncio.sleep(seconds)
        await run.end(SyncCancelled("cancelled"))
        assert isinstance(await asyncio.wait_for(run, 5), SyncCancelled)
        await run.end(SyncCancelled("again"))
        assert str(run.ended) == "cancelled"


async def test_a_child_that_ends_well_all_the_same_was_not_cancelled() -> None:
    """It finished what it was doing when SIGTERM came."""
    ready = '{"progress": {"files_done": 1, "files_total": 2, "articles": 3, "passages": 4}}'
    told = f"signal.signal(signal.SIGTERM, lambda *_: ends.append(1)); print('{ready}', flush=True)"
    wait = "exec('while not ends: time.sleep(0.01)')"
    run = Reindexing(python(f"import signal, time; ends = []; {told}; {wait}; {DONE % 1}")).start()
    async with asyncio.timeout(300):
        while run.progress is None:  # noqa: ASYNC110 - another process says it
            await asyncio.sleep(0.01)
    await run.end(SyncCancelled("cancelled"))
    assert isinstance(await run, SyncReport)


async def test_what_was_held_back_can_be_removed() -> None:
    """The archive's refusal is told from other failures, without its advice; the option comes before the sources."""
    said = "5 of the 9 articles are no longer there. If they should go: newsdesk sync --allow-removal"
    code = f"import sys; sys.argv[1] == '--' and sys.exit('newsdesk: {said}'); {DONE % 'len(sys.argv)'}"
    reindexing = Reindexing(python(code, "--", "a", "b"))
    held = await reindexing.start()
    assert isinstance(held, RemovalHeld)
    assert str(held) == "5 of the 9 articles are no longer there."
    done = await reindexing.start(allow_removal=True)
    assert isinstance(done, SyncReport)
    assert done.seconds == len(["-c", "--allow-removal", "--", "a", "b"])


async def test_the_real_archive_holds_back_what_a_button_then_removes(tmp_path: Path, newsdesk_cache: Path) -> None:
    """The words by which a refusal is known are those of the command itself."""
    sources = tmp_path / "articles"
    sources.mkdir()
    for name in ("one", "two", "three"):
        (sources / f"{name}.txt").write_text(
            f"The {name} ferry\n\nThe ferry number {name} left the harbour on Monday.\n"
        )
    command = sync_command(tmp_path / "archive", [sources])
    reindexing = Reindexing(lambda: ["env", f"NEWSDESK_CACHE={newsdesk_cache}", *command])
    first = await reindexing.start()
    assert isinstance(first, SyncReport), first
    assert first.added == 3
    (sources / "one.txt").unlink()
    (sources / "two.txt").unlink()
    held = await reindexing.start()
    assert isinstance(held, RemovalHeld), held
    assert str(held).startswith("2 of the 3 articles in the archive are no longer there")
    assert "newsdesk sync" not in str(held)
    done = await reindexing.start(allow_removal=True)
    assert isinstance(done, SyncReport), done
    assert done.removed == 2
    with writing(tmp_path / "archive"):
        elsewhere = await reindexing.start()
    assert isinstance(elsewhere, SyncElsewhere), elsewhere


async def test_after_stop_none_begins() -> None:
    """Stopping without a running child is quick, and final."""
    reindexing = Reindexing(python(DONE % 1))
    await asyncio.wait_for(reindexing.stop(), 1)
    assert isinstance(await reindexing.start(), SyncStopped)


async def test_a_large_report_is_read_whole() -> None:
    """Thousands of refused files in one line are no problem."""
    refused = "[dict(path='x' * 200, reason='y' * 200)] * 5000"
    code = f"import json; print(json.dumps(dict(report=dict({COUNTS}, seconds=1, refused={refused}))))"
    report = await Reindexing(python(code)).start()
    assert isinstance(report, SyncReport)
    assert len(report.refused) == 5000
