"""Articles that admins send: files of the archive's own, looked at and synced in child processes of low priority."""

from __future__ import annotations

import asyncio
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bot.reindexing import Run, SyncElsewhere
from index.sources.formats import SUFFIXES, suffix_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from bot.reindexing import Ended

ADDED = "added"
"""The folder, in the archive's, of the files that were added; every sync reads it."""
DRAFTS = ".drafts"
"""The folder beside it of those that wait for a yes; its name keeps syncs out."""
READ = f"{', '.join(SUFFIXES)}, .zip, .gz"
"""The kinds of files that can be added."""

CHILD_SECONDS = 120.0
"""Within which a file is looked at, or an article removed."""

_NICER = 10
_TRIES = 20
_PAUSE_SECONDS = 3.0
_LONGEST_WORD = 300


def kind_of(name: str) -> str:
    """The suffixes of a file that newsdesk reads, such as ``.txt`` or ``.csv.gz``; empty for any other."""
    path, packed = PurePosixPath(name.lower()), ""
    if not suffix_of(path.name):
        return ""
    while path.suffix == ".gz":
        path, packed = path.with_suffix(""), f"{packed}.gz"
    return f"{path.suffix}{packed}"


def with_added(archive: Path, sources: Sequence[Path]) -> tuple[Path, ...]:
    """The sources, and the folder of what was added where it holds anything."""
    folder = archive / ADDED
    return (*sources, folder) if folder.is_dir() and any(folder.iterdir()) else tuple(sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The files of added articles, and of those that wait for a yes; every call blocks for a moment.

    Names are of our making: a moment, chance, and the suffix that tells the format.
    """

    archive: Path

    @property
    def folder(self) -> Path:
        """Where what was added lies."""
        return self.archive / ADDED

    def draft(self, name: str) -> Path:
        """The file of a draft."""
        return self.archive / DRAFTS / name

    def keep(self, content: bytes, kind: str) -> str:
        """Write a draft, whole and safe from a power cut; gives its name."""
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(4)}{kind}"
        file = self.draft(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f"{name}.part")
        try:
            with part.open("xb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            part.rename(file)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        return name

    def accept(self, name: str) -> bool:
        """Let syncs read a draft, also once more; whether it is there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.draft(name).exists():
            self.draft(name).rename(self.folder / name)
            _flush(self.folder)
        return self.is_added(name)

    def is_added(self, name: str) -> bool:
        """Whether a file lies where syncs read it."""
        return (self.folder / name).is_file()

    def discard(self, name: str) -> None:
        """Take a file away, wherever it lies; a folder that is left empty too, for a sync wants files."""
        for file in (self.draft(name), self.folder / name):
            file.unlink(missing_ok=True)
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()

    def name_of(self, address: str) -> str | None:
        """The name of the added file that an article was read from; ``None`` for any other."""
        root = str(self.folder.resolve())
        name = address.removeprefix(f"{root}/").partition("!")[0]
        return name if address.startswith(f"{root}/") and "/" not in name else None

    def tidy(self, kept: Collection[str]) -> None:
        """Take away the drafts that nobody can say yes to any more."""
        folder = self.archive / DRAFTS
        for file in folder.iterdir() if folder.is_dir() else ():
            if file.name not in kept:
                file.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a child printed, ``failure`` being its last word where it failed, empty otherwise."""

    printed: str
    failure: str = ""


async def told(command: Sequence[str], *, seconds: float = CHILD_SECONDS) -> Told:
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


async def sync_added(command: Sequence[str], others: Callable[[], Run | None]) -> Ended:
    """Sync what was added, after the sync that runs; where another process holds the archive, a little later.

    Args:
        command: syncs the folder.
        others: the sync that runs, or ran last, if any.
    """
    for _ in range(_TRIES):
        if (other := others()) is not None:
            await asyncio.shield(other.task)
        ended = await Run(command)
        if not isinstance(ended, SyncElsewhere):
            break
        await asyncio.sleep(_PAUSE_SECONDS)
    return ended


def _lower_priority(pid: int) -> None:
    try:
        os.setpriority(os.PRIO_PROCESS, pid, min(19, os.getpriority(os.PRIO_PROCESS, 0) + _NICER))
    except ProcessLookupError:  # it has ended already
        return


def _last_word(said: bytes) -> str:
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].removeprefix("newsdesk: ")[:_LONGEST_WORD] if lines else ""


def _flush(folder: Path) -> None:
    """Make a rename safe from a power cut."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
