"""What is said of a sync: its progress, its end, the files that were refused."""

from __future__ import annotations

import pytest

from bot.markup import Button, fits
from bot.reindexing import RemovalHeld, SyncCancelled, SyncElsewhere, SyncFailed, SyncStopped
from bot.sync_messages import ended_message, in_a_line, progress_message, refused_csv, summary
from bot.texts import Languages
from index.domain import Refusal, SyncProgress, SyncReport

TEXTS = Languages.load().of("en")


def report(*refused: Refusal) -> SyncReport:
    """What a sync did."""
    return SyncReport(added=1, changed=2, unchanged=3, removed=4, refused=refused, seconds=5.4)


def files(count: int) -> list[Refusal]:
    """Refused files with awkward names."""
    return [Refusal(path=f"f{number} <x>", reason="empty") for number in range(count)]


@pytest.mark.parametrize(
    ("refused", "lines"),
    [
        (0, []),
        (1, ["refused: 1", "– f0 &lt;x&gt;: empty"]),
        (5, ["refused: 5", *(f"– f{number} &lt;x&gt;: empty" for number in range(5))]),
        (7, ["refused: 7", *(f"– f{number} &lt;x&gt;: empty" for number in range(5)), "– and others: 2"]),
    ],
)
def test_the_summary_names_the_first_refused_files(refused: int, lines: list[str]) -> None:
    """Up to five are named, the rest counted."""
    head = ["The archive is up to date, after 5 s.", "added: 1", "changed: 2", "unchanged: 3", "removed: 4"]
    assert summary(report(*files(refused)), TEXTS).split("\n") == head + lines


def test_long_names_are_shortened() -> None:
    """A summary fits a message whatever the files are called."""
    refusals = tuple(Refusal(path="p" * 5000, reason="r " * 5000) for _ in range(9))
    assert fits(summary(report(*refusals), TEXTS))


@pytest.mark.parametrize("count", [0, 5])
def test_what_the_summary_says_whole_needs_no_document(count: int) -> None:
    """Up to five files with their reasons stand in the message."""
    assert refused_csv(report(*files(count))) is None
    assert refused_csv(SyncFailed("gone")) is None


def test_the_document_names_every_refused_file() -> None:
    """Also where one of few had to be shortened; a name that a spreadsheet would calculate is text there."""
    long = Refusal(path="=a.txt", reason="r" * 400)
    assert refused_csv(report(long)) == f"\ufefffile,reason\r\n\u00a0=a.txt,{'r' * 400}\r\n".encode()
    every = refused_csv(report(*files(6)))
    assert every is not None
    assert every.decode("utf-8-sig").splitlines() == ["file,reason", *(f"f{number} <x>,empty" for number in range(6))]


def test_progress_comes_with_a_button_that_cancels_this_sync() -> None:
    """From the first message on; the key is in what the button gives, within Telegram's 64 bytes."""
    rows = ((Button(label="Cancel", data="sync:cancel:k"),),)
    first = progress_message(None, "k", TEXTS)
    assert (first.html, first.buttons) == ("Reindexing the archive…", rows)
    later = progress_message(SyncProgress(files_done=1, files_total=2, articles=3, passages=4), "k", TEXTS)
    assert later.html.split("\n")[1:] == ["files: 1 of 2", "new or changed articles: 3", "passages: 4"]
    assert later.buttons == rows


@pytest.mark.parametrize(
    ("ended", "html", "line"),
    [
        (report(), "The archive is up to date", "added 1, changed 2, removed 4, refused 0, 5 s"),
        (SyncCancelled("cancelled"), "Reindexing was cancelled. What was done until then is kept.", "cancelled"),
        (SyncStopped("the bot is ending"), "Reindexing was stopped", "the bot is ending"),
        (SyncFailed("no <b>\n space"), "Reindexing failed: no &lt;b&gt; space", "failed: no <b> space"),
        (SyncElsewhere("it is being changed by 7"), "Reindexing failed: it is being changed by 7", "failed: it is"),
        (RemovalHeld("5 of 9 are gone"), "Too much would be removed: 5 of 9 are gone", "held back: 5 of 9 are gone"),
    ],
)
def test_every_end_is_told(ended: SyncReport | SyncFailed | SyncStopped, html: str, line: str) -> None:
    """To who waits for it, and in the log of what admins did; only what was held back has a button."""
    message = ended_message(ended, "k", TEXTS)
    assert message.html.startswith(html)
    assert in_a_line(ended).startswith(line)
    held = ((Button(label="Remove them", data="sync:remove:k"),),)
    assert message.buttons == (held if isinstance(ended, RemovalHeld) else ())
