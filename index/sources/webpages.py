"""Saved web pages: the article in HTML, found by trafilatura."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.sources.dates import day_of
from index.sources.drafts import Draft
from index.sources.text import decode
from index.sources.unreadable import Unreadable

if TYPE_CHECKING:
    from index.sources.limits import Limits

_CHARSET = re.compile(rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^<>]*\?>")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)\s*(https?://\S+?)\s*-->")
_LANGUAGE = re.compile(r"<html\b[^<>]{0,500}\blang\s*=\s*[\"']?([A-Za-z]{2,3}(?:-\w+)?)", re.IGNORECASE)
_HEAD_CHARACTERS = 4096
_LEAST_WORDS = 10


def read_webpage(data: bytes, limits: Limits) -> Draft:
    """The article in a saved page, without comments and tables.

    Raises:
        Unreadable: it is empty, no text, or holds no article.

    """
    from trafilatura import bare_extraction  # noqa: PLC0415 - a third of a second that only a sync should pay
    from trafilatura.settings import Document  # noqa: PLC0415 - as above

    text = _DECLARATION.sub("", _text(data))
    del limits  # the bytes were counted; what is in them cannot unfold to more
    page = bare_extraction(
        text,
        favor_precision=True,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if not isinstance(page, Document) or len((page.text or "").split()) < _LEAST_WORDS:
        raise Unreadable("no article in it")
    saved = _SAVED_FROM.search(text, 0, _HEAD_CHARACTERS)
    language = _LANGUAGE.search(text, 0, _HEAD_CHARACTERS)
    return Draft(
        title=page.title or "",
        body=page.text or "",
        published=day_of(page.date),
        author=(page.author or "").replace("; ", ", "),
        source=page.sitename or page.hostname,
        url=page.url or (saved[1] if saved else None),
        language=language[1] if language else page.language,
    )


def _text(data: bytes) -> str:
    """The page's text, in the encoding it names where it is not UTF-8."""
    named = _CHARSET.search(data, 0, _HEAD_CHARACTERS)
    if named and b"\0" not in data:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            try:
                return data.decode(named[1].decode("ascii"), "replace")
            except LookupError:
                pass
    return decode(data)
