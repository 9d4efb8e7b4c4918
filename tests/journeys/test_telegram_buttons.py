"""Buttons over HTTP: questions to begin with, more passages, old, forged and foreign ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fakes import ARTICLES, FakeArchive
from journeys.telegram_person import Person
from journeys.telegram_running import answering, configured, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from journeys.telegram_emulator import TelegramEmulator


TITLES = [article.title for article in ARTICLES]


async def test_start_offers_questions_and_a_press_asks_one(reader: Person) -> None:
    """The greeting has three questions as buttons; a press repeats the question and answers it."""
    await reader.says("/start")
    greeting = await reader.hears()
    labels = [button["text"] for button in greeting.buttons]
    assert labels == ["Who accompanied Netanyahu?", "Who opened the exhibition?", "What was late?"]
    await reader.presses(greeting, "Who opened the exhibition?")
    assert (await reader.hears()).text == (
        "Who opened the exhibition?\n\nThe mayor opened the exhibition on Friday.\n"
        "Museum opens · Harbour Post · 30 January 2018"
    )
    assert any(call.method == "answerCallbackQuery" for call in reader.emulator.calls)


async def test_start_greets_without_questions_where_the_archive_has_none(reader: Person, archive: FakeArchive) -> None:
    """An archive that offers nothing gives a greeting without buttons."""
    archive.suggestions = ()
    await reader.says("/start")
    greeting = await reader.hears()
    assert greeting.buttons == []
    assert "For example" not in greeting.text


async def test_more_passages_come_in_pages(reader: Person) -> None:
    """Each press shows three more articles, until the last, which has no button."""
    await reader.says("Who accompanied Netanyahu?")
    await reader.presses(await reader.hears(), "More passages")
    first = await reader.hears()
    assert [title for title in TITLES if title in first.text] == ["Museum opens", "Ferry delayed", "Tram approved"]
    await reader.presses(first, "More passages")
    second = await reader.hears()
    assert [title for title in TITLES if title in second.text] == ["Mill burns", "Harvest"]
    assert second.buttons == []


@pytest.mark.parametrize("data", ["more:forged:0", "ask:forged", "", "more", "x" * 64, "drop:table", "\x00"])
async def test_forged_buttons_are_not_believed(reader: Person, data: str) -> None:
    """What no button of this chat stood for is answered with a request to ask again."""
    await reader.presses_data(data)
    assert (await reader.hears()).text == "I no longer know what that button was for. Please ask the question again."


async def test_a_button_works_only_in_its_chat_and_only_as_it_was_made(reader: Person) -> None:
    """Another chat cannot press it; a changed place in the list shows nothing that was not offered."""
    await reader.says("Who accompanied Netanyahu?")
    data = (await reader.hears()).buttons[0]["callback_data"]
    stranger = Person(reader.emulator, id=3003)
    await stranger.presses_data(data)
    assert (await stranger.hears()).text.startswith("I no longer know")
    for place, reply in [("999", "There are no more"), ("-1", "I no longer know"), ("9" * 40, "I no longer know")]:
        await reader.presses_data(data.rsplit(":", 1)[0] + ":" + place)
        assert (await reader.hears()).text.startswith(reply)


async def test_a_press_that_telegram_calls_too_old_is_answered_all_the_same(reader: Person) -> None:
    """The acknowledgement may fail; the passages come. A press in an inline message, which has no chat, is ignored."""
    await reader.says("Who accompanied Netanyahu?")
    answer = await reader.hears()
    reader.emulator.fail_next("answerCallbackQuery", 400, refusal(400, "Bad Request: query is too old"))
    await reader.presses(answer, "More passages")
    assert (await reader.hears()).text.startswith("More on: Who accompanied Netanyahu?")
    sender = {"id": 1, "is_bot": False, "first_name": "R"}
    query = {"id": "9", "from": sender, "chat_instance": "1", "data": "x", "inline_message_id": "1"}
    await reader.update({"callback_query": query})
    assert await reader.hears_nothing()


async def test_a_button_outlives_a_restart(telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path) -> None:
    """A press after the bot was started anew shows the passages, fewer where some have gone from the archive."""
    reader = Person(telegram)
    async with answering(configured(telegram, tmp_path), telegram, archive):
        await reader.says("Who accompanied Netanyahu?")
        answer = await reader.hears()
    assert archive.closed
    fewer = FakeArchive(articles=archive.articles[:3])
    async with answering(configured(telegram, tmp_path), telegram, fewer):
        await reader.presses(answer, "More passages")
        page = await reader.hears(within=10)
    assert [title for title in TITLES if title in page.text] == ["Museum opens", "Ferry delayed"]
