"""What a reader says of a text: how likely an answer begins and ends at each of its tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.domain import Span

LONGEST = 15
"""Tokens of an answer at most: a name, a number, a date, a short clause."""
NOTHING = -20.0
"""Log odds of an answer where nothing was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """A text, read for a question.

    ``offsets``, of shape (tokens, 2), say where the tokens that were read stand in the text; ``starts`` and ``ends``,
    of shape (tokens,), are logits that the answer begins and ends there, ``none`` that there is none: the sum of the
    two logits of the first token of all, as Devlin et al. 2019 (BERT) have it for SQuAD 2.
    """

    offsets: npt.NDArray[np.int64]
    starts: npt.NDArray[np.float32]
    ends: npt.NDArray[np.float32]
    none: float

    @property
    def relevance(self) -> float:
        """The log odds that the text holds an answer: those of all starts and ends against there being none."""
        if not len(self.starts):
            return NOTHING
        return float(np.logaddexp.reduce(self.starts) + np.logaddexp.reduce(self.ends)) - self.none

    def best(self, first: int, last: int) -> tuple[float, Span]:
        """The best answer within a part of the text: its log odds against there being none, and where it stands.

        Args:
            first: the first character of the part.
            last: the one after its last.

        """
        (held,) = np.nonzero((self.offsets[:, 0] >= first) & (self.offsets[:, 1] <= last))
        if not len(held):
            return NOTHING, (first, first)
        starts, ends = self.starts[held], self.ends[held]
        sums = starts[:, None] + ends[None, :]
        allowed = np.triu(np.ones_like(sums, dtype=bool)) & ~np.triu(np.ones_like(sums, dtype=bool), LONGEST)
        begin, end = np.unravel_index(np.where(allowed, sums, -np.inf).argmax(), sums.shape)
        span = int(self.offsets[held[begin], 0]), int(self.offsets[held[end], 1])
        return float(sums[begin, end]) - self.none, span


class Reader(Protocol):
    """What reading needs of a model. For one thread."""

    def read(self, question: str, texts: Sequence[str]) -> list[Spans]:
        """Each text, read for a question; of a text that is too long, its beginning."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, uncut."""
