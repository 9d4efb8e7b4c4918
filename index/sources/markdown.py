"""Markdown: front matter as metadata, the rest as plain text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import yaml

from index.sources.fields import FieldMapping, draft_of
from index.sources.text import decode, plain
from index.sources.unreadable import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.sources.drafts import Draft
    from index.sources.limits import Limits

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"\A\s*#[ \t]+(.+)(?:\n|\Z)|\A\s*(\S.*)\n=+[ \t]*(?:\n|\Z)")
_ADDRESS = r"\((?:[^()\n]|\([^()\n]{0,200}\)){0,2000}\)"
_FRONT_CHARACTERS = 100_000
_MARKED = 2
_PLAINER: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"^(?:```|~~~).*$", re.MULTILINE), ""),
    (re.compile(rf"!\[[^\[\]\n]{{0,500}}\](?:{_ADDRESS}|\[[^\[\]\n]{{0,500}}\])"), ""),
    (re.compile(rf"(?<!\\)\[([^\[\]\n]{{1,500}})\](?:{_ADDRESS}|\[[^\[\]\n]{{0,500}}\])"), r"\1"),
    (re.compile(r"^[ \t]*\[[^\[\]\n]{1,500}\]:[ \t]+\S.*$", re.MULTILINE), ""),
    (re.compile(r"<((?:https?|mailto):[^<>\s]{1,2000})>"), r"\1"),
    (re.compile(r"^[ \t]*(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|=+)$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+(.*)$", re.MULTILINE), lambda match: _unhashed(match[1])),
    (re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*[*+-][ \t]+", re.MULTILINE), "• "),
    (re.compile(r"(?<!\\)\*\*(?=\S)((?:[^*\n]|\*(?!\*)){1,2000})(?<=\S)\*\*"), r"\1"),
    (re.compile(r"(?<!\\)__(?=\S)((?:[^_\n]|_(?!_)){1,2000})(?<=\S)__"), r"\1"),
    (re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]{1,2000}?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w\\])_(?=[^\s_])((?:[^_\n]|(?<=\w)_(?=\w)){1,2000})(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"~~(.{1,2000}?)~~"), r"\1"),
    (re.compile(r"`{1,3}([^`\n]{1,2000})`{1,3}"), r"\1"),
    (re.compile(r"\[\^[^\[\]\n]{1,500}\]:?"), ""),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)


def read_markdown(data: bytes, limits: Limits) -> Draft:
    """The article in Markdown; its front matter names fields as rows do, its first heading is a title too.

    Raises:
        Unreadable: it is empty, no text, its front matter is broken, or nothing follows that.

    """
    text = decode(data)
    if len(text) > _MARKED * limits.body_chars:
        raise Unreadable(f"over the size limit of {_MARKED * limits.body_chars:,} characters a Markdown file")
    text = plain(text)
    front = _FRONT.match(text)
    fields = _fields(front[1]) if front else {}
    body = text[front.end() :] if front else text
    mapping = FieldMapping()
    if heading := _HEADING.match(body):
        title = _unhashed(heading[1] or heading[2])
        if mapping.value({name.lower(): value for name, value in fields.items()}, "title") in (None, title):
            fields["title"] = _plainer(title)
            body = body[heading.end() :]
    body = _plainer(body)
    if not body.strip():
        raise Unreadable("no article in it")
    return replace(draft_of({**fields, "text": body}, FieldMapping(text="text")), id="")


def _fields(front: str) -> dict[str, object]:
    if len(front) > _FRONT_CHARACTERS:
        raise Unreadable(f"broken front matter: more than {_FRONT_CHARACTERS:,} characters")
    try:
        found = yaml.safe_load(front)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 2}" if mark else ""
        raise Unreadable(f"broken front matter{line}: {getattr(error, 'problem', None) or 'not YAML'}") from None
    except (ValueError, RecursionError):  # a date that is none, or too deep
        raise Unreadable("broken front matter: a value that is not what it looks like; put it in quotes") from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise Unreadable("broken front matter: it names no fields")
    return {str(name): value for name, value in found.items()}


def _plainer(text: str) -> str:
    """Markdown as plain text: links are their text, images are gone."""
    text = _without_comments(text)
    for pattern, kept in _PLAINER:
        text = pattern.sub(kept, text)
    return text.strip("\n")


def _without_comments(text: str) -> str:
    parts = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts.append(text[at:start])
        at = end + 3
    return "".join([*parts, text[at:]])


def _unhashed(heading: str) -> str:
    """A heading without the signs that may close it."""
    text = heading.rstrip()
    bare = text.rstrip("#")
    return bare.rstrip() if bare != text and bare[-1:] in (" ", "") else text
