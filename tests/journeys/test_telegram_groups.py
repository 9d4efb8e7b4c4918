"""The bot in groups and channels over HTTP: what is meant for it is answered, and all else is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from journeys.telegram_person import Person
from journeys.telegram_running import answering, configured

if TYPE_CHECKING:
    from pathlib import Path

    from fakes import FakeArchive
    from journeys.telegram_emulator import TelegramEmulator

QUESTION = "Who accompanied Netanyahu?"
ANSWER = "Zeev Elkin accompanied Netanyahu to Moscow."
GROUP = {"id": -1001, "type": "supergroup", "title": "Newsroom <b>", "is_forum": True}
CHANNEL = {"id": -1002, "type": "channel", "title": "Harbour News"}
BOT = {"id": 7, "is_bot": True, "first_name": "newsdesk", "username": "newsdesk_bot"}
OTHER_BOT = {"id": 8, "is_bot": True, "first_name": "other", "username": "other_bot"}


@pytest.fixture
def member(reader: Person) -> Person:
    """Somebody in a group that the bot is in."""
    return Person(reader.emulator, chat=GROUP)


@pytest.fixture
def channel(reader: Person) -> Person:
    """A channel that the bot is in; who posts there is not told."""
    return Person(reader.emulator, chat=CHANNEL)


def message(text: str, **fields: object) -> dict[str, Any]:
    """A message of the group that another replies to."""
    user = {"id": 2002, "is_bot": False, "first_name": "Colleague"}
    return {"message_id": 900, "date": 1_700_000_000, "chat": GROUP, "from": user, "text": text} | fields


@pytest.mark.parametrize("command", ["/ask", "/ask@newsdesk_bot", "/Ask@Newsdesk_Bot"])
async def test_ask_is_answered_below_the_question(member: Person, command: str) -> None:
    """The answer replies to the question, in the question's topic."""
    await member.says(f"{command} {QUESTION}", message_id=41, message_thread_id=5, is_topic_message=True)
    answer = await member.hears()
    assert answer.text.startswith(ANSWER)
    assert answer.fields["message_thread_id"] == 5
    assert answer.fields["reply_parameters"]["message_id"] == 41


async def test_a_reply_outside_a_topic_names_no_topic(member: Person) -> None:
    """In a group without topics Telegram numbers threads of replies too, which are no topics."""
    await member.says(f"/ask {QUESTION}", message_thread_id=900)
    assert "message_thread_id" not in (await member.hears()).fields


@pytest.mark.parametrize(
    "text",
    [
        f"@newsdesk_bot {QUESTION}",
        f"@NewsDesk_Bot, {QUESTION}",
        "Who accompanied Netanyahu, @newsdesk_bot?",
        "👩‍👩‍👧‍👦 @newsdesk_bot: who accompanied Netanyahu?",
        "Who @newsdesk_bot accompanied Netanyahu?",
    ],
)
async def test_a_mention_is_taken_out_of_the_question(member: Person, archive: FakeArchive, text: str) -> None:
    """Wherever it stands, also behind characters that Telegram counts twice."""
    await member.mentions(text)
    assert (await member.hears()).text.startswith(ANSWER)
    (asked,) = archive.asked
    assert "newsdesk" not in asked.lower()
    assert asked.lower().removeprefix("👩‍👩‍👧‍👦 ") in (QUESTION.lower(), "who accompanied netanyahu?")


async def test_a_mention_by_name_is_one_too(member: Person, archive: FakeArchive) -> None:
    """Telegram marks a bot that was picked from a list, whatever name stands there."""
    mark = {"type": "text_mention", "offset": 0, "length": 4, "user": BOT}
    await member.sends(text=f"desk {QUESTION}", entities=[mark])
    assert (await member.hears()).text.startswith(ANSWER)
    assert archive.asked == [QUESTION]
    await member.sends(text=f"desk {QUESTION}", entities=[mark | {"user": OTHER_BOT}])
    assert await member.hears_nothing()


async def test_a_reply_to_the_bot_is_a_question(member: Person) -> None:
    """It needs no mention; a reply to anybody else is talk."""
    await member.says(QUESTION, reply_to_message=message("…", **{"from": BOT}))
    assert (await member.hears()).text.startswith(ANSWER)
    await member.says(QUESTION, reply_to_message=message("…"))
    assert await member.hears_nothing()


@pytest.mark.parametrize("called", ["/ask", "@newsdesk_bot"])
async def test_what_is_replied_to_is_the_question(member: Person, archive: FakeArchive, called: str) -> None:
    """/ask, or a mention, below somebody's question; words of one's own go first, then those that were marked."""
    say = member.says if called == "/ask" else member.mentions
    await say(called, reply_to_message=message(QUESTION))
    assert (await member.hears()).text.startswith(ANSWER)
    await say(f"{called} Who opened the exhibition?", reply_to_message=message(QUESTION))
    assert (await member.hears()).text.startswith("The mayor opened the exhibition")
    quote = {"text": "Who opened the exhibition?", "position": 9, "is_manual": True}
    await say(called, reply_to_message=message("So what? Who opened the exhibition? Eh."), quote=quote)
    assert (await member.hears()).text.startswith("The mayor opened the exhibition")
    assert archive.asked[0] == QUESTION
    await say(
        called, quote=quote, external_reply={"origin": {"type": "hidden_user", "date": 1, "sender_user_name": "x"}}
    )
    assert (await member.hears()).text.startswith("The mayor opened the exhibition")


async def test_what_is_passed_on_in_a_group_is_looked_up(member: Person, archive: FakeArchive) -> None:
    """A post below which the bot is called, and one that calls it: what the archive has about it."""
    origin = {"type": "channel", "date": 1, "chat": CHANNEL, "message_id": 5}
    await member.says("/ask", reply_to_message=message("The ferry was late", forward_origin=origin))
    assert (await member.hears()).text.startswith("On The ferry was late, the archive has:")
    await member.says("/ask The ferry was late", forward_origin=origin)
    assert (await member.hears()).text.startswith("On The ferry was late, the archive has:")
    assert archive.asked == []


async def test_ask_alone_says_how(member: Person) -> None:
    """Without a question, and without a message that asks one; what the bot itself said asks nothing."""
    for more in ({}, {"reply_to_message": message(QUESTION, **{"from": BOT})}):
        await member.says("/ask", **more)
        assert (await member.hears()).text.startswith("Write the question behind the command")


async def test_a_picture_can_be_asked_about_in_its_caption(member: Person) -> None:
    """A mention, or the command, below a picture."""
    size = {"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}
    mark = {"type": "bot_command", "offset": 0, "length": 4}
    await member.sends(photo=[size], caption=f"/ask {QUESTION}", caption_entities=[mark])
    assert (await member.hears()).text.startswith(ANSWER)


@pytest.mark.parametrize(
    "content",
    [
        {"text": QUESTION},
        {"text": "/nonsense", "entities": [{"type": "bot_command", "offset": 0, "length": 9}]},
        {"text": f"/ask@other_bot {QUESTION}", "entities": [{"type": "bot_command", "offset": 0, "length": 14}]},
        {"text": f"@other_bot {QUESTION}", "entities": [{"type": "mention", "offset": 0, "length": 10}]},
        {"text": f"@newsdesk_bot {QUESTION}"},
        {"text": "newsdesk_bot?"},
        {"kind": "edited_message", "text": "/help", "edit_date": 1_700_000_001},
        {"pinned_message": message(f"/ask {QUESTION}")},
        {"new_chat_members": [BOT]},
        {"voice": {"file_id": "x", "file_unique_id": "y", "duration": 1}},
    ],
    ids=lambda content: next(iter(content)) + str(len(str(content))),
)
async def test_what_is_not_meant_for_the_bot_is_left_alone(member: Person, content: dict[str, Any]) -> None:
    """Talk, commands and mentions of others, a name without a mark, what happens by itself."""
    await member.sends(**content)
    assert await member.hears_nothing()


@pytest.mark.parametrize(
    "more",
    [
        {"from": OTHER_BOT},
        {"via_bot": BOT},
        {"is_automatic_forward": True, "sender_chat": CHANNEL},
    ],
    ids=["a bot", "offered by us", "copied from the channel"],
)
async def test_what_no_person_wrote_is_left_alone(member: Person, more: dict[str, Any]) -> None:
    """Two bots would talk without end; what a channel posts was answered there."""
    await member.says(f"/ask {QUESTION}", **more)
    await member.says("/help", **more)
    assert await member.hears_nothing()


async def test_who_writes_as_the_group_is_answered(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """An admin who stays unknown has the name of a bot of Telegram's, and does not share the limits of all such."""
    anonymous = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    async with answering(configured(telegram, tmp_path, per_person=1), telegram, archive):
        for number in (-1001, -1003):
            group = GROUP | {"id": number}
            member = Person(telegram, chat=group)
            await member.says(f"/ask {QUESTION}", sender_chat=group, **{"from": anonymous})
            assert (await member.hears()).text.startswith(ANSWER)


async def test_a_channel_is_answered_in_the_channel(channel: Person) -> None:
    """A post with /ask or a mention; of others none, not even a reply to the bot's."""
    post = {"from": None, "sender_chat": CHANNEL, "message_id": 61}
    command = {"type": "bot_command", "offset": 0, "length": 4}
    await channel.sends("channel_post", text=f"/ask {QUESTION}", entities=[command], **post)
    answer = await channel.hears()
    assert answer.text.startswith(ANSWER)
    assert answer.fields["reply_parameters"]["message_id"] == 61
    await channel.mentions(f"@newsdesk_bot {QUESTION}", "channel_post", **post)
    assert (await channel.hears()).text.startswith(ANSWER)
    await channel.sends("channel_post", text=QUESTION, **post)
    await channel.sends("channel_post", text="/help", entities=[command | {"length": 5}], **post)
    await channel.sends("channel_post", text=QUESTION, reply_to_message=message("…", **{"from": BOT}), **post)
    assert await channel.hears_nothing()


async def test_topics_have_conversations_of_their_own(member: Person, archive: FakeArchive) -> None:
    """What is asked in one topic does not lean on another; /new ends one of them."""
    museum, talks = ({"message_thread_id": number, "is_topic_message": True} for number in (5, 6))
    await member.says("/ask Who opened the exhibition?", **museum)
    await member.hears()
    await member.says(f"/ask {QUESTION}", **talks)
    await member.hears()
    await member.says("/ask And when was it?", **museum)
    await member.hears()
    assert archive.afters[-1] == "Museum opens"
    await member.says("/new", **museum)
    assert (await member.hears()).fields["message_thread_id"] == 5
    await member.says("/ask And when was it?", **museum)
    await member.hears()
    assert archive.afters[-1] == ""
    await member.says("/ask And when was it?", **talks)
    await member.hears()
    assert archive.afters[-1] == "Talks in Moscow"


async def test_an_edited_question_changes_its_answer_in_a_group(member: Person) -> None:
    """Where it was meant for the bot; talk that is edited stays talk, and becomes a question when the bot is called."""
    await member.says("/ask Who opened the exhibition?", message_id=81)
    first = await member.hears()
    command = [{"type": "bot_command", "offset": 0, "length": 4}]
    await member.edits(f"/ask {QUESTION}", 81, entities=command)
    again = await member.hears()
    assert (again.method, again.message_id) == ("editMessageText", first.message_id)
    assert again.text.startswith(ANSWER)
    await member.edits("Just talk", 82)
    assert await member.hears_nothing()
    await member.edits(f"/ask {QUESTION}", 82, entities=command)
    called = await member.hears()
    assert (called.method, called.fields["reply_parameters"]["message_id"]) == ("sendMessage", 82)


async def test_help_names_the_ways_to_ask_in_a_group(member: Person, telegram: TelegramEmulator) -> None:
    """And says that a mention may not reach the bot."""
    await member.says("/help@newsdesk_bot", message_thread_id=5, is_topic_message=True)
    said = await member.hears()
    assert said.fields["message_thread_id"] == 5
    assert "/ask your question" in said.text
    assert "only where I am an admin" in said.text
    assert "@newsdesk_bot and a question" in said.text
    assert telegram.problems == []
