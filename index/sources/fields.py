"""Where the fields of an article stand in a row of JSON or CSV, or in front matter."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

from index.errors import MappingError
from index.sources.dates import day_of
from index.sources.drafts import Draft
from index.sources.markup import without_markup
from index.sources.unreadable import Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "guid"),
    "title": ("title", "headline"),
    "text": ("text", "body", "content", "article"),
    "published": ("published", "date", "published_at", "datepublished", "pub_date"),
    "author": ("author", "byline", "authors"),
    "source": ("source", "publisher", "outlet"),
    "url": ("url", "link", "address"),
    "language": ("language", "lang"),
}
"""The names that each field is looked for under, best first, in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMapping:
    """The name that a field has in a row, dots leading into objects (``meta.date``); ``None`` looks for its aliases."""

    id: str | None = None
    title: str | None = None
    text: str | None = None
    published: str | None = None
    author: str | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None

    @classmethod
    def parse(cls, text: str) -> FieldMapping:
        """A mapping as typed: ``title=hed,text=story.body``; a field may be called by an alias (``headline=hed``).

        Raises:
            MappingError: it names something that is not a field, or a field twice.

        """
        chosen: dict[str, str] = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            name, equals, path = (piece.strip() for piece in part.partition("="))
            field = _field_called(name)
            if not equals or not path or field is None:
                raise MappingError(f"{part!r} in the mapping is not FIELD=NAME with a field of: {', '.join(ALIASES)}")
            if field in chosen:
                raise MappingError(f"the mapping names the field {field} twice; keep one of them")
            chosen[field] = path
        if not chosen:
            raise MappingError("the mapping is empty; write for example: title=hed,text=story.body")
        return cls(**chosen)

    def value(self, row: Mapping[str, object], field: str) -> object:
        """What a row holds for a field, ``None`` for nothing. The row's own names are in lower case."""
        for path in self.names(field):
            found = _descend(row, path)
            if found not in (None, "", [], {}):
                return found
        return None

    def names(self, field: str) -> tuple[str, ...]:
        """The names that a field is looked for under."""
        mapped = getattr(self, field)
        return ALIASES[field] if mapped is None else (str(mapped),)


def draft_of(row: Mapping[str, object], mapping: FieldMapping) -> Draft:
    """The article in a row.

    Its id is the row's own, else its address, else a hash of title and date: each stays when other rows come or go.

    Raises:
        Unreadable: the row has no text.

    """
    held = {name.lower(): value for name, value in row.items()}
    text = _prose(mapping.value(held, "text"))
    if text is None:
        wanted = " or ".join(repr(name) for name in mapping.names("text"))
        raise Unreadable(f"missing field {wanted}; it has: {', '.join(sorted(row)[:12]) or 'nothing'}"[:300])
    title = without_markup(_named(mapping.value(held, "title")) or "")
    published = _named(mapping.value(held, "published"))
    url = _named(mapping.value(held, "url"))
    own = _named(mapping.value(held, "id")) or url
    return Draft(
        id=own or hashlib.blake2b(f"{title}\0{published}".encode(errors="replace"), digest_size=8).hexdigest(),
        title=title,
        body=without_markup(text),
        published=day_of(mapping.value(held, "published")),
        author=_named(mapping.value(held, "author")),
        source=_named(mapping.value(held, "source")),
        url=url,
        language=_named(mapping.value(held, "language")),
    )


def _field_called(name: str) -> str | None:
    known = (field.name for field in fields(FieldMapping))
    return next((field for field in known if name.lower() in (field, *ALIASES[field])), None)


def _descend(row: Mapping[str, object], path: str) -> object:
    """The value at a dotted path; a name that itself has dots, as in CSV, comes first."""
    if path.lower() in row:
        return row[path.lower()]
    value: object = None
    inner: object = row
    for at, name in enumerate(path.split(".")):
        value = inner.get(name.lower() if at == 0 else name) if isinstance(inner, dict) else None
        inner = value
    return value


def _prose(value: object) -> str | None:
    if isinstance(value, list):
        return "\n\n".join(part for part in value if isinstance(part, str)) or None
    return value if isinstance(value, str) and value.strip() else None


def _named(value: object) -> str | None:
    """A value as one string: of a person or publisher as schema.org writes them, the name; of several, all.

    Nothing is looked at deeper than that: a few lines of YAML can stand for more values than fit a machine.
    """
    if isinstance(value, list):
        return ", ".join(filter(None, map(_name, value[:20]))) or None
    return _name(value)


def _name(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("name") or value.get("title")
    number = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30
    if number or isinstance(value, str | float | date):
        return str(value).strip() or None
    return None
