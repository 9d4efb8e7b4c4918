"""What an encoder makes of texts that have nothing in common, so that likeness means the same whichever it is.

The cosines of some encoders lie between 0 and 1, those of others between 0.6 and 0.9. What reading weighs was fitted
with one of them; the likeness that another gives is stretched so that what is unlike is as unlike as there, and 1 is 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from index.late_interaction import max_sim

if TYPE_CHECKING:
    from index.encoder import Encoder

QUESTIONS = (
    "Who repaired the lighthouse?",
    "How much rain fell in April?",
    "When does the night ferry leave?",
    "Why was the trial put off?",
)
SENTENCES = (
    "The choir sang two songs by a local composer.",
    "Onions cost less at the market than a year ago.",
    "Her brother teaches chemistry in the next town.",
    "The goalkeeper signed for another three seasons.",
)
_LEAST = 0.02
"""Of what lies above the floor: an encoder to which all is alike tells nothing apart, however it is stretched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """The mean likeness of questions and sentences that have nothing in common, in [-1, 1]."""

    cosine: float
    max_sim: float


FITTED = Floors(cosine=0.0705, max_sim=0.1261)
"""Those of all-MiniLM-L6-v2, with which the weights in index/reading.py were fitted."""

_KNOWN: WeakKeyDictionary[Encoder, Floors] = WeakKeyDictionary()


def floors(encoder: Encoder) -> Floors:
    """An encoder's floors, measured when they are first asked for: a run of eight short texts."""
    known = _KNOWN.get(encoder)
    if known is None:
        vectors, words = encoder.read_passages([*QUESTIONS, *SENTENCES])
        pairs = [(asked, len(QUESTIONS) + told) for asked in range(len(QUESTIONS)) for told in range(len(SENTENCES))]
        known = _KNOWN[encoder] = Floors(
            cosine=fmean(float(vectors[asked] @ vectors[told]) for asked, told in pairs),
            max_sim=fmean(max_sim(words[asked], words[told]) for asked, told in pairs),
        )
    return known


def stretched(likeness: float, floor: float, fitted: float) -> float:
    """A likeness as the encoder would have given it that reading was fitted with: linear, ``floor`` to ``fitted``."""
    return fitted + (likeness - floor) * (1 - fitted) / max(1 - floor, _LEAST)
