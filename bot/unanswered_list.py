"""Unanswered questions in groups: a list for a message, and a table (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.csv_tables import csv_table
from bot.markup import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.clustering import Group
    from bot.texts import Texts

COLUMNS = ("group", "times", "question", "asked")

_LISTED = 10
_LONGEST = 200


def listed(groups: Sequence[Group], texts: Texts) -> list[str]:
    """The groups asked most, each a block: how often, the newest wording, from when to when."""
    blocks = [texts.html("unanswered_title")]
    for group in groups[:_LISTED]:
        line = texts.html("unanswered_group", count=len(group.questions), question=_short(group.newest))
        blocks.append(f"{line}\n{days}" if (days := _days(group, texts)) else line)
    return blocks


def table(groups: Sequence[Group]) -> bytes:
    """Every question with the number of its group, from 1, and how often that was asked."""
    return csv_table(
        COLUMNS,
        (
            (number, len(group.questions), each.question, each.asked)
            for number, group in enumerate(groups, start=1)
            for each in group.questions
        ),
    )


def _days(group: Group, texts: Texts) -> str:
    if group.days is None:
        return ""
    first, last = (texts.date(day) for day in group.days)
    if first == last:
        return texts.html("unanswered_day", day=last)
    return texts.html("unanswered_days", first=first, last=last)


def _short(question: str) -> str:
    end = cut(question, _LONGEST)
    return question[:end] + ("…" if end < len(question) else "")
