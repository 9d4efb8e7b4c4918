"""The Telegram bot over HTTP: what a reader writes, and what comes back."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from journeys.telegram_person import Person
from journeys.telegram_running import ADMIN, answering, configured, refusal

from bot.memory.replies import Replies
from bot.memory.turns import Turns
from bot.menus import ADMINS

if TYPE_CHECKING:
    from pathlib import Path

    from fakes import FakeArchive
    from journeys.telegram_emulator import TelegramEmulator


async def test_a_question_is_asked_on_the_readers_day(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """Half an hour before midnight in London it is the next day in Tokyo; an answer is old a year later."""
    sent = datetime(2018, 1, 31, 23, 30, tzinfo=UTC)
    async with answering(configured(telegram, tmp_path, timezone="Asia/Tokyo"), telegram, archive):
        reader = Person(telegram)
        archive.tells_age = True
        await reader.says("Who accompanied Netanyahu?", date=int(sent.timestamp()))
        assert (await reader.hears()).text.startswith("Zeev Elkin")
        await reader.says("Who accompanied Netanyahu?", date=int((sent + timedelta(365)).timestamp()))
        assert (await reader.hears()).text.startswith("As of 30 January 2018:\nZeev Elkin")
    assert list(dict.fromkeys(archive.days)) == [date(2018, 2, 1), date(2019, 2, 1)]


async def test_what_the_archive_does_not_say_is_said_plainly(reader: Person) -> None:
    """Without an answer the closest articles are named, linked where they have an address."""
    await reader.says("Where is the xyzzy?")
    assert (await reader.hears()).text == "The archive does not say. Nothing in the archive is near the question."
    await reader.says("Where is Netanyahu?")
    answer = await reader.hears()
    assert answer.text.startswith("The archive does not say.\n\nClosest to the question:\n1. Talks in Moscow")
    assert '1. <a href="https://harbour.example/' in answer.html
    assert "2. Museum opens · Harbour Post" in answer.html


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("🙂🙂", "Please ask me something in words"),
        ("?!", "Please ask me something in words"),
        ("\u202e\u200b", "Please ask me something in words"),
        ("a" * 10_000, "Nothing in the archive is near the question."),
        ("<b>bold</b> & <script>", "Nothing in the archive is near the question."),
        ("where is <b>Netanyahu</b> & <script>?", "The archive does not say."),
        ("'; DROP TABLE shown; --", "The archive does not say."),
        ("/nonsense", "I do not know that command"),
        ("من افتتح المعرض؟", "The archive does not say."),
        ("who\x00\x1b[31m accompanied\u202e Netanyahu", "Zeev Elkin accompanied Netanyahu"),
        ("👩‍👩‍👧‍👦 who accompanied Netanyahu 🇮🇱", "Zeev Elkin accompanied Netanyahu"),
    ],
)
async def test_any_text_gets_a_sensible_reply(reader: Person, text: str, reply: str) -> None:
    """Nothing a person can type goes unanswered."""
    await reader.says(text)
    assert (await reader.hears()).text.startswith(reply)


async def test_help_says_how_to_ask(reader: Person) -> None:
    """/help names what can be done, in one message."""
    await reader.says("/help")
    said = (await reader.hears()).text
    for command in ("/start", "/help", "/ask", "/new", "/language", "/forget"):
        assert f"{command} – " in said
    assert await reader.hears_nothing(during=0.1)


async def test_an_admins_help_names_what_admins_may(reader: Person) -> None:
    """Each command of theirs, with what it does; readers are not told of them."""
    admin = Person(reader.emulator, id=ADMIN)
    await admin.says("/help")
    shown = (await admin.hears()).text
    assert all(f"\n/{name} – " in shown for name in ADMINS)
    await reader.says("/help")
    assert "/reindex" not in (await reader.hears()).text


async def test_ask_works_in_private_too(reader: Person) -> None:
    """A habit from groups; the answer is no reply, as nobody else writes here."""
    await reader.says("/ask Who accompanied Netanyahu?")
    answer = await reader.hears()
    assert answer.text.startswith("Zeev Elkin")
    assert "reply_parameters" not in answer.fields
    await reader.says("/ask")
    assert (await reader.hears()).text.startswith("Write the question behind the command")


async def test_an_edited_question_is_answered_again(reader: Person, archive: FakeArchive) -> None:
    """In the place of the earlier answer, and not as what follows on it."""
    await reader.says("Who opened the exhibition?", message_id=71)
    first = await reader.hears()
    await reader.edits("Who accompanied Netanyahu?", 71)
    again = await reader.hears()
    assert (again.method, again.message_id) == ("editMessageText", first.message_id)
    assert again.text.startswith("Zeev Elkin")
    assert archive.afters == ["", ""]
    await reader.presses(again, "More passages")
    assert (await reader.hears()).text.startswith("More on: Who accompanied Netanyahu?")


async def test_an_edit_that_changes_no_word_is_not_answered(reader: Person, archive: FakeArchive) -> None:
    """Telegram says so of a message whose link got a preview."""
    await reader.says("Who accompanied Netanyahu?", message_id=72)
    await reader.hears()
    await reader.edits("Who accompanied Netanyahu?", 72)
    await reader.sends("edited_message", location={"latitude": 1.0, "longitude": 2.0}, message_id=72, edit_date=1)
    assert await reader.hears_nothing()
    assert len(archive.asked) == 1


async def test_a_reason_that_is_edited_is_no_question(reader: Person) -> None:
    """What was written below an answer about the answer; a command that is made a question is one."""
    bot = {"id": 7, "is_bot": True, "first_name": "newsdesk"}
    answer = {"message_id": 1, "date": 0, "chat": {"id": reader.id, "type": "private"}, "from": bot, "text": "…"}
    await reader.edits("Who accompanied Netanyahu?", 77, reply_to_message=answer)
    assert await reader.hears_nothing()
    await reader.says("/nonsense", message_id=78)
    await reader.hears()
    await reader.edits("Who accompanied Netanyahu?", 78)
    assert (await reader.hears()).text.startswith("Zeev Elkin")


async def test_an_answer_that_cannot_be_edited_is_given_anew(reader: Person, telegram: TelegramEmulator) -> None:
    """Somebody deleted it, or it is too old."""
    await reader.says("Who opened the exhibition?", message_id=73)
    await reader.hears()
    telegram.fail_next("editMessageText", 400, refusal(400, "Bad Request: message to edit not found"))
    await reader.edits("Who accompanied Netanyahu?", 73)
    again = await reader.hears()
    assert again.method == "sendMessage"
    assert again.text.startswith("Zeev Elkin")
    await reader.edits("Who opened the exhibition?", 73)
    assert (await reader.hears()).message_id == again.message_id


async def test_a_full_disk_costs_the_edit_and_not_the_answer(
    reader: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What cannot be kept is answered all the same, and anew where it is edited."""

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    await reader.says("Who opened the exhibition?", message_id=75)
    first = await reader.hears()
    await reader.says("?!")
    await reader.hears()  # what comes later is done when all before it is kept
    monkeypatch.setattr(Turns, "take_back", fail)
    monkeypatch.setattr(Replies, "note", fail)
    await reader.edits("Who accompanied Netanyahu?", 75)
    again = await reader.hears()
    assert (again.message_id, again.text[:10]) == (first.message_id, "Zeev Elkin")
    await reader.says("Who accompanied Netanyahu?", message_id=76)
    assert (await reader.hears()).text.startswith("Zeev Elkin")
    await reader.edits("Who opened the exhibition?", 76)
    assert (await reader.hears()).method == "sendMessage"
    assert "free space on the disk" in caplog.text


async def test_an_edit_is_known_after_a_restart(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """Which message answered which is kept."""
    reader = Person(telegram)
    async with answering(configured(telegram, tmp_path), telegram, archive):
        await reader.says("Who opened the exhibition?", message_id=74)
        first = await reader.hears()
    async with answering(configured(telegram, tmp_path), telegram, archive):
        await reader.edits("Who accompanied Netanyahu?", 74)
        assert (await reader.hears()).message_id == first.message_id


async def test_answers_keep_the_order_of_questions(reader: Person) -> None:
    """Questions sent in one go are answered in that order."""
    questions = ["Who opened the exhibition?", "Who accompanied Netanyahu?", "Who opened the exhibition?"]
    for question in questions * 3:
        await reader.says(question)
    heard = [(await reader.hears()).text.split()[0] for _ in questions * 3]
    assert heard == ["The", "Zeev", "The"] * 3


async def test_a_full_queue_is_said_at_once_and_those_who_wait_see_typing(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """With room for one waiting, the third reader is told to come back, and the others are answered later."""
    people = [Person(telegram, id=number) for number in (1, 2, 3)]
    async with answering(configured(telegram, tmp_path, queue=1), telegram, archive):
        archive.gate.clear()
        for person in people:
            await person.says("Who accompanied Netanyahu?")
        busy = await people[2].hears()
        assert busy.text == "Many readers are asking at the moment. Please ask again in a minute."
        await telegram.until("sendChatAction", 2)
        assert await people[0].hears_nothing(during=0.1)
        archive.gate.set()
        assert [(await person.hears()).text[:10] for person in people[:2]] == ["Zeev Elkin"] * 2


async def test_a_question_that_takes_too_long_is_given_up(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """After the time of NEWSDESK_TIMEOUT a reader is told so, whatever was asked for."""
    async with answering(configured(telegram, tmp_path, timeout=0.2), telegram, archive):
        reader = Person(telegram)
        await reader.says("Who accompanied Netanyahu?")
        answer = await reader.hears()
        archive.gate.clear()
        await reader.says("Who accompanied Netanyahu?")
        assert (await reader.hears()).text.startswith("That took too long")
        await reader.presses(answer, "More passages")
        assert (await reader.hears()).text.startswith("That took too long")
        await reader.says("/start")
        assert (await reader.hears()).text.startswith("Ask the archive.")
        archive.gate.set()


async def test_an_error_is_apologised_for_and_logged(
    reader: Person, archive: FakeArchive, caplog: pytest.LogCaptureFixture
) -> None:
    """What goes wrong in the archive is a sentence for the reader and a traceback in the log, once."""
    archive.failure = ValueError("torn page")
    await reader.says("Who accompanied Netanyahu?")
    assert (await reader.hears()).text == "Something went wrong on my side, sorry. It was noted; please try again."
    (record,) = (each for each in caplog.records if each.levelname == "ERROR")
    assert isinstance(record.exc_info, tuple)
    assert record.exc_info[1] is archive.failure
    archive.failure = None
    await reader.says("Who accompanied Netanyahu?")
    assert (await reader.hears()).text.startswith("Zeev Elkin")
