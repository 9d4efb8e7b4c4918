"""Folding what came since into a new base of dense search, beside questions and syncs, which go on.

It reads one moment of the catalog, writes a file beside the one in use, and renames: it never blocks another.
"""

from __future__ import annotations

import fcntl
import math
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from index.errors import ArchiveFull
from index.store import dense
from index.store.dense import Base, Form
from index.store.failures import explained

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.store.catalog import Catalog
    from index.store.vectors import Vectors

DERIVED = "derived"
SMALLEST = 4_096
"""Passages that are searched without any base: fewer are read from the catalog in milliseconds."""
_MOST_RECENT = 16_384
MOST_WITHOUT = 65_536
"""Passages that may be held in memory where there is no base: a hundred megabytes."""
_COMPRESSED_FROM = 131_072
_MOST_LISTS = 2_048
_SAMPLE_PER_LIST = 48
_ANY = np.empty((0, 0), dtype=np.float32)


def form_for(count: int) -> Form:
    """How a base of so many passages holds them: exact while one list is searched whole, compressed when large.

    Measured by tests/benchmarks/bench_dense.py: 36,856 vectors of 16 bits are searched exactly in 1.2 ms by one core,
    seven times as fast as 32 bits; with 8 bits and a twelfth of the lists, recall@10 is .985 and more, .99 once the
    stored vectors have the last word. More lists than 2,048 take long to find and gain nothing at a million.
    """
    if count < _COMPRESSED_FROM:
        return Form(lists=1, probes=1, compressed=False)
    lists = min(_MOST_LISTS, 2 ** round(math.log2(4 * math.sqrt(count))))
    return Form(lists=lists, probes=max(32, lists // 12), compressed=True)


def is_due(base: Base | None, passages: int, gone: int) -> bool:
    """Whether so many passages outside the base, and removed ones inside it, are worth folding."""
    count = base.count if base else 0
    return passages - count + 2 * gone > max(SMALLEST, min(_MOST_RECENT, count // 4))


def fold(archive: Path, *, catalog: Catalog, other: tuple[Vectors, str, int] | None = None) -> bool:
    """Make a base of all passages there are now; ``False`` where another process is at it.

    Args:
        archive: the archive's folder.
        catalog: the truth.
        other: vectors to fold that are not in use yet, the fingerprint of their encoder, and their dimension.

    Raises:
        ArchiveFull: there is no space for it.
        ArchiveDamaged: a vector is not as it was written.

    """
    folder = archive / DERIVED
    with explained(folder), _alone(folder) as alone:
        if not alone:
            return False
        with catalog.snapshot():
            own = (catalog.vectors, catalog.get("encoder") or "", int(catalog.get("dimension") or 0))
            _fold(catalog, folder, *(other or own))
    return True


def _fold(catalog: Catalog, folder: Path, vectors: Vectors, fingerprint: str, dimension: int) -> None:
    count = vectors.count()
    form, before = form_for(count), Base.open(folder, fingerprint)
    if before is not None and not (before.form.compressed and form.compressed and count <= 2 * before.trained):
        before = None
    form = before.form if before else form
    if before is not None and before.seq < catalog.removals_after:
        before = None
    _check_space(folder, count * dimension * (1 if form.compressed else 2))
    since = before.seq if before else 0
    gone = np.asarray(catalog.removed_since(since) if before else [], dtype=np.int64)
    sample = vectors.sample(form.lists * _SAMPLE_PER_LIST, dimension) if before is None else _ANY
    if not count:
        sample = np.eye(1, dimension, dtype=np.float32)  # a list is made of something
    index = dense.build(before, form, sample, gone, vectors.chunks(since, dimension))
    last = catalog.connection.execute("SELECT COALESCE(MAX(id), 0) FROM passages").fetchone()[0]
    trained = before.trained if before else count
    dense.save(index, folder, form, seq=catalog.seq, last=int(last), trained=trained, fingerprint=fingerprint)


def _check_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed * 1.2:
        raise ArchiveFull(
            f"the index of {folder} needs {needed * 1.2 / 1e6:,.0f} MB beside the one in use and there are "
            f"{free / 1e6:,.0f} MB; questions go on with the one there is: free some space"
        )


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    with (folder / "fold.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
