"""Which files below the given paths may hold articles."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import PathEmpty, PathMissing
from index.sources.formats import SUFFIXES, suffix_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


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


def walk(paths: Sequence[Path]) -> tuple[Candidate, ...]:
    """Every file below the paths that newsdesk reads, in the order of the paths and then of their names.

    Hidden files and folders are left out, linked folders are followed once, and a path inside another given path is
    not walked again.

    Raises:
        PathMissing: a path is not there, or may not be looked at.
        PathEmpty: a path holds no file that newsdesk reads.

    """
    found: dict[Path, tuple[Candidate, ...]] = {}
    for path in paths:
        root = _resolved(path)
        if root not in found:
            found[root] = tuple(_below(root))
        if not found[root]:
            raise PathEmpty(f"{path} holds nothing that newsdesk reads ({', '.join(SUFFIXES)}, also in .gz and .zip)")
    outer = [root for root in found if not any(other in root.parents for other in found)]
    return tuple(candidate for root in outer for candidate in found[root])


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


def _below(root: Path) -> Iterator[Candidate]:
    if root.is_dir():
        for file, folder in _files(root, set()):
            yield _candidate(root, file, folder=folder)
    elif suffix_of(root.name):
        yield _candidate(root, root, folder=False)


def _files(folder: Path, seen: set[tuple[int, int]]) -> Iterator[tuple[Path, bool]]:
    """Files with a suffix that is read, and folders that cannot be listed; ``seen`` stops loops of links."""
    try:
        status = folder.stat()
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield folder, True
        return
    if (status.st_dev, status.st_ino) in seen:
        return
    seen.add((status.st_dev, status.st_ino))
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = Path(entry.path)
        if path.is_dir():
            yield from _files(path, seen)
        elif suffix_of(entry.name):
            yield path, False


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
