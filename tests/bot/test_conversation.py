"""A chat's turns, without Telegram: the same for the terminal."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from fakes import FakeArchive
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import LONGEST_QUESTION, Conversation, cleaned
from bot.desk import Desk
from bot.markup import visible
from bot.memory import Memory
from bot.texts import Texts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CHAT = 0


@pytest.fixture
def archive() -> FakeArchive:
    """An archive that does as it is told."""
    return FakeArchive()


@pytest.fixture
async def conversation(archive: FakeArchive) -> AsyncIterator[Conversation]:
    """A conversation with that archive, remembered in RAM."""
    async with Desk(lambda: archive, queue=1, timeout=0.2) as desk:
        with Memory.open(None) as memory:
            yield Conversation(desk, memory, Texts.load())


async def test_a_question_is_asked_clean(conversation: Conversation, archive: FakeArchive) -> None:
    """What reaches the archive is one line, composed, without control characters."""
    await conversation.ask(CHAT, " who\x00\n  accompanied\u202e\tZoe\u0301?\ufeff ")
    assert archive.asked == ["who accompanied Zo\u00e9?"]


async def test_every_hit_but_the_answers_own_is_behind_more(conversation: Conversation) -> None:
    """Pages of three, in the archive's order, then an end."""
    (message,) = await conversation.ask(CHAT, "Who accompanied Netanyahu?")
    titles = []
    while message.buttons:
        (message,) = await conversation.press(CHAT, message.buttons[0][0].data)
        titles.append(visible(message.html).count("Harbour Post"))
    assert titles == [2, 2]  # of the five others, one has no source
    answered = await conversation.ask(CHAT, "tram approved")
    assert "The council approved the tram." in visible(answered[0].html)
    assert answered[0].buttons == ()


async def test_passages_that_are_gone_are_passed_over(conversation: Conversation, archive: FakeArchive) -> None:
    """A page whose passages were all removed is skipped; when none is left it is said."""
    (message,) = await conversation.ask(CHAT, "Who accompanied Netanyahu?")
    data = message.buttons[0][0].data
    kept, archive.articles = archive.articles, [archive.articles[0]]
    assert (await conversation.press(CHAT, data))[0].html == "There are no more passages for that question."
    archive.articles = kept
    assert "Museum opens" in (await conversation.press(CHAT, data))[0].html


async def test_a_question_just_within_the_limit_is_asked(conversation: Conversation, archive: FakeArchive) -> None:
    """The limit counts what is left after cleaning."""
    await conversation.ask(CHAT, "x" * LONGEST_QUESTION + " \n")
    (refusal,) = await conversation.ask(CHAT, "x" * (LONGEST_QUESTION + 1))
    assert archive.asked == ["x" * LONGEST_QUESTION]
    assert "1,001 characters" in refusal.html
    assert "up to 1,000" in refusal.html


async def test_being_busy_is_said_everywhere(conversation: Conversation) -> None:
    """With a full queue a question and a page are refused kindly, and the greeting goes without questions."""
    (message,) = await conversation.ask(CHAT, "Who accompanied Netanyahu?")
    conversation._desk._pending = 2  # noqa: SLF001 - as if two were waiting
    for messages in (await conversation.ask(CHAT, "who?"), await conversation.press(CHAT, message.buttons[0][0].data)):
        assert messages[0].html == "Many readers are asking at the moment. Please ask again in a minute."
    assert (await conversation.start(CHAT))[0].buttons == ()
    conversation._desk._pending = 0  # noqa: SLF001
    assert len((await conversation.start(CHAT))[0].buttons) == 3


async def test_help_is_one_message(conversation: Conversation) -> None:
    """Help needs no archive."""
    assert len(conversation.help()) == 1


@given(st.text(st.characters(), max_size=200))
def test_cleaning_is_done_once_and_for_all(text: str) -> None:
    """A clean question stays as it is, is one line, encodes, and holds nothing that steers a screen."""
    clean = cleaned(text)
    assert cleaned(clean) == clean
    assert clean == " ".join(clean.split())
    assert clean.encode().decode() == clean
    assert not {unicodedata.category(char) for char in clean} & {"Cc", "Cs"}
