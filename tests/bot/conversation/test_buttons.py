"""The buttons below an answer: which there are, and what a press of each does, without Telegram."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from fakes import ARTICLES, FakeArchive
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import Conversation
from bot.conversation.verdicts import key_of_reason
from bot.desk import Desk
from bot.markup import Message, Outcome, visible
from bot.memory import Memory, Shown
from bot.speaker import Speaker
from bot.texts import Languages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.markup import Rows
    from index.domain import Article, Hit, Passage

READER = Speaker(chat=7, person=7)
ALICE = Speaker(chat=-5, person=1, private=False)
BOB = Speaker(chat=-5, person=2, private=False)
QUESTION = "Who accompanied Netanyahu?"
TITLES = [article.title for article in ARTICLES]
FORGOTTEN = "I no longer know what that button was for. Please ask the question again."
BELOW = ["More passages", "Read the article", "👍 Right", "👎 Wrong"]
REASONS = ["Wrong article", "Wrong sentence", "Out of date", "Something else"]


@dataclass
class Stories(FakeArchive):
    """Of some passages others tell the story too, and some are ``gone`` when they are looked up."""

    also: dict[int, tuple[Article, ...]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)

    def passages(self, ids: Sequence[int]) -> tuple[Passage, ...]:
        """Those that are not gone."""
        return super().passages([each for each in ids if each not in self.gone])

    def _all(self) -> list[Hit]:
        return [replace(hit, also=self.also.get(hit.passage.id, ())) for hit in super()._all()]


@pytest.fixture
def archive() -> Stories:
    """An archive that does as it is told."""
    return Stories(tells_age=True)


@pytest.fixture
def memory() -> Memory:
    """A memory in RAM."""
    return Memory.open(None)


@pytest.fixture
async def conversation(archive: Stories, memory: Memory) -> AsyncIterator[Conversation]:
    """A conversation with that archive."""
    async with Desk(lambda: archive, queue=1, timeout=0.2) as desk:
        with memory:
            yield Conversation(desk, memory, Languages.load())


def labels(rows: Rows | None) -> list[str]:
    """What the buttons say, row by row."""
    return [button.label for row in rows or () for button in row]


def data(rows: Rows | None, label: str) -> str:
    """What a press of the button with this label gives."""
    return next(button.data for row in rows or () for button in row if button.label == label)


async def answered(conversation: Conversation, speaker: Speaker = READER, question: str = QUESTION) -> Message:
    """The one message that answers a question, asked on a day of 2018."""
    (message,) = (await conversation.ask(speaker, question, date(2018, 2, 1))).messages
    return message


def said(memory: Memory) -> list[tuple[Any, ...]]:
    """What readers said: person, whether it helped, why."""
    return memory._db.execute("SELECT person, helpful, reason FROM feedback ORDER BY id").fetchall()  # noqa: SLF001


def titles(message: Message | None) -> list[str]:
    """The articles that a message names."""
    return [title for title in TITLES if message and title in visible(message.html)]


async def test_below_an_answer_stands_what_can_be_done_with_it(conversation: Conversation) -> None:
    """The article opens by its address, which gives nothing to press; what is pressed fits in 64 bytes."""
    rows = (await answered(conversation)).buttons
    assert labels(rows) == BELOW
    (article,) = (button for row in rows for button in row if button.url)
    assert (article.url, article.data) == ("https://harbour.example/a?b=1&c=2", "")
    asks_why = (await conversation.press(READER, data(rows, "👎 Wrong"))).buttons
    assert labels(asks_why) == ["More passages", "Read the article", "👍 Right", "👎 Wrong ✓", *REASONS]
    pressed = [button.data for row in asks_why or () for button in row if not button.url]
    assert all(0 < len(each.encode()) <= 64 for each in pressed)


@pytest.mark.parametrize(
    ("question", "below"),
    [
        ("Who opened the exhibition on Friday?", ["👍 Right", "👎 Wrong"]),
        ("Who approved the tram?", ["Read the article", "👍 Right", "👎 Wrong"]),
        ("Where is Netanyahu?", ["More passages"]),
        ("xyzzy", []),
    ],
)
async def test_no_button_does_nothing(conversation: Conversation, question: str, below: list[str]) -> None:
    """No more where that is all, no article without an address, nothing to judge where there is no answer."""
    assert labels((await answered(conversation, question=question)).buttons) == below


async def test_without_a_memory_an_answer_keeps_the_button_that_needs_none(
    conversation: Conversation, memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    """On a full disk the article can be opened, and the log says why the rest is missing."""
    memory._db.execute("PRAGMA query_only = 1")  # noqa: SLF001
    assert labels((await answered(conversation)).buttons) == ["Read the article"]
    assert conversation.buttons.offer(READER, Shown(question="q")) is None
    assert "the memory cannot be written" in caplog.text


async def test_a_long_question_is_offered_with_a_label_cut_short(conversation: Conversation, memory: Memory) -> None:
    """The whole of it is asked."""
    question = "word " * 60
    button = conversation.buttons.offer(READER, Shown(question=question))
    assert button is not None
    assert button.label == ("word " * 20).strip() + "…"
    shown = memory.shown.recall(READER.chat, button.data.removeprefix("ask:"))
    assert shown == Shown(question=question)


async def test_passages_come_on_a_page_of_their_own_that_is_then_turned(conversation: Conversation) -> None:
    """The first page is a new message, the next and the previous take its place; at the ends there is one way."""
    first = await conversation.press(READER, data((await answered(conversation)).buttons, "More passages"))
    (page,) = first.messages
    assert (first.edit, titles(page), labels(page.buttons)) == (None, TITLES[1:4], ["Next →"])
    assert visible(page.html).startswith(f"More on: {QUESTION} (1/2)\n\n")
    second = await conversation.press(READER, data(page.buttons, "Next →"))
    assert second.edit is not None
    assert (second.messages, titles(second.edit), labels(second.edit.buttons)) == ((), TITLES[4:], ["← Previous"])
    back = await conversation.press(READER, data(second.edit.buttons, "← Previous"))
    assert back == Outcome(edit=page)


async def test_a_button_of_long_ago_shows_its_page(conversation: Conversation) -> None:
    """An older newsdesk counted passages, and sent every page as a message of its own."""
    more = data((await answered(conversation)).buttons, "More passages")
    (page,) = (await conversation.press(READER, more.removesuffix("0") + "3")).messages
    assert titles(page) == TITLES[4:]


async def test_one_page_has_no_buttons(conversation: Conversation, archive: Stories) -> None:
    """And does not say that it is the first of one."""
    archive.articles = ARTICLES[:3]
    (page,) = (await conversation.press(READER, data((await answered(conversation)).buttons, "More passages"))).messages
    assert page.buttons == ()
    assert page.html.startswith(f"More on: <b>{QUESTION}</b>\n\n")


async def test_pages_say_who_else_reported_it(conversation: Conversation, archive: Stories) -> None:
    """As the answer does, also after a restart: it is remembered with the passages."""
    archive.also = {2: (replace(ARTICLES[3], source="Wire"), ARTICLES[4])}
    (page,) = (await conversation.press(READER, data((await answered(conversation)).buttons, "More passages"))).messages
    link = "https://harbour.example/a?b=1&amp;c=2"
    also = f'<a href="{link}">Wire · 30 January 2018</a>; <a href="{link}">Harbour Post · 30 January 2018</a>'
    assert f"\nMuseum opens · Harbour Post · 30 January 2018\nAlso reported by: {also}\n\n" in page.html
    assert page.html.count("Also reported by") == 1


async def test_pages_go_on_with_what_is_left(conversation: Conversation, archive: Stories) -> None:
    """After a reindex the passages that are gone are not counted; a page that is no more is the last one that is."""
    rows = (await answered(conversation)).buttons
    (page,) = (await conversation.press(READER, data(rows, "More passages"))).messages
    archive.gone = {2, 5}
    turned = (await conversation.press(READER, data(page.buttons, "Next →"))).edit
    assert turned is not None
    assert (titles(turned), turned.buttons) == ([TITLES[2], TITLES[3], TITLES[5]], ())
    archive.gone = {2, 3, 4, 5, 6}
    gone = Message(html="Those passages are no longer in the archive.")
    assert await conversation.press(READER, data(page.buttons, "Next →")) == Outcome(edit=gone)
    assert await conversation.press(READER, data(rows, "More passages")) == Outcome(messages=(gone,))


async def test_being_busy_leaves_the_page_as_it_is(conversation: Conversation, archive: Stories) -> None:
    """A full queue, and an archive that is too slow, are said in a message of their own."""
    rows = (await answered(conversation)).buttons
    (page,) = (await conversation.press(READER, data(rows, "More passages"))).messages
    conversation._desk._pending = 2  # noqa: SLF001 - as if two were waiting
    busy = Outcome(messages=(Message(html="Many readers are asking at the moment. Please ask again in a minute."),))
    for pressed in (data(rows, "More passages"), data(page.buttons, "Next →")):
        assert await conversation.press(READER, pressed) == busy
    conversation._desk._pending = 0  # noqa: SLF001
    archive.gate.clear()
    slow = await conversation.press(READER, data(page.buttons, "Next →"))
    archive.gate.set()
    assert [message.html[:19] for message in slow.messages] == ["That took too long,"]
    assert slow.edit is None


async def test_a_yes_is_kept_and_marked(conversation: Conversation, memory: Memory) -> None:
    """The second changes nothing, and says so."""
    rows = (await answered(conversation)).buttons
    first = await conversation.press(READER, data(rows, "👍 Right"))
    assert (first.notice, first.messages, first.edit) == ("Thank you!", (), None)
    assert labels(first.buttons) == ["More passages", "Read the article", "👍 Right ✓", "👎 Wrong"]
    second = await conversation.press(READER, data(first.buttons, "👍 Right ✓"))
    assert second == replace(first, notice="That is noted already.")
    kept = memory._db.execute("SELECT chat, question, asked, address, answer, helpful FROM feedback")  # noqa: SLF001
    quote = "Zeev Elkin accompanied Netanyahu to Moscow."
    assert kept.fetchall() == [(7, QUESTION, "2018-02-01", "https://harbour.example/a?b=1&c=2", quote, 1)]


async def test_a_question_that_leans_on_another_is_kept_spelled_out(
    conversation: Conversation, archive: Stories, memory: Memory
) -> None:
    """What an evaluation asks again must be understood alone."""
    reply = archive.ask(QUESTION)
    (message,) = conversation.buttons.answer(READER, reply, "Who came? (Talks in Moscow)").messages
    await conversation.press(READER, data(message.buttons, "👍 Right"))
    assert memory._db.execute("SELECT question FROM feedback").fetchall() == [("Who came? (Talks in Moscow)",)]  # noqa: SLF001


async def test_an_answer_from_a_file_is_kept_with_its_file(conversation: Conversation, memory: Memory) -> None:
    """Where the article has no address."""
    rows = (await answered(conversation, question="Who opened the exhibition on Friday?")).buttons
    await conversation.press(READER, data(rows, "👍 Right"))
    assert memory._db.execute("SELECT address FROM feedback").fetchall() == [("/articles/Museum opens.txt",)]  # noqa: SLF001


@pytest.mark.parametrize(
    ("label", "reason"),
    [("Wrong article", "wrong article"), ("Wrong sentence", "wrong sentence"), ("Out of date", "out of date")],
)
async def test_a_no_asks_why_and_a_tap_says_it(
    conversation: Conversation, memory: Memory, label: str, reason: str
) -> None:
    """The no counts at once; after the reason its buttons are gone, and no reply is awaited."""
    rows = (await answered(conversation)).buttons
    no = await conversation.press(READER, data(rows, "👎 Wrong"))
    assert no.notice == "What is wrong? Tap a reason, or reply to the message in your words."
    assert said(memory) == [(7, 0, "")]
    why = await conversation.press(READER, data(no.buttons, label))
    assert (why.notice, labels(why.buttons)) == (
        "Thank you, that is noted.",
        ["More passages", "Read the article", "👍 Right", "👎 Wrong ✓"],
    )
    assert said(memory) == [(7, 0, reason)]
    again = await conversation.press(READER, data(no.buttons, label))
    assert again == replace(why, notice="That is noted already.")
    assert not conversation.buttons.verdicts.awaits(READER, str(key_of_reason(data(no.buttons, label))))


async def test_another_reason_may_be_written(conversation: Conversation, memory: Memory) -> None:
    """After "something else" the reasons stay; a reply in the reader's own words takes its place, and is answered."""
    no = await conversation.press(READER, data((await answered(conversation)).buttons, "👎 Wrong"))
    other = data(no.buttons, "Something else")
    assert await conversation.press(READER, other) == Outcome(notice="Noted. To say more, reply to the message.")
    assert said(memory) == [(7, 0, "other")]
    key, verdicts = str(key_of_reason(other)), conversation.buttons.verdicts
    assert verdicts.awaits(READER, key)
    written = verdicts.write(READER, key, " He came\x00\nalone <b>\u202e ")
    assert [message.html for message in written.messages] == ["Thank you, that is noted."]
    assert labels(written.buttons) == ["More passages", "Read the article", "👍 Right", "👎 Wrong ✓"]
    assert said(memory) == [(7, 0, "He came alone <b>")]
    assert not verdicts.awaits(READER, key)
    verdicts.write(READER, key, "word " * 300)
    assert said(memory) == [(7, 0, ("word " * 200).strip())]


async def test_a_mind_may_be_changed(conversation: Conversation, memory: Memory) -> None:
    """A yes after a no takes the no, its reason and its buttons back."""
    no = await conversation.press(READER, data((await answered(conversation)).buttons, "👎 Wrong"))
    await conversation.press(READER, data(no.buttons, "Wrong article"))
    yes = await conversation.press(READER, data(no.buttons, "👍 Right"))
    assert (yes.notice, labels(yes.buttons)) == (
        "Thank you!",
        ["More passages", "Read the article", "👍 Right ✓", "👎 Wrong"],
    )
    assert said(memory) == [(7, 1, "")]


async def test_in_a_group_everyone_has_a_word_and_no_one_is_marked(conversation: Conversation, memory: Memory) -> None:
    """The buttons are those of all: after a no there are reasons, after a yes they stay as they are."""
    rows = (await answered(conversation, ALICE)).buttons
    no = await conversation.press(ALICE, data(rows, "👎 Wrong"))
    assert labels(no.buttons) == [*BELOW, *REASONS]
    assert await conversation.press(BOB, data(rows, "👍 Right")) == Outcome(notice="Thank you!")
    why = await conversation.press(ALICE, data(no.buttons, "Out of date"))
    assert labels(why.buttons) == BELOW
    assert said(memory) == [(1, 0, "out of date"), (2, 1, "")]


async def test_only_who_said_no_is_awaited_to_say_why(conversation: Conversation) -> None:
    """In their chat; others who reply to the answer ask something."""
    no = await conversation.press(ALICE, data((await answered(conversation, ALICE)).buttons, "👎 Wrong"))
    key, awaits = str(key_of_reason(data(no.buttons, "Out of date"))), conversation.buttons.verdicts.awaits
    elsewhere = replace(ALICE, chat=-6)
    assert [awaits(who, key) for who in (ALICE, BOB, elsewhere)] == [True, False, False]
    assert conversation.buttons.verdicts.write(elsewhere, key, "x").messages[0].html == FORGOTTEN


async def test_a_full_disk_is_said_where_a_word_could_not_be_kept(
    conversation: Conversation, memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    """The buttons stay as they are, so that it can be said later."""
    caplog.set_level(logging.ERROR)
    no = await conversation.press(READER, data((await answered(conversation)).buttons, "👎 Wrong"))
    memory._db.execute("PRAGMA query_only = 1")  # noqa: SLF001
    not_noted = "That could not be noted, sorry. Please try again later."
    for label in ("👍 Right", "Wrong article"):
        assert await conversation.press(READER, data(no.buttons, label)) == Outcome(notice=not_noted)
    key = str(key_of_reason(data(no.buttons, "Wrong article")))
    written = conversation.buttons.verdicts.write(READER, key, "He came alone.")
    assert [message.html for message in written.messages] == [not_noted]
    assert caplog.text.count("the memory cannot be written") == 3


@given(st.text(st.characters(), max_size=70))
@pytest.mark.parametrize("kept", [Shown(question="harvest"), Shown(question=QUESTION, passages=(2, 3))])
async def test_no_button_that_was_not_made_does_anything(kept: Shown, forged: str) -> None:
    """With a true key, too, only what stands for something is done, and of no answer nothing can be said."""
    async with Desk(FakeArchive, queue=1, timeout=5) as desk:
        with Memory.open(None) as memory:
            conversation = Conversation(desk, memory, Languages.load())
            key = memory.shown.remember(READER.chat, kept)
            for tried in (
                forged,
                f"{forged}:{key}",
                f"yes:{key}",
                f"no:{key}",
                f"why:{key}:{forged}",
                f"more:{key}:-1",
            ):
                outcome = await conversation.press(READER, tried)
                assert [message.html for message in outcome.messages] == [FORGOTTEN]
            assert said(memory) == []
            number = await conversation.press(READER, f"page:{key}:999")
            assert bool(number.edit) is bool(kept.passages)


async def test_an_unknown_reason_is_no_reason(conversation: Conversation, memory: Memory) -> None:
    """Below an answer, too."""
    no = await conversation.press(READER, data((await answered(conversation)).buttons, "👎 Wrong"))
    pressed = data(no.buttons, "Wrong article").removesuffix("wrong_article") + "drop table"
    assert [message.html for message in (await conversation.press(READER, pressed)).messages] == [FORGOTTEN]
    assert said(memory) == [(7, 0, "")]
    key = pressed.split(":")[1]
    assert [message.html for message in (await conversation.press(READER, f"delete:{key}")).messages] == [FORGOTTEN]


async def test_a_question_without_passages_has_no_more(conversation: Conversation, memory: Memory) -> None:
    """A key of a question that was offered is none of a list."""
    key = memory.shown.remember(READER.chat, Shown(question="q"))
    for pressed in (f"more:{key}:0", f"page:{key}:1"):
        outcome = await conversation.press(READER, pressed)
        assert outcome == Outcome(messages=(Message(html="There are no more passages for that question."),))
