"""Answers over HTTP, as Telegram is given them: quote, article, passage; long, rough and refused ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
import regex
from fakes import FakeArchive, article
from journeys.telegram_html import visible_text
from journeys.telegram_person import Person
from journeys.telegram_running import answering, configured, refusal

from bot.markup import pieces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from journeys.telegram_emulator import TelegramEmulator

    from index.domain import Article, Hit

QUESTION = "Who accompanied Netanyahu?"
AROUND = "Leaders met on Monday. Zeev Elkin accompanied Netanyahu to Moscow. They spoke for hours."
FAMILY = "👩‍👩‍👧‍👦"


@dataclass
class Copied(FakeArchive):
    """Every story is told by these, too."""

    also: Sequence[Article] = ()

    def _all(self) -> list[Hit]:
        return [replace(hit, also=tuple(self.also)) for hit in super()._all()]


async def test_a_question_is_answered_with_a_quote_its_article_and_its_passage(reader: Person) -> None:
    """The sentence with what matters in bold; headline, source and date as a link; the passage, folded."""
    await reader.says(QUESTION)
    answer = await reader.hears()
    assert answer.html == (
        "<blockquote>Zeev Elkin <b>accompanied</b> <b>Netanyahu</b> to Moscow.</blockquote>\n"
        '<a href="https://harbour.example/a?b=1&amp;c=2">Talks in Moscow · Harbour Post · 30 January 2018</a>\n\n'
        "The passage around it:\n<blockquote expandable>Leaders met on Monday. "
        "<b>Zeev Elkin accompanied Netanyahu to Moscow.</b> They spoke for hours.</blockquote>"
    )
    assert answer.fields["link_preview_options"] == {"is_disabled": True}


async def test_who_else_reported_it_is_named_below_an_answer_and_on_every_page(
    telegram: TelegramEmulator, tmp_path: Path
) -> None:
    """Four at most, each a link where it has an address, and how many others there are."""
    also = [article("Copy", "x", source=f"Wire {number}", url=None, published=None) for number in range(6)]
    line = "Also reported by: Wire 0; Wire 1; Wire 2; Wire 3; and others: 2"
    async with answering(configured(telegram, tmp_path), telegram, Copied(also=also)):
        reader = Person(telegram)
        await reader.says(QUESTION)
        answer = await reader.hears()
        assert answer.text.count(line) == 1
        await reader.presses(answer, "More passages")
        page = await reader.hears()
        assert page.text.count(line) == 3
        await reader.presses(page, "Next →")
        assert (await reader.hears()).text.count(line) == 2


@pytest.mark.parametrize(
    "filler",
    [
        "word <b>&amp; ",
        f"{FAMILY}{FAMILY} ",
        FAMILY,
        "e\u0301\u0323",
        "ब्दि",
        "天気がいいから散歩しよう",
        "supercalifragilistic" * 5 + " ",
        "\U0001f1f3\U0001f1f4",
        "مرحبا\u200f بالعالم ",
    ],
)
async def test_a_long_answer_is_one_message_cut_between_words_or_graphemes(
    telegram: TelegramEmulator, tmp_path: Path, filler: str
) -> None:
    """Quote and passage are marked as cut, and what is left of them are beginnings of what stands in the article."""
    sentence = f"Netanyahu accompanied {filler * (30_000 // len(filler))}."
    body = f"Before it {filler * (3000 // len(filler))} came this. {sentence}"
    archive = FakeArchive(articles=[article("Long " * 100, body, source="Source " * 40), *FakeArchive().articles])
    async with answering(configured(telegram, tmp_path), telegram, archive):
        reader = Person(telegram)
        await reader.says(QUESTION)
        answer = await reader.hears()
        await reader.presses(answer, "More passages")
        page = await reader.hears()
        assert [title for title in ("Talks", "Museum", "Ferry") if title in page.text] == ["Talks", "Museum", "Ferry"]
    whole = {match.end() for match in regex.finditer(r"\X", body)}
    for folded in (False, True):
        quote = "".join(piece.text for piece in pieces(answer.html) if piece.quoted and piece.folded is folded)
        kept = quote.removesuffix(" […]")
        assert kept != quote
        start = body.index(kept)
        assert start + len(kept) in whole
        if " " in filler:
            assert body[start + len(kept)].isspace()
    assert len(visible_text(answer.html).encode("utf-16-le")) // 2 <= 4096
    assert [button["text"] for button in answer.buttons][-2:] == ["👍 Right", "👎 Wrong"]


async def test_refused_formatting_still_gives_the_text(reader: Person) -> None:
    """Where Telegram cannot parse the entities, the same words come as plain text, the address spelled out."""
    reader.emulator.fail_next("sendMessage", 400, refusal(400, "Bad Request: can't parse entities: byte offset 7"))
    await reader.says(QUESTION)
    answer = await reader.hears()
    assert "parse_mode" not in answer.fields
    assert answer.html == (
        "Zeev Elkin accompanied Netanyahu to Moscow.\n"
        "Talks in Moscow · Harbour Post · 30 January 2018 (https://harbour.example/a?b=1&c=2)\n\n"
        f"The passage around it:\n{AROUND}"
    )
    assert [button["text"] for button in answer.buttons] == ["More passages", "👍 Right", "👎 Wrong"]


async def test_an_address_that_telegram_does_not_open_costs_the_button_not_the_answer(reader: Person) -> None:
    """Refused with its button, the answer comes without."""
    fault = refusal(400, "Bad Request: inline keyboard button URL 'https://x.example' is invalid: Wrong HTTP URL")
    reader.emulator.fail_next("sendMessage", 400, fault)
    await reader.says(QUESTION)
    answer = await reader.hears()
    assert answer.text.startswith("Zeev Elkin accompanied Netanyahu to Moscow.")
    assert "Read the article" not in [button["text"] for button in answer.buttons]


async def test_a_host_of_this_network_is_no_button(telegram: TelegramEmulator, tmp_path: Path) -> None:
    """Telegram opens no address without a dot, and would refuse the whole message for it."""
    archive = FakeArchive(articles=[article("Here", f"{AROUND}", url="http://archive:8080/1")])
    async with answering(configured(telegram, tmp_path), telegram, archive):
        reader = Person(telegram)
        await reader.says(QUESTION)
        assert [button["text"] for button in (await reader.hears()).buttons] == ["👍 Right", "👎 Wrong"]


async def test_the_sample_archives_answers_show_their_passage(
    telegram: TelegramEmulator, archive_path: Path, newsdesk_cache: Path
) -> None:
    """From the real archive: what is folded holds the quote and more, and every page is within Telegram's limits."""
    async with answering(configured(telegram, archive_path, cache=newsdesk_cache), telegram):
        reader = Person(telegram)
        await reader.says("who accompanied Netanyahu?")
        answer = await reader.hears()
        shown = pieces(answer.html)
        quote, around = (
            "".join(one.text for one in shown if one.quoted and one.folded is each) for each in (False, True)
        )
        assert quote in around
        assert len(around) > len(quote) + 100
        page = answer
        label = "More passages"
        for place in (1, 2, 3):
            await reader.presses(page, label)
            page, label = await reader.hears(), "Next →"
            assert f"({place}/3)" in page.text.split("\n")[0]
        assert [button["text"] for button in page.buttons] == ["← Previous"]
