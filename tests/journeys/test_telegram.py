"""The Telegram bot over HTTP: what a reader writes, and what comes back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from journeys.telegram_person import Person
from journeys.telegram_running import answering, configured

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
    assert archive.days == [date(2018, 2, 1), date(2019, 2, 1)]


async def test_what_the_archive_does_not_say_is_said_plainly(reader: Person) -> None:
    """Without an answer the closest articles are named, linked where they have an address."""
    await reader.says("Where is Netanyahu?")
    answer = await reader.hears()
    assert answer.text.startswith("The archive does not say.\n\nClosest to the question:\n1. Talks in Moscow")
    assert '1. <a href="https://harbour.example/' in answer.html
    assert "2. Museum opens · Harbour Post" in answer.html
    await reader.says("xyzzy plugh")
    assert (await reader.hears()).text == "The archive does not say. Nothing in the archive is near the question."


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("🙂🙂", "Please ask me something in words"),
        ("?!", "Please ask me something in words"),
        ("\u202e\u200b", "Please ask me something in words"),
        ("a" * 10_000, "That is 10,000 characters long"),
        ("<b>bold</b> & <script>", "The archive does not say."),
        ("'; DROP TABLE shown; --", "The archive does not say."),
        ("/nonsense", "I do not know that command"),
        ("من افتتح المعرض؟", "The archive does not say."),
        ("who\x00\x1b[31m accompanied\u202e Netanyahu", "Zeev Elkin accompanied Netanyahu"),
        ("👩‍👩‍👧‍👦 accompanied Netanyahu 🇮🇱", "Zeev Elkin accompanied Netanyahu"),
    ],
)
async def test_any_text_gets_a_sensible_reply(reader: Person, text: str, reply: str) -> None:
    """Nothing a person can type goes unanswered."""
    await reader.says(text)
    assert (await reader.hears()).text.startswith(reply)


async def test_what_is_no_text_is_declined(reader: Person) -> None:
    """A sticker gets a sentence; a pinned message, which nobody wrote, gets none."""
    size = {"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}
    await reader.sends(sticker=size | {"type": "regular", "is_animated": False, "is_video": False})
    assert (await reader.hears()).text == "I can only read text. Could you write your question?"
    await reader.sends(new_chat_title="Other")
    assert await reader.hears_nothing()


async def test_help_says_how_to_ask(reader: Person) -> None:
    """/help names what can be done."""
    await reader.says("/help")
    assert "/start" in (await reader.hears()).text
    menu = next(call for call in reader.emulator.calls if call.method == "setMyCommands")
    assert [command["command"] for command in menu.fields["commands"]] == ["start", "help"]


async def test_groups_get_commands_answered_and_nothing_else(reader: Person) -> None:
    """In a group a command is answered in its topic; talk, edits and channel posts are left alone."""
    group = {"id": -1001, "type": "supergroup", "title": "Newsroom", "is_forum": True}
    member = Person(reader.emulator, chat=group)
    await member.says("Who accompanied Netanyahu?")
    await member.says("/nonsense")
    await member.sends("edited_message", text="/help", edit_date=1_700_000_001)
    await member.sends("channel_post", text="/help")
    assert await member.hears_nothing()
    await member.says("/help@newsdesk_bot", message_thread_id=5, is_topic_message=True)
    assert (await member.hears()).fields["message_thread_id"] == 5


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
    assert "torn page" in caplog.text
    archive.failure = None
    await reader.says("Who accompanied Netanyahu?")
    assert (await reader.hears()).text.startswith("Zeev Elkin")
