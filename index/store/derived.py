"""The derived indexes of an archive, kept in step with the catalog."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from index.errors import ArchiveBusy
from index.store.dense import Dense
from index.store.lexical import Lexical
from index.store.lock import writing

if TYPE_CHECKING:
    from pathlib import Path

    from index.store.catalog import Catalog


class Derived:
    """Dense and lexical search over one archive, opened from their files or made anew from the catalog."""

    def __init__(self, folder: Path, *, dimension: int, fingerprint: str) -> None:
        self._folder = folder
        self._dimension = dimension
        self._fingerprint = fingerprint
        self.dense = Dense.load(folder, fingerprint) or Dense.empty(dimension, fingerprint)
        self.lexical = Lexical.open(folder)
        self._saved = (self.dense, self.dense.stamp)

    def follow(self, catalog: Catalog, *, held: bool = False) -> None:
        """Take in what changed since; where this process may not write the lexical index, the writer will.

        Call inside ``catalog.snapshot()``, so that both are brought to the same moment.

        Args:
            catalog: the truth.
            held: whether this process holds the archive for writing.

        """
        seq = catalog.seq
        self._follow_dense(catalog, seq)
        if self.lexical.seq != seq:
            self.lexical.reload()
        if self.lexical.seq == seq:
            return
        if held:
            self._follow_lexical(catalog, seq)
            return
        with contextlib.suppress(ArchiveBusy, OSError), writing(self._folder):
            if not catalog.is_behind():  # else a writer has brought the index further than this snapshot
                self._follow_lexical(catalog, seq)

    def save(self) -> None:
        """Write the dense index down where it changed; the lexical one is written as it changes."""
        now = (self.dense, self.dense.stamp)
        if self._saved != now:
            self.dense.save(self._folder)
            self._saved = now

    def _follow_dense(self, catalog: Catalog, seq: int) -> None:
        since = self.dense.stamp.seq
        if since > seq:
            self.dense, since = Dense.empty(self._dimension, self._fingerprint), 0
        if since < seq:
            ids, vectors = catalog.vectors_since(since, self._dimension)
            self.dense.apply(catalog.removed_since(since), ids, vectors, seq)
        if len(self.dense) != catalog.count("passages"):
            self.dense = Dense.empty(self._dimension, self._fingerprint)
            self.dense.apply([], *catalog.vectors_since(0, self._dimension), seq)

    def _follow_lexical(self, catalog: Catalog, seq: int) -> None:
        afresh = self.lexical.seq > seq
        since = 0 if afresh else self.lexical.seq
        self.lexical.apply(catalog.removed_since(since), catalog.added_since(since), seq, afresh=afresh)
        if len(self.lexical) != catalog.count("passages"):
            self.lexical.apply([], catalog.added_since(0), seq, afresh=True)
