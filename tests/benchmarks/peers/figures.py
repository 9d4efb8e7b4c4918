"""What the ranks of single questions come to (pure)."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.evaluation import Estimate, first_rank, recall_at, reciprocal_rank

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

RESAMPLES = 10_000
_SEED = 29

Rank = float | None
"""1 for the first place; ``None``, which JSON has and infinity it has not, where nothing relevant was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Means over questions, each in [0, 1]."""

    recall_1: float
    recall_5: float
    mrr: float

    def __str__(self) -> str:
        return f"{self.recall_1:6.3f}{self.recall_5:6.3f}{self.mrr:6.3f}"


def rank_by_article(ids: Sequence[str], relevant: Collection[str]) -> Rank:
    """The place of the first relevant article among different ones: chunks of an article found already do not count."""
    rank = first_rank(dict.fromkeys(ids), relevant)
    return None if math.isinf(rank) else rank


def figures(ranks: Sequence[Rank]) -> Figures:
    """Recall@1, recall@5 and MRR@10."""
    numbers = [math.inf if rank is None else rank for rank in ranks]
    return Figures(recall_1=recall_at(numbers, 1), recall_5=recall_at(numbers, 5), mrr=reciprocal_rank(numbers))


def gains(ranks: Sequence[Rank], measure: str) -> list[float]:
    """What each question adds to ``recall@1`` or ``MRR@10``."""
    return [getattr(figures([rank]), {"recall@1": "recall_1", "MRR@10": "mrr"}[measure]) for rank in ranks]


def paired_difference(ours: Sequence[float], theirs: Sequence[float]) -> Estimate:
    """The mean of ours less theirs over the same questions, with its 95 % interval from 10,000 bootstrap resamples."""
    differences = np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float)
    draw = np.random.default_rng(_SEED)
    means = differences[draw.integers(0, len(differences), (RESAMPLES, len(differences)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(mean=float(differences.mean()), low=float(low), high=float(high))


def latency(seconds: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile, in milliseconds."""
    return statistics.median(seconds) * 1000, statistics.quantiles(seconds, n=20)[-1] * 1000
