"""The Telegram bot before a real archive: real encoder, real indexes, real reindexing."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from journeys.telegram_person import Person
from journeys.telegram_running import ADMIN, answering, configured

from bot.app import serve
from index import Archive
from index.errors import ArchiveMissing

if TYPE_CHECKING:
    from journeys.telegram_emulator import TelegramEmulator


REPOSITORY = Path(__file__).resolve().parents[2]

NEWS = {
    "bridge.md": (
        "New bridge over the Orle opens",
        "Mayor Tilda Brandmeyer opened the new bridge over the Orle on Saturday. The bridge cost 48 million crowns and "
        "replaces a ferry that ran for 112 years. The first to cross it was the retired ferryman Anselm Kottke.",
    ),
    "orchestra.md": (
        "Orchestra finds a conductor",
        "Ludmila Farkas will lead the Orle Symphony Orchestra from September. She conducted in Trondheim for nine "
        "years. The players chose her by 61 votes to 14.",
    ),
    "wolves.md": (
        "Wolves return to the Hohnwald",
        "Forester Casimir Oduya counted seven wolves in the Hohnwald this winter. They are the first in the forest "
        "since 1904. The state will pay farmers for every sheep that they lose.",
    ),
    "school.md": (
        "School wins prize for its garden",
        "Pupils Mirja Halonen and Jakob Stein designed the garden that won the national school prize. The jury praised "
        "its pond. The prize is worth 20,000 crowns.",
    ),
}


@pytest.fixture
def town(tmp_path: Path, newsdesk_cache: Path) -> Path:
    """A second archive, quite another one: four articles of a small town; its sources lie beside it."""
    sources = tmp_path / "articles"
    sources.mkdir()
    for name, (title, body) in NEWS.items():
        (sources / name).write_text(f"---\ntitle: {title}\ndate: 2025-03-01\n---\n{body}\n", "utf-8")
    with Archive.open(tmp_path / "archive", cache=newsdesk_cache, create=True) as archive:
        archive.sync([sources])
    return tmp_path / "archive"


async def greeted(telegram: TelegramEmulator, folder: Path, cache: Path) -> None:
    """Press every question of an archive's greeting; each is answered."""
    async with answering(configured(telegram, folder, cache=cache), telegram):
        reader = Person(telegram)
        await reader.says("/start")
        greeting = await reader.hears()
        assert len(greeting.buttons) == 3
        for button in greeting.buttons:
            await reader.presses(greeting, button["text"])
            answer = (await reader.hears()).text
            assert answer.startswith(button["text"])
            assert "does not say" not in answer


async def test_the_sample_archive_answers_in_telegram(
    telegram: TelegramEmulator, archive_path: Path, newsdesk_cache: Path
) -> None:
    """The question of the first minute gets its sentence, with what was asked for in bold, and the article's link."""
    async with answering(configured(telegram, archive_path, cache=newsdesk_cache), telegram):
        reader = Person(telegram)
        await reader.says("who accompanied Netanyahu?")
        html = (await reader.hears()).fields["text"]
        assert "<b>Zeev Elkin</b>" in html
        assert "meridianwire.example/2018/01/30" in html


async def test_the_samples_greeting_asks_what_it_can_answer(
    telegram: TelegramEmulator, archive_path: Path, newsdesk_cache: Path
) -> None:
    """Each of three questions, pressed, gets an answer."""
    await greeted(telegram, archive_path, newsdesk_cache)


async def test_another_archives_greeting_asks_what_it_can_answer(
    telegram: TelegramEmulator, town: Path, newsdesk_cache: Path
) -> None:
    """The questions are drawn from the archive, whichever it is."""
    await greeted(telegram, town, newsdesk_cache)


async def test_reindex_takes_in_a_new_article_while_the_bot_runs(
    telegram: TelegramEmulator, town: Path, newsdesk_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An admin reindexes by the real command; the next question is answered from the article that came."""
    monkeypatch.setenv("NEWSDESK_CACHE", str(newsdesk_cache))
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    sources = town.parent / "articles"
    async with answering(configured(telegram, town, cache=newsdesk_cache, sources=str(sources)), telegram):
        admin = Person(telegram, id=ADMIN)
        await admin.says("Who repaired the clock of the town hall?")
        assert "does not say" in (await admin.hears()).text
        (sources / "clock.md").write_text(
            "# Clock ticks\n\nWatchmaker Ines Abelard repaired the clock of the town hall.\n"
        )
        await admin.says("/reindex")
        while "up to date" not in (end := await admin.hears()).text:
            assert "failed" not in end.text
        assert "added: 1" in end.text
        await admin.says("Who repaired the clock of the town hall?")
        assert "Ines Abelard" in (await admin.hears()).text


async def test_a_missing_archive_ends_the_bot_with_one_line(telegram: TelegramEmulator, tmp_path: Path) -> None:
    """Where nothing was indexed the bot does not start, and makes no folder."""
    with pytest.raises(ArchiveMissing):
        await serve(configured(telegram, tmp_path / "none"), asyncio.Event())
    assert not (tmp_path / "none").exists()
