"""Small files that say what a derived file must be: written whole or not at all, and known to be whole."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, facts: dict[str, Any]) -> None:
    """Write facts with a checksum of theirs beside the file there was, flush them, and rename."""
    text = json.dumps(facts, sort_keys=True)
    scratch = path.with_name(f"{path.name}.new")
    with scratch.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"check": zlib.crc32(text.encode()), "facts": facts}))
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)
    flush(path.parent)


def read(path: Path) -> dict[str, Any] | None:
    """The facts, or ``None`` where there are none, or they are not as they were written."""
    try:
        whole = json.loads(path.read_text("utf-8"))
        facts = whole["facts"]
        right = zlib.crc32(json.dumps(facts, sort_keys=True).encode()) == whole["check"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return facts if right and isinstance(facts, dict) else None


def stamp(path: Path) -> list[int]:
    """Size in bytes, time of change in nanoseconds and inode: a file that has the same is taken for unchanged."""
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, status.st_ino]


def sha256(path: Path) -> str:
    """The digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def put_away(folder: Path) -> None:
    """Delete a folder, out of the way first: a reader that looks into it meanwhile does not hinder what comes after."""
    if folder.exists():
        aside = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}")
        folder.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)


def flush(path: Path) -> None:
    """Have a file's bytes, or a folder's names, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
