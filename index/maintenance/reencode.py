"""Encoding an archive again with another encoder, beside the vectors in use, and switching in one step."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from index.domain import ReencodeProgress
from index.errors import ArchiveFull
from index.passages import encoder_text
from index.preparing import print_of
from index.store import dense, folding
from index.store.lock import writing
from index.store.vectors import Vectors
from index.sync import BATCH_PASSAGES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.encoder import Encoder
    from index.store.catalog import Catalog

_PLAN = "reencoding"


def reencode(
    archive: Path,
    catalog: Catalog,
    encoder: Encoder,
    name: str,
    *,
    progress: Callable[[ReencodeProgress], None] | None = None,
) -> int:
    """Give every passage a vector of another encoder; gives how many there are.

    Questions go on being answered from the old vectors, and syncs add to them, until all are there: then one
    transaction switches. What is interrupted goes on where it was when it is called again with the same encoder.
    Passages stay as they were cut.

    Args:
        archive: the archive's folder.
        catalog: the truth.
        encoder: the new encoder.
        name: its name, by which it is loaded from now on.
        progress: called after every batch.

    Raises:
        ArchiveBusy: another process is changing the archive; what was encoded so far is kept.
        ArchiveFull: there is no space for the vectors.

    """
    if catalog.get("encoder") == encoder.fingerprint:
        with writing(archive), catalog.note():
            catalog.set("encoder_name", name)
        return catalog.count("passages")
    made = _planned(archive, catalog, encoder, name)
    while True:
        while missing := made.missing(BATCH_PASSAGES):
            _encode(catalog, made, encoder, missing)
            if progress is not None:
                progress(ReencodeProgress(done=made.count(), total=catalog.count("passages")))
        if catalog.count("passages") >= folding.SMALLEST:
            folding.fold(archive, catalog=catalog, other=(made, encoder.fingerprint, encoder.dimension))
        with writing(archive):
            if not made.missing(1):
                return _switch(archive, catalog, made, encoder, name)


def _planned(archive: Path, catalog: Catalog, encoder: Encoder, name: str) -> Vectors:
    """The table for the new vectors: the one that was begun for this encoder, or a new one."""
    with writing(archive):
        number = str(int(catalog.get("vectors") or 1) + 1)
        made = Vectors(catalog.connection, lambda: number)
        begun = json.loads(catalog.get(_PLAN) or "{}")
        with catalog.note():
            if begun.get("fingerprint") != encoder.fingerprint:
                made.drop()
                catalog.set(_PLAN, json.dumps({"fingerprint": encoder.fingerprint, "name": name}))
            made.make()
        left = catalog.count("passages") - made.count()
    needed, free = left * (2 * encoder.dimension + 64) * 3, shutil.disk_usage(archive).free
    if free < needed:
        raise ArchiveFull(
            f"encoding again needs {needed / 1e6:,.0f} MB beside the vectors in use and there are {free / 1e6:,.0f} MB "
            f"for {archive}: free some; what was encoded so far is kept"
        )
    return made


def _encode(catalog: Catalog, made: Vectors, encoder: Encoder, missing: list[int]) -> None:
    with catalog.snapshot():
        passages = list(catalog.passages(missing).values())
    texts = [encoder_text(each.article, each.start, each.end) for each in passages]
    vectors = encoder.encode_passages(texts)
    prints = [print_of(encoder, text) for text in texts]
    with catalog.note():
        made.put([each.id for each in passages], prints, vectors)


def _switch(archive: Path, catalog: Catalog, made: Vectors, encoder: Encoder, name: str) -> int:
    """Have the archive be the new encoder's, in one transaction; then delete what was the old one's."""
    number = catalog.get("vectors") or "1"
    old = Vectors(catalog.connection, lambda: number)
    with catalog.change():
        made.forget_orphans()
        facts = {"encoder": encoder.fingerprint, "encoder_name": name, "dimension": str(encoder.dimension)}
        for fact, value in (*facts.items(), ("vectors", made.table.rpartition("_")[2])):
            catalog.set(fact, value)
        catalog.forget(_PLAN)
    with catalog.note():
        old.drop()
    dense.forget_others(archive / folding.DERIVED, encoder.fingerprint)
    return made.count()
