"""The asynchronous front of an archive: one worker thread, a bounded queue, a limit to waiting."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

import numpy as np

from bot.metrics import Metrics
from index.errors import NewsdeskError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from types import TracebackType

    from index.domain import Hit, Passage, Reply, Stats
    from index.encoder import Encoder, FloatMatrix
    from index.reader import Reader

_T = TypeVar("_T")

_LATELY = 0.1
"""What the last call weighs in how long calls take."""


class DeskBusy(NewsdeskError):
    """As many questions wait as may; nothing was asked."""


class DeskTimeout(NewsdeskError):
    """No answer came in the time that a reader waits."""


class Answering(Protocol):
    """What the desk needs of ``index.Archive``; every call blocks, and all come from one thread."""

    def ask(self, question: str, *, asked: date | None = None, k: int = 5, after: str = "") -> Reply:
        """The answer on a day and the ``k`` best passages; ``after`` is what the question follows on."""

    def coverage(self, text: str, passages: Sequence[int]) -> tuple[float, ...]:
        """How much of what a text speaks of stands in the articles of these passages, each in [0, 1]."""

    def headline(self, address: str) -> str | None:
        """The headline of the article at a web address."""

    def search(self, question: str, *, asked: date | None = None, k: int = 10) -> tuple[Hit, ...]:
        """The ``k`` best passages on a day."""

    def passages(self, ids: Sequence[int]) -> tuple[Passage, ...]:
        """The passages of these ids that still exist, in the order asked."""

    def suggest(self, n: int = 3) -> tuple[str, ...]:
        """Up to ``n`` questions that the archive answers."""

    def stats(self) -> Stats:
        """The archive in figures."""

    @property
    def encoder(self) -> Encoder:
        """What turns texts into vectors, loaded when first needed."""

    @property
    def reader(self) -> Reader:
        """What points at answers, loaded when first needed."""

    def close(self) -> None:
        """Free what is held."""


class DeskClosing(NewsdeskError):
    """The bot ends; what waited was not asked."""


class Desk:
    """Opens an archive on entering and closes it on leaving; the event loop never waits for it.

    Calls are done one after the other, in the order they came. Every method raises ``DeskBusy`` at once where ``queue``
    calls wait already, or where those that wait are expected to take longer than ``timeout`` seconds; ``DeskTimeout``
    where its own turn has taken that long: the call then runs to its end, unheard; and ``DeskClosing`` where it waited
    when ``close`` was called.
    """

    def __init__(
        self, open_archive: Callable[[], Answering], *, queue: int, timeout: float, metrics: Metrics | None = None
    ) -> None:
        self._open = open_archive
        self._metrics = metrics or Metrics()
        self._queue = queue
        self._timeout = timeout
        self._turn = asyncio.Lock()
        self._pending = 0
        self._longest = 0
        self._seconds = 0.0
        self._closing = False
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")
        self._archive: Answering | None = None

    async def __aenter__(self) -> Self:
        """Open the archive in the worker thread; what opening raises is raised here."""
        try:
            self._archive = await asyncio.get_running_loop().run_in_executor(self._worker, self._open)
        except BaseException:
            self._worker.shutdown(wait=False)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let what has begun end, then close the archive in the thread that opened it."""
        if self._archive is not None:
            await asyncio.get_running_loop().run_in_executor(self._worker, self._archive.close)
            self._archive = None
        self._worker.shutdown()

    @property
    def waiting(self) -> int:
        """How many calls wait or are being done."""
        return self._pending

    @property
    def longest(self) -> int:
        """The most calls that ever waited or were being done."""
        return self._longest

    @property
    def expected(self) -> float:
        """Seconds that a call made now would wait: as many as lie before it, each as long as calls take of late."""
        return self._pending * self._seconds

    def close(self) -> None:
        """Begin no more calls; the one that is being done goes on."""
        self._closing = True

    async def ask(self, question: str, *, asked: date | None = None, k: int = 5, after: str = "") -> Reply:
        """Answer a question asked on a day: see ``index.Archive.ask``."""
        return await self._do(lambda archive: archive.ask(question, asked=asked, k=k, after=after))

    async def coverage(self, text: str, passages: Sequence[int]) -> tuple[float, ...]:
        """How much of a text stands in articles: see ``index.Archive.coverage``."""
        return await self._do(lambda archive: archive.coverage(text, passages))

    async def headline(self, address: str) -> str | None:
        """Whose address it is: see ``index.Archive.headline``."""
        return await self._do(lambda archive: archive.headline(address))

    async def search(self, question: str, *, asked: date | None = None, k: int = 10) -> tuple[Hit, ...]:
        """Rank passages: see ``index.Archive.search``."""
        return await self._do(lambda archive: archive.search(question, asked=asked, k=k))

    async def passages(self, ids: Sequence[int]) -> tuple[Passage, ...]:
        """Look passages up: see ``index.Archive.passages``."""
        return await self._do(lambda archive: archive.passages(ids))

    async def suggest(self, n: int = 3) -> tuple[str, ...]:
        """Questions that the archive answers: see ``index.Archive.suggest``."""
        return await self._do(lambda archive: archive.suggest(n))

    async def stats(self) -> Stats:
        """The archive in figures: see ``index.Archive.stats``."""
        return await self._do(lambda archive: archive.stats(), counted=False)

    async def encode(self, questions: Sequence[str]) -> FloatMatrix:
        """Vectors of questions, shape (len(questions), dimension), unit norm; few at a time, for readers wait."""
        return await self._do(
            lambda archive: np.stack([archive.encoder.encode_question(each) for each in questions]), counted=False
        )

    async def load_encoder(self) -> None:
        """Load both models where they are not; raises what ``index.Archive.encoder`` and ``reader`` do."""
        await self._do(lambda archive: (archive.encoder, archive.reader), counted=False)

    async def _do(self, call: Callable[[Answering], _T], *, counted: bool = True) -> _T:
        """Do a call in its turn; one that is not ``counted`` says nothing of how long questions take."""
        archive = self._archive
        if archive is None:
            raise RuntimeError("the desk is closed: use it inside `async with`")
        if self._pending > self._queue:  # one of the pending is not waiting: it is being answered
            raise DeskBusy(f"{self._queue} questions wait already; NEWSDESK_QUEUE says how many may")
        if self.expected > self._timeout:
            raise DeskBusy(f"an answer would take over {self._timeout:g} s; NEWSDESK_TIMEOUT says how long to wait")
        self._pending += 1
        self._longest = max(self._longest, self._pending)
        self._metrics.waiting(self._pending)
        came = time.monotonic()
        try:
            async with self._turn:
                self._metrics.stage("waiting", time.monotonic() - came)
                began = time.monotonic()
                result = await self._in_turn(call, archive)
                if counted:
                    self._took(time.monotonic() - began)
                return result
        finally:
            self._pending -= 1
            self._metrics.waiting(self._pending)

    async def _in_turn(self, call: Callable[[Answering], _T], archive: Answering) -> _T:
        if self._closing:
            raise DeskClosing("the bot is ending")
        try:
            async with asyncio.timeout(self._timeout):
                return await asyncio.get_running_loop().run_in_executor(self._worker, call, archive)
        except TimeoutError:
            self._took(self._timeout)
            raise DeskTimeout(f"no answer within {self._timeout:g} s; NEWSDESK_TIMEOUT says how long to wait") from None

    def _took(self, seconds: float) -> None:
        """Learn from a call how long calls take."""
        self._metrics.stage("asking", seconds)
        self._seconds = seconds if not self._seconds else self._seconds + _LATELY * (seconds - self._seconds)
