"""What per-question values say of questions in general: means with intervals (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

_RESAMPLES = 1000
_SEED = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean with its 95 % interval, from 1,000 bootstrap resamples of the questions."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The probability that a positive scores above a negative, a tie counting half (Mann-Whitney)."""
    above = np.asarray(positive, dtype=float)[:, None]
    below = np.asarray(negative, dtype=float)[None, :]
    return float(np.mean((above > below) + 0.5 * (above == below)))


def interval(
    values: Sequence[float], statistic: Callable[[npt.NDArray[np.float64]], float] = lambda array: float(array.mean())
) -> Estimate:
    """A statistic of per-question values with its 95 % percentile bootstrap interval; the seed is fixed."""
    array = np.asarray(values, dtype=float)
    draw = np.random.default_rng(_SEED)
    resampled = [statistic(array[draw.integers(0, len(array), len(array))]) for _ in range(_RESAMPLES)]
    low, high = np.percentile(resampled, [2.5, 97.5])
    return Estimate(mean=statistic(array), low=float(low), high=float(high))
