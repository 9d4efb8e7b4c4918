"""Mending an archive: what is derived is made anew; of the truth every sound row is carried into a new database."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index.domain import Repair
from index.errors import ArchiveError, ArchiveFull
from index.maintenance import truth
from index.maintenance.salvage import Salvage
from index.store import manifest
from index.store.catalog import Catalog
from index.store.failures import explained
from index.store.folding import DERIVED
from index.store.lock import writing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.domain import Damage
    from index.encoder import Encoder

DATABASE = "archive.db"


def repair(archive: Path, catalog: Catalog, load: Callable[[str | None], Encoder]) -> tuple[Repair, Catalog]:
    """Mend what can be mended, and give the catalog to go on with; the derived indexes follow with the next question.

    A damaged database is kept beside the new one. An article whose text is whole keeps its place: only its passages are
    made again. One whose text is damaged is given up, and comes back with the next sync of its file.

    Args:
        archive: the archive's folder.
        catalog: the truth, as far as it can be read; closed where it is replaced.
        load: loads an encoder by name, for articles whose passages or vectors are made again; ``None`` where the
            name cannot be read any more.

    Raises:
        ArchiveBusy: another process is changing the archive.
        ArchiveFull: there is no space for a new database.

    """
    with writing(archive):
        with catalog.snapshot():
            found = truth.damages(catalog)
        if not found:
            _drop_indexes(archive)
            return Repair(damages=()), catalog
        return _rebuilt(archive, catalog, load, found)


def _rebuilt(
    archive: Path,
    catalog: Catalog,
    load: Callable[[str | None], Encoder],
    found: tuple[Damage, ...],
) -> tuple[Repair, Catalog]:
    path = archive / DATABASE
    scratch = archive / f"{DATABASE}.new"
    with explained(path):
        _check_space(path)
        for suffix in ("", "-wal", "-shm"):
            scratch.with_name(f"{scratch.name}{suffix}").unlink(missing_ok=True)
        with closing(Catalog.open(scratch)) as new:
            salvage = Salvage(catalog, new, load)
            salvage.run()
            new.checkpoint()
        _settle_log(catalog)
        catalog.close()
        kept = archive / f"{DATABASE}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
        manifest.flush(scratch)
        path.rename(kept)
        for suffix in ("-wal", "-shm"):
            log = path.with_name(f"{DATABASE}{suffix}")
            if log.exists():
                log.rename(kept.with_name(f"{kept.name}{suffix}"))
        scratch.rename(path)
        manifest.flush(archive)
        _drop_indexes(archive)
    report = Repair(damages=found, lost=tuple(salvage.lost), encoded=salvage.encoded, kept=str(kept))
    return report, Catalog.open(path)


def _drop_indexes(archive: Path) -> None:
    """Delete what is derived: it is made anew when it is next needed."""
    with explained(archive):
        manifest.put_away(archive / DERIVED)


def _settle_log(catalog: Catalog) -> None:
    """Empty the write-ahead log, where that is still possible."""
    try:
        catalog.checkpoint()
    except ArchiveError:
        return


def _check_space(path: Path) -> None:
    needed, free = path.stat().st_size, shutil.disk_usage(path.parent).free
    if free < needed * 1.1:
        raise ArchiveFull(
            f"a new database needs {needed * 1.1 / 1e6:,.0f} MB beside {path} and there are {free / 1e6:,.0f} MB"
        )
