"""Tables as CSV for a spreadsheet: what people wrote stays text there, and reads back as it was (pure)."""

from __future__ import annotations

import csv
import unicodedata
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FORMULA = tuple("=+-@＝＋－＠")
"""What a spreadsheet takes for the beginning of a formula: https://owasp.org/www-community/attacks/CSV_Injection."""
_SHIELD = "\u00a0"
"""Before a formula's sign it makes a cell text; it is white space, which who reads the file takes away."""


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table with a header, in UTF-8 with the mark by which spreadsheets know it; each cell is one line."""
    text = StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    line = " ".join("".join(" " if unicodedata.category(char) == "Cc" else char for char in str(value)).split())
    return _SHIELD + line if line.startswith(_FORMULA) else line
