"""/reindex and the schedule over HTTP: progress, outcome, cancelling, who may, and the end of the bot."""

from __future__ import annotations

import asyncio
import csv
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
    from journeys.telegram_emulator import Call, TelegramEmulator


async def end_of(admin: Person) -> Call:
    """What is said at the end of a reindexing."""
    while (call := await admin.hears()).text.startswith(("Reindexing the archive…", "The archive is being")):
        pass
    return call


async def notice(admin: Person, text: str) -> None:
    """Wait until this was said beside the conversation."""

    def said() -> bool:
        return any(
            call.method == "answerCallbackQuery" and call.fields.get("text") == text for call in admin.emulator.calls
        )

    await admin.emulator.wait(said)


async def pid(folder: Path) -> None:
    """Wait until the child runs."""
    async with asyncio.timeout(300):
        while not (folder / "pid").exists():  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.02)


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
    told(tmp_path, "finish")
    while (end := await admin.hears()).text.startswith("Reindexing"):
        pass
    assert end.fields["message_id"] == begun.message_id
    assert end.buttons == []
    assert end.text.startswith("The archive is up to date, after 3 s.\nadded: 4\nchanged: 3\nunchanged: 2\nremoved: 1")
    assert "refused: 7\n– /a/0 <b>.pdf: encrypted" in end.text
    assert end.text.endswith("– and others: 2")
    refused = list(csv.reader((await admin.gets("refused.csv")).document.decode("utf-8-sig").splitlines()))
    assert refused == [["file", "reason"], *([f"/a/{number} <b>.pdf", "encrypted"] for number in range(7))]


async def test_a_second_reindex_shows_the_one_that_runs(admin: Person, tmp_path: Path) -> None:
    """No other is begun; both messages are kept up to date, the document comes once."""
    told(tmp_path, "slow")
    await admin.says("/reindex")
    begun = await admin.hears()
    while not (await admin.hears()).text.startswith("Reindexing the archive…\nfiles: 1 of 9"):
        pass
    await admin.says("/reindex")
    while not (running := await admin.hears()).text.startswith("The archive is being"):
        pass
    already, *progress = running.text.split("\n")
    assert already == "The archive is being reindexed already."
    assert progress[1:] == ["Reindexing the archive…", "files: 1 of 9", "new or changed articles: 1", "passages: 2"]
    assert running.buttons == begun.buttons
    told(tmp_path, "finish")
    ends = [await end_of(admin), await end_of(admin)]
    assert {call.fields["message_id"] for call in ends} == {begun.message_id, running.message_id}
    await admin.gets("refused.csv")
    assert len(admin.emulator.documents(ADMIN)) == 1


async def test_cancel_ends_a_reindexing(admin: Person, tmp_path: Path) -> None:
    """The child is told to end, the message says what becomes of its work, and another may be started."""
    for _ in range(2):
        told(tmp_path, "slow")
        await admin.says("/reindex")
        begun = await admin.hears()
        await pid(tmp_path)
        await admin.presses(begun, "Cancel")
        end = await end_of(admin)
        assert end.text == "Reindexing was cancelled. What was done until then is kept."
        assert end.fields["message_id"] == begun.message_id
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / "pid").read_text()), 0)
        (tmp_path / "pid").unlink()
    await admin.presses(begun, "Cancel")
    await notice(admin, "That is over. Send /reindex to begin anew.")


async def test_only_admins_cancel(admin: Person, tmp_path: Path) -> None:
    """In a group, where all see the button, others are told so, and it goes on."""
    told(tmp_path, "slow")
    group = {"id": -5, "type": "group", "title": "Desk"}
    boss = Person(admin.emulator, id=ADMIN, chat=group)
    await boss.says("/reindex")
    begun = await boss.hears()
    reader = Person(admin.emulator, id=5, chat=group)
    await reader.presses(begun, "Cancel")
    await notice(admin, "That command is for admins of this bot.")
    told(tmp_path, "finish")
    end = await end_of(boss)
    assert end.text.startswith("The archive is up to date")


async def test_removals_that_are_held_back_are_done_by_a_button(admin: Person, tmp_path: Path) -> None:
    """The archive refuses to remove much; an admin who is sure presses, and it is run again so; once."""
    told(tmp_path, "held")
    await admin.says("/reindex")
    held = await end_of(admin)
    assert held.text == (
        "Too much would be removed: 5 of the 9 articles in the archive are no longer there; nothing was removed, the"
        " rest was taken in."
    )
    await admin.presses(held, "Remove them")
    end = await end_of(admin)
    assert end.text.startswith("The archive is up to date")
    await admin.emulator.until("editMessageReplyMarkup")
    assert admin.emulator.calls[-1].fields.get("reply_markup") is None
    await admin.presses(held, "Remove them")
    await notice(admin, "That is over. Send /reindex to begin anew.")


async def test_a_button_of_before_a_restart_says_that_it_is_over(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its reindexing ended with the bot; another one that runs is not cancelled by it."""
    monkeypatch.setattr(app, "sync_command", lambda _, sources: [sys.executable, str(CHILD), *map(str, sources)])
    admin = Person(telegram, id=ADMIN)
    settings = configured(telegram, tmp_path, sources=str(tmp_path / "now"))
    told(tmp_path, "slow")
    async with answering(settings, telegram, archive):
        await admin.says("/reindex")
        before = await admin.hears()
        await pid(tmp_path)
    assert (await admin.hears()).text.startswith("Reindexing was stopped")
    async with answering(settings, telegram, archive):
        await admin.says("/reindex")
        await admin.hears()
        await admin.presses(before, "Cancel")
        await notice(admin, "That is over. Send /reindex to begin anew.")
        told(tmp_path, "finish")
        end = await end_of(admin)
        assert end.text.startswith("The archive is up to date")


@pytest.mark.parametrize("data", ["", "sync", "sync:cancel:", "sync:remove:x", "sync:cancel:x:y", "sync:other:x"])
async def test_forged_buttons_do_nothing(reader: Person, data: str) -> None:
    """Where nothing is to be synced there is nothing to cancel either."""
    admin = Person(reader.emulator, id=ADMIN)
    await admin.presses_data(data)
    await reader.emulator.until("answerCallbackQuery")


async def test_a_schedule_that_fails_tells_the_admins_once(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is said of those that go well; of one that held removals back, with the button."""
    monkeypatch.setattr(app, "sync_command", lambda _, sources: [sys.executable, str(CHILD), *map(str, sources)])
    admin = Person(telegram, id=ADMIN)
    settings = configured(telegram, tmp_path, sources=str(tmp_path / "now"), sync_every=0.002)
    told(tmp_path, "finish")
    async with answering(settings, telegram, archive):
        await pid(tmp_path)
        assert await admin.hears_nothing()
        told(tmp_path, "held")
        said = await admin.hears()
        assert said.text.startswith("Too much would be removed: 5 of the 9 articles")
        assert said.text.endswith("only after it has worked in between.")
        assert [button["text"] for button in said.buttons] == ["Remove them"]
        assert await admin.hears_nothing()


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
    for _ in range(100):  # the summary's edit may come behind some that tell how far it is
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
        await pid(tmp_path)
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
