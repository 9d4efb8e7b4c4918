"""Which files below the given paths may hold articles."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import PathEmpty, PathMissing
from index.sources.formats import SUFFIXES, suffix_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A file that may hold articles, with what tells whether it changed since.

    ``root`` is the given path (absolute, links resolved), ``path`` the file below it with ``/`` between folders (empty
    when the root is the file); both are valid Unicode even where the name on disk is not. ``file`` is what to open.
    ``size`` is in bytes, ``mtime_ns`` in nanoseconds. A ``folder`` is one that could not be listed: what it gave
    before is to be kept.
    """

    root: str
    path: str
    file: Path
    size: int
    mtime_ns: int
    inode: int
    folder: bool = False


@dataclass(frozen=True, slots=True)
class Candidates:
    """Every file below some paths that newsdesk reads, looked up anew each time, as there may be more than fit memory.

    They come in the order of the paths and then of their names. Hidden files and folders are left out, and linked
    folders are followed once.
    """

    roots: tuple[Path, ...]

    def __iter__(self) -> Iterator[Candidate]:
        """Give each file as it is now."""
        for root in self.roots:
            for file, folder in _files(root, set()):
                yield _candidate(root, file, folder=folder)

    def __len__(self) -> int:
        """Give how many there are now."""
        return sum(1 for root in self.roots for _ in _files(root, set()))


def walk(paths: Sequence[Path]) -> Candidates:
    """Find the files below the paths; a path inside another given path is not walked again.

    Raises:
        PathMissing: a path is not there, or may not be looked at.
        PathEmpty: a path holds no file that newsdesk reads.

    """
    roots: dict[Path, None] = {}
    for path in paths:
        root = _resolved(path)
        if root not in roots and not any(_files(root, set())):
            raise PathEmpty(f"{path} holds nothing that newsdesk reads ({', '.join(SUFFIXES)}, also in .gz and .zip)")
        roots[root] = None
    return Candidates(tuple(root for root in roots if not any(other in root.parents for other in roots)))


def _resolved(path: Path) -> Path:
    try:
        root = path.resolve(strict=True)
        if root.is_dir():
            os.scandir(root).close()
    except PermissionError as error:
        raise PathMissing(f"{path} may not be read: change its permissions, or run as who may") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise PathMissing(
            f"{path} is not there: check the path, or remove what it gave with newsdesk remove"
        ) from error
    return root


def _files(place: Path, seen: set[tuple[int, int]]) -> Iterator[tuple[Path, bool]]:
    """Files with a suffix that is read, and folders that cannot be listed; ``seen`` stops loops of links."""
    try:
        status = place.stat()
        names = _names(place) if stat.S_ISDIR(status.st_mode) else None
    except OSError:
        yield place, True
        return
    if names is None:
        if suffix_of(place.name):
            yield place, False
        return
    if (status.st_dev, status.st_ino) in seen:
        return
    seen.add((status.st_dev, status.st_ino))
    for name in names:
        path = place / name
        if path.is_dir():
            yield from _files(path, seen)
        elif suffix_of(name):
            yield path, False


def _names(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if not entry.name.startswith("."))


def _candidate(root: Path, file: Path, *, folder: bool) -> Candidate:
    try:
        status = file.stat()
    except OSError:  # gone meanwhile, or a link that leads nowhere: reading it says so
        status = os.stat_result((0,) * 10)
    return Candidate(
        root=_unicode(root.as_posix()),
        path="" if file == root else _unicode(file.relative_to(root).as_posix()),
        file=file,
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        inode=status.st_ino,
        folder=folder,
    )


def _unicode(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")
