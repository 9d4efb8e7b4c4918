"""Rows of the catalog to articles and passages, each checked against its checksum as it is read (pure)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from index.domain import Article, ArticleKey, Passage
from index.errors import ArchiveDamaged
from index.store.checksums import checksum, digest

if TYPE_CHECKING:
    from collections.abc import Sequence

ARTICLE = (
    "a.id, a.root, a.file, a.path, a.item, a.digest, a.seq, a.title, a.body, a.published, a.author, a.source, a.url,"
    ' a.language, a."check"'
)
PASSAGE = 'p.id, p.article, p.start, p."end", p.seq, p."check"'

_HOW_TO_MEND = "what it says is not shown; run: newsdesk repair, then newsdesk sync"


def article_of(row: Sequence[Any]) -> Article:
    """An article from the columns of ``ARTICLE``.

    Raises:
        ArchiveDamaged: the row is not as it was written.

    """
    number, root, file, path, item, mark, seq, title, body, published, author, source, url, language, check = row
    try:
        article = Article(
            key=ArticleKey(root=root, path=path, id=item),
            title=title,
            body=body,
            published=day_of(published),
            author=author,
            source=source,
            url=url,
            language=language,
        )
        right = digest(article) == mark and checksum(number, root, file, path, item, mark, seq) == check
    except (ArchiveDamaged, TypeError, ValueError):
        right = False
    if not right:
        raise ArchiveDamaged(f"the article {number} ({root}/{path}) in archive.db is damaged: {_HOW_TO_MEND}")
    return article


def passage_of(row: Sequence[Any], article: Article) -> Passage:
    """A passage from the columns of ``PASSAGE``.

    Raises:
        ArchiveDamaged: the row is not as it was written, or stands outside the article's body.

    """
    number, owner, start, end, seq, check = row
    if checksum(number, owner, start, end, seq) != check or not 0 <= start < end <= len(article.body):
        raise ArchiveDamaged(f"the passage {number} in archive.db is damaged: {_HOW_TO_MEND}")
    return Passage(id=number, article=article, start=start, end=end)


def day_of(text: str | None) -> date | None:
    """A day as it is kept.

    Raises:
        ArchiveDamaged: it is none.

    """
    try:
        return date.fromisoformat(text) if text else None
    except (TypeError, ValueError) as error:
        raise ArchiveDamaged(f"a date of an article in archive.db is damaged: {_HOW_TO_MEND}") from error


def sound(row: Sequence[Any], what: str) -> Sequence[Any]:
    """The columns of a row before its last, which is their checksum.

    Raises:
        ArchiveDamaged: the row is not as it was written.

    """
    if checksum(*row[:-1]) != row[-1]:
        raise ArchiveDamaged(f"{what} in archive.db is damaged; run: newsdesk repair")
    return row[:-1]
