"""What newsdesk and the process that parses say to each other: frames of bytes, some of them JSON.

A request is a frame of JSON; while it is worked on, an empty reply asks for the next bytes of the document, and a frame
with them (an empty one at the end) answers that. All other replies are JSON, a list that begins with a word.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from index.sources.drafts import Draft, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LENGTH = struct.Struct(">I")
_ABANDONED = 0xFFFFFFFF
ASK = b""
"""The reply that asks for the next bytes of the document."""
READY = b"ready"
"""The first frame of a new process."""
CHUNK_BYTES = 60 * 1024
"""Bytes of a document in one frame: with its length they fit an empty pipe, so that sending them never waits."""


class Abandoned(Exception):
    """The other side cannot give the rest of the document."""


class TooLong(Exception):
    """A frame is longer than any that is expected."""


def packed(frame: bytes | None) -> bytes:
    """A frame as it is sent; ``None`` says that the document's bytes cannot be had any further."""
    return _LENGTH.pack(_ABANDONED) if frame is None else _LENGTH.pack(len(frame)) + frame


def receive(read: Callable[[int], bytes], most: int) -> bytes:
    """The next frame.

    Args:
        read: gives up to as many bytes as it is asked for, none at the end.
        most: bytes that a frame may have.

    Raises:
        Abandoned: the frame says so.
        EOFError: there is none, or not all of one.
        TooLong: it has more bytes than it may.

    """
    (length,) = _LENGTH.unpack(_exactly(read, _LENGTH.size))
    if length == _ABANDONED:
        raise Abandoned
    if length > most:
        raise TooLong
    return _exactly(read, length)


def _exactly(read: Callable[[int], bytes], count: int) -> bytes:
    parts = []
    while count:
        part = read(count)
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def words(value: object) -> bytes:
    """A value as a frame of JSON; lone surrogates become question marks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def item_words(item: Draft | Trouble) -> bytes:
    """A draft or a trouble as a frame."""
    fields: dict[str, object] = asdict(item)
    if isinstance(item, Draft):
        fields["published"] = item.published and item.published.isoformat()
    return words([type(item).__name__.lower(), fields])


def item_of(kind: str, fields: Mapping[str, str]) -> Draft | Trouble:
    """The draft or the trouble that a frame held."""
    if kind == "trouble":
        return Trouble(**fields)
    day = fields["published"]
    rest = {name: value for name, value in fields.items() if name != "published"}
    return Draft(**rest, published=date.fromisoformat(day) if day else None)
