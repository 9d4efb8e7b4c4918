"""What came by, remembered in eight bytes each: a file may hold millions of articles, and a folder as many files."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

_Key = TypeVar("_Key", bound="Hashable")


class Seen:
    """The keys of what came by.

    They are told apart by 64 bits, so that of a million keys one is taken for another once in thirty million runs;
    what has vanished then stays until another run.
    """

    def __init__(self) -> None:
        self._marks = array("q")

    def add(self, key: Hashable) -> None:
        """Note a key."""
        self._marks.append(hash(key))

    def missing(self, keys: Iterable[_Key]) -> Iterator[_Key]:
        """Of some keys, those that did not come by."""
        marks = np.sort(np.array(self._marks, dtype=np.int64)).data
        for key in keys:
            mark = hash(key)
            at = bisect_left(marks, mark)
            if at == len(marks) or marks[at] != mark:
                yield key
