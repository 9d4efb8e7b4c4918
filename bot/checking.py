"""Reading every byte of the archive while the bot runs, in a child process of low priority; damage is logged."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

_NICER = 15


def newsdesk_command(archive: Path, *words: str) -> list[str]:
    """A command of newsdesk's, for a child process."""
    return [sys.executable, "-m", "bot", *words, "--archive", str(archive)]


async def check(verify: Sequence[str], repair: Sequence[str], *, after: float) -> None:
    """Look for damage once, and mend what is only derived; questions go on being answered.

    Args:
        verify: the command that looks, and prints what it finds as JSON.
        repair: the command that mends.
        after: seconds to wait before, so that starting is not slowed.

    """
    await asyncio.sleep(after)
    _, said = await _run(verify)
    try:
        damages = json.loads(said)["damages"]
    except (ValueError, KeyError, TypeError):
        log.warning("the archive could not be checked: newsdesk verify says why")
        return
    for damage in damages:
        log.error("the archive is damaged: %s: %s", damage["where"], damage["what"])
    if damages and all(damage["derived"] for damage in damages):
        status, _ = await _run(repair)
        log.warning("its indexes %s", "were made anew" if not status else "could not be mended: run newsdesk repair")
    elif damages:
        log.error("stop the bot, then run: newsdesk repair, and newsdesk sync")


async def _run(command: Sequence[str]) -> tuple[int, bytes]:
    """Exit status and standard output of a child, which does not outlive its being cancelled."""
    quiet = asyncio.subprocess.DEVNULL
    child = await asyncio.create_subprocess_exec(*command, stdin=quiet, stdout=asyncio.subprocess.PIPE, stderr=quiet)
    try:
        os.setpriority(os.PRIO_PROCESS, child.pid, _NICER)
        said, _ = await child.communicate()
    except ProcessLookupError:  # it has ended already
        said, _ = await child.communicate()
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return child.returncode or 0, said
