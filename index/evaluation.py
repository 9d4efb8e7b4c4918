"""Measures of retrieval and answering (pure). A rank is 1 for the first place, ``inf`` where nothing was found."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    import numpy.typing as npt

_ARTICLES = re.compile(r"\b(a|an|the)\b")
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


def normalise(text: str) -> str:
    """Text as SQuAD compares it (Rajpurkar et al. 2016): lower case, without punctuation and English articles."""
    kept = "".join(" " if unicodedata.category(character)[0] in "PSZ" else character for character in text.casefold())
    return " ".join(_ARTICLES.sub(" ", kept).split())


def contains(text: str, answers: Iterable[str]) -> bool:
    """Whether one of the answers stands in a text, as whole words, after ``normalise``."""
    padded = f" {normalise(text)} "
    return any(f" {found} " in padded for answer in answers if (found := normalise(answer)))


def token_f1(predicted: str, expected: str) -> float:
    """The harmonic mean of precision and recall over the words of two texts, as SQuAD counts it."""
    ours, theirs = normalise(predicted).split(), normalise(expected).split()
    common = sum(min(ours.count(word), theirs.count(word)) for word in set(ours))
    if not common:
        return float(ours == theirs)
    precision, recall = common / len(ours), common / len(theirs)
    return 2 * precision * recall / (precision + recall)
