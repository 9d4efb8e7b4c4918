"""What is sent to the bot that is no question, over HTTP: posts that are passed on, links, pictures, voices."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from journeys.telegram_person import Person
from journeys.telegram_running import answering, configured

import index
from index.errors import ArchiveBusy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import date

    from fakes import FakeArchive
    from journeys.telegram_emulator import TelegramEmulator

SAMPLE = Path(index.__file__).parent / "sample"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
QUESTION = "Who accompanied Netanyahu?"
CHANNEL = {"id": -1002, "type": "channel", "title": "Harbour News"}
FROM_CHANNEL = {"type": "channel", "date": 1_600_000_000, "chat": CHANNEL, "message_id": 5}
FROM_NOBODY = {"type": "hidden_user", "date": 1_600_000_000, "sender_user_name": "<b>A reader"}
FILE = {"file_id": "x", "file_unique_id": "y"}
SIZE = FILE | {"width": 1, "height": 1}
PLACE = {"latitude": 1.0, "longitude": 2.0}
SENTENCE = "The ferry to Kittiwake was late again on Tuesday. "


@pytest.mark.parametrize("origin", [FROM_CHANNEL, FROM_NOBODY], ids=["channel", "hidden"])
async def test_a_post_passed_on_is_looked_up(reader: Person, archive: FakeArchive, origin: dict[str, Any]) -> None:
    """What the archive has about it, best first; it asks nothing, and is not answered."""
    await reader.says("The ferry to Kittiwake was late again", forward_origin=origin)
    assert (await reader.hears()).text == (
        "On The ferry to Kittiwake was late again, the archive has:\n\n1. Ferry delayed · Harbour Post"
    )
    assert archive.asked == []


async def test_the_caption_of_a_picture_passed_on_is_its_text(reader: Person) -> None:
    """A post is often a picture with some words."""
    await reader.sends(photo=[SIZE], caption="The ferry to Kittiwake was late again", forward_origin=FROM_CHANNEL)
    assert (await reader.hears()).text.startswith("On The ferry to Kittiwake was late again, the archive has:")
    await reader.sends(photo=[SIZE], forward_origin=FROM_CHANNEL)
    assert (await reader.hears()).text.startswith("I cannot see pictures")


async def test_of_a_long_text_the_beginning_is_looked_up(reader: Person, searched: list[str]) -> None:
    """Up to the last sentence that ends within 1,000 characters, and the reader is told."""
    await reader.says(SENTENCE * 60)
    answer = await reader.hears()
    assert searched == [(SENTENCE * 20).strip()]
    assert len(searched[0]) == 999
    assert answer.text.endswith("That was a long text: I looked for its first 999 characters.")
    assert [button["text"] for button in answer.buttons] == ["More passages"]


async def test_a_text_that_asks_nothing_is_looked_up_whole(reader: Person, searched: list[str]) -> None:
    """Over 40 words without a question mark are a paragraph; with one they are a question."""
    paragraph = (SENTENCE * 5).strip()
    await reader.says(paragraph)
    answer = await reader.hears()
    assert "the archive has:" in answer.text
    assert "That was a long text" not in answer.text
    assert searched == [paragraph]
    await reader.says(f"{paragraph} Why was the ferry late?")
    assert "the archive has:" not in (await reader.hears()).text
    assert len(searched) == 1


@pytest.mark.parametrize(
    "link",
    [
        "https://harbour.example/2018/01/30/ferry-kittiwake-late-123456.html",
        "harbour.example/ferry_kittiwake_late?utm_source=telegram#top",
        "HTTPS://www.harbour.example/news/ferry%2Dkittiwake%20late/",
    ],
)
async def test_the_words_of_a_link_are_looked_up(reader: Person, searched: list[str], link: str) -> None:
    """Those of its path; nothing is fetched."""
    await reader.says(link)
    assert (await reader.hears()).text == "On ferry kittiwake late, the archive has:\n\n1. Ferry delayed · Harbour Post"
    assert searched == ["ferry kittiwake late", "ферры киттиваке лате"]


@pytest.mark.parametrize("link", ["https://harbour.example/", "www.harbour.example", "http://[bad/x y", "t.me/c/1/2"])
async def test_a_link_without_words_is_not_looked_up(reader: Person, searched: list[str], link: str) -> None:
    """The reader is asked for a few; what is no link is taken for words."""
    await reader.says(link)
    said = (await reader.hears()).text
    assert said.startswith("I do not open links" if " " not in link else "Nothing in the archive")
    assert searched == ([link] if " " in link else [])


async def test_a_link_to_an_article_of_the_archive_is_looked_up_by_its_headline(
    reader: Person, searched: list[str], archive: FakeArchive
) -> None:
    """Also where its address has no words, or other words; where the archive is in trouble, by what words it has."""
    await reader.says("https://harbour.example/a?b=1&c=2")
    assert (await reader.hears()).text.startswith("On Talks in Moscow, the archive has:\n\n1. Talks in Moscow")
    assert searched == ["Talks in Moscow"]
    archive.failure = ArchiveBusy("the archive is being changed")
    await reader.says("https://harbour.example/a?b=1&c=2")
    assert (await reader.hears()).text.startswith("I do not open links")


async def test_a_question_with_a_link_is_a_question(reader: Person, archive: FakeArchive) -> None:
    """Only a link alone is taken apart."""
    await reader.says(f"{QUESTION} https://harbour.example/ferry-was-late")
    assert (await reader.hears()).text.startswith("Zeev Elkin")
    assert archive.asked == [f"{QUESTION} https://harbour.example/ferry-was-late"]


async def test_a_post_without_words_says_nothing(reader: Person) -> None:
    """A smile that is passed on."""
    await reader.says("🙂🙂", forward_origin=FROM_CHANNEL)
    assert (await reader.hears()).text.startswith("Please ask me something in words")


async def test_the_caption_of_a_picture_is_the_question(reader: Person) -> None:
    """Whatever the picture shows; and when the caption is edited, it is answered again."""
    await reader.sends(photo=[SIZE], caption=QUESTION, message_id=55)
    answer = await reader.hears()
    assert answer.text.startswith("Zeev Elkin")
    edited = {"caption": "Who opened the exhibition?", "message_id": 55, "edit_date": 1_700_000_001}
    await reader.sends("edited_message", photo=[SIZE], **edited)
    assert (await reader.hears()).message_id == answer.message_id


@pytest.mark.parametrize(
    ("content", "reply"),
    [
        ({"voice": FILE | {"duration": 1}}, "I cannot listen"),
        ({"audio": FILE | {"duration": 1}}, "I cannot listen"),
        ({"video_note": FILE | {"length": 1, "duration": 1}}, "I cannot listen"),
        ({"photo": [SIZE]}, "I cannot see pictures"),
        ({"video": SIZE | {"duration": 1}}, "I cannot see pictures"),
        ({"animation": SIZE | {"duration": 1}, "document": FILE}, "I cannot see pictures"),
        ({"document": FILE}, "I do not open files"),
        ({"sticker": SIZE | {"type": "regular", "is_animated": False, "is_video": False}}, "I can only read text"),
        ({"location": PLACE}, "I can only read text"),
        ({"venue": {"location": PLACE, "title": "<b>", "address": "x"}, "location": PLACE}, "I can only read text"),
        ({"contact": {"phone_number": "1", "first_name": "<b>"}}, "I can only read text"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "I can only read text"),
        ({"story": {"chat": CHANNEL, "id": 1}}, "I can only read text"),
        ({"checklist": {"title": "x", "tasks": [{"id": 1, "text": "y"}]}}, "I can only read text"),
        ({"game": {"title": "x", "description": "y", "photo": [SIZE]}}, "I can only read text"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
async def test_what_is_no_text_gets_an_honest_sentence(reader: Person, content: dict[str, Any], reply: str) -> None:
    """What the bot cannot do with it, in a private chat."""
    await reader.sends(**content)
    assert (await reader.hears()).text.startswith(reply)


@pytest.mark.parametrize(
    "content",
    [
        {"new_chat_title": "Other"},
        {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 1001, "type": "private"}}},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
        {"successful_payment": {"currency": "XTR", "total_amount": 1, "invoice_payload": "x"}},
        {"voice": FILE | {"duration": 1}, "via_bot": {"id": 7, "is_bot": True, "first_name": "newsdesk"}},
        {"text": QUESTION, "via_bot": {"id": 7, "is_bot": True, "first_name": "newsdesk"}},
    ],
    ids="+".join,
)
async def test_what_happens_by_itself_is_left_alone(reader: Person, content: dict[str, Any]) -> None:
    """Nobody wrote it, or the bot itself offered it."""
    await reader.sends(**content)
    assert await reader.hears_nothing()


async def test_of_an_album_one_picture_is_answered(reader: Person) -> None:
    """Ten pictures are one thing to who sends them: one sentence, or the answer to the caption of the first."""
    for _ in range(3):
        await reader.sends(photo=[SIZE], media_group_id="1")
    assert (await reader.hears()).text.startswith("I cannot see pictures")
    await reader.sends(photo=[SIZE], media_group_id="2", caption=QUESTION)
    for _ in range(2):
        await reader.sends(photo=[SIZE], media_group_id="2")
    assert (await reader.hears()).text.startswith("Zeev Elkin")
    assert await reader.hears_nothing()


@pytest.fixture
async def asker(
    telegram: TelegramEmulator, archive_path: Path, newsdesk_cache: Path, tmp_path: Path
) -> AsyncIterator[Person]:
    """A reader of the sample, before a bot that remembers no other test."""
    folder = tmp_path / "archive"
    shutil.copytree(archive_path, folder, ignore=shutil.ignore_patterns("bot.db*"))
    async with answering(configured(telegram, folder, cache=newsdesk_cache), telegram):
        yield Person(telegram)


async def test_a_real_archive_knows_its_own_articles(asker: Person) -> None:
    """A paragraph of each fourth article of the sample, passed on, finds that article first."""
    for path in sorted(SAMPLE.glob("*.md"))[::4]:
        _, head, body = path.read_text("utf-8").split("---\n", 2)
        (title,) = re.findall(r'^title: "?(.*?)"?$', head, re.MULTILINE)
        paragraph = body.strip().split("\n\n")[1]
        await asker.says(paragraph, forward_origin=FROM_CHANNEL, date=int(NOW.timestamp()))
        assert f"\n1. {title}" in (await asker.hears()).text, path.name


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("zalessk-most-otkryt", "On залесск мост открыт, the archive has:\n\n1. В Залесске открыли мост через Тихую"),
        ("tarn-water-fined", "On tarn water fined, the archive has:\n\n1. Tarn Water fined £4.6 million"),
    ],
)
async def test_a_link_in_latin_letters_finds_a_russian_article(asker: Person, link: str, found: str) -> None:
    """Where more is found for its words in Cyrillic; an English one is left as it is."""
    await asker.says(f"https://harbour.example/{link}.html", date=int(NOW.timestamp()))
    assert (await asker.hears()).text.startswith(found)


async def test_a_link_to_an_article_finds_it(asker: Person) -> None:
    """As it is copied from a post, with what counts its readers."""
    link = "harbourcourier.example/2017/03/02/port-ellery-tram-approved/?utm_source=telegram"
    await asker.says(f"http://www.{link}", date=int(NOW.timestamp()))
    title = "Port Ellery council backs £184 million tram line"
    assert (await asker.hears()).text.startswith(f"On {title}, the archive has:\n\n1. {title}")


@pytest.fixture
def searched(archive: FakeArchive, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the archive is asked to rank."""
    texts: list[str] = []
    search = archive.search

    def remember(question: str, *, asked: date | None = None, k: int = 10) -> object:
        texts.append(question)
        return search(question, asked=asked, k=k)

    monkeypatch.setattr(archive, "search", remember)
    return texts
