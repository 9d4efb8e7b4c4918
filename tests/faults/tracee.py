"""Becomes the program in argv, stopping at every system call of faults.calls: what a traced process starts as."""

from __future__ import annotations

import ctypes
import os
import signal
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from faults.calls import CALLS, LEAVING
from faults.ptrace import TRACEME, ptrace

UNTRACEABLE = 97
"""The exit status where this system permits no tracing."""

_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _STOP = 0x7FFF0000, 0x7FF00000
_X86_64 = 0xC000003E
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2


class _Filter(ctypes.Structure):
    """sock_fprog of linux/filter.h."""

    _fields_ = [("length", ctypes.c_ushort), ("program", ctypes.c_char_p)]


def program() -> bytes:
    """A seccomp filter that stops at our calls and lets all others run at full speed."""
    lines = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, _X86_64), (_RETURN, 0, 0, _ALLOW), (_LOAD, 0, 0, _NUMBER)]
    for number, call in CALLS.items():
        if call.flags is None:
            lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _STOP)]
            continue
        lines += [(_EQUAL, 0, 4, number), (_LOAD, 0, 0, _ARGUMENTS + 8 * call.flags)]
        lines += [(_ANY_BIT, 0, 1, os.O_CREAT | os.O_TRUNC), (_RETURN, 0, 0, _STOP), (_RETURN, 0, 0, _ALLOW)]
    for number in LEAVING:
        lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _STOP)]
    lines.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def put_filter() -> None:
    """Have this process, and all that it starts, stop at our calls.

    Raises:
        OSError: it is not permitted.

    """
    libc = ctypes.CDLL(None, use_errno=True)
    code = program()
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if libc.prctl(_SECCOMP, _FILTER, ctypes.byref(_Filter(len(code) // 8, code)), 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "seccomp: " + os.strerror(ctypes.get_errno()))


def main() -> None:
    """Wait for the tracer, then be the program."""
    try:
        ptrace(TRACEME, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        put_filter()
    except OSError as error:
        sys.stderr.write(str(error))
        sys.exit(UNTRACEABLE)
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - the program of the test


if __name__ == "__main__":
    main()
