"""An evaluation, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.evaluation import Comparison, Outcome, Summary

_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """An evaluation, to be shown.

    ``configurations`` name what was asked with; there are as many lists of ``outcomes`` and as many ``summaries``.
    ``compared`` is empty where there is one. ``total`` is the number of questions that were to be asked; ``error`` is
    what ended it before, where it was not a person.
    """

    articles: int
    total: int
    outcomes: tuple[tuple[Outcome, ...], ...]
    summaries: tuple[Summary, ...]
    compared: Mapping[str, Comparison] = field(default_factory=dict)
    file: str = ""
    form: str = "question"
    archive: str = ""
    years_later: int = 0
    error: str = ""
    configurations: tuple[str, ...] = ("the usual weights",)

    @property
    def asked(self) -> int:
        """How many questions were asked."""
        return len(self.outcomes[0])

    @property
    def heading(self) -> str:
        """What was asked of what."""
        form = "" if self.form == "question" else f" ({self.form})"
        years = f", {_counted(self.years_later, 'year')} after their day" if self.years_later else ""
        part = f"{self.asked:,} of " if self.asked < self.total else ""
        of = f"{part}{_counted(self.total, 'question')} of {self.file}{form}{years}"
        return f"{of}, asked of {_counted(self.articles, 'article')}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be known to read the figures rightly."""
        return tuple(note for note in (self._stopped(), _absent(self.outcomes[0])) if note)

    def _stopped(self) -> str:
        if self.asked == self.total:
            return ""
        why = f" ({self.error})" if self.error else ""
        return f"Stopped after {self.asked:,} of {self.total:,} questions{why}: the figures are of these."


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _absent(outcomes: Sequence[Outcome]) -> str:
    absent = [outcome.question for outcome in outcomes if outcome.missing]
    if not absent:
        return ""
    listed = "; ".join(f"line {each.line} ({', '.join(sorted(each.relevant or ()))})" for each in absent[:_NAMED])
    more = " and others" if len(absent) > _NAMED else ""
    what = "1 question names" if len(absent) == 1 else f"{len(absent):,} questions name"
    return (
        f"{what} no article that the archive holds, and count{'s' * (len(absent) == 1)} as missed: {listed}{more}. "
        "An article is named by its id in its file, its address, or its path."
    )
