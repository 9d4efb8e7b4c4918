"""Text files: an article by itself, or a page copied from a browser with all that stands around one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.sources.cleaning import find_article
from index.sources.dates import days_in
from index.sources.drafts import Draft
from index.sources.phrases import has_byline, words_of
from index.sources.text import decode, plain, unwrapped
from index.sources.unreadable import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from index.sources.limits import Limits

_NAME = r"[^\W\d_a-zа-яёіїєґ][\w.'’-]+"
_AUTHORS = re.compile(
    rf"[^\W\d_]+:?(?:\s(?:de|por|by))?\s+({_NAME}(?:\s+{_NAME}){{1,3}}(?:(?:,|\s(?:and|y|e|et|und|i|и|та))\s+{_NAME}(?:\s+{_NAME}){{1,3}})*)\s*$"
)
_DATE_WORDS = 14
_HEAD_CHARACTERS = 300
_PAGE = 4


def read_page(data: bytes, limits: Limits) -> Draft:
    """The article in a text file; day and author only where a line by the headline names one and no other does.

    Raises:
        Unreadable: it is empty, no text, too long, or holds no article.

    """
    text = decode(data)
    if len(text) > _PAGE * limits.body_chars:
        raise Unreadable(f"over the size limit of {_PAGE * limits.body_chars:,} characters a text file")
    text = unwrapped(plain(text))
    if sum(map(bool, text.split("\n"))) > limits.lines:
        raise Unreadable(f"over the size limit of {limits.lines:,} lines a text file")
    page = find_article(text)
    if page is None:
        raise Unreadable("no article in it")
    return Draft(
        title=page.title,
        body="\n\n".join(page.paragraphs),
        published=_day(page.head),
        author=_author(page.head),
        source=page.outlet,
    )


def _day(head: Iterable[str]) -> date | None:
    """The only day that the lines name which are hardly more than a date."""
    found = {day for line in head if len(words_of(line)) <= _DATE_WORDS for day in days_in(line)}
    return found.pop() if len(found) == 1 else None


def _author(head: Iterable[str]) -> str | None:
    """The names on the only line that begins as a byline and is nothing else."""
    signed = (line for line in head if len(line) <= _HEAD_CHARACTERS and has_byline(line))
    lines = [match for line in signed if (match := _AUTHORS.match(line))]
    return lines[0][1] if len(lines) == 1 else None
