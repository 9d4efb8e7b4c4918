"""The rows of a file of questions, of JSON lines or CSV: each with its line."""

from __future__ import annotations

import csv
import difflib
import json
from typing import TYPE_CHECKING, Any

from index.evaluation.questions import QuestionsUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Row = tuple[int, dict[str, Any]]
"""A line's number, from 1, and its fields; of CSV all are texts, and those left empty are there."""

FIELDS = (
    "id question undated month asked answers relevant linked tier language kind answerable spans helpful address answer"
    " reason"
).split()
"""The fields that say something; others are passed over."""

_DELIMITERS = ",;\t"


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a file, one at a time; JSON lines where it opens with a brace, else CSV with a header.

    Raises:
        QuestionsUnreadable: it is neither, or a line of it cannot be read.

    """
    with path.open("rb") as file:
        lines = _lines(path, file)
        first = next(((number, line) for number, line in lines if line.strip()), None)
        if first is None:
            raise QuestionsUnreadable(f"{path} is empty: write a question a line, as newsdesk eval --help shows")
        opening = first[1].lstrip()
        if opening.startswith("["):
            raise QuestionsUnreadable(
                f"{path} is one JSON list: write each of its objects on a line of its own (.jsonl)"
            )
        every = _chained(first, lines)
        yield from _objects(path, every) if opening.startswith("{") else _records(path, every)


def _lines(path: Path, file: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(file, start=1):
        try:
            yield number, line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise QuestionsUnreadable(f"{path} line {number} is not UTF-8: save the file again as UTF-8") from None


def _chained(first: tuple[int, str], rest: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    yield first
    yield from rest


def _objects(path: Path, lines: Iterator[tuple[int, str]]) -> Iterator[Row]:
    for number, line in lines:
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise QuestionsUnreadable(
                f"{path} line {number} is not JSON ({error}): write one whole object on each line"
            ) from None
        if not isinstance(row, dict):
            raise QuestionsUnreadable(
                f'{path} line {number} is no JSON object: write such as {{"question": "...", "relevant": ["..."]}}'
            )
        _check_names(f"{path} line {number}", row)
        yield number, row


def _records(path: Path, lines: Iterator[tuple[int, str]]) -> Iterator[Row]:
    number, header = next(lines)
    place = number

    def texts() -> Iterator[str]:
        nonlocal place
        for place, line in lines:  # noqa: B007 - the line that was read last is named in messages
            yield line

    delimiter = max(_DELIMITERS, key=header.count)
    names = [name.strip().casefold() for name in next(csv.reader([header], delimiter=delimiter))]
    _check_header(f"{path} line {number}", names)
    try:
        for fields in csv.reader(texts(), delimiter=delimiter, strict=True):
            if any(field.strip() for field in fields):
                yield place, _record(f"{path} line {place}", names, fields)
    except csv.Error as error:
        raise QuestionsUnreadable(
            f"{path} line {place} is not CSV ({error}): put fields that hold quotes or commas in quotes"
        ) from None


def _record(where: str, names: list[str], fields: list[str]) -> dict[str, Any]:
    if len(fields) != len(names):
        raise QuestionsUnreadable(
            f"{where} has {len(fields)} fields, the header {len(names)}: put fields that hold commas in quotes"
        )
    return dict(zip(names, (field.strip() for field in fields), strict=True))


def _check_header(where: str, names: list[str]) -> None:
    if "question" not in names:
        raise QuestionsUnreadable(
            f"{where} must name the columns, one of them question (it says: {', '.join(names)[:80]}); "
            "or write JSON lines, as newsdesk eval --help shows"
        )
    for name in names:
        if name and names.count(name) > 1:
            raise QuestionsUnreadable(f"{where} names the column {name} twice: rename or delete one")
    _check_names(where, dict.fromkeys(names))


def _check_names(where: str, row: dict[str, Any]) -> None:
    """A misspelt field would silently change what is measured."""
    for name in row.keys() - set(FIELDS):
        if meant := [each for each in difflib.get_close_matches(name, FIELDS, cutoff=0.75) if each not in row]:
            raise QuestionsUnreadable(
                f"{where} has a field {name!r}: if it is meant as {meant[0]}, write it so, else rename it"
            )
