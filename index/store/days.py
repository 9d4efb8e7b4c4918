"""Which days passages are of, by their ids: what a search limited to some days looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    import numpy.typing as npt

    Ids = npt.NDArray[np.int64]
    Days = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The day of each passage, as an ordinal, at the place of its id; 0 where it has none. ``seq``: of which change."""

    days: Days
    seq: int

    @classmethod
    def empty(cls) -> Calendar:
        """Of an archive that holds nothing yet."""
        return cls(days=np.zeros(0, dtype=np.int32), seq=0)

    def followed(self, connection: sqlite3.Connection, seq: int) -> Calendar:
        """Brought to change ``seq``: what was added since is read; what was removed is found by no search anyway."""
        if seq == self.seq:
            return self
        passages = np.array(
            connection.execute("SELECT id, article FROM passages WHERE seq > ?", (self.seq,)).fetchall(), dtype=np.int64
        ).reshape(-1, 2)
        if not len(passages):
            return Calendar(days=self.days, seq=seq)
        first = int(passages[:, 1].min())
        ordinals = np.zeros(int(passages[:, 1].max()) - first + 1, dtype=np.int32)
        for article, day in connection.execute(
            "SELECT id, published FROM articles WHERE published IS NOT NULL AND id >= ?", (first,)
        ):
            if article - first < len(ordinals):
                ordinals[article - first] = date.fromisoformat(day).toordinal()
        days = np.zeros(max(len(self.days), int(passages[:, 0].max()) + 1), dtype=np.int32)
        days[: len(self.days)] = self.days
        days[passages[:, 0]] = ordinals[passages[:, 1] - first]
        return Calendar(days=days, seq=seq)

    def within(self, first: int, last: int) -> npt.NDArray[np.bool_]:
        """Of each id, whether its passage is of the days from ``first`` to ``last``, as ordinals."""
        return (self.days >= max(1, first)) & (self.days <= last)


def first_passages(connection: sqlite3.Connection, articles: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Of each article the id of its first passage, and how many it has; their ids follow one another."""
    marks = ",".join("?" * len(articles))
    query = f"SELECT article, MIN(id), COUNT(*) FROM passages WHERE article IN ({marks}) GROUP BY article"  # noqa: S608 - marks
    return {int(row[0]): (int(row[1]), int(row[2])) for row in connection.execute(query, list(articles))}
