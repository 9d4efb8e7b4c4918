"""PDF: the text of the pages, with lines joined into paragraphs."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import TYPE_CHECKING

from index.sources.drafts import Draft
from index.sources.text import one_line, plain
from index.sources.unreadable import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pypdf import PdfReader

    from index.sources.limits import Limits

_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"\W*(?:\w+\W+)?\d{1,4}(?:\W+\w{1,3}\W+\d{1,4})?\W*")
_SENTENCE_END = re.compile(r"[.!?…]['\"”’»)\]]*$")
_NO_TITLE = re.compile(r"untitled|microsoft word|powerpoint|\.(?:docx?|pdf|indd|odt|rtf|qxd)\b", re.IGNORECASE)
_TITLE_CHARACTERS = 200
_RUNNING_PAGES = 3
_NUMBER_CHARACTERS = 60


def read_pdf(data: bytes, limits: Limits) -> Draft:
    """The article in a PDF. Its date is not taken: it tells when the file was made.

    Raises:
        Unreadable: it is encrypted, has too many pages, or no text.

    """
    from pypdf import PdfReader, errors  # noqa: PLC0415 - only a sync needs it

    reader = PdfReader(io.BytesIO(data))
    try:
        locked = reader.is_encrypted and not reader.decrypt("")
    except errors.DependencyError:
        locked = True
    if locked:
        raise Unreadable("encrypted: save it without a password")
    if _counted(reader) > limits.pages or len(reader.pages) > limits.pages:
        raise Unreadable(f"over the size limit of {limits.pages:,} pages")
    lines = _without_running_lines([_page_lines(page.extract_text()) for page in reader.pages])
    if not lines:
        raise Unreadable("no article in it: its pages are pictures without text")
    named = one_line((reader.metadata.title if reader.metadata else None) or "")
    author = one_line((reader.metadata.author if reader.metadata else None) or "")
    title, body = _headed(named, lines)
    return Draft(title=title, body="\n\n".join(joined(body)), author=author if " " in author else None)


def _counted(reader: PdfReader) -> int:
    """How many pages the file says that it has: looking at each takes long where they are many."""
    from pypdf.generic import DictionaryObject  # noqa: PLC0415 - as above

    pages = reader.root_object["/Pages"].get_object()
    count = pages.get("/Count") if isinstance(pages, DictionaryObject) else 0
    return count if isinstance(count, int) else 0


def joined(lines: Sequence[str]) -> Iterator[str]:
    """Paragraphs of lines: one ends with a sentence on a line that is not full; words cut at line ends are mended."""
    lengths = sorted(len(line) for line in lines if line) or [0]
    width = lengths[len(lengths) * 3 // 4]
    parts: list[str] = []
    for line in lines:
        if line:
            if parts and parts[-1].endswith("-") and line[0].islower():
                parts[-1] = parts[-1][:-1]
            elif parts:
                parts.append(" ")
            parts.append(line)
        if parts and (not line or (_SENTENCE_END.search(line) and len(line) < width * 0.9)):
            yield "".join(parts)
            parts = []
    if parts:
        yield "".join(parts)


def _page_lines(text: str) -> list[str]:
    lines = [one_line(line) for line in plain(text).split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _without_running_lines(pages: Sequence[Sequence[str]]) -> list[str]:
    """The lines of all pages, without page numbers and what stands at the edge of three pages or more."""
    edges = Counter(mark for page in pages for mark in {_mark(line) for line in (*page[:2], *page[-2:])})
    kept: list[str] = []
    for page in pages:
        for at, line in enumerate(page):
            edge = at < 2 or at >= len(page) - 2
            running = len(pages) >= _RUNNING_PAGES and edges[_mark(line)] >= _RUNNING_PAGES
            if not (edge and line and (running or (len(pages) > 1 and _is_page_number(line)))):
                kept.append(line)
    return kept if any(kept) else []


def _is_page_number(line: str) -> bool:
    return len(line) <= _NUMBER_CHARACTERS and _PAGE_NUMBER.fullmatch(line) is not None


def _mark(line: str) -> str:
    return _NUMBER.sub("0", line)


def _headed(named: str, lines: list[str]) -> tuple[str, list[str]]:
    """The title and the lines after it: the document's own where it says one, else its first line or two."""
    first = next(at for at, line in enumerate(lines) if line)
    if " " in named and not _NO_TITLE.search(named):
        for count in (1, 2, 3):
            if one_line(" ".join(lines[first : first + count])).casefold() == named.casefold():
                return named, lines[first + count :]
        return named, lines
    if len(lines[first]) <= _TITLE_CHARACTERS and not _SENTENCE_END.search(lines[first]) and any(lines[first + 1 :]):
        return lines[first], lines[first + 1 :]
    return "", lines
