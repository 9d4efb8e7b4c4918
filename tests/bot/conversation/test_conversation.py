"""A chat's turns, without Telegram: the same for the terminal."""

from __future__ import annotations

import sqlite3
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

import pytest
from fakes import FakeArchive
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import LONGEST_QUESTION, Conversation, cleaned
from bot.desk import Desk
from bot.memory import Memory
from bot.speaker import Speaker
from bot.texts import Languages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

READER = Speaker(chat=5, person=7)


@pytest.fixture
def archive() -> FakeArchive:
    """An archive that does as it is told."""
    return FakeArchive()


@pytest.fixture
def memory() -> Iterator[Memory]:
    """A memory in RAM."""
    with Memory.open(None) as memory:
        yield memory


@pytest.fixture
async def conversation(archive: FakeArchive, memory: Memory) -> AsyncIterator[Conversation]:
    """A conversation with that archive and memory."""
    async with Desk(lambda: archive, queue=1, timeout=0.2) as desk:
        yield Conversation(desk, memory, Languages.load())


async def test_a_question_is_asked_clean(conversation: Conversation, archive: FakeArchive) -> None:
    """What reaches the archive is one line, composed, without control characters."""
    await conversation.ask(READER, " who\x00\n  accompanied\u202e\tZoe\u0301?\ufeff ")
    assert archive.asked == ["who accompanied Zo\u00e9?"]


async def test_a_question_just_within_the_limit_is_asked(conversation: Conversation, archive: FakeArchive) -> None:
    """The limit counts what is left after cleaning."""
    longest = "x" * (LONGEST_QUESTION - 1) + "?"
    await conversation.ask(READER, f"{longest} \n")
    (refusal,) = (await conversation.ask(READER, f"x{longest}")).messages
    assert archive.asked == [longest]
    assert "1,001 characters" in refusal.html
    assert "up to 1,000" in refusal.html


async def test_being_busy_is_said(conversation: Conversation) -> None:
    """With a full queue a question is refused kindly, and the greeting goes without questions."""
    conversation._desk._pending = 2  # noqa: SLF001 - as if two were waiting
    (message,) = (await conversation.ask(READER, "who?")).messages
    assert message.html == "Many readers are asking at the moment. Please ask again in a minute."
    assert (await conversation.start(READER)).messages[0].buttons == ()
    conversation._desk._pending = 0  # noqa: SLF001
    assert len((await conversation.start(READER)).messages[0].buttons) == 3


async def test_help_is_one_message(conversation: Conversation) -> None:
    """Help needs no archive."""
    assert len(conversation.say(READER, "help").messages) == 1


async def test_what_follows_on_an_answer_is_asked_with_it(conversation: Conversation, archive: FakeArchive) -> None:
    """A question that says nothing by itself goes with the headline that was spoken of; afresh, it goes alone."""
    await conversation.ask(READER, "Who opened the exhibition?")
    await conversation.ask(READER, "and when was that?")
    conversation.new(READER)
    await conversation.ask(READER, "and when was that?")
    assert list(zip(archive.asked, archive.afters, strict=True)) == [
        ("Who opened the exhibition?", ""),
        ("and when was that?", "Museum opens"),
        ("and when was that?", ""),
    ]


async def test_what_may_follow_is_asked_both_ways(conversation: Conversation, archive: FakeArchive) -> None:
    """Alone, then with the article that holds its words; one that speaks of something else is asked alone."""
    await conversation.ask(READER, "Who opened the exhibition?")
    await conversation.ask(READER, "who sent the letter?")
    await conversation.ask(READER, "who delayed the ferry Kittiwake?")
    assert archive.afters == ["", "", "Museum opens", ""]


@pytest.mark.parametrize(
    ("text", "said"), [("hello!", "Hello! Ask me"), ("thanks a lot", "You are welcome"), ("👍", "You are welcome")]
)
async def test_courtesy_is_answered_and_not_searched(
    conversation: Conversation, archive: FakeArchive, text: str, said: str
) -> None:
    """Thanks and greetings get a short reply."""
    (message,) = (await conversation.ask(READER, text)).messages
    assert message.html.startswith(said)
    assert archive.asked == []


async def test_words_to_look_for_get_a_list(conversation: Conversation, memory: Memory) -> None:
    """Keywords are no question: the best articles are named, nothing is counted as unanswered."""
    (message,) = (await conversation.ask(READER, "ferry Kittiwake")).messages
    assert message.html.startswith("On <b>ferry Kittiwake</b>, the archive has:\n\n1. ")
    assert "Ferry delayed" in message.html
    (nothing,) = (await conversation.ask(READER, "xyzzy plugh")).messages
    assert nothing.html == "Nothing in the archive is near the question."
    assert _unanswered(memory) == []


async def test_what_the_archive_could_not_say_is_kept_for_editors(conversation: Conversation, memory: Memory) -> None:
    """The question as it was put to the archive, and its day."""
    await conversation.ask(READER, "Where is Netanyahu?", date(2020, 1, 2))
    await conversation.ask(READER, "and why?", date(2020, 1, 3))
    assert _unanswered(memory) == [
        ("Where is Netanyahu?", "2020-01-02"),
        ("and why? (Talks in Moscow)", "2020-01-03"),
    ]


async def test_a_full_disk_costs_the_turn_not_the_answer(
    conversation: Conversation, memory: Memory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer comes, and the log says what to do."""

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(memory.turns, "note", full)
    (message,) = (await conversation.ask(READER, "Who accompanied Netanyahu?")).messages
    assert "Zeev Elkin" in message.html
    assert "free space on the disk" in caplog.text


def _unanswered(memory: Memory) -> list[tuple[str, str]]:
    return memory._db.execute("SELECT question, asked FROM unanswered ORDER BY id").fetchall()  # noqa: SLF001


@given(st.text(st.characters(), max_size=200))
def test_cleaning_is_done_once_and_for_all(text: str) -> None:
    """A clean question stays as it is, is one line, encodes, and holds nothing that steers a screen."""
    clean = cleaned(text)
    assert cleaned(clean) == clean
    assert clean == " ".join(clean.split())
    assert clean.encode().decode() == clean
    assert not {unicodedata.category(char) for char in clean} & {"Cc", "Cs"}
