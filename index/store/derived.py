"""The derived indexes of an archive, kept in step with the catalog."""

from __future__ import annotations

import logging
import math
import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.errors import ArchiveBusy
from index.store import folding, manifest, ownership
from index.store.days import Calendar
from index.store.dense import Base, Dense
from index.store.failures import explained
from index.store.lexical import Lexical
from index.store.lock import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index.store.catalog import Catalog
    from index.store.lexical import LexicalWriter

log = logging.getLogger(__name__)

_MOST_INLINE = 8_192
"""Passages that lexical search takes in while a question waits: a second or two."""
_PATIENCE_SECONDS = 30.0
_OLD = ("dense.json", "dense.json.new", "dense-*.faiss", "lexical-1")
"""What newsdesk wrote into an archive's folder while its format was 1."""


class Derived:
    """Dense and lexical search over one archive, opened from their files or made anew from the catalog."""

    def __init__(
        self, archive: Path, *, dimension: int, fingerprint: str, key: bytes, background: Callable[[], None]
    ) -> None:
        self._archive = archive
        self._folder = archive / folding.DERIVED
        self._dimension = dimension
        self._fingerprint = fingerprint
        self._key = key
        self._background = background
        self._begun = -math.inf
        self._dense: Dense | None = None
        self._lexical: Lexical | None = None
        self._calendar = Calendar.empty()

    @property
    def dense(self) -> Dense:
        """Dense search, once followed."""
        if self._dense is None:
            raise RuntimeError("follow first")
        return self._dense

    @property
    def lexical(self) -> Lexical:
        """Lexical search, once followed."""
        if self._lexical is None:
            raise RuntimeError("follow first")
        return self._lexical

    def calendar(self, catalog: Catalog) -> Calendar:
        """The days of all passages at the catalog's moment; read whole the first time, then what was added."""
        if catalog.seq < self._calendar.seq:
            self._calendar = Calendar.empty()
        self._calendar = self._calendar.followed(catalog.connection, catalog.seq)
        return self._calendar

    def follow(self, catalog: Catalog) -> bool:
        """Come to the moment of the catalog's snapshot; ``False`` where another process is on the way there.

        Call inside ``catalog.snapshot()``. What is missing, damaged, foreign or behind is mended here, unless another
        process holds the archive for writing, which then does, or there is so much to do that a process of its own
        begins it.
        """
        seq = catalog.seq
        return (self._lexical_is_at(catalog, seq) or self._mended(catalog)) and self._dense_is_at(catalog, seq)

    def _mended(self, catalog: Catalog) -> bool:
        since = self._lexical.seq if self._lexical else 0
        if catalog.added_after(since) > _MOST_INLINE:
            self._begin_background()
            return False
        try:
            with writing(self._archive):
                if catalog.is_behind():  # a writer has gone further than this snapshot
                    return False
                with self.writing(catalog):
                    return True
        except ArchiveBusy:
            return False

    def _begin_background(self) -> None:
        """Have a process bring the indexes in step, unless one was begun a little while ago."""
        if time.monotonic() - self._begun > _PATIENCE_SECONDS:
            self._begun = time.monotonic()
            self._background()

    @contextmanager
    def writing(self, catalog: Catalog) -> Iterator[Writer]:
        """Bring lexical search in step, and keep it so by the writer given; for who holds the archive for writing."""
        with explained(self._folder):
            self._own(catalog)
            if self._lexical is not None and not self._lexical.is_there():
                self._lexical = None
            lexical = self._lexical = self._lexical or self._open_lexical()
        with lexical.writing() as writer:
            step = Writer(lexical, writer, catalog)
            step.follow()
            yield step

    def rewrite(self, catalog: Catalog) -> None:
        """Make lexical search anew, so that nothing of what was removed stays in its files."""
        with self.lexical.writing() as writer, catalog.snapshot():
            writer.apply([], catalog.added_since(0), catalog.seq, afresh=True)

    def distrust(self) -> None:
        """Have every byte of lexical search checked when it is opened next, as after it gave what cannot be."""
        self._lexical = None
        Lexical.distrust(self._folder)

    def drop(self) -> None:
        """Delete all derived files; they are made anew when next needed."""
        self._dense = self._lexical = None
        with explained(self._folder):
            manifest.put_away(self._folder)

    def on_disk(self, catalog: Catalog) -> tuple[Lexical | None, Base | None, tuple[str, ...]]:
        """What lies on the disk for the catalog's moment, and what is wrong at first sight; nothing is mended.

        Files that were never made, that another machine made, or that a writer is bringing in step, are not wrong.
        """
        if not ownership.is_owned(self._folder, catalog.identity, self._key):
            return None, None, ()
        wrong = []
        lexical = Lexical.open(self._folder, deep=True)
        base = Base.open(self._folder, self._fingerprint)
        if lexical is None and Lexical.exists(self._folder):
            wrong.append("the index of words is not as it was written")
        if lexical is not None and lexical.seq > catalog.seq:
            wrong.append("the index of words is ahead of archive.db, as after restoring a backup")
        if base is None and Base.exists(self._folder, self._fingerprint):
            wrong.append("the index of vectors is not as it was written")
        in_step = lexical is not None and lexical.seq == catalog.seq
        usable = base is not None and catalog.removals_after <= base.seq <= catalog.seq
        return lexical if in_step else None, base if usable else None, tuple(wrong)

    def fold_if_due(self, catalog: Catalog) -> None:
        """Begin folding where there is enough to fold, and forget removals that every index has taken in."""
        base = Base.open(self._folder, self._fingerprint)
        catalog.trim(min(self.lexical.seq, base.seq) if base else self.lexical.seq)
        if self.is_worth_folding(catalog):
            self._background()

    def is_worth_folding(self, catalog: Catalog) -> bool:
        """Whether enough has come since the base was made."""
        base = Base.open(self._folder, self._fingerprint)
        gone = len(catalog.removed_since(base.seq)) if base else 0
        return folding.is_due(base, catalog.count("passages"), gone)

    def _open_lexical(self) -> Lexical:
        lexical = Lexical.open(self._folder)
        if lexical is None and Lexical.exists(self._folder):
            log.warning("%s: the index of words was not as it was written; made anew", self._archive)
        return lexical or Lexical.begin(self._folder)

    def _own(self, catalog: Catalog) -> None:
        """Make the folder this machine's own, emptied of what another has written."""
        archive = catalog.identity
        if ownership.is_owned(self._folder, archive, self._key):
            return
        self.drop()
        for pattern in _OLD:
            for old in self._archive.glob(pattern):
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        self._folder.mkdir()
        ownership.claim(self._folder, archive, self._key)

    def _lexical_is_at(self, catalog: Catalog, seq: int) -> bool:
        if self._lexical is not None and self._lexical.seq != seq:
            if self._lexical.is_there():
                self._lexical.reload()
            else:  # another process has made it anew
                self._lexical = None
        if self._lexical is None:
            if not ownership.is_owned(self._folder, catalog.identity, self._key):
                return False
            self._lexical = lexical = Lexical.open(self._folder)
            if lexical is not None and lexical.seq == seq and len(lexical) != catalog.count("passages"):
                return False  # its list of segments has no checksum: what it says is compared once
        return self._lexical is not None and self._lexical.seq == seq

    def _dense_is_at(self, catalog: Catalog, seq: int) -> bool:
        """Bring dense search to a change; ``False`` where the base on the disk is of a later one than the snapshot."""
        dense, oldest = self._dense, catalog.removals_after
        if dense is not None and dense.seq == seq:
            return True
        base = Base.open(self._folder, self._fingerprint, in_use=dense.base if dense else None)
        if base is not None and base.seq > seq:
            return False
        if base is not None and base.seq < oldest:
            base = None
        if base is None and catalog.count("passages") >= folding.MOST_WITHOUT:  # too many to hold in memory
            self._begin_background()
            return False
        if dense is None or not oldest <= dense.seq <= seq or base is not dense.base:
            dense = Dense.begin(self._dimension, self._fingerprint, base)
        ids, vectors = catalog.vectors.since(dense.seq, self._dimension)
        dense = dense.advanced(catalog.removed_since(dense.seq), ids, vectors, seq)
        if len(dense) != catalog.count("passages"):
            log.warning("%s: dense search did not hold what the archive holds; made anew", self._archive)
            ids, vectors = catalog.vectors.since(0, self._dimension)
            dense = Dense.begin(self._dimension, self._fingerprint).advanced([], ids, vectors, seq)
        self._dense = dense
        return True


class Writer:
    """Keeps lexical search in step with the catalog while an archive is changed."""

    def __init__(self, lexical: Lexical, writer: LexicalWriter, catalog: Catalog) -> None:
        self._lexical = lexical
        self._writer = writer
        self._catalog = catalog
        self._compared = False

    def follow(self) -> None:
        """Take in what was committed since; call inside no transaction of the catalog's, or in a snapshot."""
        catalog, lexical = self._catalog, self._lexical
        seq = catalog.seq
        if lexical.seq > seq:
            log.warning("%s: its indexes were ahead of it, as after restoring a backup; made anew", catalog.path)
        afresh = not catalog.removals_after <= lexical.seq <= seq
        behind = afresh or lexical.seq < seq
        if behind:
            since = 0 if afresh else lexical.seq
            removed = [] if afresh else catalog.removed_since(since)
            self._writer.apply(removed, catalog.added_since(since), seq, afresh=afresh)
        if behind or not self._compared:
            self._compared = True
            if len(lexical) != catalog.count("passages"):
                log.warning("%s: lexical search did not hold what the archive holds; made anew", catalog.path)
                self._writer.apply([], catalog.added_since(0), seq, afresh=True)
