"""The process that parses, as seen by who asks it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from index.sources.frames import ASK, CHUNK_BYTES, READY, TooLong, item_of, packed, receive, words
from index.sources.streams import BROKEN, broken
from index.sources.unreadable import Unreadable

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

    from index.sources.drafts import Draft, Trouble
    from index.sources.fields import FieldMapping
    from index.sources.limits import Limits

_PROGRAM = "import sys; sys.path[:] = sys.argv[1:]; from index.sources.reader import main; main()"
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_SETTINGS = "NEWSDESK_"
_START_SECONDS = 30.0
_LEAST_REPLY_BYTES = 1024 * 1024
_CHARACTER_BYTES = 16
_MIB = 1024 * 1024


class _Ended(Unreadable):
    """The process ended before it was done."""


class Gone(Exception):
    """The process had ended before anything was asked of it."""


class Child:
    """A process that parses. ``idle`` tells whether it may be asked again."""

    def __init__(self) -> None:
        self.idle = False
        self._process = subprocess.Popen(  # noqa: S603 - our own module, by this interpreter
            [sys.executable, "-P", "-c", _PROGRAM, *_folders()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={name: value for name, value in os.environ.items() if not name.startswith(_SETTINGS)} | _ONE_THREAD,
        )
        self._fresh = True
        self._until = 0.0
        self._requests, self._replies = (
            pipe.fileno() for pipe in (self._process.stdin, self._process.stdout) if pipe is not None
        )
        self._awaited = select.poll()
        self._awaited.register(self._replies, select.POLLIN)

    @property
    def id(self) -> int:
        """The number of the process."""
        return self._process.pid

    def drafts(
        self, suffix: str, stream: io.BufferedReader, mapping: FieldMapping, limits: Limits
    ) -> Iterator[Draft | Trouble]:
        """What the document gives, as ``isolated`` says."""
        self.idle = False
        kept = not self._fresh
        self._begin(words({"suffix": suffix, "mapping": asdict(mapping), "limits": asdict(limits)}))
        reason: Unreadable | None = None
        while True:
            try:
                frame = self._reply(limits)
            except _Ended:
                if kept:  # before it saw anything of the document
                    raise Gone from None
                raise
            kept = False
            if frame == ASK:
                reason = self._feed(stream)
                continue
            kind, *rest = json.loads(frame)
            if kind == "end":
                self.idle = not rest[0]
                break
            if kind == "unreadable":
                reason = Unreadable(rest[0])
            elif kind == "memory":
                reason = _too_large(limits)
            else:
                yield item_of(kind, rest[0])
        if reason:
            raise reason

    def end(self) -> None:
        """Stop the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def _begin(self, request: bytes) -> None:
        """Send a request, a new process having said that it is there."""
        if self._fresh:
            self._fresh = False
            self._until = time.monotonic() + _START_SECONDS
            try:
                receive(self._read, len(READY))
            except (EOFError, TimeoutError, TooLong):
                raise Unreadable("the process that reads documents did not start: try again") from None
            self._send(request)
            return
        try:
            self._send(request)
        except BrokenPipeError:
            raise Gone from None

    def _feed(self, stream: io.BufferedReader) -> Unreadable | None:
        """Give the next bytes; where they cannot be had, why."""
        reason: Unreadable | None = None
        chunk: bytes | None = None
        try:
            chunk = stream.read1(CHUNK_BYTES)
        except Unreadable as error:
            reason = error
        except BROKEN as error:
            reason = broken(error)
        with suppress(BrokenPipeError):  # what it gave before it ended is still to be read, and then that it ended
            self._send(chunk)
        return reason

    def _send(self, frame: bytes | None) -> None:
        rest = memoryview(packed(frame))
        while rest:
            rest = rest[os.write(self._requests, rest) :]

    def _reply(self, limits: Limits) -> bytes:
        """The next reply.

        Raises:
            Unreadable: there is none: the process ended, or takes too long.

        """
        self._until = time.monotonic() + limits.seconds
        try:
            return receive(self._read, _LEAST_REPLY_BYTES + _CHARACTER_BYTES * limits.body_chars)
        except TimeoutError:
            raise _too_slow(limits) from None
        except (EOFError, TooLong):
            self._process.kill()
            status = self._process.wait()
        if status == -signal.SIGALRM:
            raise _too_slow(limits)
        raise _Ended("broken in a way that ends the process that reads it")

    def _read(self, count: int) -> bytes:
        left = self._until - time.monotonic()
        if left <= 0 or not self._awaited.poll(left * 1000):
            raise TimeoutError
        return os.read(self._replies, count)


def _too_slow(limits: Limits) -> Unreadable:
    return Unreadable(f"took longer than {limits.seconds:g} seconds to read")


def _too_large(limits: Limits) -> Unreadable:
    return Unreadable(f"needs more memory than {limits.memory_bytes // _MIB:,} MiB to read")


def _folders() -> list[str]:
    """Where this process finds its packages, whatever folder the other starts in."""
    return [str(Path(folder).absolute()) for folder in (*sys.path, str(Path(__file__).parents[2]))]
