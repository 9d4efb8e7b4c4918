"""A conversation over Telegram: what follows on an answer, what starts afresh, what is only polite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeys.telegram_person import Person
from journeys.telegram_running import answering, configured

if TYPE_CHECKING:
    from pathlib import Path

    from fakes import FakeArchive
    from journeys.telegram_emulator import TelegramEmulator


async def test_a_follow_up_is_asked_with_what_was_spoken_of(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """After a restart too; a new subject and a fresh start are asked alone."""
    reader = Person(telegram)
    async with answering(configured(telegram, tmp_path), telegram, archive):
        await reader.says("Who opened the exhibition?")
        assert (await reader.hears()).text.startswith("The mayor")
    async with answering(configured(telegram, tmp_path), telegram, archive):
        await reader.says("and when was that?")
        await reader.hears()
        await reader.says("Who accompanied Netanyahu to the talks?")
        assert (await reader.hears()).text.startswith("Zeev Elkin")
        await reader.says("/new")
        await reader.hears()
        await reader.says("and when was that?")
        await reader.hears()
    assert archive.afters == ["", "Museum opens", "", ""]


async def test_topics_of_a_forum_do_not_mix(telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path) -> None:
    """What was said in one topic is not leaned on in another."""
    group = {"id": -1001, "type": "supergroup", "title": "Newsroom", "is_forum": True}
    member = Person(telegram, chat=group)
    async with answering(configured(telegram, tmp_path), telegram, archive):
        for topic, text in (
            (5, "/ask Who opened the exhibition?"),
            (6, "/ask and when was that?"),
            (5, "/ask and why?"),
        ):
            await member.says(text, message_thread_id=topic, is_topic_message=True)
            assert (await member.hears()).fields["message_thread_id"] == topic
    assert archive.afters == ["", "", "Museum opens"]


async def test_courtesy_and_keywords(reader: Person, archive: FakeArchive) -> None:
    """Thanks get a word, keywords a list with pages behind it, and neither is taken for a question."""
    await reader.says("Thanks a lot!")
    assert (await reader.hears()).text == "You are welcome. Ask me anything else."
    await reader.says("hello")
    assert (await reader.hears()).text.startswith("Hello!")
    await reader.says("exhibition mayor")
    listed = await reader.hears()
    assert listed.text.startswith("On exhibition mayor, the archive has:\n\n1. Museum opens")
    assert [button["text"] for button in listed.buttons] == ["More passages"]
    assert archive.asked == []
