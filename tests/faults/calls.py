"""The system calls of Linux x86_64 that change the disk: their numbers, their kinds, and the files they concern."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from faults.ptrace import Registers, file_of, mapped_at, path_at

if TYPE_CHECKING:
    from collections.abc import Callable

_HERE = -100
"""AT_FDCWD: a path is told from the current folder."""

_CREATE, _TRUNCATE = os.O_CREAT, os.O_TRUNC


class Kind(StrEnum):
    """What a call does to the disk."""

    WRITE = "write"
    FLUSH = "flush"
    RESIZE = "resize"
    NAME = "name"
    UNLINK = "unlink"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A system call; ``file`` gives the path that it changes, of two the new one, and nothing where it changes none."""

    name: str
    kind: Kind
    file: Callable[[int, Registers], str]
    flags: int | None = None
    """The argument with the flags of an open, which counts only where they create or empty a file."""


def _open(process: int, told: Registers) -> str:
    return file_of(process, told.argument(0) & 0xFFFFFFFF)


def _mapped(process: int, told: Registers) -> str:
    return mapped_at(process, told.argument(0))


def _named(at: int) -> Callable[[int, Registers], str]:
    return lambda process, told: path_at(process, _HERE, told.argument(at))


def _below(at: int) -> Callable[[int, Registers], str]:
    return lambda process, told: path_at(process, told.argument(at), told.argument(at + 1))


def _third(process: int, told: Registers) -> str:
    return file_of(process, told.argument(2) & 0xFFFFFFFF)


def _made(path: Callable[[int, Registers], str], flags: int) -> Callable[[int, Registers], str]:
    def file(process: int, told: Registers) -> str:
        found = path(process, told)
        new = told.argument(flags) & _CREATE and not Path(found).exists()
        emptied = told.argument(flags) & _TRUNCATE and Path(found).exists() and Path(found).stat().st_size
        return found if new or emptied else ""

    return file


def _new(path: Callable[[int, Registers], str]) -> Callable[[int, Registers], str]:
    def file(process: int, told: Registers) -> str:
        found = path(process, told)
        return "" if Path(found).exists() else found

    return file


CALLS = {
    1: Call(name="write", kind=Kind.WRITE, file=_open),
    18: Call(name="pwrite64", kind=Kind.WRITE, file=_open),
    20: Call(name="writev", kind=Kind.WRITE, file=_open),
    296: Call(name="pwritev", kind=Kind.WRITE, file=_open),
    328: Call(name="pwritev2", kind=Kind.WRITE, file=_open),
    285: Call(name="fallocate", kind=Kind.WRITE, file=_open),
    40: Call(name="sendfile", kind=Kind.WRITE, file=_open),
    326: Call(name="copy_file_range", kind=Kind.WRITE, file=_third),
    26: Call(name="msync", kind=Kind.FLUSH, file=_mapped),
    74: Call(name="fsync", kind=Kind.FLUSH, file=_open),
    75: Call(name="fdatasync", kind=Kind.FLUSH, file=_open),
    76: Call(name="truncate", kind=Kind.RESIZE, file=_named(0)),
    77: Call(name="ftruncate", kind=Kind.RESIZE, file=_open),
    2: Call(name="open", kind=Kind.NAME, file=_made(_named(0), 1), flags=1),
    257: Call(name="openat", kind=Kind.NAME, file=_made(_below(0), 2), flags=2),
    82: Call(name="rename", kind=Kind.NAME, file=_named(1)),
    264: Call(name="renameat", kind=Kind.NAME, file=_below(2)),
    316: Call(name="renameat2", kind=Kind.NAME, file=_below(2)),
    86: Call(name="link", kind=Kind.NAME, file=_named(1)),
    265: Call(name="linkat", kind=Kind.NAME, file=_below(2)),
    83: Call(name="mkdir", kind=Kind.NAME, file=_new(_named(0))),
    258: Call(name="mkdirat", kind=Kind.NAME, file=_new(_below(0))),
    84: Call(name="rmdir", kind=Kind.UNLINK, file=_named(0)),
    87: Call(name="unlink", kind=Kind.UNLINK, file=_named(0)),
    263: Call(name="unlinkat", kind=Kind.UNLINK, file=_below(0)),
}
"""By number."""

LEAVING = {109, 112}
"""setpgid and setsid: nothing that is traced leaves its group, so that all of it is followed, and killed together."""
