"""What the journeys in Telegram start from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fakes import FakeArchive
from journeys.telegram_emulator import TelegramEmulator, serving
from journeys.telegram_person import Person
from journeys.telegram_running import ADMIN, CHILD, answering, configured

import index
from bot import app
from bot.handlers import reindex
from index import Archive

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SAMPLE = Path(index.__file__).parent / "sample"


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramEmulator]:
    """A Bot API; whatever it was asked for must be in Telegram's documentation."""
    async with serving(TelegramEmulator()) as emulator:
        yield emulator
    assert emulator.problems == []


@pytest.fixture
def archive() -> FakeArchive:
    """An archive that does as it is told."""
    return FakeArchive()


@pytest.fixture
async def reader(telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path) -> AsyncIterator[Person]:
    """A reader in a private chat with a running bot."""
    async with answering(configured(telegram, tmp_path), telegram, archive):
        yield Person(telegram)


@pytest.fixture
async def admin(
    telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Person]:
    """An admin of a bot whose sync is a stand-in that does what its source's name says."""
    monkeypatch.setattr(app, "sync_command", lambda _, sources: [sys.executable, str(CHILD), *map(str, sources)])
    monkeypatch.setattr(reindex, "PROGRESS_EVERY", 0.2)
    async with answering(configured(telegram, tmp_path, sources=str(tmp_path / "now")), telegram, archive):
        yield Person(telegram, id=ADMIN)


@pytest.fixture(scope="session")
def archive_path(tmp_path_factory: pytest.TempPathFactory, newsdesk_cache: Path) -> Path:
    """The folder of a real archive over the sample: real encoder, SQLite, FAISS and tantivy."""
    folder = tmp_path_factory.mktemp("journey") / "archive"
    with Archive.open(folder, cache=newsdesk_cache, create=True) as built:
        built.sync([SAMPLE])
    return folder
