"""Vectors in memory, searched exactly: what came to an archive since the last folding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from index.encoder import FloatMatrix

    Ids = npt.NDArray[np.int64]

_FIRST_ROWS = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """Vectors in memory, searched exactly. Rows behind ``count`` belong to later moments of the same buffer."""

    ids: Ids
    rows: FloatMatrix
    count: int
    used: list[int]

    @classmethod
    def empty(cls, dimension: int) -> Recent:
        """No vectors."""
        return cls(ids=np.empty(0, dtype=np.int64), rows=np.empty((0, dimension), np.float32), count=0, used=[0])

    def extended(self, ids: Ids, rows: FloatMatrix) -> Recent:
        """With more vectors; in the same buffer where there is room, so that adding costs what is added."""
        if not len(ids):
            return self
        count = self.count + len(ids)
        if self.used[0] != self.count or count > len(self.ids):
            room = max(2 * count, _FIRST_ROWS)
            whole = Recent(
                ids=np.empty(room, dtype=np.int64),
                rows=np.empty((room, self.rows.shape[1]), dtype=np.float32),
                count=count,
                used=[count],
            )
            whole.ids[: self.count], whole.rows[: self.count] = self.ids[: self.count], self.rows[: self.count]
        else:
            whole = Recent(ids=self.ids, rows=self.rows, count=count, used=self.used)
            self.used[0] = count
        whole.ids[self.count : count], whole.rows[self.count : count] = ids, rows
        return whole

    def without(self, gone: Ids) -> Recent:
        """Without some vectors."""
        kept = ~np.isin(self.ids[: self.count], gone)
        if kept.all():
            return self
        ids, rows = self.ids[: self.count][kept], self.rows[: self.count][kept]
        return Recent(ids=ids, rows=rows, count=len(ids), used=[len(ids)])

    def search(
        self, vector: FloatMatrix, k: int, among: npt.NDArray[np.bool_] | None = None
    ) -> tuple[Ids, FloatMatrix]:
        """The ids and scores of the nearest, in no order; with ``among``, of those ids that it is true of."""
        ids, rows = self.ids[: self.count], self.rows[: self.count]
        if among is not None:
            known = ids[ids < len(among)]
            chosen = np.flatnonzero(among[known])  # ids ascend: those unknown are the last
            ids, rows = ids[chosen], rows[chosen]
        scores = rows @ vector
        if k < len(ids):
            best = np.argpartition(scores, len(ids) - k)[len(ids) - k :]
            return ids[best], scores[best]
        return ids, scores
