"""The process in which documents are parsed: requests on its standard input, replies on its standard output.

``child`` starts it. It ends at the end of its input, when nothing is asked of it
for a while, and by itself where a document takes too long after who asked has gone.
"""

from __future__ import annotations

import io
import json
import os
import resource
import select
import signal
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from index.sources.documents import drafts
from index.sources.fields import FieldMapping
from index.sources.frames import ASK, CHUNK_BYTES, READY, Abandoned, item_words, packed, receive, words
from index.sources.limits import Limits
from index.sources.unreadable import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _typeshed import WriteableBuffer

_IDLE_SECONDS = 60.0
_REQUEST_BYTES = 64 * 1024
_GRACE_SECONDS = 5.0
_GROWN = 2
_STATM = Path("/proc/self/statm")


class _Asked(io.RawIOBase):
    """A document's bytes, asked for piece by piece."""

    def __init__(self, ask: Callable[[], bytes]) -> None:
        super().__init__()
        self._ask = ask
        self._left = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        if not self._left and not self._ended:
            self._left = self._ask()
            self._ended = not self._left
        view = memoryview(buffer).cast("B")
        count = min(len(view), len(self._left))
        view[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


class Reader:
    """Answers requests, one after the other.

    Args:
        requests: a file descriptor to read from.
        replies: a file descriptor to write to.
        clock: told how many seconds the work until the next reply may take, 0 when it is for who asked to act.

    """

    def __init__(self, requests: int, replies: int, clock: Callable[[float], object]) -> None:
        self._requests = requests
        self._replies = replies
        self._clock = clock
        self._seconds = 0.0

    def serve(self, idle_seconds: float = _IDLE_SECONDS) -> None:
        """Answer until there are no more requests, until there is none for a while, or memory has grown too much."""
        before = _address_space()
        with suppress(EOFError, BrokenPipeError):
            self._send(READY)
            while select.select([self._requests], [], [], idle_seconds)[0]:
                request = json.loads(receive(self._read, _REQUEST_BYTES))
                limits = Limits(**request["limits"])
                self._seconds = limits.seconds
                self._answer(request["suffix"], FieldMapping(**request["mapping"]), limits)
                grown = _address_space() - before > limits.memory_bytes // _GROWN
                self._send(words(["end", grown]))
                if grown:  # what a library keeps is given back by a new process
                    return

    def _answer(self, suffix: str, mapping: FieldMapping, limits: Limits) -> None:
        stream: io.BufferedReader = io.BufferedReader(_Asked(self._ask), CHUNK_BYTES)
        try:
            with _memory_limited(limits.memory_bytes):
                self._clock(self._seconds)
                for item in drafts(suffix, stream, mapping, limits):
                    self._reply(item_words(item))
        except Unreadable as error:
            self._reply(words(["unreadable", str(error)]))
        except MemoryError:
            self._reply(words(["memory"]))
        except Abandoned:
            pass
        finally:
            self._clock(0)

    def _ask(self) -> bytes:
        self._clock(0)
        self._send(ASK)
        chunk = receive(self._read, CHUNK_BYTES)
        self._clock(self._seconds)
        return chunk

    def _reply(self, frame: bytes) -> None:
        self._clock(0)
        self._send(frame)
        self._clock(self._seconds)

    def _send(self, frame: bytes) -> None:
        rest = memoryview(packed(frame))
        while rest:
            rest = rest[os.write(self._replies, rest) :]

    def _read(self, count: int) -> bytes:
        return os.read(self._requests, count)


@contextmanager
def _memory_limited(more: int) -> Iterator[None]:
    """Within it, the process may have this many bytes of address space more than it has at the start."""
    before, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = _address_space() + more
    resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, hard))


def _address_space() -> int:
    """Bytes of address space that this process has, 0 where the system does not tell."""
    try:
        return int(_STATM.read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _alarm(seconds: float) -> None:
    """End this process after so long (0: not), whatever library is at work: who asked may be gone."""
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_SECONDS if seconds else 0)


def main() -> None:
    """Serve; what libraries print goes nowhere, and an interruption is for who asked to act on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    requests, replies = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)
    Reader(requests, replies, _alarm).serve()


if __name__ == "__main__":
    main()
