"""/status: each block from worked figures."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.markup import pack
from bot.status_blocks import Status, status_blocks
from bot.texts import Languages
from index.domain import Stats

TEXTS = Languages.load().of("en")
NOON = datetime(2024, 2, 6, 12, 0, tzinfo=UTC).timestamp()


def stats(**more: object) -> Stats:
    """An archive in figures."""
    known = {
        "articles": 12_345,
        "passages": 67_890,
        "sources": (),
        "first": date(2012, 5, 3),
        "last": date(2024, 2, 5),
        "encoder": "e",
        "disk": 123_456_789,
        "last_sync": datetime.fromtimestamp(NOON, UTC),
    }
    return Stats(**(known | more))


def test_all_that_is_known_is_shown() -> None:
    """Counts are readable, moments are where readers are, the newest sync comes first, the commonest failure first."""
    status = Status(
        archive=stats(),
        waiting=2,
        longest=9,
        median=0.44,
        p95=1.25,
        syncs=tuple((NOON + 60 * number, f"sync {number} <b>") for number in range(7)),
        errors=((NOON, "first"), (NOON + 60, "a page is torn <b>")),
        failures={"timeout": 1, "TimedOut": 3},
        feedback=(12, 3),
        timezone=ZoneInfo("Europe/Madrid"),
    )
    archive, questions, syncs, errors, feedback = status_blocks(status, TEXTS)
    assert archive.split("\n") == [
        "<b>Archive</b>",
        "articles: 12,345",
        "passages: 67,890",
        "on disk: 123.5 MB",
        "dates: 3 May 2012 – 5 February 2024",
        "last sync: 6 February 2024, 13:00",
    ]
    assert questions.split("\n") == [
        "<b>Questions</b>",
        "waiting now: 2",
        "at most so far: 9",
        "half are answered within 0.4 s, 95 of 100 within 1.2 s",
    ]
    assert syncs.split("\n") == [
        "<b>Last syncs</b>",
        *(f"6 February 2024, 13:0{number}: sync {number} &lt;b&gt;" for number in (6, 5, 4, 3, 2)),
    ]
    assert errors.split("\n") == [
        "<b>Errors in the last day:</b> 2",
        "6 February 2024, 13:01: a page is torn &lt;b&gt;",
        "not answered or not sent: TimedOut 3, timeout 1",
    ]
    assert feedback == "<b>Feedback</b>\n👍 12   👎 3"
    assert len(pack(status_blocks(status, TEXTS))) == 1


def test_what_is_not_known_is_said_or_left_out() -> None:
    """An archive that is busy, one that was never synced and is empty, no question yet."""
    busy, questions, syncs, *_ = status_blocks(Status(archive=None, waiting=0, longest=0), TEXTS)
    assert busy == "<b>Archive</b>\nIt is busy; ask again in a minute."
    assert questions.split("\n") == ["<b>Questions</b>", "waiting now: 0", "at most so far: 0"]
    assert syncs == "<b>Last syncs</b>\nnone yet"
    empty = Status(archive=stats(first=None, last=None, last_sync=None), waiting=0, longest=0)
    assert status_blocks(empty, TEXTS)[0].split("\n")[-2:] == ["on disk: 123.5 MB", "last sync: never"]
