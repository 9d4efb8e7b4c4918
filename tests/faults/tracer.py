"""Follows a process, its threads and children, from one system call that changes a folder to the next.

Seccomp stops them at those calls alone, and all others run at full speed; ptrace has a stopped one go on, fail or end.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from faults.calls import CALLS, LEAVING
from faults.ptrace import (
    CONT,
    EVENT_SECCOMP,
    OPTIONS,
    SETOPTIONS,
    SETREGS,
    STOPPED_IN_CALL,
    SYSCALL,
    ptrace,
    registers,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from faults.calls import Kind
    from faults.ptrace import Registers

_ALL = 0x40000000
"""__WALL: wait for threads too."""

_LONGEST = 300
"""Seconds after which a process that has not ended is killed."""

_SKIPPED = 2**64 - 1
"""The number that stands for no system call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A system call that changes a file: its number, from 1, its name and kind, and the path below the folder."""

    number: int
    call: str
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a process ran: its steps, the one acted at, what it printed; ``status`` is -9 where it was killed."""

    steps: tuple[Step, ...]
    acted: Step | None
    status: int
    out: str
    err: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What to do at a step instead of letting it run: nothing of this, a failure by ``errno``, the end of the process.

    ``torn``: half of what is to be written is written before the end.
    """

    errno: int = 0
    kill: bool = False
    torn: bool = False


class Tracer:
    """One run of one process."""

    def __init__(self, folder: Path, decide: Callable[[Step], Act | None]) -> None:
        self._folder = str(folder.resolve())
        self._decide = decide
        self._steps: list[Step] = []
        self._acted: Step | None = None
        self._group = 0
        self._torn = False

    def run(self, argv: Sequence[str], env: Mapping[str, str] | None) -> Run:
        """Start it and follow it to its end; a tracer follows one process."""
        with tempfile.TemporaryDirectory() as said:
            out, err = Path(said, "out"), Path(said, "err")
            status = self._follow(_start(argv, env or os.environ, out, err))
            texts = [path.read_text("utf-8", "replace") for path in (out, err)]
        return Run(steps=tuple(self._steps), acted=self._acted, status=status, out=texts[0], err=texts[1])

    def _follow(self, child: int) -> int:
        """Serve all stops until nothing of the process is left; gives its exit status."""
        self._group, ended = child, 0
        limit = threading.Timer(_LONGEST, self._kill)
        limit.start()
        try:
            while True:
                process, status = os.waitpid(-child, _ALL)
                if os.WIFSTOPPED(status):
                    with contextlib.suppress(ProcessLookupError):  # it was killed meanwhile
                        self._stopped(process, status)
                elif process == child:
                    ended = os.waitstatus_to_exitcode(status)
        except ChildProcessError:
            return ended
        finally:
            limit.cancel()

    def _stopped(self, process: int, status: int) -> None:
        caught, event = os.WSTOPSIG(status), status >> 16
        if event == EVENT_SECCOMP:
            self._entered(process)
            return
        if caught == signal.SIGTRAP | STOPPED_IN_CALL and self._torn:
            self._kill()
            return
        if caught == signal.SIGSTOP and process == self._group:
            ptrace(SETOPTIONS, process, data=OPTIONS)
        ours = event or caught in {signal.SIGSTOP, signal.SIGTRAP | STOPPED_IN_CALL}
        ptrace(CONT, process, data=0 if ours else caught)

    def _entered(self, process: int) -> None:
        told = registers(process)
        if told.orig_rax in LEAVING:
            self._answer(process, told, process)
            return
        step = self._step(process, told)
        act = self._decide(step) if step else None
        if step and act:
            self._acted = self._acted or step
            self._act(process, told, act)
        elif not self._torn:
            ptrace(CONT, process)

    def _act(self, process: int, told: Registers, act: Act) -> None:
        if act.torn and CALLS[told.orig_rax].name in {"write", "pwrite64"}:
            told.rdx //= 2
            ptrace(SETREGS, process, data=told)
            self._torn = True
            ptrace(SYSCALL, process)  # it stops once more, after the call
        elif act.kill:
            self._kill()
        else:
            self._answer(process, told, -act.errno)

    @staticmethod
    def _answer(process: int, told: Registers, value: int) -> None:
        """Give a value back from a call that is not done."""
        told.orig_rax, told.rax = _SKIPPED, value % 2**64
        ptrace(SETREGS, process, data=told)
        ptrace(CONT, process)

    def _step(self, process: int, told: Registers) -> Step | None:
        call = CALLS[told.orig_rax]
        try:
            path = call.file(process, told)
        except OSError:  # no such descriptor or memory: the call will fail by itself
            return None
        if not (path + "/").startswith(self._folder + "/"):
            return None
        name = path[len(self._folder) + 1 :]
        step = Step(number=len(self._steps) + 1, call=call.name, name=name, kind=call.kind)
        self._steps.append(step)
        return step

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._group, signal.SIGKILL)


def _start(argv: Sequence[str], env: Mapping[str, str], out: Path, err: Path) -> int:
    """Start the process, in a group of its own, stopped; gives its number."""
    flags = os.O_WRONLY | os.O_CREAT
    files = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(out), flags, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, str(err), flags, 0o600),
    ]
    first = [sys.executable, "-I", str(Path(__file__).with_name("tracee.py")), *argv]
    return os.posix_spawn(sys.executable, first, env, file_actions=files, setpgroup=0)
