"""What is kept of a body so that its near-duplicates are found among a million (pure).

MinHash: Broder, On the resemblance and containment of documents (1997); the permutations are rensa's R-MinHash.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rensa import RMinHash

from index.near_duplicates.words import most_conflicts

if TYPE_CHECKING:
    from index.near_duplicates.comparison import Text

BANDS = 32
"""With three minima each: of two bodies, half of whose shingles are common to both, 98.6 % share a band."""
VERSION = f"1 rensa {RMinHash.ALGORITHM_VERSION}"
"""Signatures of another version compare with none of this."""

_ROWS = 3
_SEED = 1
_CONTAINED = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Of one body. ``minima``: 96 minima of the hashed shingles, uint32; ``facts``: sorted hashes, uint32.

    ``size`` is the number of distinct shingles.
    """

    minima: bytes
    facts: bytes
    size: int

    @property
    def bands(self) -> list[int]:
        """For every three minima a number of 48 bits, which of a body like this one is probably the same."""
        width = 4 * _ROWS
        rows = [self.minima[at : at + width] for at in range(0, BANDS * width, width)]
        return [zlib.crc32(row) << 16 | zlib.adler32(row) & 0xFF00 | at for at, row in enumerate(rows)]


def signature_of(text: Text) -> Signature:
    """The signature of an article's body; equal bodies have equal ones, on any machine."""
    minhash = RMinHash(num_perm=BANDS * _ROWS, seed=_SEED)
    minhash.update(list(text.shingles))
    facts = np.unique(np.array([zlib.crc32(fact.encode("utf-8", "replace")) for fact in text.facts], dtype="<u4"))
    minima = np.array(minhash.digest(), dtype="<u4").tobytes()
    return Signature(minima=minima, facts=facts.tobytes(), size=len(text.shingles))


def may_be_one_story(one: Signature, other: Signature) -> bool:
    """Whether two bodies are worth reading side by side: few facts conflict, and most of the shorter is in the other.

    Facts are compared as they are read side by side, so that a season of one template costs no reading. From the share
    of equal minima, which estimates Jaccard's index J, follows what is common: J / (1 + J) of both.
    """
    facts = set(memoryview(one.facts).cast("I")), set(memoryview(other.facts).cast("I"))
    shared = len(facts[0] & facts[1])
    conflicts = min(len(facts[0]), len(facts[1])) - shared
    if conflicts > most_conflicts(shared + conflicts, corrects=True):
        return False
    minima = np.frombuffer(one.minima, dtype="<u4") == np.frombuffer(other.minima, dtype="<u4")
    jaccard = np.count_nonzero(minima) / len(minima)
    common = jaccard / (1 + jaccard) * (one.size + other.size)
    return bool(common >= _CONTAINED * min(one.size, other.size))
