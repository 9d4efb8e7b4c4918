"""A copy of the truth, consistent while the archive is in use."""

from __future__ import annotations

import shutil
import uuid
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index.errors import ArchiveDamaged, ArchiveError, ArchiveFull
from index.maintenance import truth
from index.store import manifest
from index.store.catalog import Catalog
from index.store.failures import explained

if TYPE_CHECKING:
    from pathlib import Path

DATABASE = "archive.db"


def backup(catalog: Catalog, place: Path) -> None:
    """Copy archive.db into a folder, check every row of the copy, and remember where it is.

    What is derived is not copied: it is made again, without encoding. A copy that was there before is replaced once
    the new one is whole.

    Args:
        catalog: the truth; writers and readers go on beside.
        place: a folder, made where there is none.

    Raises:
        ArchiveError: the folder holds another archive, or is the archive's own.
        ArchiveFull: there is no space for a copy.
        ArchiveDamaged: what is copied is damaged; no copy is kept.

    """
    target = place.resolve() / DATABASE
    with explained(target):
        _check_place(catalog, target)
        _check_space(catalog.path, place)
        scratch = target.with_name(f"{DATABASE}.new")
        scratch.unlink(missing_ok=True)
        try:
            catalog.connection.execute("VACUUM INTO ?", (str(scratch),))
            _check_copy(scratch)
        except BaseException:
            scratch.unlink(missing_ok=True)
            raise
        manifest.flush(scratch)
        for suffix in ("-wal", "-shm"):
            target.with_name(f"{DATABASE}{suffix}").unlink(missing_ok=True)
        scratch.replace(target)
        manifest.flush(place)
        with catalog.note():
            catalog.note_backup(str(target.parent), datetime.now(UTC).isoformat(timespec="seconds"))


def _check_place(catalog: Catalog, target: Path) -> None:
    if target == catalog.path.resolve():
        raise ArchiveError(f"{target.parent} is the archive itself: name another folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        return
    with closing(Catalog.open(target)) as other:
        if other.get("archive") != catalog.get("archive"):
            raise ArchiveError(f"{target.parent} holds another archive: name another folder")


def _check_space(database: Path, place: Path) -> None:
    needed, free = database.stat().st_size, shutil.disk_usage(place).free
    if free < needed * 1.05:
        raise ArchiveFull(f"a backup needs {needed / 1e6:,.0f} MB in {place} and there are {free / 1e6:,.0f} MB")


def _check_copy(copy: Path) -> None:
    with closing(Catalog.open(copy)) as catalog:
        with catalog.snapshot():
            found = truth.damages(catalog)
        if found:
            raise ArchiveDamaged(f"no backup was made: {found[0].what}; run: newsdesk repair")
        with catalog.note():  # what is derived from another state of the archive never passes for this copy's
            catalog.set("branch", uuid.uuid4().hex)
        catalog.checkpoint()
