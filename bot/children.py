"""A command of ours in a child process of low priority, waited for."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_NICER = 10
_LONGEST_WORD = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a child printed, ``failure`` being its last word where it failed, empty otherwise."""

    printed: str
    failure: str = ""


async def told(command: Sequence[str], *, seconds: float) -> Told:
    """Run a child of low priority to its end, which it does not outlive being waited for."""
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    try:
        child = await asyncio.create_subprocess_exec(*command, stdin=nothing, stdout=pipe, stderr=pipe)
    except OSError as error:
        return Told(printed="", failure=f"it could not be started: {error.strerror}")
    try:
        _lower_priority(child.pid)
        async with asyncio.timeout(seconds):
            printed, said = await child.communicate()
    except TimeoutError:
        return Told(printed="", failure=f"it took longer than {seconds:g} seconds")
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    failure = _last_word(said) or f"it ended with status {child.returncode}" if child.returncode else ""
    return Told(printed=printed.decode("utf-8", "replace"), failure=failure)


def _lower_priority(pid: int) -> None:
    try:
        os.setpriority(os.PRIO_PROCESS, pid, min(19, os.getpriority(os.PRIO_PROCESS, 0) + _NICER))
    except ProcessLookupError:  # it has ended already
        return


def _last_word(said: bytes) -> str:
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].removeprefix("newsdesk: ")[:_LONGEST_WORD] if lines else ""
