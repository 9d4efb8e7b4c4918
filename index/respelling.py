"""A question with its slips of the key mended, as the encoder should read it (pure).

An encoder reads a word that it does not know letter by letter, and makes something else of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.analysis import terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from index.domain import Hit

_WORD = re.compile(r"\w(?:[\w'’-]*\w)?")


def respelled(question: str, slips: Mapping[str, str], passages: Sequence[Hit]) -> str:
    """A question, its misspelled words as the first of these passages that has them spells them.

    Only of words that are written small there: a name one letter away may be another's.

    Args:
        question: as it was typed.
        slips: terms of it that stand nowhere, and the terms that they are taken for.
        passages: what was found for it, best first.

    """
    if not slips:
        return question
    languages = list(dict.fromkeys(hit.article.language for hit in passages))
    pieces, at = [], 0
    for typed in _WORD.finditer(question):
        wanted = {slips[term] for language in languages for term in terms(typed.group(), language) if term in slips}
        pieces += [question[at : typed.start()], _spelled(wanted, passages) or typed.group()]
        at = typed.end()
    return "".join([*pieces, question[at:]])


def _spelled(wanted: Iterable[str], passages: Sequence[Hit]) -> str | None:
    """How passages spell the first word of theirs that is one of these terms; none where that is a name."""
    sought = frozenset(wanted)
    if not sought:
        return None
    found = (
        word.group()
        for hit in passages
        for word in _WORD.finditer(hit.passage.text)
        if not sought.isdisjoint(terms(word.group(), hit.article.language))
    )
    return next((word for word in found if word.islower()), None)
