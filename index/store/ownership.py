"""Whether this machine wrote an archive's derived files: those of another are made anew, never opened.

A key that never leaves the user's cache signs the folder of derived files. An archive that came from elsewhere, and a
copy of one's own, carries no signature that fits: the folder's inode is signed too.
"""

from __future__ import annotations

import hmac
import logging
import os
import secrets
import tempfile
from pathlib import Path

log = logging.getLogger(__name__)

_KEY = "machine.key"
_KEY_BYTES = 32
_OWNER = "owner"


def machine_key(cache: Path) -> bytes:
    """This machine's key, made when first needed; where it cannot be kept, one for this process alone."""
    place = cache / _KEY
    for _ in range(2):
        try:
            key = place.read_bytes()
            if len(key) == _KEY_BYTES:
                return key
            place.unlink()
        except FileNotFoundError:
            pass
        except OSError as error:
            log.warning("%s cannot be read (%s): indexes are made anew by every process", place, error.strerror)
            return secrets.token_bytes(_KEY_BYTES)
        try:
            _keep(place)
        except OSError as error:
            log.warning("%s cannot be written (%s): indexes are made anew by every process", place, error.strerror)
            return secrets.token_bytes(_KEY_BYTES)
    return place.read_bytes()


def is_owned(folder: Path, archive: str, key: bytes) -> bool:
    """Whether this machine made this very folder for this archive."""
    try:
        return hmac.compare_digest((folder / _OWNER).read_bytes(), _signature(folder, archive, key))
    except OSError:
        return False


def claim(folder: Path, archive: str, key: bytes) -> None:
    """Sign a folder."""
    (folder / _OWNER).write_bytes(_signature(folder, archive, key))


def _signature(folder: Path, archive: str, key: bytes) -> bytes:
    return hmac.digest(key, f"{archive} {folder.stat().st_ino}".encode(), "sha256").hex().encode()


def _keep(place: Path) -> None:
    """Write a new key, unless another process has been faster."""
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor, scratch = tempfile.mkstemp(dir=place.parent)
    try:
        os.write(descriptor, secrets.token_bytes(_KEY_BYTES))
        os.fsync(descriptor)
        os.link(scratch, place)
    except FileExistsError:
        return
    finally:
        os.close(descriptor)
        Path(scratch).unlink()
