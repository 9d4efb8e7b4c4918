"""Adding and removing by children: what they say is believed, what they do wrong is told, none outlives the bot."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

import pytest

from bot import adding as module
from bot.adding import Adding, NotDone
from bot.children import told
from bot.desk import DeskClosing
from bot.reindexing import Run, SyncFailed, SyncStopped
from index.domain import SyncReport

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

REPORT = "{'added': 1, 'changed': 0, 'unchanged': 2, 'removed': 0, 'refused': [], 'seconds': 0.5}"
DONE = f"import json; print(json.dumps({{'report': {REPORT}}}))"
BUSY = "import sys; sys.exit('newsdesk: /archive is being changed by process 1; wait for it to end')"
HANGS = "import os, pathlib, time; pathlib.Path({!r}).write_text(str(os.getpid())); time.sleep(60)"


def python(code: str) -> list[str]:
    """A child that runs this."""
    return [sys.executable, "-c", code]


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let looking be done by a child that runs this."""
    return lambda code: monkeypatch.setattr(module, "preview_command", lambda *_: python(code))


@pytest.fixture
def syncs(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let one sync after the other be done by children that run these."""

    def install(*codes: str) -> None:
        left = iter(codes)
        monkeypatch.setattr(module, "sync_command", lambda *_: python(next(left)))
        monkeypatch.setattr(module, "_PAUSE_SECONDS", 0.0)

    return install


async def until(there: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(300):
        while not there():  # noqa: ASYNC110 - another process makes it so
            await asyncio.sleep(0.02)


def is_alive(pid: Path) -> bool:
    """Whether the process that wrote its number there runs."""
    try:
        os.kill(int(pid.read_text()), 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_child_is_heard_to_its_end() -> None:
    """What it prints, and nothing that it says beside; its priority is low."""
    done = await told(python("import os, sys; sys.stderr.write('x'); print(os.nice(0))"), seconds=20)
    assert done.failure == ""
    assert int(done.printed) >= min(19, os.nice(0) + 10)


@pytest.mark.parametrize(
    ("command", "failure"),
    [
        (python("import sys; print('half'); sys.exit('WARNING a\\nnewsdesk: it is broken\\n\\n')"), "it is broken"),
        (python("import sys; sys.exit(3)"), "it ended with status 3"),
        (python("import os; os.kill(os.getpid(), 9)"), "it ended with status -9"),
        (["/nowhere/newsdesk"], "it could not be started: No such file or directory"),
    ],
)
async def test_what_a_child_cannot_do_is_told(command: list[str], failure: str) -> None:
    """Its last word, or how it ended."""
    assert (await told(command, seconds=20)).failure == failure


async def test_a_child_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """It is not left behind."""
    pid = tmp_path / "pid"
    late = await told(python(HANGS.format(str(pid))), seconds=1.0)
    assert late.failure == "it took longer than 1 seconds"
    assert not pid.exists() or not is_alive(pid)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("print('no JSON')", "cannot be read"),
        ("print('{}')", "cannot be read"),
        ("import sys; sys.exit('newsdesk: no archive in /a')", "no archive in /a"),
    ],
)
async def test_a_look_that_fails_says_why(tmp_path: Path, looks: Callable[[str], None], code: str, reason: str) -> None:
    """Also where a child says something else than it should."""
    looks(code)
    for look in (Adding(tmp_path).preview, Adding(tmp_path).named):
        with pytest.raises(NotDone, match=reason):
            await look("a")


async def test_looking_ends_with_the_bot(tmp_path: Path, looks: Callable[[str], None]) -> None:
    """The message is answered at the next start; the child does not go on."""
    pid = tmp_path / "pid"
    looks(HANGS.format(str(pid)))
    adding = Adding(tmp_path)
    looking = asyncio.create_task(adding.preview("a"))
    await until(lambda: pid.exists() and bool(pid.read_text()))
    await adding.stop()
    with pytest.raises(DeskClosing):
        await looking
    assert not is_alive(pid)


async def test_a_sync_waits_for_the_one_that_runs(tmp_path: Path, syncs: Callable[..., None]) -> None:
    """It begins after the other has ended, not before."""
    syncs(DONE)
    go = tmp_path / "go"
    code = f"import pathlib, time\nwhile not pathlib.Path({str(go)!r}).exists(): time.sleep(0.02)\n{DONE}"
    other = Run(python(code))
    adding = Adding(tmp_path, lambda: other)
    sync = asyncio.create_task(adding.sync())
    await asyncio.sleep(0.2)
    assert not sync.done()
    go.touch()
    ended = await sync
    assert other.ended is not None
    assert isinstance(ended, SyncReport)
    assert ended.added == 1


async def test_a_sync_that_another_process_keeps_out_is_tried_again(
    tmp_path: Path, syncs: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So often; then it is said."""
    syncs(BUSY, BUSY, DONE, BUSY, BUSY)
    assert isinstance(await Adding(tmp_path).sync(), SyncReport)
    monkeypatch.setattr(module, "_TRIES", 2)
    ended = await Adding(tmp_path).sync()
    assert isinstance(ended, SyncFailed)
    assert "being changed" in str(ended)


async def test_a_sync_ends_with_the_bot(tmp_path: Path, syncs: Callable[..., None]) -> None:
    """The one that runs, and the one that waits for it."""
    pid = tmp_path / "pid"
    syncs(HANGS.format(str(pid)), DONE)
    adding = Adding(tmp_path)
    both = [asyncio.create_task(adding.sync()) for _ in range(2)]
    await until(lambda: pid.exists() and bool(pid.read_text()))
    await adding.stop()
    assert [type(ended) for ended in await asyncio.gather(*both)] == [SyncStopped, SyncStopped]
    assert not is_alive(pid)


async def test_a_removal_that_fails_says_why(tmp_path: Path) -> None:
    """Where there is no archive, the command's own words; a name that looks like an option is a name."""
    with pytest.raises(NotDone, match="no archive in"):
        await Adding(tmp_path / "none").remove("--undo")
