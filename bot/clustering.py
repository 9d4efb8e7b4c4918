"""Questions that ask the same, put together (pure).

Average-linkage clustering (Sokal and Michener 1958) by nearest-neighbour chains (Benzécri 1982; Murtagh 1983), which
takes time and memory in proportion to the square of how many there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.memory.unanswered import Asked
    from index.encoder import FloatMatrix

_Likeness = npt.NDArray[np.float64]

ALIKE = 0.675
"""The mean cosine from which two groups of questions are one: see PARAPHRASES in tests/bot/test_clustering.py.

Of 46 pairs that ask the same it puts 39 together, of pairs about two subjects none; 0.725 puts 31 together.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Questions that ask the same, newest first: how often each was asked is how often it stands there."""

    questions: tuple[Asked, ...]

    @property
    def newest(self) -> str:
        """The wording of the newest."""
        return self.questions[0].question

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day on which it was asked, where any is known."""
        known = [each.asked for each in self.questions if each.asked]
        return (min(known), max(known)) if known else None


def grouped(questions: Sequence[Asked], vectors: FloatMatrix, threshold: float = ALIKE) -> tuple[Group, ...]:
    """Questions by what they ask: the group asked most first, among equals the one asked last.

    Args:
        questions: newest first.
        vectors: one for each, float32 of unit norm, shape (len(questions), dimension).
        threshold: the mean cosine from which two groups are one.
    """
    groups = [Group(questions=tuple(questions[place] for place in each)) for each in clusters(vectors, threshold)]
    return tuple(sorted(groups, key=lambda group: -len(group.questions)))


def clusters(vectors: FloatMatrix, threshold: float) -> list[list[int]]:
    """The rows of unit vectors in groups, each in ascending order, by their first rows.

    Two groups are merged as long as the mean cosine between the rows of one and of the other is the threshold or more,
    the closest first.
    """
    likeness = np.asarray(vectors @ vectors.T, dtype=np.float64)
    np.fill_diagonal(likeness, -np.inf)
    members = {place: [place] for place in range(len(vectors))}
    done: list[list[int]] = []
    chain: list[int] = []
    while members:
        if not chain:
            chain.append(next(iter(members)))
        last = chain[-1]
        nearest = int(np.argmax(likeness[last]))
        if len(chain) > 1 and likeness[last, chain[-2]] >= likeness[last, nearest]:
            nearest = chain[-2]
        if not likeness[last, nearest] >= threshold:  # by no merging of others does any come closer
            done.append(members.pop(chain.pop()))
            _forget(likeness, last)
        elif len(chain) > 1 and nearest == chain[-2]:
            _merge(likeness, members, last, nearest)
            del chain[-2:]
        else:
            chain.append(nearest)
    return sorted(sorted(each) for each in done)


def _merge(likeness: _Likeness, members: dict[int, list[int]], one: int, other: int) -> None:
    """Put the first group into the second: the mean over pairs is the mean by sizes."""
    sizes = len(members[one]), len(members[other])
    mean = (sizes[0] * likeness[one] + sizes[1] * likeness[other]) / sum(sizes)
    likeness[other], likeness[:, other] = mean, mean
    likeness[other, other] = -np.inf
    members[other] += members.pop(one)
    _forget(likeness, one)


def _forget(likeness: _Likeness, place: int) -> None:
    likeness[place], likeness[:, place] = -np.inf, -np.inf
