"""The asynchronous front of an archive: one worker thread, a bounded queue, a limit to waiting."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from index.errors import NewsdeskError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from types import TracebackType

    from index.domain import Hit, Passage, Reply, Stats

_T = TypeVar("_T")


class DeskBusy(NewsdeskError):
    """As many questions wait as may; nothing was asked."""


class DeskTimeout(NewsdeskError):
    """No answer came in the time that a reader waits."""


class Answering(Protocol):
    """What the desk needs of ``index.Archive``; every call blocks, and all come from one thread."""

    def ask(self, question: str, *, asked: date | None = None, k: int = 5) -> Reply:
        """The answer on a day and the ``k`` best passages."""

    def search(self, question: str, *, k: int = 10) -> tuple[Hit, ...]:
        """The ``k`` best passages."""

    def passages(self, ids: Sequence[int]) -> tuple[Passage, ...]:
        """The passages of these ids that still exist, in the order asked."""

    def suggest(self, n: int = 3) -> tuple[str, ...]:
        """Up to ``n`` questions that the archive answers."""

    def stats(self) -> Stats:
        """The archive in figures."""

    def close(self) -> None:
        """Free what is held."""


class Desk:
    """Opens an archive on entering and closes it on leaving; the event loop never waits for it.

    Every method raises ``DeskBusy`` at once where ``queue`` calls wait already, and ``DeskTimeout`` after ``timeout``
    seconds; a call that has begun by then runs to its end, unheard.
    """

    def __init__(self, open_archive: Callable[[], Answering], *, queue: int, timeout: float) -> None:
        self._open = open_archive
        self._queue = queue
        self._timeout = timeout
        self._pending = 0
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

    async def ask(self, question: str, *, asked: date | None = None, k: int = 5) -> Reply:
        """Answer a question asked on a day: see ``index.Archive.ask``."""
        return await self._do(lambda archive: archive.ask(question, asked=asked, k=k))

    async def search(self, question: str, *, k: int = 10) -> tuple[Hit, ...]:
        """Rank passages: see ``index.Archive.search``."""
        return await self._do(lambda archive: archive.search(question, k=k))

    async def passages(self, ids: Sequence[int]) -> tuple[Passage, ...]:
        """Look passages up: see ``index.Archive.passages``."""
        return await self._do(lambda archive: archive.passages(ids))

    async def suggest(self, n: int = 3) -> tuple[str, ...]:
        """Questions that the archive answers: see ``index.Archive.suggest``."""
        return await self._do(lambda archive: archive.suggest(n))

    async def stats(self) -> Stats:
        """The archive in figures: see ``index.Archive.stats``."""
        return await self._do(lambda archive: archive.stats())

    async def _do(self, call: Callable[[Answering], _T]) -> _T:
        archive = self._archive
        if archive is None:
            raise RuntimeError("the desk is closed: use it inside `async with`")
        if self._pending > self._queue:  # one of the pending is not waiting: it is being answered
            raise DeskBusy(f"{self._queue} questions wait already; NEWSDESK_QUEUE says how many may")
        self._pending += 1
        try:
            async with asyncio.timeout(self._timeout):
                return await asyncio.get_running_loop().run_in_executor(self._worker, call, archive)
        except TimeoutError:
            raise DeskTimeout(f"no answer within {self._timeout:g} s; NEWSDESK_TIMEOUT says how long to wait") from None
        finally:
            self._pending -= 1
