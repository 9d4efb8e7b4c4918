"""Vectors of a large archive, drawn from those of a real one: as near to each other, and to questions, as in that one.

Each is a real vector moved in two steps: up to half the way to the next one, which is mostly of the same article, and
then by noise shaped like the whole archive. Both were chosen on the vectors of the news: as many synthetic ones as
real have nearly the neighbours of the real, seen from questions and from passages, and are as hard to partition;
what differs makes them a little harder. ``bench_dense`` prints how near they come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.encoder import FloatMatrix

CHUNK = 16_384
_TO_NEXT = 0.5  # the largest part of the way to the next vector
_KEPT = 0.85  # the smallest cosine that the noise leaves


def synthetic_vectors(real: FloatMatrix, count: int, seed: int = 1) -> Iterator[FloatMatrix]:
    """Unit vectors in chunks of up to ``CHUNK`` rows, float32; the first of many are those of few.

    ``real``: shape (some thousands, dimension), unit norm, in the order of the archive.
    """
    spread = _spread(real)
    for at in range(0, count, CHUNK):
        draw = np.random.default_rng([seed, at])
        source = draw.integers(0, len(real) - 1, (CHUNK, 1))
        toward = draw.uniform(0, _TO_NEXT, (CHUNK, 1)).astype(np.float32)
        kept = draw.uniform(_KEPT, 1, (CHUNK, 1)).astype(np.float32)
        noise = _unit(draw.standard_normal((CHUNK, real.shape[1]), dtype=np.float32) @ spread)
        centre = _unit((1 - toward) * real[source[:, 0]] + toward * real[source[:, 0] + 1])
        yield _unit(kept * centre + np.sqrt(1 - kept * kept) * noise)[: count - at]


def _spread(real: FloatMatrix) -> FloatMatrix:
    """A matrix that turns independent noise into noise with the covariance of the real vectors."""
    values, axes = np.linalg.eigh(np.cov(real, rowvar=False))
    return (np.sqrt(np.clip(values, 0, None))[:, None] * axes.T).astype(np.float32)


def _unit(rows: FloatMatrix) -> FloatMatrix:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
