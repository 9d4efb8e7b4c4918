"""A file to its articles; what cannot be read is refused with a reason, and stops nothing else."""

from __future__ import annotations

import io
import os
import stat
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from index.domain import Article, ArticleKey, Refusal
from index.sources.drafts import Draft, Trouble
from index.sources.fields import FieldMapping
from index.sources.isolation import isolated
from index.sources.languages import language_of
from index.sources.streams import BROKEN, broken
from index.sources.text import one_line
from index.sources.unpacking import Member, unpack
from index.sources.unreadable import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.sources.candidates import Candidate
    from index.sources.limits import Limits

CLEANING_VERSION = 2
"""Grows whenever the same file would give another article than before, so that it is read again."""

_BUFFER_BYTES = 64 * 1024
_MOST_REFUSED = 100_000
_LANGUAGE_CHARACTERS = 1000


class Parse(Protocol):
    """How a document becomes drafts: in a process apart (``isolated``), or here (``documents.drafts``)."""

    def __call__(
        self, suffix: str, stream: io.BufferedReader, mapping: FieldMapping, limits: Limits
    ) -> Iterator[Draft | Trouble]:
        """The drafts of a document, and troubles; it raises ``Unreadable``."""


def read(
    candidate: Candidate, *, mapping: FieldMapping | None = None, limits: Limits, parse: Parse = isolated
) -> Iterator[Article | Refusal]:
    """The articles of a file one by one, and refusals of what in it could not be read. It raises nothing.

    A refusal of a file or a member has its path; one of a row has ``PATH, line 7`` or ``PATH, item 3``. After any,
    what the file gave before and does not give now is to be kept.

    Args:
        candidate: the file.
        mapping: where fields of rows stand, if not under their usual names.
        limits: what is too large, and what takes too long.
        parse: who parses; what comes from others is parsed in a process apart.

    """
    try:
        with _opened(candidate) as stream:
            before = os.fstat(stream.fileno())
            for member in unpack(candidate.path, candidate.file.name, stream, before.st_size, limits):
                yield from _Reading(candidate, member, mapping or FieldMapping(), limits, parse).items()
            _check_same(before, candidate)
    except Unreadable as error:
        yield Refusal(path=candidate.path or candidate.root, reason=one_line(str(error)))


def _opened(candidate: Candidate) -> io.BufferedReader:
    if candidate.folder:
        raise Unreadable("no permission to list this folder")
    try:
        if not stat.S_ISREG(candidate.file.stat().st_mode):
            raise Unreadable("not a regular file")
        return io.BufferedReader(io.FileIO(candidate.file, opener=_without_waiting), _BUFFER_BYTES)
    except PermissionError:
        raise Unreadable("no permission to read it") from None
    except FileNotFoundError:
        raise Unreadable("no longer there, or a link that leads nowhere") from None
    except (OSError, ValueError) as error:
        raise Unreadable(f"cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _without_waiting(file: str, flags: int) -> int:
    """Open a file, and wait for nobody where it has become a pipe meanwhile."""
    return os.open(file, flags | os.O_NONBLOCK)


def _check_same(before: os.stat_result, candidate: Candidate) -> None:
    """Refuse a file that is not as it was when it was opened."""
    try:
        now = candidate.file.stat()
    except OSError:
        now = None
    marks = [(each.st_size, each.st_mtime_ns, each.st_ino) for each in (before, now) if each]
    if len(marks) < 2 or marks[0] != marks[1]:
        raise Unreadable("changed while it was read; the next sync reads it again")


class _Reading:
    """One member of a file on its way to articles."""

    def __init__(
        self, candidate: Candidate, member: Member, mapping: FieldMapping, limits: Limits, parse: Parse
    ) -> None:
        self._root = candidate.root
        self._member = member
        self._mapping = mapping
        self._limits = limits
        self._parse = parse
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
                if refused > max(_MOST_REFUSED, given // 2):
                    yield self._refusal("most of its rows are refused; the rest was not read")
                    break
        except Unreadable as error:
            yield self._refusal(str(error))
        except BROKEN as error:
            yield self._refusal(str(broken(error)))
        else:
            if not given:
                yield self._refusal("no article in it")
        if refused > self._limits.refusals:
            yield self._refusal(f"{refused - self._limits.refusals:,} more rows were refused after those named")

    def _drafts(self) -> Iterator[Draft | Trouble]:
        if isinstance(self._member.stream, Unreadable):
            raise self._member.stream
        return self._parse(self._member.suffix, self._member.stream, self._mapping, self._limits)

    def _item(self, draft: Draft | Trouble) -> Article | Refusal:
        if isinstance(draft, Trouble):
            return self._refusal(draft.reason, draft.where)
        if draft.id in self._ids:
            return self._refusal(f"an earlier row has the same id, {draft.id!r}", draft.where)
        self._ids.add(draft.id)
        return self._article(draft)

    def _refusal(self, reason: str, where: str = "") -> Refusal:
        return Refusal(path=f"{self._place}, {where}" if where else self._place, reason=one_line(reason))

    def _article(self, draft: Draft) -> Article:
        return Article(
            key=ArticleKey(root=self._root, path=self._member.path, id=draft.id),
            title=draft.title,
            body=draft.body,
            published=draft.published,
            author=draft.author,
            source=draft.source,
            url=_address(draft.url),
            language=language_of(draft.language, f"{draft.title}\n{draft.body[:_LANGUAGE_CHARACTERS]}"),
        )


def _address(url: str | None) -> str | None:
    """An address of the web that may be linked, ``None`` for anything else."""
    text = url or ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.netloc and " " not in text else None
