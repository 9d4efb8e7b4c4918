"""What is the reader's own over HTTP: their language, what is kept of them, a fresh start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from journeys.telegram_person import Person
from journeys.telegram_running import ADMIN, answering, configured

from bot.memory import Memory
from bot.texts import Languages

if TYPE_CHECKING:
    from pathlib import Path

    from fakes import FakeArchive
    from journeys.telegram_emulator import TelegramEmulator

QUESTION = "Who accompanied Netanyahu?"
CODES = Languages.load().codes


async def test_the_menu_is_in_every_language(reader: Person) -> None:
    """For each language that there is, and English for all others."""
    menus = [call.fields for call in reader.emulator.calls if call.method == "setMyCommands"]
    plain = [menu for menu in menus if menu["scope"] == {"type": "default"}]
    assert {menu.get("language_code", "en") for menu in plain} == set(CODES)
    for menu in plain:
        texts = Languages.load().of(menu.get("language_code", "en"))
        names = [command["command"] for command in menu["commands"]]
        assert names == ["start", "ask", "new", "language", "forget", "help"]
        assert [command["description"] for command in menu["commands"]] == [
            texts.label(f"command_{name}") for name in names
        ]


async def test_new_starts_afresh(reader: Person, archive: FakeArchive) -> None:
    """The question after it leans on nothing."""
    await reader.says(QUESTION)
    await reader.hears()
    await reader.says("/new")
    assert (await reader.hears()).text == "A fresh start: your next question stands on its own."
    await reader.says("And when was it?")
    await reader.hears()
    assert archive.afters == ["", ""]


async def test_forget_says_what_was_and_leaves_nothing(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """Questions in private and in a group, feedback, the language: counted, deleted, and gone from the file."""
    group = {"id": -1001, "type": "supergroup", "title": "Newsroom"}
    async with answering(configured(telegram, tmp_path), telegram, archive):
        reader, other = Person(telegram), Person(telegram, id=2002)
        member = Person(telegram, chat=group)
        await reader.says(QUESTION)
        await reader.presses(await reader.hears(), "👍 Right")
        await telegram.until("answerCallbackQuery")
        await reader.says("Where is Netanyahu?")
        await reader.hears()
        await member.says(f"/ask {QUESTION}")
        await member.hears()
        await reader.says("/language en")
        await reader.hears()
        await other.says("Who opened the exhibition?")
        await other.hears()
        await reader.says("/forget")
        assert (await reader.hears()).text.splitlines() == [
            "Forgotten, for good:",
            "– questions that others could follow on: 3",
            "– answers and lists with buttons: 3",
            "– questions that you could still edit: 3",
            "– questions that the archive could not answer: 1",
            "– what you said of answers: 1",
            "– the language that you chose",
        ]
        await reader.says("/forget")
        assert (await reader.hears()).text == "I keep nothing of you."
    content = _content(tmp_path)
    assert b"exhibition" in content
    for word in (b"accompanied Netanyahu", b"Where is"):
        assert word not in content
    with Memory.open(tmp_path / "bot.db") as memory:
        assert [len(memory.feedback.rows()), len(memory.unanswered.rows(9))] == [0, 0]


def _content(folder: Path) -> bytes:
    """All that the files of the memory hold, what is deleted and not overwritten too."""
    return b"".join(path.read_bytes() for path in folder.glob("bot.db*"))


async def test_buttons_below_what_is_forgotten_say_so(reader: Person) -> None:
    """The answer still stands in the chat; what its buttons stood for is gone."""
    await reader.says(QUESTION)
    answer = await reader.hears()
    await reader.says("/forget")
    await reader.hears()
    await reader.presses(answer, "More passages")
    assert (await reader.hears()).text.startswith("I no longer know what that button was for.")


async def test_an_admin_is_told_that_the_log_is_kept(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """What admins did is not theirs to delete."""
    async with answering(configured(telegram, tmp_path), telegram, archive):
        admin = Person(telegram, id=ADMIN)
        await admin.says("/forget")
        assert (await admin.hears()).text == "I keep nothing of you.\n\nThe log of what admins did is kept."


@pytest.mark.parametrize("command", ["/forget", "/language en"])
async def test_who_is_not_known_has_nothing_of_their_own(reader: Person, command: str) -> None:
    """An admin who writes as the group shares a name with all such."""
    group = {"id": -1001, "type": "supergroup", "title": "Newsroom"}
    anonymous = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group"}
    member = Person(reader.emulator, chat=group)
    await member.says(command, sender_chat=group, **{"from": anonymous})
    assert await member.hears_nothing()


async def test_the_languages_are_offered_as_buttons(reader: Person, tmp_path: Path) -> None:
    """Each by its name in itself; the one pressed takes the place of the offer, and is kept."""
    await reader.says("/language")
    offer = await reader.hears()
    assert offer.text.startswith("In which language shall I speak with you?")
    assert [button["text"] for button in offer.buttons] == [Languages.load().name(code) for code in CODES]
    await reader.presses(offer, Languages.load().name(CODES[-1]))
    chosen = await reader.hears()
    assert (chosen.method, chosen.message_id) == ("editMessageText", offer.message_id)
    assert chosen.html == Languages.load().of(CODES[-1]).html("language_chosen")
    with Memory.open(tmp_path / "bot.db") as memory:
        assert memory.people.language(reader.id) == CODES[-1]


async def test_a_reader_is_answered_in_the_language_of_their_telegram(reader: Person) -> None:
    """Until they choose another; where that is not spoken, in English."""
    languages = Languages.load()
    user = {"id": reader.id, "is_bot": False, "first_name": "Reader"}
    for code, spoken in (("es-419", "es"), ("ru", "ru"), ("tlh", "en")):
        await reader.says("/new", **{"from": user | {"language_code": code}})
        assert (await reader.hears()).html == languages.of(spoken).html("new")
    await reader.says("/language es", **{"from": user | {"language_code": "ru"}})
    assert (await reader.hears()).html == languages.of("es").html("language_chosen")
    await reader.says("/new", **{"from": user | {"language_code": "ru"}})
    assert (await reader.hears()).html == languages.of("es").html("new")


async def test_a_channel_is_answered_in_the_language_that_is_set(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """Nobody is known to post there; a reader whose Telegram speaks another language is spoken to in that too."""
    news = {"id": -1002, "type": "channel", "title": "Harbour News"}
    post = {"from": None, "sender_chat": news, "message_id": 61}
    command = {"type": "bot_command", "offset": 0, "length": 4}
    async with answering(configured(telegram, tmp_path, language="es"), telegram, archive):
        channel = Person(telegram, chat=news)
        await channel.sends("channel_post", text="/ask", entities=[command], **post)
        assert (await channel.hears()).html == Languages.load().of("es").html("ask_how")
        german = Person(telegram, id=77)
        await german.says(
            "/nothing", **{"from": {"id": 77, "is_bot": False, "first_name": "Lo", "language_code": "de"}}
        )
        assert (await german.hears()).html == Languages.load().of("es").html("unknown_command")


async def test_a_language_can_be_named(reader: Person) -> None:
    """By its code, in any case; one that is not spoken gets the offer."""
    await reader.says("/language EN")
    assert (await reader.hears()).text == "From now on I speak English with you."
    await reader.says("/language tlh<b>")
    unknown = await reader.hears()
    assert unknown.text == "I do not speak that language. I speak these:"
    assert len(unknown.buttons) == len(CODES)


async def test_in_a_group_each_chooses_for_themselves(reader: Person) -> None:
    """The offer stays for the others, and who pressed is told."""
    group = {"id": -1001, "type": "supergroup", "title": "Newsroom"}
    member = Person(reader.emulator, chat=group)
    await member.says("/language")
    await member.presses(await member.hears(), "English")
    await reader.emulator.until("answerCallbackQuery")
    assert await member.hears_nothing()
    assert reader.emulator.calls[-1].fields["text"] == "From now on I speak English with you."


@pytest.mark.parametrize("data", ["language:", "language:xx", "language:en:en", "language:../en"])
async def test_a_forged_choice_chooses_nothing(reader: Person, tmp_path: Path, data: str) -> None:
    """The button rests, and the language is as it was."""
    await reader.presses_data(data)
    await reader.emulator.until("answerCallbackQuery")
    with Memory.open(tmp_path / "bot.db") as memory:
        assert memory.people.language(reader.id) is None
