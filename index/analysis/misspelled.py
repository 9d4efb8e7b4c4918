"""What a term may have been meant to be: all that is one slip of a key away from it (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST = 5
"""Letters of a word that may be misspelled: shorter ones are a slip away from too many others."""
LONG = 8
"""Letters from which on the first may be wrong too."""

_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ",
    "αβγδεζηθικλμνξοπρστυφχψω",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويىئءةآأإؤ",
)


def slips(term: str) -> Iterator[str]:
    """The terms that are one letter more, less or other, or two neighbours swapped, away from a term.

    Letters are of the alphabet that the whole term is of; what is of none, or short, or has a figure, gives nothing.
    The first letter is taken to be right, but in a long word. A term may come more than once.
    """
    alphabet = next((each for each in _ALPHABETS if set(term) <= set(each)), "")
    if len(term) < SHORTEST or not alphabet:
        return
    first = 0 if len(term) >= LONG else 1
    for at in range(first, len(term)):
        yield term[:at] + term[at + 1 :]
        if at + 1 < len(term):
            yield term[:at] + term[at + 1] + term[at] + term[at + 2 :]
        for letter in alphabet:
            yield term[:at] + letter + term[at + 1 :]
            yield term[:at] + letter + term[at:]
    yield from (term + letter for letter in alphabet)
