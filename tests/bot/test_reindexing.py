"""Reindexing: the command, the priority, one at a time, and what is said about it."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from bot.handlers.reindex import summary
from bot.reindexing import Reindexing, SyncFailed, SyncStopped, sync_command
from bot.texts import Texts
from index.domain import Refusal, SyncProgress, SyncReport

TEXTS = Texts.load()
COUNTS = "added=1, changed=0, unchanged=0, removed=0"
DONE = f"import json; print(json.dumps(dict(report=dict({COUNTS}, seconds=%s, refused=[]))))"


def python(code: str) -> list[str]:
    """A child that runs this code."""
    return [sys.executable, "-c", code]


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
    assert report.seconds == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)


async def test_one_runs_at_a_time() -> None:
    """A second is refused while one runs, and can be started after it; progress is of the running one."""
    progress = '{"progress": {"files_done": 1, "files_total": 2, "articles": 3, "passages": 4}}'
    reindexing = Reindexing(python(f"print('{progress}', flush=True); import time; time.sleep(0.3); {DONE % 1}"))
    task = reindexing.start()
    assert reindexing.running
    with pytest.raises(RuntimeError, match="is running"):
        reindexing.start()
    assert (await task).added == 1
    assert not reindexing.running
    assert reindexing.progress == SyncProgress(files_done=1, files_total=2, articles=3, passages=4)
    again = reindexing.start()
    assert reindexing.progress is None
    await again


async def test_a_report_of_a_child_that_failed_after_it_is_not_believed() -> None:
    """Only exit status 0 makes a report true."""
    with pytest.raises(SyncFailed, match=r"^disk full$"):
        await Reindexing(python(f"{DONE % 1}; raise SystemExit('newsdesk: disk full')")).start()


async def test_after_stop_none_begins() -> None:
    """Stopping without a running child is quick, and final."""
    reindexing = Reindexing(python(DONE % 1))
    await asyncio.wait_for(reindexing.stop(), 1)
    with pytest.raises(SyncStopped):
        await reindexing.start()


async def test_a_large_report_is_read_whole() -> None:
    """Thousands of refused files in one line are no problem."""
    refused = "[dict(path='x' * 200, reason='y' * 200)] * 5000"
    code = f"import json; print(json.dumps(dict(report=dict({COUNTS}, seconds=1, refused={refused}))))"
    assert len((await Reindexing(python(code)).start()).refused) == 5000


@pytest.mark.parametrize(
    ("refused", "lines"),
    [
        (0, []),
        (1, ["refused: 1", "– f0 &lt;x&gt;: empty"]),
        (5, ["refused: 5", *(f"– f{number} &lt;x&gt;: empty" for number in range(5))]),
        (7, ["refused: 7", *(f"– f{number} &lt;x&gt;: empty" for number in range(5)), "– and others: 2"]),
    ],
)
def test_the_summary_names_the_first_refused_files(refused: int, lines: list[str]) -> None:
    """Up to five are named, the rest counted."""
    refusals = tuple(Refusal(path=f"f{number} <x>", reason="empty") for number in range(refused))
    report = SyncReport(added=1, changed=2, unchanged=3, removed=4, refused=refusals, seconds=5.4)
    head = ["The archive is up to date, after 5 s.", "added: 1", "changed: 2", "unchanged: 3", "removed: 4"]
    assert summary(report, TEXTS).split("\n") == head + lines


def test_long_names_are_shortened() -> None:
    """A summary fits a message whatever the files are called."""
    refusals = tuple(Refusal(path="p" * 5000, reason="r " * 5000) for _ in range(9))
    report = SyncReport(added=1, changed=2, unchanged=3, removed=4, refused=refusals, seconds=5.4)
    assert len(summary(report, TEXTS)) < 4096
