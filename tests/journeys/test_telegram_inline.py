"""Inline mode over HTTP: what is offered to who writes the bot's name and a question in another chat."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from fakes import FakeArchive, article
from journeys.telegram_person import Person
from journeys.telegram_running import answering, configured, refusal

from bot.handlers import inline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from journeys.telegram_emulator import Call, TelegramEmulator

QUESTION = "Who accompanied Netanyahu?"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait as long as it takes two queries to come one after the other."""
    monkeypatch.setattr(inline, "PAUSE", 0.1)


def offered(call: Call) -> Sequence[dict[str, Any]]:
    """The results, as the person sees them."""
    results: Sequence[dict[str, Any]] = call.fields["results"]
    return results


async def test_the_answer_is_offered_first_then_passages(reader: Person) -> None:
    """An article each, by its headline; the message is the quote with its citation."""
    call = await reader.looks_up(QUESTION)
    first, *rest = offered(call)
    assert first["title"] == "Talks in Moscow"
    assert first["description"] == "Harbour Post · 30 January 2018 · Zeev Elkin accompanied Netanyahu to Moscow."
    assert first["input_message_content"]["parse_mode"] == "HTML"
    assert first["input_message_content"]["link_preview_options"] == {"is_disabled": True}
    assert call.text.startswith(
        "Zeev Elkin accompanied Netanyahu to Moscow.\nTalks in Moscow · Harbour Post · 30 January 2018\n"
    )
    assert "Zeev Elkin <b>accompanied</b> <b>Netanyahu</b>" in first["input_message_content"]["message_text"]
    assert 'href="https://harbour.example/a?b=1&amp;c=2"' in first["input_message_content"]["message_text"]
    titles = ["Museum opens", "Ferry delayed", "Tram approved", "Mill burns", "Harvest"]
    assert [result["title"] for result in rest] == titles
    assert rest[0]["description"].startswith("Harbour Post · 30 January 2018 · The mayor opened the exhibition")
    assert rest[1]["description"].startswith("Harbour Post · The ferry to Kittiwake")
    assert len({result["id"] for result in [first, *rest]}) == 6


async def test_offers_are_the_persons_own_and_not_kept_for_long(reader: Person) -> None:
    """What a person may see is not shown to another by Telegram, nor after a sync."""
    call = await reader.looks_up(QUESTION)
    assert call.fields["is_personal"] is True
    assert call.fields["cache_time"] == 10


@pytest.mark.parametrize("query", ["", "   ", "?!", "\u202e\u200b", "ab"])
async def test_a_query_that_asks_nothing_is_offered_nothing(reader: Person, archive: FakeArchive, query: str) -> None:
    """And the archive is not asked."""
    assert offered(await reader.looks_up(query)) == []
    assert archive.asked == []


@pytest.mark.parametrize("query", ["xyzzy plugh", "x" * 10_000, "<b>&\x00"])
async def test_where_nothing_is_found_nothing_is_offered(reader: Person, query: str) -> None:
    """However long or odd the query is."""
    call = await reader.looks_up(query)
    assert offered(call) == []
    assert "next_offset" not in call.fields


async def test_more_are_offered_page_by_page(telegram: TelegramEmulator, tmp_path: Path) -> None:
    """Ten at a time, none twice; a page that there is not has none, and a forged one is the first."""
    many = FakeArchive(articles=[article(f"Ferry {number}", "The ferry was late.") for number in range(25)])
    async with answering(configured(telegram, tmp_path), telegram, many):
        reader, offset, titles = Person(telegram), "", []
        for expected in ("10", "20", ""):
            call = await reader.looks_up("ferry", offset=offset)
            offset = call.fields.get("next_offset", "")
            assert offset == expected
            titles += [result["title"] for result in offered(call)]
        assert titles == [f"Ferry {number}" for number in range(25)]
        assert offered(await reader.looks_up("ferry", offset="29")) == []
        for forged in ("-5", "x", "99999999999999999999", "٣"):
            assert [result["title"] for result in offered(await reader.looks_up("ferry", offset=forged))] == titles[:10]


async def test_only_what_was_typed_last_is_looked_up(reader: Person, archive: FakeArchive) -> None:
    """Telegram sends a query with every few letters; another person's is another matter."""
    other = Person(reader.emulator, id=2002)
    await reader.begins_to_look_up("Who acc")
    await reader.begins_to_look_up("Who accompanied")
    await other.begins_to_look_up("Who opened the exhibition?")
    last = await reader.begins_to_look_up(QUESTION)
    await reader.emulator.until("answerInlineQuery", 2)
    await asyncio.sleep(0.2)
    answered = [call.fields["inline_query_id"] for call in reader.emulator.calls if call.method == "answerInlineQuery"]
    assert len(answered) == 2
    assert last in answered
    assert sorted(archive.asked) == [QUESTION, "Who opened the exhibition?"]


async def test_what_is_looked_up_leaves_no_turn(reader: Person, archive: FakeArchive) -> None:
    """A question in a private chat does not lean on what was looked up for another."""
    await reader.looks_up("Who opened the exhibition?")
    await reader.says("And when was it?")
    await reader.hears()
    assert archive.afters[-1] == ""


async def test_a_busy_archive_offers_nothing(telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path) -> None:
    """What takes too long is let go of, and the bot goes on."""
    async with answering(configured(telegram, tmp_path, timeout=0.2), telegram, archive):
        reader = Person(telegram)
        archive.gate.clear()
        assert offered(await reader.looks_up(QUESTION)) == []
        archive.gate.set()
        await asyncio.sleep(0.1)
        assert len(offered(await reader.looks_up(QUESTION))) == 6


async def test_the_limits_of_a_person_hold_inline(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """What is looked up counts as a question; who may ask no more is offered nothing, and another is."""
    async with answering(configured(telegram, tmp_path, per_person=2), telegram, archive):
        reader, other = Person(telegram), Person(telegram, id=2002)
        counts = [len(offered(await reader.looks_up(QUESTION))) for _ in range(3)]
        assert counts == [6, 6, 0]
        assert len(offered(await other.looks_up(QUESTION))) == 6


async def test_who_may_not_ask_is_offered_nothing(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path
) -> None:
    """The bot is found by its name, and stays silent."""
    async with answering(configured(telegram, tmp_path, access="listed", readers="2002"), telegram, archive):
        assert offered(await Person(telegram).looks_up(QUESTION)) == []
        assert len(offered(await Person(telegram, id=2002).looks_up(QUESTION))) == 6
    assert archive.asked == [QUESTION]


async def test_refused_formatting_is_offered_plain(reader: Person, telegram: TelegramEmulator) -> None:
    """The person gets the text, with addresses."""
    telegram.fail_next("answerInlineQuery", 400, refusal(400, "Bad Request: can't parse entities: Unsupported tag"))
    await reader.begins_to_look_up(QUESTION)
    await telegram.until("answerInlineQuery", 2)
    content = offered(telegram.calls[-1])[0]["input_message_content"]
    assert "parse_mode" not in content
    assert content["message_text"].startswith("Zeev Elkin accompanied Netanyahu to Moscow.\nTalks in Moscow · Harbour")


async def test_a_query_that_is_too_old_is_let_go_of(
    reader: Person, telegram: TelegramEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody looks at it any more: no error, no second try."""
    telegram.fail_next("answerInlineQuery", 400, refusal(400, "Bad Request: query is too old"))
    await reader.begins_to_look_up(QUESTION)
    await telegram.until("answerInlineQuery")
    telegram.fail_next("answerInlineQuery", 403, refusal(403, "Forbidden: no"))
    await reader.begins_to_look_up(QUESTION)
    await telegram.until("answerInlineQuery", 2)
    assert len(offered(await reader.looks_up(QUESTION))) == 6
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
