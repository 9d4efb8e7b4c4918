"""Bytes within bounds: what is unpacked, what is read whole, and how much of a zip's directory."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from index.sources.unreadable import Unreadable

if TYPE_CHECKING:
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


def broken(error: Exception) -> Unreadable:
    """What one of ``BROKEN`` means to an editor."""
    return Unreadable(f"broken, or cut short: {error}")


_BUFFER_BYTES = 64 * 1024
_EMPTY_BYTES = 8 * 1024 * 1024
_ENTRY_MARK = b"PK\x01\x02"
_ENTRY_BYTES = 1024


class Budget:
    """Bytes that a file may still unpack to."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.left = limits.unpacked_bytes


class Watched(io.RawIOBase):
    """A packed stream, of which so much may be read at a time, and between two times that something came of it."""

    def __init__(self, stream: io.BufferedReader) -> None:
        super().__init__()
        self._stream = stream
        self.left = _EMPTY_BYTES

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer."""
        count = self._stream.readinto(buffer)
        self.left -= count
        if self.left < 0:
            raise Unreadable("packed so that nothing comes of it for long, as only a harmful file is")
        return count


class Bounded(io.RawIOBase):
    """The bytes of an unpacked stream; it raises ``Unreadable`` once they are more than they may be."""

    def __init__(self, stream: io.BufferedIOBase, packed: int, budget: Budget, watched: Watched | None = None) -> None:
        super().__init__()
        self._stream = stream
        self._watched = watched
        self._budget = budget
        self._most = max(budget.limits.ratio_floor_bytes, packed * budget.limits.ratio)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer."""
        if self._watched:
            self._watched.left = _EMPTY_BYTES
        count = self._stream.readinto(buffer)
        self._most -= count
        self._budget.left -= count
        if self._most < 0:
            raise Unreadable(f"compressed more than {self._budget.limits.ratio} times, as only a harmful file is")
        if self._budget.left < 0:
            raise Unreadable(f"over the size limit: unpacks to more than {self._budget.limits.unpacked_bytes:,} bytes")
        return count


class Directory:
    """A zip, of whose directory no more is read than the files that may be in it need.

    ``zipfile`` reads the directory at once, as long as the zip says that it is.
    """

    def __init__(self, stream: io.BufferedReader | io.BytesIO, limits: Limits) -> None:
        self._stream = stream
        self._members = limits.members
        self.opening = True
        self.seek = stream.seek
        self.tell = stream.tell
        self.seekable = stream.seekable

    def read(self, count: int = -1) -> bytes:
        """Bytes; ``Unreadable`` where they are of a directory of too many files."""
        if not self.opening:
            return self._stream.read(count)
        if count <= self._members * _ENTRY_BYTES:
            data = self._stream.read(count)
            if count < 0 or data.count(_ENTRY_MARK) <= self._members:
                return data
        raise Unreadable(f"over the size limit: it holds more than {self._members:,} files")


def bounded(
    stream: io.BufferedIOBase, packed: int, budget: Budget, watched: Watched | None = None
) -> io.BufferedReader:
    """A stream whose bytes are counted.

    Args:
        stream: what is unpacked.
        packed: bytes that it is packed in.
        budget: what may still be unpacked.
        watched: the packed stream, where nothing else bounds what is read of it.

    """
    return io.BufferedReader(Bounded(stream, packed, budget, watched), _BUFFER_BYTES)


def read_whole(stream: io.BufferedReader, limits: Limits) -> bytes:
    """All bytes of a document.

    Raises:
        Unreadable: they are more than a document may have.

    """
    data = stream.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        raise Unreadable(f"over the size limit of {limits.file_bytes:,} bytes")
    return data
