"""Unanswered questions in groups: the list of a message, and the whole table."""

from __future__ import annotations

from datetime import date

from bot.clustering import Group
from bot.markup import fits
from bot.memory.unanswered import Asked
from bot.texts import Languages
from bot.unanswered_list import listed, table

TEXTS = Languages.load().of("en")
DAY = date(2024, 2, 6)


def group(*questions: str, days: tuple[date | None, ...] = ()) -> Group:
    """Questions that ask the same, on days."""
    days += (None,) * len(questions)
    return Group(questions=tuple(Asked(question=each, asked=day) for each, day in zip(questions, days, strict=False)))


def test_each_group_is_a_block() -> None:
    """How often, the newest wording, the days as far as they are known."""
    groups = [
        group("tram <b>?", "the tram?", days=(DAY, date(2024, 1, 30))),
        group("ferry?", days=(DAY,)),
        group("mill?"),
    ]
    assert listed(groups, TEXTS) == [
        "<b>Asked, and not answered</b>",
        "<b>2×</b> tram &lt;b&gt;?\n30 January 2024 – 6 February 2024",
        "<b>1×</b> ferry?\n6 February 2024",
        "<b>1×</b> mill?",
    ]


def test_ten_groups_fit_a_message_however_long_their_questions_are() -> None:
    """What is long is shortened there, and whole in the table; the eleventh is in the table only."""
    groups = [group(f"{'🙂 why? ' * 100}{number}", days=(DAY,)) for number in range(11)]
    blocks = listed(groups, TEXTS)
    assert len(blocks) == 1 + 10
    assert fits("\n\n".join(blocks))
    assert all("…" in block for block in blocks[1:])
    lines = table(groups).decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 11
    assert lines[11] == f"11,1,{'🙂 why? ' * 100}10,2024-02-06"


def test_the_table_has_a_row_for_each_question() -> None:
    """With the number of its group, and how often that was asked."""
    groups = [group("=tram?", "tram?", days=(DAY,)), group("ferry?")]
    assert table(groups).decode("utf-8-sig").splitlines() == [
        "group,times,question,asked",
        "1,2,\u00a0=tram?,2024-02-06",
        "1,2,tram?,",
        "2,1,ferry?,",
    ]
