"""What ptrace(2) offers of a stopped process on Linux x86_64, by ctypes: registers, memory, going on."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

TRACEME, CONT, GETREGS, SETREGS, SYSCALL, SETOPTIONS = 0, 7, 12, 13, 24, 0x4200
EVENT_SECCOMP = 7
STOPPED_IN_CALL = 0x80
"""Added to the signal of a stop at the end of a system call."""

OPTIONS = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x80 | 0x100000
"""Mark stops in calls, follow fork, vfork and clone, tell of exec and seccomp, kill the traced when the tracer ends."""

_LONGEST_PATH = 4096
_libc = ctypes.CDLL(None, use_errno=True)


class Registers(ctypes.Structure):
    """user_regs_struct of sys/user.h; of a system call ``orig_rax`` is its number, ``rax`` what it gives back."""

    _fields_ = [
        (name, ctypes.c_uint64)
        for name in "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax"
        " rip cs eflags rsp ss fs_base gs_base ds es fs gs".split()
    ]

    def argument(self, at: int) -> int:
        """The argument of a system call, from 0."""
        return int(getattr(self, ("rdi", "rsi", "rdx", "r10", "r8", "r9")[at]))


def ptrace(request: int, process: int, address: int = 0, data: ctypes.Structure | int = 0) -> None:
    """Do something to a process, or be traced.

    Raises:
        OSError: it is refused; ProcessLookupError: the process is not stopped, or gone.

    """
    given = ctypes.byref(data) if isinstance(data, ctypes.Structure) else ctypes.c_void_p(data)
    if _libc.ptrace(ctypes.c_long(request), ctypes.c_long(process), ctypes.c_void_p(address), given) < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"ptrace: {os.strerror(number)}")


def registers(process: int) -> Registers:
    """The registers of a stopped process."""
    found = Registers()
    ptrace(GETREGS, process, data=found)
    return found


def text_at(process: int, address: int) -> str:
    """The path that stands in the memory of a process."""
    found = b""
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        memory.seek(address)
        while b"\0" not in found and len(found) < _LONGEST_PATH:  # by parts: the next page may not be there
            found += memory.read(4096 - (address + len(found)) % 4096)
    return os.fsdecode(found.split(b"\0")[0])


def file_of(process: int, descriptor: int) -> str:
    """The path of what a process has open; something that is no path for a pipe or a socket."""
    return str(Path(f"/proc/{process}/fd/{descriptor}").readlink()).removesuffix(" (deleted)")


def path_at(process: int, descriptor: int, address: int) -> str:
    """The path that a call names from a folder that is open (negative: from the current one), its links resolved."""
    signed = ctypes.c_int32(descriptor & 0xFFFFFFFF).value
    start = Path(f"/proc/{process}/cwd").readlink() if signed < 0 else Path(file_of(process, signed))
    named = start / text_at(process, address)
    return str(named.parent.resolve() / named.name)


def mapped_at(process: int, address: int) -> str:
    """The path of the file that is mapped at an address; empty where none is."""
    for line in Path(f"/proc/{process}/maps").read_text("utf-8", "replace").splitlines():
        span, *rest = line.split(maxsplit=5)
        first, last = (int(each, 16) for each in span.split("-"))
        if first <= address < last:
            return rest[4] if len(rest) == 5 else ""
    return ""
