"""Which moment of an archive a question is answered in, and who may change it."""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from index.errors import ArchiveBusy, IndexDamaged
from index.store import background
from index.store.catalog import Catalog
from index.store.derived import Derived
from index.store.lock import writing
from index.store.ownership import machine_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index.encoder import Encoder
    from index.own_encoder import OwnEncoder

log = logging.getLogger(__name__)

_PATIENCE_SECONDS = 10.0
_GLANCE_SECONDS = 0.005


class Moments:
    """An archive as this process has it open: the truth, and what is derived from it, brought in step with it."""

    def __init__(self, folder: Path, catalog: Catalog, encoder: OwnEncoder, cache: Path) -> None:
        self._folder = folder
        self._own_encoder = encoder
        self._cache = cache
        self._derived: tuple[str, Derived] | None = None
        self.catalog = catalog

    @contextmanager
    def moment(self) -> Iterator[tuple[Encoder, Derived]]:
        """One moment of the archive, of which the truth and both indexes are.

        Between a writer's commit and its indexes' there is none for some milliseconds: they are waited for.

        Raises:
            ArchiveBusy: a writer is making the indexes anew, which takes longer than a reader waits.
            IndexDamaged: an index cannot be read; the next moment has it made anew.

        """
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            self.refresh()
            encoder = self._own_encoder.of(self.catalog)
            with self.catalog.snapshot():
                derived = self.derived(encoder)
                try:
                    if self.catalog.get("encoder") in {None, encoder.fingerprint} and derived.follow(self.catalog):
                        yield encoder, derived
                        return
                except IndexDamaged:
                    derived.distrust()
                    raise
            if time.monotonic() > until:
                raise ArchiveBusy(f"{self._folder} is being brought up to date; ask again in a moment")
            time.sleep(_GLANCE_SECONDS)

    @contextmanager
    def changing(self) -> Iterator[Callable[[], None]]:
        """Hold the archive for writing; gives what to call after each commit, so that lexical search takes it in.

        The derived indexes are brought in step first: those left by a later state of a restored archive would pass for
        its own, once it has seen as many changes as they have.
        """
        with writing(self._folder):
            self.refresh()
            derived = self.derived(None)
            with derived.writing(self.catalog) as writer:
                yield writer.follow
            derived.fold_if_due(self.catalog)
            self.catalog.checkpoint()

    def purge(self) -> None:
        """Leave nothing of what was removed in the files of the indexes, nor in the write-ahead log."""
        with writing(self._folder):
            self.derived(None).rewrite(self.catalog)
            until = time.monotonic() + _PATIENCE_SECONDS
            while not self.catalog.checkpoint():
                if time.monotonic() > until:
                    log.warning("%s: a reader holds the write-ahead log; the next command empties it", self._folder)
                    return
                time.sleep(_GLANCE_SECONDS)

    def refresh(self) -> None:
        """Go on with the database that a repair or a restored backup has put in the place of the one that was open."""
        if not self.catalog.is_there():
            self.replace(Catalog.open(self.catalog.path))

    def replace(self, catalog: Catalog) -> None:
        """Go on with another catalog."""
        if catalog is not self.catalog:
            self.catalog.close()
        self.catalog, self._derived = catalog, None

    def derived(self, encoder: Encoder | None) -> Derived:
        """The derived indexes for the archive's encoder; without one only lexical search can be brought in step."""
        fingerprint = encoder.fingerprint if encoder else self.catalog.get("encoder") or ""
        if self._derived is None or self._derived[0] != fingerprint:
            dimension = encoder.dimension if encoder else int(self.catalog.get("dimension") or 0)
            made = Derived(
                self._folder,
                dimension=dimension,
                fingerprint=fingerprint,
                key=machine_key(self._cache),
                background=partial(background.start, self._folder, self._cache),
            )
            self._derived = fingerprint, made
        return self._derived[1]
