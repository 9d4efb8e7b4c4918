"""Tables as CSV: text stays text in a spreadsheet, and reads back as it was."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.csv_tables import csv_table


def cells(table: bytes) -> list[list[str]]:
    """What a reader of CSV finds."""
    return list(csv.reader(StringIO(table.decode("utf-8-sig"), newline=""), strict=True))


@pytest.mark.parametrize("sign", list("=+-@＝＋－＠"))
def test_a_formula_is_made_text(sign: str) -> None:
    """No cell begins with a sign that a spreadsheet calculates by, also behind white space; stripped it is whole."""
    for said in (f"{sign}cmd|'/c calc'!A0", f"\t {sign}1+1", f'{sign}HYPERLINK("x")'):
        ((cell,),) = cells(csv_table(["q"], [[said]]))[1:]
        assert cell[0] not in "=+-@＝＋－＠\t\r '"
        assert cell.strip() == said.strip()


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_a_table_reads_back_as_lines(rows: list[tuple[str, str]]) -> None:
    """Whatever is written, there are as many rows as were given, each cell one line with its words in order."""
    found = cells(csv_table(["first", "second"], rows))
    assert found[0] == ["first", "second"]
    assert len(found) == len(rows) + 1
    for row, given_row in zip(found[1:], rows, strict=True):
        for cell, said in zip(row, given_row, strict=True):
            assert "\n" not in cell
            plain = "".join(char if ord(char) > 0x9F or 0x20 <= ord(char) < 0x7F else " " for char in said)
            assert cell.split() == plain.split()


def test_nothing_is_an_empty_cell_and_what_no_encoding_has_is_a_mark() -> None:
    """Numbers are as they are; a lone surrogate costs a question mark, not the document."""
    assert cells(csv_table(["a", "b", "c"], [[None, 7, "x\ud800y"]]))[1] == ["", "7", "x?y"]


def test_signs_that_join_are_kept() -> None:
    """Emoji and Persian words are written with joiners that look like nothing."""
    family = "👨\u200d👩\u200d👧 می\u200cخواهم"
    assert cells(csv_table(["q"], [[family]]))[1] == [family]
