"""Measures of ranking (pure). A rank is 1 for the first place, ``inf`` where nothing was found."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


def first_rank(ranked: Iterable[object], relevant: Collection[object]) -> float:
    """The rank of the first relevant item, or ``inf``."""
    return next((float(rank) for rank, item in enumerate(ranked, start=1) if item in relevant), float("inf"))


def recall_at(ranks: Sequence[float], k: int) -> float:
    """The share of questions with something relevant among the first ``k``, in [0, 1]."""
    return float(np.mean(np.asarray(ranks) <= k)) if len(ranks) else 0.0


def reciprocal_rank(ranks: Sequence[float], k: int = 10) -> float:
    """MRR@k: the mean of 1/rank, 0 beyond ``k``."""
    array = np.asarray(ranks, dtype=float)
    return float(np.mean(np.where(array <= k, 1 / array, 0.0))) if len(array) else 0.0


def ndcg(ranked: Iterable[bool], relevant: int, k: int = 10) -> float:
    """nDCG@k with gains of 0 and 1 (Järvelin and Kekäläinen 2002), in [0, 1]; 0 where nothing is relevant.

    Args:
        ranked: for each place, the best first, whether what stands there is relevant.
        relevant: how many relevant ones there are in all, found or not.
        k: places that count.

    """
    gained = sum(_discount(place) for place, good in zip(range(1, k + 1), ranked, strict=False) if good)
    most = sum(_discount(place) for place in range(1, min(relevant, k) + 1))
    return gained / most if most else 0.0


def _discount(place: int) -> float:
    return 1 / math.log2(place + 1)
