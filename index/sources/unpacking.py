"""Files within files: what a .gz or .zip holds, unpacked in memory within limits; nothing is written to disk."""

from __future__ import annotations

import gzip
import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, cast

from index.sources.formats import suffix_of
from index.sources.streams import BROKEN, Budget, Directory, Watched, bounded, read_whole
from index.sources.unreadable import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.sources.limits import Limits

_ENCRYPTED = 0x1
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UNKNOWN = "broken, or packed in a way that newsdesk does not know"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One document: ``path`` is the file's, with ``!`` before each member of a zip; ``stream`` gives its bytes.

    Where ``stream`` is an ``Unreadable``, it could not be opened. A stream is good until the next member is asked for.
    """

    path: str
    suffix: str
    stream: io.BufferedReader | Unreadable


def unpack(path: str, name: str, stream: io.BufferedReader, size: int, limits: Limits) -> Iterator[Member]:
    """The documents that a file is or holds.

    Args:
        path: the file's path, which each member's begins with.
        name: its name, which tells what it holds.
        stream: its bytes.
        size: how many bytes they are.
        limits: how much may be unpacked.

    """
    yield from _open(Member(path=path, suffix="", stream=stream), name, size, Budget(limits), 0)


def _open(member: Member, name: str, size: int, budget: Budget, depth: int) -> Iterator[Member]:
    path, suffix, stream = member.path, suffix_of(name), member.stream
    if isinstance(stream, Unreadable) or suffix not in (".gz", ".zip"):
        yield Member(path=path, suffix=suffix, stream=stream)
    elif depth >= budget.limits.depth:
        reason = Unreadable(f"nested too deep: newsdesk opens {budget.limits.depth} archives in one another")
        yield Member(path=path, suffix=suffix, stream=reason)
    elif suffix == ".gz":
        watched = Watched(stream)
        inner = bounded(gzip.GzipFile(fileobj=watched), size, budget, watched)
        yield from _open(Member(path=path, suffix="", stream=inner), name[:-3], size, budget, depth + 1)
    else:
        yield from _unzip(member, stream, budget, depth)


def _unzip(member: Member, stream: io.BufferedReader, budget: Budget, depth: int) -> Iterator[Member]:
    try:
        whole = stream if depth == 0 else io.BytesIO(read_whole(stream, budget.limits))
        directory = Directory(whole, budget.limits)
        archive = zipfile.ZipFile(cast("IO[bytes]", directory))
        directory.opening = False
        entries = _entries(archive)
    except Unreadable as reason:
        yield Member(path=member.path, suffix=".zip", stream=reason)
        return
    except BROKEN:
        yield Member(path=member.path, suffix=".zip", stream=Unreadable("a broken zip: pack it again"))
        return
    seen: set[str] = set()
    for entry in entries:
        path = f"{member.path}!{entry.filename}"
        inner = _entry(archive, entry, budget, seen)
        yield from _open(
            Member(path=path, suffix="", stream=inner), entry.filename, entry.compress_size, budget, depth + 1
        )
        if not isinstance(inner, Unreadable):
            inner.close()


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    found = [entry for entry in archive.infolist() if not entry.is_dir() and _is_read(entry.filename)]
    if not found:
        raise Unreadable("no article in it")
    return found


def _is_read(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    hidden = any(part.startswith(".") and part != ".." for part in parts) or "__MACOSX" in parts
    return bool(suffix_of(name)) and not hidden


def _entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget, seen: set[str]
) -> io.BufferedReader | Unreadable:
    if entry.flag_bits & _ENCRYPTED:
        return Unreadable("encrypted: unpack it and sync the folder")
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return Unreadable("its name climbs out of the zip")
    if entry.compress_type not in _PACKINGS:  # others unpack to any amount at a time
        return Unreadable(_UNKNOWN)
    if entry.filename in seen:
        return Unreadable("the zip holds another file of this name, which was read")
    seen.add(entry.filename)
    try:
        return bounded(cast("io.BufferedIOBase", archive.open(entry)), entry.compress_size, budget)
    except BROKEN:
        return Unreadable(_UNKNOWN)
