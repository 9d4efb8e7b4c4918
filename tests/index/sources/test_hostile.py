"""Files that are no files, that change, that are larger than any disk; lines and rows that do not end."""

from __future__ import annotations

import io
import os
import socket
import struct
import tracemalloc
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.domain import Article, Refusal
from index.sources import Limits, read, walk
from index.sources.documents import drafts

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = b"Ferry returns\n\nThe ferry sailed again on Monday. Four hundred islanders had waited."
CHARACTERS = 400_000
TERABYTE = 2**40


def _read(folder: Path, limits: Limits | None = None) -> list[Article | Refusal]:
    return [item for found in walk([folder]) for item in read(found, limits=limits or Limits(), parse=drafts)]


def _sparse(file: Path, *, start: bytes = b"", end: bytes = b"", size: int = TERABYTE) -> None:
    with file.open("wb") as stream:
        stream.write(start)
        stream.truncate(size)
        stream.seek(0, io.SEEK_END)
        stream.write(end)


def _pipe(file: Path) -> None:
    os.mkfifo(file)


def _socket(file: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as bound:
        bound.bind(str(file))


def _device(file: Path) -> None:
    file.symlink_to("/dev/zero")


def _loop(file: Path) -> None:
    file.symlink_to(file.name)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_pipe, "not a regular file"),
        (_socket, "not a regular file"),
        (_device, "not a regular file"),
        (_loop, "cannot be read: Too many levels of symbolic links"),
    ],
)
def test_what_is_no_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], reason: str
) -> None:
    """A pipe, a socket, a device and a link to itself are refused and waited for by nobody."""
    monkeypatch.chdir(tmp_path)
    make(Path("a.txt"))
    assert _read(tmp_path) == [Refusal(path="a.txt", reason=reason)]


@pytest.mark.parametrize("change", ["grow", "replace", "remove", "touch"])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, change: str) -> None:
    """What was read of it is given, and then that the next sync reads it again."""
    file = tmp_path / "a.jsonl"
    file.write_bytes(b'{"id": 1, "text": "It sailed."}\n' * 2)
    (found,) = walk([tmp_path])
    items = read(found, limits=Limits(), parse=drafts)
    assert isinstance(next(items), Article)
    if change == "grow":
        with file.open("ab") as stream:
            stream.write(b"{}\n")
    elif change == "replace":
        (tmp_path / "new").write_bytes(file.read_bytes())
        (tmp_path / "new").replace(file)
    elif change == "remove":
        file.unlink()
    else:
        os.utime(file, ns=(1, 1))
    *_, last = items
    assert last == Refusal(path="a.jsonl", reason="changed while it was read; the next sync reads it again")


@pytest.mark.parametrize(
    ("name", "start", "end", "reason"),
    [
        ("a.txt", b"", b"", "over the size limit of 67,108,864 bytes"),
        ("a.json", b"[", b"", "over the size limit of 67,108,864 bytes"),
        ("a.pdf", b"%PDF-1.7", b"%%EOF", "over the size limit of 67,108,864 bytes"),
        ("a.jsonl", b"", b"", "not text"),
        ("a.jsonl", b'{"text": "' + b"x" * 70_000, b"", "not text from line 1 on"),
        ("a.csv", b"text\n" + b"x" * 70_000, b"", "line 2 is over the size limit of 100,000 characters a line"),
        ("a.txt.gz", b"", b"", "broken, or cut short: Not a gzipped file"),
        ("a.zip", b"PK\x03\x04", b"", "a broken zip: pack it again"),
        (
            "a.zip",
            b"PK\x03\x04",
            struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 0xFFFFFFF0, 0, 0),
            "over the size limit: it holds more than 100,000 files",
        ),
    ],
)
def test_a_terabyte_of_nothing_is_refused_at_once(
    tmp_path: Path, name: str, start: bytes, end: bytes, reason: str
) -> None:
    """Files that claim to be larger than any disk are not read to their end."""
    _sparse(tmp_path / name, start=start, end=end)
    (refusal,) = _read(tmp_path, Limits(row_chars=100_000))
    assert isinstance(refusal, Refusal)
    assert refusal.reason.startswith(reason)


def test_a_line_of_any_length_takes_no_memory(tmp_path: Path) -> None:
    """Of a long line no more is kept than a line may have; the one after it is read."""
    line = b'{"text": "' + b"x " * 8_000_000 + b'"}\n'
    (tmp_path / "a.jsonl").write_bytes(line + b'{"id": 1, "text": "It sailed."}\n')
    limits = Limits(row_chars=100_000)
    tracemalloc.start()
    refusal, article = _read(tmp_path, limits)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refusal == Refusal(path="a.jsonl, line 1", reason="over the size limit of 100,000 characters a line")
    assert isinstance(article, Article)
    assert peak < 4_000_000


@pytest.mark.parametrize(
    ("table", "ids", "where", "reason"),
    [
        ('1,"It sailed.\n2,It sank.\n', [], "line 2", "never closed, or is followed by"),
        ('1,It sailed.\n2,"It sank.\n3,It rose.\n', ["1"], "line 3", "; what follows it, to line 4, cannot be told"),
        ('1,"It sailed.\n2,"It sank."\n3,It rose.\n', ["3"], "line 2", "; what follows it, to line 3, cannot be told"),
        ('1,"So "he" said."\n2,It sank.\n', ["2"], "line 2", "or is followed by more than a separator"),
        ('1,It sailed.\n2,"It sank.', ["1"], "line 3", "never closed"),
    ],
)
def test_a_quote_that_is_not_closed_swallows_nothing(
    take: Callable, table: str, ids: list[str], where: str, reason: str
) -> None:
    """The line where it opened is refused with what follows it; rows that can be told from it are read."""
    articles, (refusal,) = take("a.csv", f"id,text\n{table}")
    assert [article.key.id for article in articles] == ids
    assert refusal.path == f"a.csv, {where}"
    assert reason in refusal.reason


def test_a_header_with_an_open_quote_is_refused(take: Callable) -> None:
    """A table whose first line never ends has no columns."""
    articles, (refusal,) = take("a.csv", '"id,text\n1,It sailed.\n')
    assert not articles
    assert refusal.reason.startswith("a quote is opened here that is never closed")


def test_rows_that_are_nearly_all_bad_are_left(take: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past a bound, a file most of whose rows are refused is not read on."""
    monkeypatch.setattr("index.sources.articles._MOST_REFUSED", 50)
    articles, refused = take("a.jsonl", "{\n" * 1000 + '{"id": 1, "text": "It sailed."}', limits=Limits(refusals=1))
    assert not articles
    assert [refusal.reason for refusal in refused[1:]] == [
        "most of its rows are refused; the rest was not read",
        "50 more rows were refused after those named",
    ]
