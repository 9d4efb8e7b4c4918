"""Parsing in a process apart: what it does to itself costs one document, and it can be stopped."""

from __future__ import annotations

import atexit
from collections import deque
from typing import TYPE_CHECKING

from index.sources.child import Child, Gone

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

    from index.sources.drafts import Draft, Trouble
    from index.sources.fields import FieldMapping
    from index.sources.limits import Limits


def isolated(
    suffix: str, stream: io.BufferedReader, mapping: FieldMapping, limits: Limits
) -> Iterator[Draft | Trouble]:
    """As ``documents.drafts``, parsed in a process of its own, which is kept for the next document.

    Raises:
        Unreadable: also where it took too long, needed too much memory, or ended that process.

    """
    child = _any()
    try:
        yield from child.drafts(suffix, stream, mapping, limits)
    except Gone:  # it had nothing to do for so long that it ended
        child.end()
        child = Child()
        yield from child.drafts(suffix, stream, mapping, limits)
    finally:
        if child.idle:
            _free.append(child)
        else:
            child.end()


def _any() -> Child:
    try:
        return _free.pop()
    except IndexError:
        return Child()


_free: deque[Child] = deque()


@atexit.register
def _end_all() -> None:
    while _free:
        _free.pop().end()
