"""JSON, JSON lines and CSV: many articles in a file, read row by row."""

from __future__ import annotations

import csv
import io
import json
import re
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from index.sources.drafts import Draft, Trouble
from index.sources.fields import draft_of
from index.sources.text import decode, encoding_of
from index.sources.unreadable import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.sources.fields import FieldMapping
    from index.sources.limits import Limits

    class _Table(Protocol):
        """What ``csv.reader`` gives."""

        line_num: int

        def __next__(self) -> list[str]: ...


_SAMPLE_BYTES = 64 * 1024
_DELIMITERS = ",;\t|"
_UNDECODED = re.compile("[\udc80-\udcff]")
_OTHER_ENCODING = "not text in the encoding of the lines before it"


def read_jsonl(stream: io.BufferedReader, mapping: FieldMapping, limits: Limits) -> Iterator[Draft | Trouble]:
    """Articles of a file with one JSON object a line, of any size; a bad line stops no other.

    Raises:
        Unreadable: it is empty, or no text.

    """
    empty = True
    with _text(stream, newline="\n") as lines:
        for number, line in _numbered(lines, limits):
            empty = empty and line is not None and not line.strip()
            if line is None:
                reason = f"over the size limit of {limits.row_chars:,} characters a line"
                yield Trouble(where=f"line {number}", reason=reason)
            elif line.strip():
                yield _json_row(number, line, mapping)
    if empty:
        raise Unreadable("empty")


def read_json(data: bytes, mapping: FieldMapping, limits: Limits) -> Iterator[Draft | Trouble]:
    """Articles of a file that is an object, an array of objects, or an object with an array ``articles``.

    Raises:
        Unreadable: it is empty, no text, or broken JSON.

    """
    text = decode(data)
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and "\n" in text.strip():  # it holds JSON lines under another name
            return read_jsonl(io.BufferedReader(io.BytesIO(text.encode("utf-8", "replace"))), mapping, limits)
        raise Unreadable(f"broken JSON at line {error.lineno}: {error.msg}") from None
    except (RecursionError, ValueError) as error:
        raise Unreadable(f"broken JSON: {_brief(error)}") from None
    if isinstance(whole, dict) and isinstance(whole.get("articles"), list):
        whole = whole["articles"]
    if isinstance(whole, list):
        return (_row(f"item {number}", item, mapping) for number, item in enumerate(whole, 1))
    return iter([_row("", whole, mapping)])


def read_csv(stream: io.BufferedReader, mapping: FieldMapping, limits: Limits) -> Iterator[Draft | Trouble]:
    """Articles of a table whose first line names the columns; separated by commas, semicolons, tabs or bars.

    Raises:
        Unreadable: it is empty, no text, has no column for the text, or a broken row after which none can be told.

    """
    csv.field_size_limit(limits.row_chars)
    with _text(stream, newline="") as text:
        lines = _whole_lines(text, limits)
        first = next((line for line in lines if line.strip()), "")
        if not first:
            raise Unreadable("empty")
        delimiter = max(_DELIMITERS, key=first.count)
        table = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
        header = next(_rows_of(table))[1]
        if isinstance(header, Trouble):
            raise Unreadable(header.reason)
        header = [name.strip() for name in header]
        _check_header(header, mapping)
        for where, cells in _rows_of(table):
            if isinstance(cells, Trouble):
                yield cells
            elif any(cells):
                yield _csv_row(where, header, cells, mapping)


def _rows_of(table: _Table) -> Iterator[tuple[str, list[str] | Trouble]]:
    """Rows and the lines they begin on. One whose quotes do not fit is a trouble: it may have swallowed others."""
    while True:
        where = f"line {table.line_num + 1}"
        try:
            yield where, next(table)
        except StopIteration:
            return
        except csv.Error as error:
            if "field larger" in str(error):
                raise Unreadable(f"a broken table near line {table.line_num}: {error}") from None
            yield where, Trouble(where=where, reason=_unfit_quotes(where, table.line_num))


def _unfit_quotes(where: str, line: int) -> str:
    opened = "a quote is opened here that is never closed, or is followed by more than a separator"
    return opened if where == f"line {line}" else f"{opened}; what follows it, to line {line}, cannot be told apart"


def _whole_lines(text: io.TextIOWrapper, limits: Limits) -> Iterator[str]:
    """The lines of a table, which is refused from one on that is too long."""
    number = 0
    while line := text.readline(limits.row_chars + 1):
        number += 1
        if len(line) > limits.row_chars:
            raise Unreadable(f"line {number} is over the size limit of {limits.row_chars:,} characters a line")
        yield line


def _csv_row(where: str, header: list[str], cells: list[str], mapping: FieldMapping) -> Draft | Trouble:
    if len(cells) > len(header):
        return Trouble(where=where, reason=f"has {len(cells)} columns where the first line names {len(header)}")
    if any(map(_UNDECODED.search, cells)):
        return Trouble(where=where, reason=_OTHER_ENCODING)
    return _row(where, dict(zip(header, cells, strict=False)), mapping)


def _check_header(header: list[str], mapping: FieldMapping) -> None:
    names = mapping.names("text")
    if not {name.lower() for name in header} & {name.lower() for name in names}:
        wanted = " or ".join(repr(name) for name in names)
        raise Unreadable(f"missing column {wanted}; the first line names: {', '.join(filter(None, header))}"[:300])


@contextmanager
def _text(stream: io.BufferedReader, *, newline: str) -> Iterator[io.TextIOWrapper]:
    """The stream as text; bytes in another encoding than the first ones are lone surrogates. It is left open."""
    sample = stream.peek(_SAMPLE_BYTES)[:_SAMPLE_BYTES]
    if not sample:
        raise Unreadable("empty")
    text = io.TextIOWrapper(stream, encoding_of(sample, whole=False), "surrogateescape", newline)
    try:
        yield text
    finally:
        text.detach()


def _numbered(text: io.TextIOWrapper, limits: Limits) -> Iterable[tuple[int, str | None]]:
    """Lines with their numbers from 1; ``None`` for a line that is too long, which is passed over."""
    number = 0
    while line := text.readline(limits.row_chars):
        number += 1
        cut = len(line) == limits.row_chars and not line.endswith("\n")
        while cut and (rest := text.readline(limits.row_chars)) and not rest.endswith("\n"):
            if "\0" in rest:
                raise Unreadable(f"not text from line {number} on")
        yield number, None if cut else line


def _json_row(number: int, line: str, mapping: FieldMapping) -> Draft | Trouble:
    where = f"line {number}"
    if _UNDECODED.search(line):
        return Trouble(where=where, reason=_OTHER_ENCODING)
    try:
        row = json.loads(line)
    except (RecursionError, ValueError) as error:
        return Trouble(where=where, reason=f"broken JSON: {_brief(error)}")
    return _row(where, row, mapping)


def _row(where: str, row: object, mapping: FieldMapping) -> Draft | Trouble:
    if not isinstance(row, dict):
        return Trouble(where=where, reason="not an object with fields")
    try:
        return replace(draft_of(row, mapping), where=where)
    except Unreadable as error:
        return Trouble(where=where, reason=str(error))


def _brief(error: Exception) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else "nested too deep, or a number too long"
