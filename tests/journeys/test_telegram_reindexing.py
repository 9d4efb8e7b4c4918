"""/reindex over HTTP: progress, outcome, who may, and the end of the bot."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

import pytest
from journeys.telegram_person import Person
from journeys.telegram_running import ADMIN, CHILD, answering, configured, refusal, told

from bot import app, reindexing

if TYPE_CHECKING:
    from pathlib import Path

    from fakes import FakeArchive
    from journeys.telegram_emulator import TelegramEmulator


async def test_reindex_shows_progress_in_one_message_and_ends_with_a_summary(admin: Person, tmp_path: Path) -> None:
    """The message is edited as the sync goes on; readers are answered meanwhile; the end names refused files."""
    told(tmp_path, "slow")
    await admin.says("/reindex")
    begun = await admin.hears()
    assert begun.text == "Reindexing the archive…"
    reader = Person(admin.emulator, id=5)
    await reader.says("Who accompanied Netanyahu?")
    assert (await reader.hears()).text.startswith("Zeev Elkin")
    progress = await admin.hears()
    assert progress.method == "editMessageText"
    assert progress.fields["message_id"] == begun.message_id
    assert "files: 1 of 9" in progress.text
    await admin.says("/reindex")
    assert (await admin.hears()).text == "The archive is being reindexed already."
    told(tmp_path, "finish")
    while (end := await admin.hears()).text.startswith("Reindexing"):
        pass
    assert end.fields["message_id"] == begun.message_id
    assert end.text.startswith("The archive is up to date, after 3 s.\nadded: 4\nchanged: 3\nunchanged: 2\nremoved: 1")
    assert "refused: 7\n– /a/0 <b>.pdf: encrypted" in end.text
    assert end.text.endswith("– and others: 2")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("fail", "Reindexing failed: /gone is not there: mend NEWSDESK_SOURCES"),
        ("silent", "Reindexing failed: the sync ended with status 3 and without a word"),
        ("nothing", "Reindexing failed: the sync ended with status 0 and without a word"),
        ("crash", "Reindexing failed: the sync ended with status -9 and without a word"),
    ],
)
async def test_a_reindexing_that_fails_says_why(admin: Person, tmp_path: Path, what: str, said: str) -> None:
    """The last line of the child's stderr is shown, and another can be started after it."""
    told(tmp_path, what)
    for _ in range(2):
        await admin.says("/reindex")
        assert (await admin.hears()).text == "Reindexing the archive…"
        while (end := await admin.hears()).text.startswith("Reindexing the archive"):
            pass
        assert end.text.startswith(said)


async def test_a_summary_that_cannot_be_edited_in_is_sent(admin: Person, tmp_path: Path) -> None:
    """An admin hears of the end even where the message was deleted meanwhile."""
    told(tmp_path, "finish")
    admin.emulator.fail_next("editMessageText", 400, refusal(400, "Bad Request: message to edit not found"))
    await admin.says("/reindex")
    await admin.hears()
    end = await admin.hears()
    assert end.method == "sendMessage"
    assert end.text.startswith("The archive is up to date")


@pytest.mark.parametrize("what", ["slow", "stubborn"])
async def test_a_reindexing_ends_with_the_bot(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Stopping the bot stops the child, by force where it does not listen, and says so."""
    monkeypatch.setattr(app, "sync_command", lambda _, sources: [sys.executable, str(CHILD), *map(str, sources)])
    monkeypatch.setattr(reindexing, "_PATIENCE_SECONDS", 0.3)
    admin = Person(telegram, id=ADMIN)
    told(tmp_path, what)
    async with answering(configured(telegram, tmp_path, sources=str(tmp_path / "now")), telegram, archive):
        await admin.says("/reindex")
        await admin.hears()
        async with asyncio.timeout(5):
            while not (tmp_path / "pid").exists():  # noqa: ASYNC110 - another process makes it
                await asyncio.sleep(0.02)
    assert (await admin.hears()).text.startswith("Reindexing was stopped")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


async def test_reindex_is_for_admins(reader: Person) -> None:
    """Others are told so; an admin of a bot without sources is told which setting names them."""
    await reader.says("/reindex")
    assert (await reader.hears()).text == "That command is for admins of this bot."
    admin = Person(reader.emulator, id=ADMIN)
    await admin.says("/reindex")
    assert "NEWSDESK_SOURCES" in (await admin.hears()).text
