"""A sync of the archive in a child process of low priority, so that readers go on being answered."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from typing import TYPE_CHECKING

from index.domain import Refusal, SyncProgress, SyncReport
from index.errors import NewsdeskError

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

_NICER = 10
_LONGEST_LINE = 2**24
_PATIENCE_SECONDS = 10.0


class SyncFailed(NewsdeskError):
    """The child ended without a report; the message is its last word."""


class SyncStopped(NewsdeskError):
    """The child was ended by ``stop``."""


def sync_command(archive: Path, sources: Sequence[Path]) -> list[str]:
    """The command that syncs the sources into the archive, and says on stdout how far it is, in lines of JSON."""
    return [sys.executable, "-m", "bot", "sync", "--json", "--archive", str(archive), "--", *map(str, sources)]


class Reindexing:
    """At most one sync at a time. ``progress`` is the last that the running one said, ``None`` before."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: Process | None = None
        self._stopping = False
        self.running = False
        self.progress: SyncProgress | None = None

    def start(self) -> asyncio.Task[SyncReport]:
        """Begin a sync; the task gives its report, or raises ``SyncFailed``, or ``SyncStopped`` after ``stop``.

        Raises:
            RuntimeError: one is running already; ask ``running`` first.
        """
        if self.running:
            raise RuntimeError("a sync is running")
        self.running, self.progress = True, None
        return asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End the running child, if any, and start no other."""
        self._stopping = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _PATIENCE_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _run(self) -> SyncReport:
        try:
            return await self._sync()
        finally:
            self.running, self._process = False, None

    async def _sync(self) -> SyncReport:
        if self._stopping:
            raise SyncStopped("the bot is ending")
        pipe = asyncio.subprocess.PIPE
        self._process = process = await asyncio.create_subprocess_exec(
            *self._command, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe, limit=_LONGEST_LINE
        )
        _lower_priority(process.pid)
        if process.stdout is None or process.stderr is None:
            raise RuntimeError("a pipe was asked for and not given")
        report, said = await asyncio.gather(self._follow(process.stdout), process.stderr.read())
        status = await process.wait()
        if report is not None and status == 0:
            return report
        if self._stopping:
            raise SyncStopped("the bot is ending")
        raise SyncFailed(_last_word(said, status))

    async def _follow(self, lines: asyncio.StreamReader) -> SyncReport | None:
        report = None
        async for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                log.debug("not JSON from the sync: %r", line[:200])
                continue
            if "progress" in entry:
                self.progress = SyncProgress(**entry["progress"])
            elif "report" in entry:
                refused = tuple(Refusal(**refusal) for refusal in entry["report"].pop("refused"))
                report = SyncReport(**entry["report"], refused=refused)
        return report


def _lower_priority(pid: int) -> None:
    try:
        os.setpriority(os.PRIO_PROCESS, pid, min(19, os.getpriority(os.PRIO_PROCESS, 0) + _NICER))
    except ProcessLookupError:  # it has ended already
        return


def _last_word(said: bytes, status: int) -> str:
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    if lines:
        return lines[-1].removeprefix("newsdesk: ")
    return f"the sync ended with status {status} and without a word; run newsdesk sync in a terminal to see why"
