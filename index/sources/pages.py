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

_NAME = r"[^\W\d_a-zа-яёіїєґ][\w.'’-]+"
_AUTHORS = re.compile(
    rf"[^\W\d_]+:?(?:\s(?:de|por|by))?\s+({_NAME}(?:\s+{_NAME}){{1,3}}(?:(?:,|\s(?:and|y|e|et|und|i|и|та))\s+{_NAME}(?:\s+{_NAME}){{1,3}})*)\s*$"
)
_DATE_WORDS = 14


def read_page(data: bytes) -> Draft:
    """The article in a text file; day and author only where a line by the headline names one and no other does.

    Raises:
        Unreadable: it is empty, no text, or holds no article.

    """
    page = find_article(unwrapped(plain(decode(data))))
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
    lines = [match for line in head if has_byline(line) and (match := _AUTHORS.match(line))]
    return lines[0][1] if len(lines) == 1 else None
