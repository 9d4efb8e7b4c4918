"""Feedback as a document: what newsdesk eval reads of it is what readers said."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.feedback_csv import COLUMNS, feedback_csv
from bot.memory.feedback import Said
from index.evaluation import Question, read_questions

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2024, 2, 6)
ADDRESS = "https://harbour.example/a?b=1,2&c=3"


def read(tmp_path: Path, *said: Said) -> list[Question]:
    """The questions that newsdesk eval finds."""
    (tmp_path / "feedback.csv").write_bytes(feedback_csv(said))
    return read_questions(tmp_path / "feedback.csv")


def test_a_yes_and_a_no_are_read_as_they_were_meant(tmp_path: Path) -> None:
    """The article of a yes is a right one, the article of a no must not be answered from; the reason is kept."""
    yes, no = read(
        tmp_path,
        Said(question='Who said "ferry, please"?', helpful=True, address=ADDRESS, answer="Ada did.", asked=DAY),
        Said(question="When?", helpful=False, address="/a/b.txt", answer="On Friday.", reason="wrong article"),
    )
    assert (yes.text, yes.relevant, yes.rejected, yes.asked) == (
        'Who said "ferry, please"?',
        {ADDRESS},
        frozenset(),
        DAY,
    )
    assert (no.relevant, no.rejected, no.asked, no.note) == (None, {"/a/b.txt"}, None, "wrong article")


@pytest.mark.parametrize("sign", list("=+-@"))
def test_what_a_spreadsheet_would_calculate_is_read_as_it_was_written(tmp_path: Path, sign: str) -> None:
    """Question, address, answer and reason; none of their cells is a formula."""
    said = Said(
        question=f"{sign}1+who?", helpful=True, address=f"{sign}a/b.txt", answer=f"{sign}cmd", reason=f"{sign}x"
    )
    (question,) = read(tmp_path, said)
    assert (question.text, question.relevant, question.note) == (f"{sign}1+who?", {f"{sign}a/b.txt"}, f"{sign}x")
    written = (tmp_path / "feedback.csv").read_text("utf-8-sig").splitlines()[1].split(",")
    assert not [cell for cell in written if cell.startswith(sign)]


def test_an_address_with_a_bar_gives_way_to_the_quote(tmp_path: Path) -> None:
    """A bar stands between addresses in such a file; the words of the answer then say what is right."""
    said = Said(question="who?", helpful=True, address="https://x.example/a|b", answer="Ada | Bo did.")
    (question,) = read(tmp_path, said)
    assert (question.relevant, question.answers) == (None, ("Ada | Bo did.",))


def test_the_columns_are_those_that_the_help_names() -> None:
    """An empty document has them too; a spreadsheet knows it as UTF-8."""
    assert feedback_csv(()) == b"\xef\xbb\xbfquestion,helpful,address,answer,reason,asked\r\n"
    assert COLUMNS == ("question", "helpful", "address", "answer", "reason", "asked")
