"""A question and a text compared word by word, each word as the model means it where it stands (pure).

The states that a model has of its tokens are kept apart, instead of pooled into one vector, and each word of the
question looks for its nearest: the "late interaction" and MaxSim of Khattab and Zaharia 2020 (ColBERT), over whole
words rather than tokens, so that a script which a tokenizer cuts into letters is not matched letter by letter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from index.analysis.tokens import UNSPACED
from index.encoder import unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.domain import Span
    from index.encoder import FloatMatrix

_LETTER = rf"[^\W{UNSPACED}]"
_WORD = re.compile(rf"[{UNSPACED}]|{_LETTER}(?:(?:{_LETTER}|['’.-])*{_LETTER})?")


def word_spans(text: str) -> list[Span]:
    """Where the words of a text stand; of a script without spaces, its characters."""
    return [match.span() for match in _WORD.finditer(text)]


def words_in_context(states: FloatMatrix, offsets: Sequence[tuple[int, int]], text: str, start: int = 0) -> FloatMatrix:
    """The words of a text, each the mean of its tokens' states.

    Args:
        states: of the tokens, of shape (tokens, hidden).
        offsets: where each token stands in the text; an empty one stands nowhere.
        text: what was read.
        start: where the first word may begin: what stands before it is a prompt.

    Returns:
        Unit rows of shape (words, hidden), of the words that the model read, in their order.

    """
    spans = [span for span in word_spans(text) if span[0] >= start]
    if not spans:
        return np.empty((0, states.shape[1]), dtype=np.float32)
    begins, ends = np.array(spans).T
    last = np.array([end - 1 if end > begin else -1 for begin, end in offsets])  # some begin with the space before
    word = np.searchsorted(begins, last, side="right") - 1
    (held,) = np.nonzero((word >= 0) & (last < ends[word]))
    of = np.zeros((len(spans), len(states)), dtype=np.float32)
    of[word[held], held] = 1
    return unit(of[np.unique(word[held])] @ states)


def max_sim(question: FloatMatrix, text: FloatMatrix) -> float:
    """How near, on average, the words of a question come to the nearest words of a text: in [-1, 1], 0 of no words."""
    if not len(question) or not len(text):
        return 0.0
    return float((question @ text.T).max(axis=1).mean())
