"""Whether the files of a tantivy index are as they were written: each ends with a checksum of its own.

The footer is tantivy's (``footer.rs``): JSON with the CRC-32 of what stands before it, its length, and a magic number.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO

from index.store import manifest

if TYPE_CHECKING:
    from pathlib import Path

_META = "meta.json"
_MAGIC = 1337
_TAIL = struct.Struct("<II")
_LONGEST_FOOTER = 4096
_BLOCK = 1 << 20
_TRIES = 5
_KINDS = {"fast", "fieldnorm", "idx", "pos", "store", "term"}
"""The files that every segment has."""


def is_sound(folder: Path, record: Path, *, deep: bool = False) -> bool:
    """Whether every file that an index names is there, whole, and the one that was written.

    Args:
        folder: the index.
        record: the manifest of its files; those that it knows as they are now are not read.
        deep: read them all the same.

    """
    for _ in range(_TRIES):
        try:
            known = manifest.read(record) or {}
            files, index = known.get("files", {}), known.get("index")
            same = index is None or _agree(index, _description(folder))
            return same and all(_is_as_written(file, files.get(file.name), deep=deep) for file in _files(folder))
        except FileNotFoundError:  # a writer has merged it away since: look again at what there is now
            continue
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return False
    return False


def record_files(folder: Path, record: Path) -> None:
    """Note how the files of an index are now, so that they need not be read when it is opened."""
    files = {file.name: [*manifest.stamp(file), _checksum(file)] for file in _files(folder)}
    manifest.write(record, {"files": files, "index": _description(folder)})


def _description(folder: Path) -> dict[str, Any]:
    """What the list of segments says that no later commit changes: the fields, and how much each segment holds."""
    whole = json.loads((folder / _META).read_text("utf-8"))
    rest = {name: value for name, value in whole.items() if name not in ("segments", "opstamp", "payload")}
    return {"rest": rest, "sizes": {str(each["segment_id"]): each["max_doc"] for each in whole["segments"]}}


def _agree(known: dict[str, Any], found: dict[str, Any]) -> bool:
    """Whether two descriptions are of one index: a list that a killed writer left may name other segments."""
    sizes = known["sizes"]
    return bool(known["rest"] == found["rest"]) and all(
        sizes.get(name, size) == size for name, size in found["sizes"].items()
    )


def clear(folder: Path) -> None:
    """Take away lists of deletions that no commit names; for who may write.

    A writer that was killed left them, and the next one, which would give its own the same name, is refused by tantivy.
    """
    try:
        segments = _segments(folder)
    except (OSError, ValueError, KeyError, TypeError):
        return
    for file in folder.glob("*.del"):
        name, _, kind = file.name.partition(".")
        if not _is_current(kind, segments.get(name)):
            file.unlink()


def _segments(folder: Path) -> dict[str, dict[str, int] | None]:
    """The segments that the last commit names, each with what it says of its deletions."""
    named = json.loads((folder / _META).read_text("utf-8"))["segments"]
    return {str(each["segment_id"]).replace("-", ""): each["deletes"] for each in named}


def _files(folder: Path) -> list[Path]:
    """The files of all segments.

    Raises:
        ValueError: a segment has too few.

    """
    segments = _segments(folder)
    found: dict[str, list[Path]] = {name: [] for name in segments}
    for file in folder.iterdir():
        name, _, kind = file.name.partition(".")
        if name in found and (not kind.endswith("del") or _is_current(kind, segments[name])):
            found[name].append(file)
    for name, files in found.items():
        deleted = [file for file in files if file.name.endswith(".del")]
        kinds = {file.name.rpartition(".")[2] for file in files} - {"del"}
        if kinds != _KINDS or bool(deleted) != bool(segments[name]):
            raise FileNotFoundError(folder / name)
    return [folder / _META, *(file for files in found.values() for file in files)]


def _is_current(kind: str, deletes: dict[str, int] | None) -> bool:
    return deletes is not None and kind == f"{deletes['opstamp']}.del"


def _is_as_written(file: Path, known: list[int] | None, *, deep: bool) -> bool:
    """Whether a file is the one that is known; what nobody knows yet need only be whole in itself."""
    same = known is not None and known[:-1] == manifest.stamp(file)
    if same and not deep:
        return True
    if file.name == _META:  # it has no checksum in itself, and a writer that was killed may have left a newer one
        return not same or known is None or known[-1] == _checksum(file)
    return _is_whole(file) and (known is None or known[-1] == _checksum(file))


def _checksum(file: Path) -> int:
    """The checksum that a file says it has; of the list of segments, the one it has."""
    if file.name == _META:
        return zlib.crc32(file.read_bytes())
    with file.open("rb") as stream:
        return int(_footer(stream)[0]["crc"])


def _is_whole(file: Path) -> bool:
    """Whether a file has the checksum that it says."""
    with file.open("rb") as stream:
        footer, left = _footer(stream)
        crc = 0
        while left > 0:
            block = stream.read(min(_BLOCK, left))
            left -= len(block)
            crc = zlib.crc32(block, crc)
        return bool(crc == footer["crc"])


def _footer(stream: BinaryIO) -> tuple[dict[str, int], int]:
    """What stands at the end of a file, and how many bytes stand before it; the stream is set to its beginning.

    Raises:
        ValueError: there is no footer.

    """
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _LONGEST_FOOTER))
    end = stream.read()
    length, magic = _TAIL.unpack(end[-_TAIL.size :]) if len(end) >= _TAIL.size else (0, 0)
    if magic != _MAGIC or not 0 < length <= len(end) - _TAIL.size:
        raise ValueError("no footer")
    stream.seek(0)
    return json.loads(end[-_TAIL.size - length : -_TAIL.size]), size - _TAIL.size - length
