"""The files of articles that admins sent: those that wait for a yes, and those that every sync reads."""

from __future__ import annotations

import os
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from index.sources.formats import SUFFIXES, suffix_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ADDED = "added"
"""The folder, in the archive's, of the files that were added; every sync reads it."""
DRAFTS = ".drafts"
"""The folder beside it of those that wait for a yes; its name keeps syncs out."""
READ = f"{', '.join(SUFFIXES)}, .zip, .gz"
"""The kinds of files that can be added."""


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

    def tidy(self, older: float) -> None:
        """Take away the drafts that are older than so many seconds."""
        folder, now = self.archive / DRAFTS, time.time()
        for file in folder.iterdir() if folder.is_dir() else ():
            if file.stat().st_mtime < now - older:
                file.unlink(missing_ok=True)


def _flush(folder: Path) -> None:
    """Make a rename safe from a power cut."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
