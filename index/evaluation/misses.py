"""Questions that did not go as they should have, and how (pure)."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from index.evaluation.measures import WRONG
from index.evaluation.outcomes import DEEPER, DEPTH, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.evaluation.outcomes import Outcome


class Miss(Enum):
    """How a question went wrong, the gravest first; each is of the first kind that fits."""

    ABSENT = "The archive does not hold the article"
    NOT_FOUND = f"The right article is not among the first {DEEPER}"
    LOW = f"The right article stands below the first {DEPTH}"
    UNFOUNDED = "Answered, though the archive cannot say"
    REJECTED = "Answered from an article that a reader rejected"
    BEHIND = "Another article stands before the right one"
    WRONG = "The right article stands first, but the answer is wrong"
    REFUSED = "The right article stands first, but no answer is given"


def miss_of(outcome: Outcome) -> Miss | None:
    """How a question went wrong, or ``None`` where nothing is known to have."""
    rank = outcome.rank or 1.0
    kinds = {
        Miss.ABSENT: outcome.missing,
        Miss.NOT_FOUND: rank > DEEPER,
        Miss.LOW: rank > DEPTH,
        Miss.UNFOUNDED: outcome.verdict is Verdict.UNFOUNDED,
        Miss.REJECTED: outcome.verdict is Verdict.REJECTED,
        Miss.BEHIND: rank > 1,
        Miss.WRONG: outcome.verdict in WRONG,
        Miss.REFUSED: outcome.verdict is Verdict.REFUSED,
    }
    return next((kind for kind, fits in kinds.items() if fits), None)


def misses(outcomes: Sequence[Outcome]) -> dict[Miss, list[Outcome]]:
    """All misses by kind, the gravest kind first; those furthest from the first place first."""
    found: dict[Miss, list[Outcome]] = {kind: [] for kind in Miss}
    for outcome in outcomes:
        if (kind := miss_of(outcome)) is not None:
            found[kind].append(outcome)
    return {kind: sorted(some, key=lambda each: -(each.rank or 1.0)) for kind, some in found.items() if some}
