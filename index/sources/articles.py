"""A file to its articles; what cannot be read is refused with a reason, and stops nothing else."""

from __future__ import annotations

import io
import logging
import warnings
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.domain import Article, ArticleKey, Refusal
from index.sources.drafts import Draft, Trouble
from index.sources.fields import FieldMapping
from index.sources.languages import language_of
from index.sources.markdown import read_markdown
from index.sources.pages import read_page
from index.sources.pdf import read_pdf
from index.sources.rows import read_csv, read_json, read_jsonl
from index.sources.text import one_line, paragraphs
from index.sources.unpacking import BROKEN, Member, read_whole, unpack
from index.sources.unreadable import Unreadable
from index.sources.webpages import read_webpage
from index.sources.word import read_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from index.sources.candidates import Candidate
    from index.sources.limits import Limits

CLEANING_VERSION = 1
"""Grows whenever the same file would give another article than before, so that it is read again."""

_FOREIGN = {".html": read_webpage, ".htm": read_webpage, ".pdf": read_pdf, ".docx": read_word}
_LOUD = ("charset_normalizer", "courlan", "htmldate", "justext", "pypdf", "trafilatura")
_BUFFER_BYTES = 64 * 1024
_TITLE_CHARACTERS = 100


def read(candidate: Candidate, *, mapping: FieldMapping | None = None, limits: Limits) -> Iterator[Article | Refusal]:
    """The articles of a file one by one, and refusals of what in it could not be read. It raises nothing.

    A refusal of a file or a member has its path; one of a row has ``PATH, line 7`` or ``PATH, item 3``. After any,
    what the file gave before and does not give now is to be kept.

    Args:
        candidate: the file.
        mapping: where fields of rows stand, if not under their usual names.
        limits: what is too large.

    """
    try:
        with _opened(candidate) as stream:
            for member in unpack(candidate.path, candidate.file.name, stream, candidate.size, limits):
                yield from _Reading(candidate, member, mapping or FieldMapping(), limits).items()
    except Unreadable as error:
        yield Refusal(path=candidate.path or candidate.root, reason=str(error))


def _opened(candidate: Candidate) -> io.BufferedReader:
    if candidate.folder:
        raise Unreadable("no permission to list this folder")
    try:
        return io.BufferedReader(io.FileIO(candidate.file), _BUFFER_BYTES)
    except PermissionError:
        raise Unreadable("no permission to read it") from None
    except FileNotFoundError:
        raise Unreadable("no longer there, or a link that leads nowhere") from None
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or error}") from None


class _Reading:
    """One member of a file on its way to articles."""

    def __init__(self, candidate: Candidate, member: Member, mapping: FieldMapping, limits: Limits) -> None:
        self._root = candidate.root
        self._member = member
        self._mapping = mapping
        self._limits = limits
        self._place = member.path if candidate.path else f"{candidate.root}{member.path}"
        self._ids: set[str] = set()

    def items(self) -> Iterator[Article | Refusal]:
        """Articles and refusals; past ``limits.refusals``, refused rows are only counted."""
        given = refused = 0
        try:
            for draft in self._drafts():
                item = self._item(draft)
                given += 1
                refused += isinstance(item, Refusal)
                if isinstance(item, Article) or refused <= self._limits.refusals:
                    yield item
        except Unreadable as error:
            yield self._refusal(str(error))
        except BROKEN as error:
            yield self._refusal(f"broken, or cut short: {error}")
        else:
            if not given:
                yield self._refusal("no article in it")
        if refused > self._limits.refusals:
            yield self._refusal(f"{refused - self._limits.refusals:,} more rows were refused after those named")

    def _drafts(self) -> Iterable[Draft | Trouble]:
        suffix, stream = self._member.suffix, self._member.stream
        if isinstance(stream, Unreadable):
            raise stream
        if suffix == ".jsonl":
            return read_jsonl(stream, self._mapping, self._limits)
        if suffix == ".csv":
            return read_csv(stream, self._mapping, self._limits)
        data = read_whole(stream, self._limits)
        if not data.strip():
            raise Unreadable("empty")
        if suffix == ".json":
            return read_json(data, self._mapping, self._limits)
        if foreign := _FOREIGN.get(suffix):
            return [_parse_foreign(foreign, data, self._limits)]
        return [read_markdown(data) if suffix == ".md" else read_page(data)]

    def _item(self, draft: Draft | Trouble) -> Article | Refusal:
        if isinstance(draft, Trouble):
            return self._refusal(draft.reason, draft.where)
        try:
            article = self._article(draft)
        except Unreadable as error:
            return self._refusal(str(error), draft.where)
        if article.key.id in self._ids:
            return self._refusal(f"an earlier row has the same id, {article.key.id!r}", draft.where)
        self._ids.add(article.key.id)
        return article

    def _refusal(self, reason: str, where: str = "") -> Refusal:
        return Refusal(path=f"{self._place}, {where}" if where else self._place, reason=one_line(reason))

    def _article(self, draft: Draft) -> Article:
        title, body = one_line(draft.title), paragraphs(draft.body)
        first, _, rest = body.partition("\n\n")
        if first == title and rest:
            body = rest
        if not body:
            raise Unreadable("no article in it")
        if len(body) > self._limits.body_chars:
            raise Unreadable(f"over the size limit of {self._limits.body_chars:,} characters an article")
        return Article(
            key=ArticleKey(root=self._root, path=self._member.path, id=one_line(draft.id)),
            title=title or _opening(first),
            body=body,
            published=draft.published,
            author=one_line(draft.author or "") or None,
            source=one_line(draft.source or "") or None,
            url=_address(draft.url),
            language=language_of(draft.language, f"{title}\n{body}"),
        )


def _parse_foreign(parser: Callable[[bytes, Limits], Draft], data: bytes, limits: Limits) -> Draft:
    """Call a parser of a foreign format: whatever it raises is a reason to refuse the file."""
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return parser(data, limits)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(f"broken, or not what its name says ({type(error).__name__})") from error


def _opening(paragraph: str) -> str:
    """The first words of an article that has no headline."""
    if len(paragraph) <= _TITLE_CHARACTERS:
        return paragraph
    return f"{paragraph[: _TITLE_CHARACTERS - 1].rsplit(' ', 1)[0]}…"


def _address(url: str | None) -> str | None:
    """An address of the web that may be linked, ``None`` for anything else."""
    text = one_line(url or "")
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.netloc and " " not in text else None
