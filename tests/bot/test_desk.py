"""The desk: one thread, a bounded queue, a limit to waiting, a loop that never blocks."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from fakes import FakeArchive

from bot.desk import Desk, DeskBusy, DeskClosing, DeskTimeout


async def test_the_archive_is_used_in_one_thread_only() -> None:
    """Opened, asked and closed in the same thread, which is not the event loop's."""
    archive, opened = FakeArchive(), []

    def open_archive() -> FakeArchive:
        opened.append(threading.get_ident())
        return archive

    async with Desk(open_archive, queue=9, timeout=5) as desk:
        reply, hits = await asyncio.gather(desk.ask("who accompanied Netanyahu?", k=2), desk.search("Netanyahu", k=3))
        passages = await desk.passages([2, 99, 1])
        suggested, stats = await desk.suggest(2), await desk.stats()
    assert (len(reply.hits), len(hits), [passage.id for passage in passages]) == (2, 3, [2, 1])
    assert (suggested, stats.articles) == (archive.suggestions[:2], 6)
    assert archive.threads == set(opened)
    assert threading.get_ident() not in opened
    assert archive.closed


async def test_the_loop_goes_on_while_the_archive_works() -> None:
    """While a question is being answered, the loop is never held for 50 ms."""
    archive = FakeArchive()
    async with Desk(lambda: archive, queue=9, timeout=5) as desk:
        archive.gate.clear()
        asking = asyncio.create_task(desk.ask("x"))
        longest = 0.0
        for _ in range(20):
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            longest = max(longest, time.perf_counter() - before)
        archive.gate.set()
        await asking
    assert longest < 0.055


async def test_more_than_may_wait_is_refused_at_once() -> None:
    """With two waiting beside the one being answered, the fourth is refused; later there is room again."""
    archive = FakeArchive()
    async with Desk(lambda: archive, queue=2, timeout=5) as desk:
        archive.gate.clear()
        asking = [asyncio.create_task(desk.ask(f"question {number}")) for number in range(3)]
        await asyncio.sleep(0.01)
        with pytest.raises(DeskBusy, match="NEWSDESK_QUEUE"):
            await desk.ask("one too many")
        archive.gate.set()
        await asyncio.gather(*asking)
        await desk.ask("again")
    assert archive.asked == ["question 0", "question 1", "question 2", "again"]


async def test_who_waits_too_long_is_told() -> None:
    """A call that takes too long is given up; what waited behind it is done when its turn comes."""
    archive = FakeArchive()
    async with Desk(lambda: archive, queue=9, timeout=0.2) as desk:
        archive.gate.clear()
        asking = [asyncio.create_task(desk.ask(question)) for question in ("slow", "behind it")]
        with pytest.raises(DeskTimeout, match="NEWSDESK_TIMEOUT"):
            await asking[0]
        archive.gate.set()
        await asking[1]
    assert archive.asked == ["slow", "behind it"]


async def test_a_wait_that_would_be_too_long_is_refused_at_once() -> None:
    """With calls of a tenth of a second and a limit of a quarter, three may wait and the fourth may not."""
    archive = FakeArchive()
    async with Desk(lambda: archive, queue=99, timeout=0.25) as desk:
        desk._seconds = 0.1  # noqa: SLF001 - as if calls had taken that long
        archive.gate.clear()
        asking = [asyncio.create_task(desk.ask(f"question {number}")) for number in range(3)]
        await asyncio.sleep(0)
        assert (desk.waiting, round(desk.expected, 6)) == (3, 0.3)
        with pytest.raises(DeskBusy, match=r"over 0\.25 s"):
            await desk.ask("one too many")
        archive.gate.set()
        await asyncio.gather(*asking)


async def test_at_the_end_what_waits_is_not_begun() -> None:
    """The call that is being done goes on; the one behind it is told that the bot ends."""
    archive = FakeArchive()
    async with Desk(lambda: archive, queue=9, timeout=5) as desk:
        archive.gate.clear()
        asking = [asyncio.create_task(desk.ask(question)) for question in ("begun", "not begun")]
        await asyncio.sleep(0.01)
        desk.close()
        archive.gate.set()
        begun, other = await asyncio.gather(*asking, return_exceptions=True)
    assert archive.asked == ["begun"]
    assert not isinstance(begun, BaseException)
    assert isinstance(other, DeskClosing)


async def test_what_the_archive_raises_is_raised() -> None:
    """Errors of opening and of asking come through; a desk that did not open is left without a thread."""

    def missing() -> FakeArchive:
        raise FileNotFoundError("no archive there")

    with pytest.raises(FileNotFoundError, match="no archive there"):
        async with Desk(missing, queue=1, timeout=1):
            pass
    async with Desk(lambda: FakeArchive(failure=ValueError("torn")), queue=1, timeout=1) as desk:
        with pytest.raises(ValueError, match="torn"):
            await desk.ask("x")
    with pytest.raises(RuntimeError, match="closed"):
        await desk.ask("x")
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("desk")]
