"""What readers said of answers, as a file that ``newsdesk eval`` reads (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.csv_tables import csv_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.memory.feedback import Said

COLUMNS = ("question", "helpful", "address", "answer", "reason", "asked")
_BETWEEN = "|"
"""What stands between several addresses in such a file, so that it cannot stand in one."""


def feedback_csv(said: Iterable[Said]) -> bytes:
    """A row for each: see ``newsdesk eval --help``. Who said it is not told."""
    return csv_table(
        COLUMNS,
        (
            (
                each.question,
                "yes" if each.helpful else "no",
                "" if _BETWEEN in each.address else each.address,
                each.answer,
                each.reason,
                each.asked,
            )
            for each in said
        ),
    )
