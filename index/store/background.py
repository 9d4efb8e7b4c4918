"""Bringing the indexes of a large archive in step in a process of its own, so that no question waits for it.

It makes lexical search anew where it is missing or far behind, unless
a writer is at it, and folds dense search.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread

from index.errors import ArchiveBusy
from index.store import folding
from index.store.catalog import Catalog
from index.store.derived import Derived
from index.store.lock import writing
from index.store.ownership import machine_key

_NICER = 10
_PROGRAM = f"from {__name__} import main; main()"


def start(archive: Path, cache: Path) -> None:
    """Begin, and wait for nothing."""
    child = subprocess.Popen(  # noqa: S603 - this module
        [sys.executable, "-c", _PROGRAM, str(archive.resolve()), str(cache.resolve())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    Thread(target=child.wait, daemon=True).start()  # so that what has ended does not stay as a zombie


def run(archive: Path, cache: Path) -> None:
    """Bring both indexes in step."""
    with closing(Catalog.open(archive / "archive.db")) as catalog:
        derived = Derived(
            archive,
            dimension=int(catalog.get("dimension") or 0),
            fingerprint=catalog.get("encoder") or "",
            key=machine_key(cache),
            background=lambda: None,
        )
        with suppress(ArchiveBusy), writing(archive), derived.writing(catalog):
            pass
        if derived.is_worth_folding(catalog):
            folding.fold(archive, catalog=catalog)


def main() -> None:
    """Do so for the archive and the cache that the arguments name, at a low priority."""
    os.nice(_NICER)
    run(Path(sys.argv[1]), Path(sys.argv[2]))
