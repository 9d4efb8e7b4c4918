"""Files within files: what a .gz or .zip holds, unpacked in memory within limits; nothing is written to disk."""

from __future__ import annotations

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, cast

from index.sources.formats import suffix_of
from index.sources.unreadable import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import WriteableBuffer

    from index.sources.limits import Limits

BROKEN = (
    OSError,
    EOFError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
)
"""What the standard library raises for packed files that are broken."""
_BUFFER_BYTES = 64 * 1024
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One document: ``path`` is the file's, with ``!`` before each member of a zip; ``stream`` gives its bytes.

    Where ``stream`` is an ``Unreadable``, it could not be opened. A stream is good until the next member is asked for.
    """

    path: str
    suffix: str
    stream: io.BufferedReader | Unreadable


class _Budget:
    """Bytes that a file may still unpack to."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.left = limits.unpacked_bytes


class _Bounded(io.RawIOBase):
    """The bytes of an unpacked stream; it raises ``Unreadable`` once they are more than they may be."""

    def __init__(self, stream: io.BufferedIOBase, packed: int, budget: _Budget) -> None:
        super().__init__()
        self._stream = stream
        self._budget = budget
        self._most = max(budget.limits.ratio_floor_bytes, packed * budget.limits.ratio)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        count = self._stream.readinto(buffer)
        self._most -= count
        self._budget.left -= count
        if self._most < 0:
            raise Unreadable(f"compressed more than {self._budget.limits.ratio} times, as only a harmful file is")
        if self._budget.left < 0:
            raise Unreadable(f"over the size limit: unpacks to more than {self._budget.limits.unpacked_bytes:,} bytes")
        return count


def unpack(path: str, name: str, stream: io.BufferedReader, size: int, limits: Limits) -> Iterator[Member]:
    """The documents that a file is or holds.

    Args:
        path: the file's path, which each member's begins with.
        name: its name, which tells what it holds.
        stream: its bytes.
        size: how many bytes they are.
        limits: how much may be unpacked.

    """
    yield from _open(Member(path=path, suffix="", stream=stream), name, size, _Budget(limits), 0)


def _open(member: Member, name: str, size: int, budget: _Budget, depth: int) -> Iterator[Member]:
    path, suffix, stream = member.path, suffix_of(name), member.stream
    if isinstance(stream, Unreadable) or suffix not in (".gz", ".zip"):
        yield Member(path=path, suffix=suffix, stream=stream)
    elif depth >= budget.limits.depth:
        reason = Unreadable(f"nested too deep: newsdesk opens {budget.limits.depth} archives in one another")
        yield Member(path=path, suffix=suffix, stream=reason)
    elif suffix == ".gz":
        inner = _bounded(gzip.GzipFile(fileobj=stream), size, budget)
        yield from _open(Member(path=path, suffix="", stream=inner), name[:-3], size, budget, depth + 1)
    else:
        yield from _unzip(member, stream, budget, depth)


def _unzip(member: Member, stream: io.BufferedReader, budget: _Budget, depth: int) -> Iterator[Member]:
    try:
        archive = zipfile.ZipFile(stream if depth == 0 else io.BytesIO(read_whole(stream, budget.limits)))
        entries = _entries(archive, budget.limits)
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


def _entries(archive: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    found = [entry for entry in archive.infolist() if not entry.is_dir() and _is_read(entry.filename)]
    if not found:
        raise Unreadable("no article in it")
    if len(found) > limits.members:
        raise Unreadable(f"over the size limit: it holds more than {limits.members:,} files")
    return found


def _is_read(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    hidden = any(part.startswith(".") and part != ".." for part in parts) or "__MACOSX" in parts
    return bool(suffix_of(name)) and not hidden


def _entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: _Budget, seen: set[str]
) -> io.BufferedReader | Unreadable:
    if entry.flag_bits & _ENCRYPTED:
        return Unreadable("encrypted: unpack it and sync the folder")
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return Unreadable("its name climbs out of the zip")
    if entry.filename in seen:
        return Unreadable("the zip holds another file of this name, which was read")
    seen.add(entry.filename)
    try:
        return _bounded(cast("io.BufferedIOBase", archive.open(entry)), entry.compress_size, budget)
    except BROKEN:
        return Unreadable("broken, or packed in a way that newsdesk does not know")


def _bounded(stream: io.BufferedIOBase, packed: int, budget: _Budget) -> io.BufferedReader:
    return io.BufferedReader(_Bounded(stream, packed, budget), _BUFFER_BYTES)


def read_whole(stream: io.BufferedReader, limits: Limits) -> bytes:
    """All bytes of a document.

    Raises:
        Unreadable: they are more than a document may have.

    """
    data = stream.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        raise Unreadable(f"over the size limit of {limits.file_bytes:,} bytes")
    return data
