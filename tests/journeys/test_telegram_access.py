"""Who may ask, over HTTP: lists, invitations and their withdrawal, limits, menus, blocked chats, the audit log."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from typing import TYPE_CHECKING

import pytest
from journeys.telegram_person import Person
from journeys.telegram_running import ADMIN, answering, configured, refusal

from bot.app import MEMORY
from bot.memory import Memory
from bot.memory.access import Access
from bot.memory.people import People
from bot.menus import ADMINS, READERS

if TYPE_CHECKING:
    from pathlib import Path

    from fakes import FakeArchive
    from journeys.telegram_emulator import TelegramEmulator

QUESTION = "Who accompanied Netanyahu?"
ANSWER = "Zeev Elkin accompanied Netanyahu to Moscow."
NOT_INVITED = "I am sorry: this bot answers only people who were invited. Its editors can send you a link."
NOT_LISTED = "I am sorry: this bot answers only people whom its editors have listed."
NOT_ADMIN = "That command is for admins of this bot."
LINK = re.compile(r"https://t\.me/newsdesk_bot\?start=([A-Za-z0-9_-]{22})")


async def notice(person: Person, text: str) -> None:
    """Wait until this was said beside the conversation."""

    def said() -> bool:
        return any(
            call.method == "answerCallbackQuery" and call.fields.get("text") == text for call in person.emulator.calls
        )

    await person.emulator.wait(said)


async def invited_by(admin: Person, words: str = "") -> str:
    """The code of a new invitation."""
    await admin.says(f"/invite {words}".strip())
    found = LINK.search((await admin.hears()).text)
    assert found
    return found[1]


async def is_answered(person: Person) -> bool:
    """Whether a question of theirs is answered, and not turned away."""
    await person.says(QUESTION)
    return (await person.hears()).text.startswith(ANSWER)


async def test_only_listed_people_and_chats_are_answered(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """Others are told so once in an hour; admins always may; in a listed group, everybody may."""
    group = {"id": -5, "type": "group", "title": "Desk"}
    async with answering(configured(telegram, tmp_path, access="listed", readers="5, -5"), telegram, archive):
        assert await is_answered(Person(telegram, id=5))
        assert await is_answered(Person(telegram, id=ADMIN))
        stranger = Person(telegram, id=6)
        await stranger.says(QUESTION)
        assert (await stranger.hears()).text == NOT_LISTED
        await stranger.says("/help")
        await stranger.says(QUESTION)
        assert await stranger.hears_nothing()
        in_group = Person(telegram, id=6, chat=group)
        await in_group.says(f"/ask {QUESTION}")
        assert (await in_group.hears()).text.startswith(ANSWER)
    assert archive.asked == [QUESTION] * 3


async def test_what_is_kept_of_a_person_is_theirs_to_delete(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """/forget is heard in private of who may not ask any more, and of them in no group."""
    group = {"id": -5, "type": "group", "title": "Desk"}
    reader = Person(telegram, id=6)
    async with answering(configured(telegram, tmp_path), telegram, archive):
        assert await is_answered(reader)
    async with answering(configured(telegram, tmp_path, access="listed", readers="5"), telegram, archive):
        await reader.says("/forget")
        assert (await reader.hears()).text.startswith("Forgotten, for good:")
        await reader.says(QUESTION)
        assert (await reader.hears()).text == NOT_LISTED
        in_group = Person(telegram, id=6, chat=group)
        await in_group.says("/forget")
        assert (await in_group.hears()).text == NOT_LISTED


async def test_in_a_group_that_is_not_listed_only_who_asks_the_bot_is_told(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """What is said between others gets no word; a command for another bot neither; a mention or a reply does."""
    silent, spoken = {"id": -6, "type": "group", "title": "A"}, {"id": -7, "type": "group", "title": "B"}
    replied = {"id": -8, "type": "group", "title": "C"}
    async with answering(configured(telegram, tmp_path, access="listed"), telegram, archive):
        quiet = Person(telegram, id=6, chat=silent)
        await quiet.says("Good morning")
        await quiet.says("/ask@other_bot what is this?")
        await quiet.mentions("@other_bot what is this?")
        await quiet.sends(photo=[], caption="@other_bot look", caption_entities=[])
        await quiet.sends(new_chat_title="B")
        assert await quiet.hears_nothing()
        asking = Person(telegram, id=6, chat=spoken)
        await asking.mentions(f"@newsdesk_bot {QUESTION}")
        assert (await asking.hears()).text == NOT_LISTED
        replying = Person(telegram, id=6, chat=replied)
        bot = {"id": telegram_id(telegram), "is_bot": True, "first_name": "newsdesk"}
        earlier = {"message_id": 1, "date": 1_700_000_000, "chat": replied, "from": bot, "text": "earlier"}
        await replying.sends(text="And when?", reply_to_message=earlier)
        assert (await replying.hears()).text == NOT_LISTED
    assert archive.asked == []


def telegram_id(emulator: TelegramEmulator) -> int:
    """The id that the emulator gives the bot."""
    return int(emulator.validate("getMe", {}, {})["id"])


async def test_who_may_not_ask_gets_nothing_through_buttons_edits_and_inline(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """A button says why not, an edited message nothing, an inline query gives an empty list."""
    async with answering(configured(telegram, tmp_path, access="invited"), telegram, archive):
        stranger = Person(telegram, id=6)
        await stranger.presses_data("ask:forged")
        await notice(stranger, NOT_INVITED)
        await stranger.edits(QUESTION, 3)
        assert (await stranger.looks_up(QUESTION)).fields["results"] == []
        assert await stranger.hears_nothing()
    assert archive.asked == []


async def test_what_goes_wrong_at_the_gate_opens_it_to_nobody(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sentence that cannot be sent, or a memory that cannot be read, is no way to an answer."""

    def broken(*_: object) -> bool:
        raise sqlite3.OperationalError("disk I/O error")

    async with answering(configured(telegram, tmp_path, access="invited"), telegram, archive):
        telegram.fail_next("sendMessage", 403, refusal(403, "Forbidden: bot was blocked by the user"))
        stranger = Person(telegram, id=6)
        await stranger.says(QUESTION)
        await telegram.until("sendMessage")
        assert await stranger.hears_nothing()
        monkeypatch.setattr(People, "is_blocked", broken)
        await Person(telegram, id=7).says(QUESTION)
        assert await Person(telegram, id=7).hears_nothing()
    assert archive.asked == []


async def test_an_invitation_lets_in_as_many_as_it_says(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """A link lets two in, each for good, also after a restart; the third and who has no code stay out."""
    settings = configured(telegram, tmp_path, access="invited")
    first, second, third = (Person(telegram, id=number) for number in (5, 6, 7))
    async with answering(settings, telegram, archive):
        admin = Person(telegram, id=ADMIN)
        await first.says(QUESTION)
        assert (await first.hears()).text == NOT_INVITED
        code = await invited_by(admin, "2 <sports> desk")
        assert "<sports> desk\n\nThis link lets in as many people as: 2" in telegram.sent(ADMIN)[-1].text
        for person in (first, second):
            await person.says(f"/start {code}")
            assert (await person.hears()).text == "Welcome! You may ask this bot from now on."
            assert (await person.hears()).text.startswith("Ask the archive.")
            assert await is_answered(person)
        await first.says(f"/start {code}")
        assert (await first.hears()).text.startswith("Ask the archive.")
        await third.says(f"/start {code}")
        assert (await third.hears()).text.startswith("That invitation is no longer good.")
        await third.says(f"/start {'A' * 22}")
        await third.says("/start " + "B" * 23)
        assert (await third.hears()).text == NOT_INVITED
    async with answering(settings, telegram, archive):
        assert await is_answered(second)
        await third.says(QUESTION)
        assert (await third.hears()).text == NOT_INVITED


async def test_withdrawing_an_invitation_asks_what_becomes_of_those_who_came(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """One is withdrawn and its people stay, the other's lose access; a third is left; old buttons say so."""
    async with answering(configured(telegram, tmp_path, access="invited"), telegram, archive):
        admin = Person(telegram, id=ADMIN)
        await admin.says("/invitations")
        assert (await admin.hears()).text == "There are no invitations. /invite makes one."
        codes = {note: await invited_by(admin, f"3 {note}") for note in ("stays", "goes", "unused")}
        people = {note: Person(telegram, id=number) for number, note in enumerate(("stays", "goes"), 5)}
        for note, person in people.items():
            await person.says(f"/start {codes[note]}")
            assert [(await person.hears()).text.split()[0] for _ in range(2)] == ["Welcome!", "Ask"]
        await admin.says("/invitations")
        listed = await admin.hears()
        lines = listed.text.splitlines()[1:]
        assert [re.sub(r"–.*,", "–", line) for line in lines] == [
            "1. unused – came: 0 of 3",
            "2. goes – came: 1 of 3",
            "3. stays – came: 1 of 3",
        ]
        for label, choice, said in (
            ("Withdraw 1", "Leave it as it is", "The invitation unused was left as it is."),
            ("Withdraw 3", "Withdraw, they may still ask", "The invitation stays was withdrawn."),
            ("Withdraw 2", "Withdraw, and end their access", "The invitation goes was withdrawn."),
        ):
            await admin.presses(listed, label)
            question = await admin.hears()
            assert question.text.startswith("Withdraw the invitation")
            await admin.presses(question, choice)
            done = await admin.hears()
            assert done.fields["message_id"] == question.message_id
            assert done.text.startswith(said)
        assert done.text.endswith("ended: 1")
        assert await is_answered(people["stays"])
        await people["goes"].says(QUESTION)
        assert (await people["goes"].hears()).text == NOT_INVITED
        await admin.presses(listed, "Withdraw 2")
        await notice(admin, "That invitation was withdrawn already.")
        late = Person(telegram, id=9)
        await late.says(f"/start {codes['stays']}")
        assert (await late.hears()).text.startswith("That invitation is no longer good.")


async def test_an_invitation_that_nobody_came_by_is_withdrawn_without_much_ado(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """There is nobody whose access could be ended, hence no such button."""
    async with answering(configured(telegram, tmp_path), telegram, archive):
        admin = Person(telegram, id=ADMIN)
        await invited_by(admin)
        await admin.says("/invitations")
        await admin.presses(await admin.hears(), "Withdraw 1")
        question = await admin.hears()
        assert [button["text"] for button in question.buttons] == ["Withdraw, they may still ask", "Leave it as it is"]


async def test_links_are_made_in_private_and_for_a_sensible_number(reader: Person) -> None:
    """In a group everybody would read the code; nobody invites none or a million."""
    admin = Person(reader.emulator, id=ADMIN)
    for words in ("0", "10001", "9" * 30):
        await admin.says(f"/invite {words}")
        assert (await admin.hears()).text.startswith("Write how many people may come")
    group = Person(reader.emulator, id=ADMIN, chat={"id": -5, "type": "group", "title": "Desk"})
    for command in ("/invite", "/invitations"):
        await group.says(command)
        assert (await group.hears()).text.startswith("Please write that to me in a private chat")


@pytest.mark.parametrize(
    "command", ["/invite", "/invitations", "/audit", "/add A text. It is long.", "/remove https://a.example/b"]
)
async def test_what_is_for_admins_is_refused_to_others(reader: Person, command: str) -> None:
    """One sentence, and nothing is done."""
    await reader.says(command)
    assert (await reader.hears()).text == NOT_ADMIN
    assert await reader.hears_nothing()


async def test_forged_buttons_of_invitations_do_nothing(reader: Person, tmp_path: Path) -> None:
    """A reader who knows a code withdraws nothing; an admin's press of an unknown code or action neither."""
    admin = Person(reader.emulator, id=ADMIN)
    code = await invited_by(admin)
    await reader.presses_data(f"inv:expel:{code}")
    await notice(reader, NOT_ADMIN)
    await admin.presses_data(f"inv:expel:{'A' * 22}")
    await notice(admin, "That invitation was withdrawn already.")
    await admin.presses_data(f"inv:other:{code}")
    await admin.hears()
    with Memory.open(tmp_path / MEMORY) as memory:
        assert [each.code for each in memory.access.invitations()] == [code]


async def test_a_person_may_ask_so_much_in_an_hour(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """The third question is refused with a time to come back, said once in a while; others and admins go on."""
    async with answering(configured(telegram, tmp_path, per_person=2), telegram, archive):
        reader = Person(telegram, id=5)
        assert await is_answered(reader)
        assert await is_answered(reader)
        asked = len(archive.asked)
        await reader.says(QUESTION)
        said = (await reader.hears()).text
        assert re.fullmatch(
            r"You have asked as much as one person may in an hour: 2\. Please come back in (59|60) minutes\.", said
        )
        await reader.says(QUESTION)
        assert await reader.hears_nothing()
        assert len(archive.asked) == asked
        assert await is_answered(Person(telegram, id=6))
        for _ in range(3):
            assert await is_answered(Person(telegram, id=ADMIN, heard=len(telegram.sent(ADMIN))))


async def test_all_together_may_ask_so_much_in_an_hour(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """Who comes after it is told when to come back."""
    async with answering(configured(telegram, tmp_path, per_hour=1, per_person=0), telegram, archive):
        assert await is_answered(Person(telegram, id=5))
        late = Person(telegram, id=6)
        await late.says(QUESTION)
        said = (await late.hears()).text
        assert said.startswith("So many people ask at the moment")
        assert re.search(r"in (59|60) minutes\.$", said)


async def test_everybody_sees_the_commands_that_they_may_use(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """Readers' by default, an admin's in their chat; an admin whom Telegram does not know costs nothing."""
    async with answering(configured(telegram, tmp_path), telegram, archive):
        menus = [call.fields for call in telegram.calls if call.method == "setMyCommands"]
    everybody = next(menu for menu in menus if menu["scope"]["type"] == "default" and "language_code" not in menu)
    admins = next(menu for menu in menus if menu["scope"]["type"] == "chat" and "language_code" not in menu)
    assert [each["command"] for each in everybody["commands"]] == list(READERS)
    assert admins["scope"]["chat_id"] == ADMIN
    assert [each["command"] for each in admins["commands"]] == [*READERS, *ADMINS]


async def test_an_admin_without_a_chat_costs_no_other_their_menu(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """Telegram does not know the first, who never wrote; the second has theirs all the same."""
    telegram.strangers.add(1)
    async with answering(configured(telegram, tmp_path, admins="1, 2"), telegram, archive):
        menus = [call for call in telegram.calls if call.method == "setMyCommands"]
    assert {call.fields["scope"].get("chat_id") for call in menus if call.status == 200} == {None, 2}
    assert [call.fields["scope"]["chat_id"] for call in menus if call.status == 400] == [1]


async def test_a_blocked_chat_is_noticed_and_written_to_again_when_it_comes_back(
    reader: Person, tmp_path: Path
) -> None:
    """Blocked by an update, or by what Telegram says to an answer; the next message ends it."""
    chat, user = {"id": reader.id, "type": "private", "first_name": "R"}, {"id": 9, "is_bot": True, "first_name": "b"}

    async def becomes(status: str) -> None:
        old, new = {"user": user, "status": "member"}, {"user": user, "status": status}
        new |= {"until_date": 0} if status == "kicked" else {}
        change = {"chat": chat, "from": {"id": reader.id, "is_bot": False, "first_name": "R"}, "date": 1_700_000_000}
        await reader.update({"my_chat_member": change | {"old_chat_member": old, "new_chat_member": new}})

    async def is_blocked(wanted: bool) -> None:  # noqa: FBT001
        async with asyncio.timeout(300):
            while True:
                with Memory.open(tmp_path / MEMORY) as memory:
                    if memory.people.is_blocked(reader.id) == wanted:
                        return
                await asyncio.sleep(0.02)

    await becomes("kicked")
    await is_blocked(wanted=True)
    await becomes("member")
    await is_blocked(wanted=False)
    await becomes("left")
    await is_blocked(wanted=True)
    assert await is_answered(reader)
    await is_blocked(wanted=False)
    reader.emulator.fail_next("sendMessage", 403, refusal(403, "Forbidden: bot was blocked by the user"))
    await reader.says(QUESTION)
    await is_blocked(wanted=True)


async def test_a_full_disk_keeps_nobody_out(reader: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may ask is answered; only the note that they are back is lost, and the log says why."""

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with Memory.open(tmp_path / MEMORY) as memory:
        memory.people.blocked(reader.id)
    monkeypatch.setattr(People, "unblocked", full)
    monkeypatch.setattr(People, "blocked", full)
    monkeypatch.setattr(Access, "redeem", full)
    assert await is_answered(reader)
    await reader.says(f"/start {'A' * 22}")
    assert (await reader.hears()).text.startswith("Ask the archive.")
    user = {"id": 9, "is_bot": True, "first_name": "b"}
    change = {
        "old_chat_member": {"user": user, "status": "member"},
        "new_chat_member": {"user": user, "status": "left"},
    }
    chat = {"id": reader.id, "type": "private", "first_name": "R"}
    who = {"id": reader.id, "is_bot": False, "first_name": "R"}
    await reader.update({"my_chat_member": change | {"chat": chat, "from": who, "date": 1_700_000_000}})
    assert await is_answered(reader)


async def test_a_refusal_that_the_end_cuts_short_is_sent_at_the_next_start(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """Telegram is away when a stranger writes and the bot ends: the question is still not answered, but refused."""
    settings = configured(telegram, tmp_path, access="invited")
    stranger = Person(telegram, id=6)
    async with answering(settings, telegram, archive):
        telegram.fail_next("sendMessage", 502, "<html>Bad Gateway</html>")
        await stranger.says(QUESTION)
        await telegram.until("sendMessage")
    async with answering(settings, telegram, archive):
        assert (await stranger.hears()).text == NOT_INVITED
        assert await stranger.hears_nothing()
    assert archive.asked == []


async def test_the_audit_log_tells_who_did_what(reader: Person, tmp_path: Path) -> None:
    """The last twenty, newest first, for admins; a reader who is forgotten takes nothing out of it."""
    admin = Person(reader.emulator, id=ADMIN)
    await admin.says("/audit")
    assert (await admin.hears()).text == "No admin has done anything yet."
    for number in range(21):
        await invited_by(admin, f"{number + 1} <desk {number}>")
    await admin.says("/audit")
    title, *lines = (await admin.hears()).text.splitlines()
    assert title == "What admins did last"
    assert [line.partition(" · ")[2] for line in lines] == [
        f"{ADMIN} · invite <desk {number}>: for {number + 1}" for number in range(20, 0, -1)
    ]
    await reader.says("/forget")
    await reader.hears()
    with Memory.open(tmp_path / MEMORY) as memory:
        assert len(memory.audit.recent(100)) == 23
