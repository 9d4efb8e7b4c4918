"""Two configurations asked the same questions: by how much they differ, and whether that may be chance (pure)."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.evaluation.estimates import Estimate, interval

if TYPE_CHECKING:
    from collections.abc import Sequence

_DRAWS = 10_000
_SEED = 17
_ENUMERATED = 12
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A measure of two configurations over the same questions.

    ``difference`` is the second's mean less the first's, with its interval from paired resamples; ``higher`` and
    ``lower`` count the questions in which the second's value is the higher, or the lower, one of ``questions``; ``p``
    is the probability of a difference as large where the two were alike (``permutation_test``).
    """

    first: float
    second: float
    difference: Estimate
    higher: int
    lower: int
    questions: int
    p: float


def compare(first: Sequence[float], second: Sequence[float]) -> Comparison:
    """Compare values of the same questions, in the same order; at least one."""
    before, after = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    differences = after - before
    return Comparison(
        first=float(before.mean()),
        second=float(after.mean()),
        difference=interval(differences.tolist()),
        higher=int((differences > 0).sum()),
        lower=int((differences < 0).sum()),
        questions=len(differences),
        p=permutation_test(differences.tolist()),
    )


def permutation_test(differences: Sequence[float]) -> float:
    """The two-sided p-value of paired differences when their signs are drawn at random (Smucker et al. 2007).

    Exact where the differences are all of one size, which makes it the sign test, and where at most 12 are not 0;
    else from 10,000 draws with a fixed seed, the observed one counted among them.
    """
    sizes = np.abs([each for each in differences if each])
    if not len(sizes):
        return 1.0
    observed = abs(float(np.sum(differences))) - 1e-9 * float(sizes.sum())  # sums of the same numbers differ by order
    if np.allclose(sizes, sizes[0]):
        higher = sum(each > 0 for each in differences)
        return sign_test(higher, len(sizes) - higher)
    if len(sizes) <= _ENUMERATED:
        signs = np.array(list(itertools.product((-1, 1), repeat=len(sizes))))
        return float(np.mean(np.abs(signs @ sizes) >= observed))
    draw = np.random.default_rng(_SEED)
    extreme = 0
    for _ in range(_DRAWS // _AT_ONCE):
        signs = draw.integers(0, 2, (_AT_ONCE, len(sizes))) * 2 - 1
        extreme += int((np.abs(signs @ sizes) >= observed).sum())
    return (extreme + 1) / (_DRAWS + 1)


def sign_test(higher: int, lower: int) -> float:
    """The two-sided p-value of so many differences up and down, were both as likely; ties are left out."""
    count = higher + lower
    tail = sum(math.comb(count, each) for each in range(min(higher, lower) + 1))
    return float(min(1.0, 2 * tail / 2**count))
