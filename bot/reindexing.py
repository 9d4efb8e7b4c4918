"""A sync of the archive in a child process of low priority, so that readers go on being answered."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import sys
from typing import TYPE_CHECKING

from index.domain import Refusal, SyncProgress, SyncReport
from index.errors import NewsdeskError

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

_ALLOW_REMOVAL = "--allow-removal"
_BEING_CHANGED = " is being changed by "  # as index.store.lock has it
_NICER = 10
_LONGEST_LINE = 2**24
_PATIENCE_SECONDS = 10.0


class SyncFailed(NewsdeskError):
    """The child ended without a report; the message is its last word."""


class SyncElsewhere(SyncFailed):
    """Another process, such as newsdesk sync in a terminal, is changing the archive."""


class RemovalHeld(SyncFailed):
    """All was taken in, but so much would have been removed that an admin has to say yes to it."""


class SyncStopped(NewsdeskError):
    """The child was ended, because the bot is ending."""


class SyncCancelled(SyncStopped):
    """The child was ended because an admin wanted it."""


Ended = SyncReport | SyncFailed | SyncStopped
"""What came of a sync."""


def sync_command(archive: Path, sources: Sequence[Path]) -> list[str]:
    """The command that syncs the sources into the archive, and says on stdout how far it is, in lines of JSON."""
    return [sys.executable, "-m", "bot", "sync", "--json", "--archive", str(archive), "--", *map(str, sources)]


class Run:
    """One sync; awaited, it gives what came of it.

    ``key`` cannot be guessed, and no other has it, also after a restart. ``progress`` is the last that it said, and
    ``None`` before.
    """

    def __init__(self, command: Sequence[str], *, stopped: bool = False) -> None:
        self.key = secrets.token_urlsafe(9)
        self.progress: SyncProgress | None = None
        self._command = command
        self._over = SyncStopped("the bot is ending") if stopped else None
        self._process: Process | None = None
        self.task = asyncio.create_task(self._sync())

    @property
    def ended(self) -> Ended | None:
        """What came of it, ``None`` while it goes on."""
        return self.task.result() if self.task.done() else None

    def __await__(self) -> Generator[object, None, Ended]:
        return self.task.__await__()

    async def end(self, why: SyncStopped) -> None:
        """End the child; what it has done stays, and ``why`` is what came of it."""
        self._over = self._over or why
        process = self._process
        if process is not None and process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), _PATIENCE_SECONDS)
            except TimeoutError:
                process.kill()
        await asyncio.wait({self.task}, timeout=_PATIENCE_SECONDS)

    async def _sync(self) -> Ended:
        if self._over is not None:
            return self._over
        pipe = asyncio.subprocess.PIPE
        try:
            self._process = process = await asyncio.create_subprocess_exec(
                *self._command, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe, limit=_LONGEST_LINE
            )
        except OSError as error:
            return SyncFailed(f"the sync could not be started: {error.strerror}")
        if self._over is not None:  # it was to end while the child was made
            process.terminate()
        _lower_priority(process.pid)
        if process.stdout is None or process.stderr is None:
            raise RuntimeError("a pipe was asked for and not given")
        report, said = await asyncio.gather(self._follow(process.stdout), process.stderr.read())
        status = await process.wait()
        if report is not None and status == 0:
            return report
        return self._over or _failure(said, status)

    async def _follow(self, lines: asyncio.StreamReader) -> SyncReport | None:
        report = None
        async for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                log.debug("not JSON from the sync: %r", line[:200])
                continue
            if not isinstance(entry, dict):
                continue
            if "progress" in entry:
                self.progress = SyncProgress(**entry["progress"])
            elif "report" in entry:
                refused = tuple(Refusal(**refusal) for refusal in entry["report"].pop("refused"))
                report = SyncReport(**entry["report"], refused=refused)
        return report


class Reindexing:
    """At most one sync at a time: ``run`` is the one that runs, or the last. ``command`` gives what starts the next."""

    def __init__(self, command: Callable[[], Sequence[str]]) -> None:
        self._command = command
        self._stopping = False
        self.run: Run | None = None

    @property
    def running(self) -> bool:
        """Whether one runs."""
        return self.run is not None and self.run.ended is None

    def start(self, *, allow_removal: bool = False) -> Run:
        """Begin a sync.

        Args:
            allow_removal: remove even what the archive would hold back.

        Raises:
            RuntimeError: one is running already; ask ``running`` first.
        """
        if self.running:
            raise RuntimeError("a sync is running")
        command = self._command()
        self.run = Run(_with_removal(command) if allow_removal else command, stopped=self._stopping)
        return self.run

    async def stop(self) -> None:
        """End the running child, if any, and start no other."""
        self._stopping = True
        if self.run is not None:
            await self.run.end(SyncStopped("the bot is ending"))


def _with_removal(command: Sequence[str]) -> list[str]:
    """The command, with the option that allows to remove much: before what names the sources."""
    place = command.index("--") if "--" in command else len(command)
    return [*command[:place], _ALLOW_REMOVAL, *command[place:]]


def _lower_priority(pid: int) -> None:
    try:
        os.setpriority(os.PRIO_PROCESS, pid, min(19, os.getpriority(os.PRIO_PROCESS, 0) + _NICER))
    except ProcessLookupError:  # it has ended already
        return


def _failure(said: bytes, status: int) -> SyncFailed:
    """What a child's last line says; the archive's advice for the terminal is left out where a button follows it."""
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    if not lines:
        word = f"the sync ended with status {status} and without a word; run newsdesk sync in a terminal to see why"
        return SyncFailed(word)
    word = lines[-1].removeprefix("newsdesk: ")
    what, advice, _ = word.rpartition(" If they should go: ")
    if advice and word.endswith(_ALLOW_REMOVAL):
        return RemovalHeld(what)
    return SyncElsewhere(word) if _BEING_CHANGED in word else SyncFailed(word)
