"""Whether a question follows on what was said before: by its words, and by where those stand in the archive (pure)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.conversation.leaning import Leaning
    from index.domain import Reply

MOST_CONTENT = 5
"""Words that say something of their own in a question that may follow on another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Logistic regression of "this question leans on the one before".

    Fitted on the even lines of tests/dialogues (see tests/benchmarks/bench_dialogues.py). ``content`` weighs each word
    of its own that the question has, ``missing`` what share of those does not stand in the article that was spoken of,
    times their number; ``stranger`` a name that does not, which without a pronoun beside it makes a new subject;
    ``here`` that no other article holds more of them. ``threshold`` is higher than a half: an answer about what was not
    asked misleads, a question asked again does not.
    """

    intercept: float = 5.22
    pronoun: float = 1.16
    content: float = -1.29
    missing: float = -1.30
    stranger: float = -0.99
    here: float = 0.64
    threshold: float = 0.60

    def probability(self, look: Leaning, held: float, names: float, elsewhere: float) -> float:
        """The probability, in (0, 1), that a question leans on the turn before it.

        Args:
            look: its words.
            held: the share, in [0, 1], of what they tell that stands in the article that was spoken of.
            names: the same of its names; 1 where it has none.
            elsewhere: the most of ``held`` that another article found for it has.
        """
        count = len(look.content)
        if names < _ALL and not look.pronouns:
            return 0.0
        odds = (
            self.intercept
            + self.pronoun * (look.pronouns > 0)
            + self.content * count
            + self.missing * count * (1.0 - held)
            + self.stranger * (names < _ALL)
            + self.here * (held >= elsewhere)
        )
        return 1 / (1 + math.exp(-odds))

    def surely(self, look: Leaning) -> bool:
        """Whether its words alone tell: it has none of its own."""
        return not look.content

    def perhaps(self, look: Leaning) -> bool:
        """Whether it may lean on the turn before it, as far as its words tell."""
        return len(look.content) <= MOST_CONTENT and self.probability(look, 1.0, 1.0, 0.0) >= self.threshold


_ALL = 0.99
FOLLOW_UP = FollowUp()


def better(alone: Reply | None, after: Reply) -> Reply:
    """Of what a follow-up finds by itself and together with what came before, the reply to give.

    What was found together with it; but where both found the same article and only the question alone an answer,
    that one.
    """
    if alone is None or alone.answer is None or after.answer is not None or not after.hits:
        return after
    return alone if alone.answer.hit.article.key == after.hits[0].article.key else after
