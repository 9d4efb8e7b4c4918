"""Texts compared as SQuAD compares them (pure)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ARTICLES = re.compile(r"\b(a|an|the)\b")


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
