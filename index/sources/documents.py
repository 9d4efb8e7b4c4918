"""A document to its drafts, in any format. It runs in a process of its own: see ``isolation``."""

from __future__ import annotations

import hashlib
import logging
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

from index.sources.drafts import Draft, Trouble
from index.sources.markdown import read_markdown
from index.sources.pages import read_page
from index.sources.pdf import read_pdf
from index.sources.rows import read_csv, read_json, read_jsonl
from index.sources.streams import BROKEN, broken, read_whole
from index.sources.text import one_line, paragraphs
from index.sources.unreadable import Unreadable
from index.sources.webpages import read_webpage
from index.sources.word import read_word

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterable, Iterator

    from index.sources.fields import FieldMapping
    from index.sources.limits import Limits

_FOREIGN = {".html": read_webpage, ".htm": read_webpage, ".pdf": read_pdf, ".docx": read_word}
_LOUD = ("charset_normalizer", "courlan", "htmldate", "justext", "pypdf", "trafilatura")
_OPENING_CHARACTERS = 100
_SPACED = 4
_TITLE_CHARACTERS = 500
_NAME_CHARACTERS = 500
_ADDRESS_CHARACTERS = 2_000


def drafts(suffix: str, stream: io.BufferedReader, mapping: FieldMapping, limits: Limits) -> Iterator[Draft | Trouble]:
    """The articles of a document, their text as it is to be kept, and what in it gives none.

    Args:
        suffix: its format.
        stream: its bytes.
        mapping: where fields of rows stand.
        limits: what is too large.

    Raises:
        Unreadable: the document, or the rest of it, cannot be read.
        MemoryError: it needs more memory than there is.

    """
    try:
        for item in _found(suffix, stream, mapping, limits):
            yield item if isinstance(item, Trouble) else _settled(item, limits)
    except BROKEN as error:
        raise broken(error) from error


def _found(suffix: str, stream: io.BufferedReader, mapping: FieldMapping, limits: Limits) -> Iterable[Draft | Trouble]:
    if suffix == ".jsonl":
        return read_jsonl(stream, mapping, limits)
    if suffix == ".csv":
        return read_csv(stream, mapping, limits)
    data = read_whole(stream, limits)
    if not data.strip():
        raise Unreadable("empty")
    if suffix == ".json":
        return read_json(data, mapping, limits)
    if foreign := _FOREIGN.get(suffix):
        return [_parse_foreign(foreign, data, limits)]
    return [read_markdown(data, limits) if suffix == ".md" else read_page(data, limits)]


def _parse_foreign(parser: Callable[[bytes, Limits], Draft], data: bytes, limits: Limits) -> Draft:
    """Call a parser of a foreign format: whatever it raises is a reason to refuse the file."""
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return parser(data, limits)
    except (Unreadable, MemoryError):
        raise
    except Exception as error:
        raise Unreadable(f"broken, or not what its name says ({type(error).__name__})") from error


def _settled(draft: Draft, limits: Limits) -> Draft | Trouble:
    """A draft as it is kept, or why it is not. A title as long as a paragraph is one, and its opening the title."""
    too_long = f"over the size limit of {limits.body_chars:,} characters an article"
    if len(draft.title) + len(draft.body) > _SPACED * limits.body_chars:
        return Trouble(where=draft.where, reason=too_long)
    title, body = one_line(draft.title), paragraphs(draft.body)
    first, _, rest = body.partition("\n\n")
    if first == title and rest:
        body = rest
    if not body:
        return Trouble(where=draft.where, reason="no article in it")
    if len(title) > _TITLE_CHARACTERS:
        title, body = opening(title), f"{title}\n\n{body}"
    if len(body) > limits.body_chars:
        return Trouble(where=draft.where, reason=too_long)
    return replace(
        draft,
        id=_id(one_line(draft.id)),
        title=title or opening(first),
        body=body,
        author=_short(draft.author, _NAME_CHARACTERS),
        source=_short(draft.source, _NAME_CHARACTERS),
        url=_short(draft.url, _ADDRESS_CHARACTERS),
        language=_short(draft.language, _NAME_CHARACTERS),
    )


def opening(paragraph: str) -> str:
    """The first words of an article that has no headline."""
    if len(paragraph) <= _OPENING_CHARACTERS:
        return paragraph
    return f"{paragraph[: _OPENING_CHARACTERS - 1].rsplit(' ', 1)[0]}…"


def _short(text: str | None, most: int) -> str | None:
    """A name or an address on one line; one that is longer than any is none."""
    clean = one_line(text or "") if len(text or "") <= 4 * most else ""
    return clean if 0 < len(clean) <= most else None


def _id(text: str) -> str:
    """What tells an article from others of its file; of one that is long, a hash."""
    if len(text) <= _NAME_CHARACTERS:
        return text
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
