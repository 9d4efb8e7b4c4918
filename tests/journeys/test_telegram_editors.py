"""/status, /feedback and /unanswered over HTTP: what an editor sees, and nobody else."""

from __future__ import annotations

import csv
import sqlite3
from typing import TYPE_CHECKING

import pytest
from journeys.telegram_person import Person
from journeys.telegram_running import ADMIN, answering, configured, told

from bot.app import MEMORY
from bot.memory import Memory
from bot.memory.audit import Audit
from index.errors import ArchiveDamaged
from index.evaluation import read_questions

if TYPE_CHECKING:
    from pathlib import Path

    from fakes import FakeArchive
    from journeys.telegram_emulator import TelegramEmulator


def rows(document: bytes) -> list[list[str]]:
    """What a reader of CSV finds."""
    return list(csv.reader(document.decode("utf-8-sig").splitlines(), strict=True))


@pytest.mark.parametrize("command", ["/status", "/feedback", "/unanswered", "/reindex"])
async def test_editors_commands_are_for_admins(reader: Person, command: str) -> None:
    """Others are told so in one sentence, and get no document."""
    await reader.says(command)
    assert (await reader.hears()).text == "That command is for admins of this bot."
    assert await reader.hears_nothing()
    assert reader.emulator.documents(reader.id) == []


async def test_status_tells_how_things_are(admin: Person, archive: FakeArchive, tmp_path: Path) -> None:
    """Archive, questions, syncs, errors and feedback, in one message; before anything happened, and after."""
    await admin.says("/status")
    first = await admin.hears()
    assert first.text.split("\n\n") == [
        "Archive\narticles: 6\npassages: 6\non disk: 0.0 MB\nlast sync: never",
        "Questions\nwaiting now: 0\nat most so far: 1",
        "Last syncs\nnone yet",
        "Errors in the last day: 0",
        "Feedback\n👍 0   👎 0",
    ]
    told(tmp_path, "finish")
    await admin.says("/reindex")
    await admin.gets("refused.csv")
    reader = Person(admin.emulator, id=5)
    await reader.says("Who accompanied Netanyahu?")
    await reader.presses(await reader.hears(), "👍 Right")
    await admin.emulator.until("answerCallbackQuery")
    archive.failure = ArchiveDamaged("a page is torn <b>")
    await reader.says("Who opened the exhibition?")
    await reader.hears()
    archive.failure = None
    admin.heard = len(admin.emulator.sent(ADMIN))
    await admin.says("/status")
    _, questions, syncs, errors, feedback = (await admin.hears()).text.split("\n\n")
    assert questions.startswith("Questions\nwaiting now: 0\nat most so far: 1\nhalf are answered within ")
    assert syncs.endswith(": added 4, changed 3, removed 1, refused 7, 3 s")
    count, last, failures = errors.split("\n")
    assert count == "Errors in the last day: 1"
    assert last.endswith(": an update could not be handled (ArchiveDamaged)")
    assert failures == "not answered or not sent: error 1"
    assert feedback == "Feedback\n👍 1   👎 0"


async def test_feedback_is_a_document_that_eval_reads(admin: Person, tmp_path: Path) -> None:
    """What readers pressed is what the reader of questions finds; without any, that is said."""
    await admin.says("/feedback")
    assert (await admin.hears()).text == "No reader has said yet whether an answer was right."
    reader = Person(admin.emulator, id=5)
    for question, label in (("Who accompanied Netanyahu?", "👍 Right"), ("=Who opened the exhibition?", "👎 Wrong")):
        await reader.says(question)
        await reader.presses(await reader.hears(), label)
    await admin.emulator.until("answerCallbackQuery", 2)
    await admin.says("/feedback")
    document = await admin.gets("feedback.csv")
    assert document.text.startswith("What readers said: 👍 1, 👎 1.")
    (tmp_path / "feedback.csv").write_bytes(document.document)
    yes, no = read_questions(tmp_path / "feedback.csv")
    assert (yes.text, yes.relevant) == ("Who accompanied Netanyahu?", {"https://harbour.example/a?b=1&c=2"})
    assert (no.text, no.relevant, no.rejected) == ("=Who opened the exhibition?", None, {"/articles/Museum opens.txt"})
    assert str(reader.id) not in document.document.decode()


async def test_unanswered_questions_come_in_groups(admin: Person, archive: FakeArchive) -> None:
    """Alike questions count as one, asked most first; twelve groups are in the document, ten in the message."""
    await admin.says("/unanswered")
    assert (await admin.hears()).text == "There was no question yet that the archive could not answer."
    archive.articles = ()
    reader = Person(admin.emulator, id=5)
    words = ["alder", "birch", "cedar", "hazel", "maple", "olive", "poplar", "rowan", "spruce", "willow", "aspen"]
    wordings = [f"And {word}?" for word in words]
    asked = ["How high is the =lighthouse tower?", *wordings, "lighthouse tower, how high?", "<b>linden?"]
    for question in asked:
        await reader.says(question)
        await reader.hears()
    await admin.says("/unanswered")
    title, *groups = (await admin.hears()).text.split("\n\n")
    assert title == "Asked, and not answered"
    assert len(groups) == 10
    assert groups[0].startswith("2× lighthouse tower, how high?\n")
    assert groups[1].startswith("1× <b>linden?\n")
    header, *table = rows((await admin.gets("unanswered.csv")).document)
    assert header == ["group", "times", "question", "asked"]
    assert [row[:3] for row in table[:2]] == [
        ["1", "2", "lighthouse tower, how high?"],
        ["1", "2", "How high is the =lighthouse tower?"],
    ]
    assert sorted(row[2] for row in table) == sorted(asked)


async def test_unanswered_waits_like_every_question(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """Where the archive does not answer in time, the admin is asked for patience as readers are."""
    archive.articles = ()
    admin = Person(telegram, id=ADMIN)
    async with answering(configured(telegram, tmp_path, timeout=0.3), telegram, archive):
        await admin.says("Where does the alder stand?")
        await admin.hears()
        archive.gate.clear()
        await admin.says("/unanswered")
        assert "Please ask again in a minute." in (await admin.hears()).text
        await admin.says("/status")
        assert "It is busy; ask again in a minute." in (await admin.hears()).text
        archive.gate.set()


async def test_a_document_is_sent_whatever_else_goes_wrong_first(admin: Person) -> None:
    """Where Telegram is away for a moment, the document comes all the same."""
    reader = Person(admin.emulator, id=5)
    await reader.says("Who accompanied Netanyahu?")
    await reader.presses(await reader.hears(), "👍 Right")
    await admin.emulator.until("answerCallbackQuery")
    admin.emulator.fail_next("sendDocument", 502, "<html>Bad Gateway</html>")
    admin.emulator.drop_next("sendDocument", acted=False)
    await admin.says("/feedback")
    assert rows((await admin.gets("feedback.csv")).document)[1][0] == "Who accompanied Netanyahu?"


async def test_a_document_that_the_end_cut_short_is_sent_after_the_start(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """The command is done again, with what is true then."""
    admin, reader = Person(telegram, id=ADMIN), Person(telegram, id=5)
    settings = configured(telegram, tmp_path)
    async with answering(settings, telegram, archive):
        await reader.says("Who accompanied Netanyahu?")
        await reader.presses(await reader.hears(), "👍 Right")
        await telegram.until("answerCallbackQuery")
        telegram.fail_next("sendDocument", 502, "<html>Bad Gateway</html>")
        await admin.says("/feedback")
        await telegram.until("sendDocument")
    assert telegram.documents(ADMIN) == []
    async with answering(settings, telegram, archive):
        assert rows((await admin.gets("feedback.csv")).document)[1][0] == "Who accompanied Netanyahu?"
    assert len(telegram.documents(ADMIN)) == 1


async def test_what_editors_do_is_kept_for_audit(admin: Person, tmp_path: Path) -> None:
    """Who, what, and what came of it; also a reindexing that was cancelled, and who cancelled it."""
    told(tmp_path, "slow")
    await admin.says("/status")
    await admin.hears()
    await admin.says("/feedback")
    await admin.hears()
    await admin.says("/reindex")
    await admin.presses(await admin.hears(), "Cancel")
    while not (await admin.hears()).text.startswith("Reindexing was cancelled"):
        pass
    await Person(admin.emulator, id=5).says("/unanswered")
    await admin.says("/unanswered")
    await admin.hears()
    with Memory.open(tmp_path / MEMORY) as memory:
        kept = {each: memory.audit.last(each, 9) for each in ("status", "feedback", "reindex", "cancel", "unanswered")}
    assert {action: [(each.person, each.what, each.outcome) for each in notes] for action, notes in kept.items()} == {
        "status": [(ADMIN, "", "shown")],
        "feedback": [(ADMIN, "all", "0 rows")],
        "reindex": [(ADMIN, "by command", "cancelled")],
        "cancel": [(ADMIN, "reindex", "cancelled")],
        "unanswered": [(ADMIN, "newest", "0 questions")],
    }


async def test_a_full_disk_costs_the_note_only(
    admin: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The command is done, and the log says what is to be done."""

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Audit, "note", full)
    await admin.says("/status")
    assert "the memory cannot be written" in (await admin.hears()).text
    assert "the memory cannot be written (database or disk is full): free space on the disk" in caplog.text
