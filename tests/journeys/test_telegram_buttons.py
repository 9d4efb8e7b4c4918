"""Buttons over HTTP: questions to begin with, passages, what is said of answers; old, forged and foreign ones."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from fakes import ARTICLES, FakeArchive
from journeys.telegram_person import Person
from journeys.telegram_running import answering, configured, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from journeys.telegram_emulator import Call, TelegramEmulator


TITLES = [article.title for article in ARTICLES]
QUESTION = "Who accompanied Netanyahu?"


def calls(reader: Person, method: str) -> list[Call]:
    """What the bot asked of Telegram by a method, and was granted."""
    return [call for call in reader.emulator.calls if call.method == method and call.status == 200]


async def noticed(reader: Person, number: int) -> str:
    """What the so manieth press of a button showed for a moment."""
    await reader.emulator.wait(lambda: len(calls(reader, "answerCallbackQuery")) >= number)
    return str(calls(reader, "answerCallbackQuery")[number - 1].fields.get("text", ""))


async def rows_after(reader: Person, number: int) -> Call:
    """The so manieth change of nothing but buttons."""
    await reader.emulator.wait(lambda: len(calls(reader, "editMessageReplyMarkup")) >= number)
    return calls(reader, "editMessageReplyMarkup")[number - 1]


def labels(call: Call) -> list[str]:
    """What its buttons say."""
    return [button["text"] for button in call.buttons]


def said(folder: Path) -> list[tuple[Any, ...]]:
    """What the bot kept of what readers said."""
    with closing(sqlite3.connect(folder / "bot.db")) as memory:
        return memory.execute("SELECT person, question, address, helpful, reason FROM feedback").fetchall()


async def test_start_offers_questions_and_a_press_asks_one(reader: Person) -> None:
    """The greeting has three questions as buttons; a press repeats the question and answers it."""
    await reader.says("/start")
    greeting = await reader.hears()
    assert labels(greeting) == ["Who accompanied Netanyahu?", "Who opened the exhibition?", "What was late?"]
    await reader.presses(greeting, "Who opened the exhibition?")
    assert (await reader.hears()).text.startswith(
        "Who opened the exhibition?\n\nThe mayor opened the exhibition on Friday.\n"
        "Museum opens · Harbour Post · 30 January 2018"
    )
    assert await noticed(reader, 1) == ""


async def test_start_greets_without_questions_where_the_archive_has_none(reader: Person, archive: FakeArchive) -> None:
    """An archive that offers nothing gives a greeting without buttons."""
    archive.suggestions = ()
    await reader.says("/start")
    greeting = await reader.hears()
    assert greeting.buttons == []
    assert "For example" not in greeting.text


async def test_more_passages_are_pages_of_one_message(reader: Person) -> None:
    """The first press sends a page of three articles; it is turned where it stands, there and back."""
    await reader.says(QUESTION)
    await reader.presses(await reader.hears(), "More passages")
    first = await reader.hears()
    assert first.method == "sendMessage"
    assert [title for title in TITLES if title in first.text] == ["Museum opens", "Ferry delayed", "Tram approved"]
    assert (first.text.split("\n")[0], labels(first)) == (f"More on: {QUESTION} (1/2)", ["Next →"])
    await reader.presses(first, "Next →")
    second = await reader.hears()
    assert (second.method, second.message_id) == ("editMessageText", first.message_id)
    assert [title for title in TITLES if title in second.text] == ["Mill burns", "Harvest"]
    assert labels(second) == ["← Previous"]
    await reader.presses(second, "← Previous")
    back = await reader.hears()
    assert (back.html, back.message_id) == (first.html, first.message_id)


async def test_a_page_that_cannot_be_turned_is_sent(reader: Person) -> None:
    """Where the message is gone the page is a new one; where its formatting is refused it is plain, in its place."""
    await reader.says(QUESTION)
    await reader.presses(await reader.hears(), "More passages")
    first = await reader.hears()
    fault = refusal(400, "Bad Request: message to edit not found")
    reader.emulator.fail_next("editMessageText", 400, fault)
    await reader.presses(first, "Next →")
    again = await reader.hears()
    assert (again.method, labels(again)) == ("sendMessage", ["← Previous"])
    reader.emulator.fail_next("editMessageText", 400, refusal(400, "Bad Request: can't parse entities: byte offset 7"))
    await reader.presses(again, "← Previous")
    plain = await reader.hears()
    assert (plain.method, plain.message_id, labels(plain)) == ("editMessageText", again.message_id, ["Next →"])
    assert "parse_mode" not in plain.fields
    assert "Ferry delayed · Harbour Post (https://harbour.example/a?b=1&c=2)" in plain.html


async def test_a_double_tap_is_one_press(reader: Person, archive: FakeArchive) -> None:
    """Of a question that was offered, and of more passages: each comes once, and both taps are acknowledged."""
    await reader.says("/start")
    greeting = await reader.hears()
    for _ in range(2):
        await reader.presses(greeting, QUESTION)
    answer = await reader.hears()
    assert await noticed(reader, 2) == ""
    for _ in range(2):
        await reader.presses(answer, "More passages")
    assert (await reader.hears()).text.startswith("More on")
    assert await noticed(reader, 4) == ""
    assert await reader.hears_nothing()
    assert archive.asked == [QUESTION]


async def test_an_edit_that_changes_nothing_is_no_error(reader: Person, caplog: pytest.LogCaptureFixture) -> None:
    """A page that is turned to twice, and a word that is said twice, as Telegram refuses them."""
    await reader.says(QUESTION)
    answer = await reader.hears()
    await reader.presses(answer, "More passages")
    page = await reader.hears()
    same = refusal(400, "Bad Request: message is not modified: specified new message content")
    reader.emulator.fail_next("editMessageText", 400, same)
    await reader.presses(page, "Next →")
    reader.emulator.fail_next("editMessageReplyMarkup", 400, same)
    await reader.presses(answer, "👍 Right")
    assert await noticed(reader, 3) == "Thank you!"
    assert await reader.hears_nothing()
    assert caplog.text == ""


async def test_a_yes_is_thanked_for_and_kept(reader: Person, tmp_path: Path) -> None:
    """The button then says that it was pressed; the text of the answer is not touched."""
    await reader.says(QUESTION)
    answer = await reader.hears()
    assert labels(answer) == ["More passages", "Read the article", "👍 Right", "👎 Wrong"]
    assert answer.buttons[1]["url"] == "https://harbour.example/a?b=1&c=2"
    await reader.presses(answer, "👍 Right")
    assert await noticed(reader, 1) == "Thank you!"
    marked = await rows_after(reader, 1)
    assert marked.fields["message_id"] == answer.message_id
    assert labels(marked) == ["More passages", "Read the article", "👍 Right ✓", "👎 Wrong"]
    kept = [(1001, QUESTION, "https://harbour.example/a?b=1&c=2", 1, "")]
    assert said(tmp_path) == kept
    await reader.presses_data(marked.buttons[2]["callback_data"], answer.message_id)
    await noticed(reader, 2)
    assert said(tmp_path) == kept


async def test_a_no_is_followed_by_a_reason_in_one_tap(reader: Person, tmp_path: Path) -> None:
    """Four reasons appear below the answer, and go when one was tapped."""
    await reader.says(QUESTION)
    answer = await reader.hears()
    await reader.presses(answer, "👎 Wrong")
    assert await noticed(reader, 1) == "What is wrong? Tap a reason, or reply to the message in your words."
    asks = await rows_after(reader, 1)
    assert labels(asks)[4:] == ["Wrong article", "Wrong sentence", "Out of date", "Something else"]
    await reader.presses_data(asks.buttons[6]["callback_data"], answer.message_id)
    assert await noticed(reader, 2) == "Thank you, that is noted."
    assert labels(await rows_after(reader, 2)) == ["More passages", "Read the article", "👍 Right", "👎 Wrong ✓"]
    assert said(tmp_path) == [(1001, QUESTION, "https://harbour.example/a?b=1&c=2", 0, "out of date")]
    assert await reader.hears_nothing()


async def test_reasons_come_without_an_address_that_telegram_refuses(reader: Person) -> None:
    """As the answer did; where the buttons cannot be changed at all, the notice has said what to do."""
    await reader.says(QUESTION)
    answer = await reader.hears()
    refused = refusal(400, "Bad Request: BUTTON_URL_INVALID")
    reader.emulator.fail_next("editMessageReplyMarkup", 400, refused)
    await reader.presses(answer, "👎 Wrong")
    assert labels(await rows_after(reader, 1))[:4] == ["More passages", "👍 Right", "👎 Wrong ✓", "Wrong article"]
    reader.emulator.fail_next("editMessageReplyMarkup", 500, refusal(500, "Internal Server Error"))
    await reader.presses(answer, "👍 Right")
    assert await noticed(reader, 2) == "Thank you!"
    assert await reader.hears_nothing()


def replied(call: Call, answer: Call) -> dict[str, Any]:
    """The message that was answered with, as Telegram shows it in a reply, below it the buttons of a later change."""
    bot = {"id": 7, "is_bot": True, "first_name": "Newsdesk"}
    message = {"message_id": answer.message_id, "date": 1_700_000_000, "from": bot, "text": answer.text}
    chat = {"id": answer.fields["chat_id"], "type": "private"}
    return message | {"chat": chat, "reply_markup": call.fields["reply_markup"]}


async def test_a_no_is_followed_by_a_reason_in_a_reply(reader: Person, archive: FakeArchive, tmp_path: Path) -> None:
    """A reply to the answer is the reason, once; a reply after that, and one of somebody else, is a question."""
    await reader.says(QUESTION)
    answer = await reader.hears()
    await reader.says("Who opened the exhibition?", reply_to_message=replied(answer, answer))
    assert (await reader.hears()).text.startswith("The mayor opened")
    await reader.presses(answer, "👎 Wrong")
    asks = await rows_after(reader, 1)
    await reader.says("He went alone.", reply_to_message=replied(asks, answer))
    assert (await reader.hears()).text == "Thank you, that is noted."
    assert labels(await rows_after(reader, 2)) == ["More passages", "Read the article", "👍 Right", "👎 Wrong ✓"]
    assert said(tmp_path) == [(1001, QUESTION, "https://harbour.example/a?b=1&c=2", 0, "He went alone.")]
    await reader.says("Who opened the exhibition?", reply_to_message=replied(asks, answer))
    assert (await reader.hears()).text.startswith("The mayor opened")
    forger = Person(reader.emulator, id=3003)
    await forger.says("Was the harvest good?", reply_to_message=replied(asks, answer))
    assert (await forger.hears()).text.startswith("The harvest was good.")
    assert len(said(tmp_path)) == 1
    assert "He went alone." not in archive.asked


@pytest.mark.parametrize("data", ["more:forged:0", "ask:forged", "", "more", "x" * 64, "drop:table", "\x00"])
async def test_forged_buttons_are_not_believed(reader: Person, data: str) -> None:
    """What no button of this chat stood for is answered with a request to ask again."""
    await reader.presses_data(data)
    assert (await reader.hears()).text == "I no longer know what that button was for. Please ask the question again."


async def test_a_button_works_only_in_its_chat_and_only_as_it_was_made(reader: Person, tmp_path: Path) -> None:
    """Another chat cannot press it; a changed place in the list shows nothing that was not offered."""
    await reader.says(QUESTION)
    answer = await reader.hears()
    data = answer.buttons[0]["callback_data"]
    stranger = Person(reader.emulator, id=3003)
    for pressed in (data, *(answer.buttons[place]["callback_data"] for place in (2, 3))):
        await stranger.presses_data(pressed)
        assert (await stranger.hears()).text.startswith("I no longer know")
    for place, reply in [("999", f"More on: {QUESTION} (2/2)"), ("-1", "I no longer"), ("9" * 40, "I no longer")]:
        await reader.presses_data(data.rsplit(":", 1)[0] + ":" + place)
        assert (await reader.hears()).text.startswith(reply)
    assert said(tmp_path) == []


async def test_a_press_that_telegram_calls_too_old_is_answered_all_the_same(reader: Person) -> None:
    """The acknowledgement may fail; the passages come."""
    await reader.says("Who accompanied Netanyahu?")
    answer = await reader.hears()
    reader.emulator.fail_next("answerCallbackQuery", 400, refusal(400, "Bad Request: query is too old"))
    await reader.presses(answer, "More passages")
    assert (await reader.hears()).text.startswith("More on: Who accompanied Netanyahu?")


async def test_a_button_in_an_inline_message_does_no_harm(reader: Person, archive: FakeArchive) -> None:
    """It has no chat: the press is acknowledged, and nothing else is done."""
    sender = {"id": 1001, "is_bot": False, "first_name": "R"}
    query = {"id": "9", "from": sender, "chat_instance": "1", "data": "ask:x", "inline_message_id": "1"}
    await reader.update({"callback_query": query})
    assert await noticed(reader, 1) == ""
    assert await reader.hears_nothing()
    assert archive.asked == []


async def test_a_button_outlives_a_restart(telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path) -> None:
    """A press after the bot was started anew shows the passages that are left in the archive, and takes a word."""
    reader = Person(telegram)
    async with answering(configured(telegram, tmp_path), telegram, archive):
        await reader.says("Who accompanied Netanyahu?")
        answer = await reader.hears()
    assert archive.closed
    fewer = FakeArchive(articles=archive.articles[:3])
    async with answering(configured(telegram, tmp_path), telegram, fewer):
        await reader.presses(answer, "More passages")
        page = await reader.hears()
        assert [title for title in TITLES if title in page.text] == ["Museum opens", "Ferry delayed"]
        await reader.presses(answer, "👍 Right")
        assert await noticed(reader, 2) == "Thank you!"
        fewer.articles = archive.articles[:1]
        turn = answer.buttons[0]["callback_data"].replace("more:", "page:")
        await reader.presses_data(turn, page.message_id)
        gone = await reader.hears()
    assert (gone.text, gone.message_id) == ("Those passages are no longer in the archive.", page.message_id)


async def test_a_press_in_a_topic_is_answered_in_it(reader: Person) -> None:
    """The question that was offered in a topic of a forum, and the passages behind its answer."""
    topic = {"message_thread_id": 5, "is_topic_message": True}
    member = Person(reader.emulator, chat={"id": -1001, "type": "supergroup", "title": "Newsroom", "is_forum": True})
    await member.says("/start@newsdesk_bot", **topic)
    shown, label = await member.hears(), QUESTION
    for place in (1, 2):
        data = next(button["callback_data"] for button in shown.buttons if button["text"] == label)
        message = member._message(text="shown", **topic) | {"message_id": shown.message_id}  # noqa: SLF001
        query = {"id": str(place), "from": {"id": 1001, "is_bot": False, "first_name": "R"}, "chat_instance": "1"}
        await member.update({"callback_query": query | {"data": data, "message": message}})
        shown, label = await member.hears(), "More passages"
        assert shown.fields["message_thread_id"] == 5
    assert shown.text.startswith("More on")
