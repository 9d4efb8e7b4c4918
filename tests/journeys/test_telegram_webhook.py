"""The bot behind a webhook, over HTTP: Telegram posts, the bot keeps, then acknowledges, then answers."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession
from journeys.telegram_emulator import TOKEN, TelegramEmulator
from journeys.telegram_person import Person
from journeys.telegram_running import answering, configured

from bot.app import serve
from bot.http import webhook_secret
from bot.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from fakes import FakeArchive

    from bot.settings import Settings

PUBLIC = "https://desk.example/updates"
QUESTION = "Who accompanied Netanyahu?"


@dataclass
class Deployment:
    """A bot behind a proxy, which passes on what is posted to the webhook's path."""

    telegram: TelegramEmulator
    archive: FakeArchive
    folder: Path
    base: str

    def settings(self, **more: object) -> Settings:
        """Settings of the operator."""
        values = {"listen": self.base.removeprefix("http://"), "webhook": PUBLIC}
        return configured(self.telegram, self.folder, **values | more)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the bot, from when Telegram has its webhook."""
        stop, begun = asyncio.Event(), sum(call.method == "setWebhook" for call in self.telegram.calls)
        task = asyncio.create_task(serve(self.settings(), stop, open_archive=lambda: self.archive))
        waiting = asyncio.create_task(self.telegram.until("setWebhook", begun + 1))
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        self.telegram._update_queues._state(TOKEN).url = f"{self.base}/updates"  # noqa: SLF001 - as the proxy does
        try:
            yield
        finally:
            stop.set()
            waiting.cancel()
            await asyncio.wait_for(task, 20)

    async def posts(self, update: dict[str, Any], *, secret: str = webhook_secret(TOKEN)) -> int:
        """Post an update as Telegram does; the status of the answer."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        address = f"{self.base}/updates"
        async with ClientSession() as session, session.post(address, json=update, headers=headers) as response:
            return response.status

    async def page(self, path: str) -> tuple[int, str]:
        """Status and body of a page of the bot's server."""
        async with ClientSession() as session, session.get(self.base + path) as response:
            return response.status, await response.text()

    def kept(self) -> list[int]:
        """The updates that are in the inbox and not answered, as another process reads them."""
        with closing(sqlite3.connect(self.folder / "bot.db")) as memory:
            return [number for (number,) in memory.execute("SELECT number FROM inbox WHERE done IS NULL")]


@pytest.fixture
def deployment(telegram: TelegramEmulator, archive: FakeArchive, tmp_path: Path) -> Deployment:
    """A bot that is not running yet, and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Deployment(telegram, archive, tmp_path, f"http://127.0.0.1:{probe.getsockname()[1]}")


def question(number: int, text: str = QUESTION, person: int = 1001) -> dict[str, Any]:
    """An update with a question in a private chat."""
    who = {"id": person, "is_bot": False, "first_name": "Reader"}
    chat = {"id": person, "type": "private", "first_name": "Reader"}
    message = {"message_id": number, "date": 1_700_000_000, "chat": chat, "from": who, "text": text}
    return {"update_id": number, "message": message}


async def test_readers_are_answered_through_the_webhook(deployment: Deployment) -> None:
    """Telegram is told the public address, the secret and the kinds of updates, and is never asked for any."""
    async with deployment.running():
        reader = Person(deployment.telegram)
        await reader.says(QUESTION)
        assert (await reader.hears()).text.startswith("Zeev Elkin")
    told = next(call.fields for call in deployment.telegram.calls if call.method == "setWebhook")
    assert (told["url"], told["secret_token"]) == (PUBLIC, webhook_secret(TOKEN))
    assert {"message", "callback_query"} <= set(told["allowed_updates"])
    assert not told.get("drop_pending_updates")
    assert not [call for call in deployment.telegram.calls if call.method == "getUpdates"]


async def test_what_was_asked_while_it_was_down_is_answered(deployment: Deployment) -> None:
    """Telegram keeps it, and posts it once the webhook is there."""
    reader = Person(deployment.telegram)
    await reader.says(QUESTION)
    async with deployment.running():
        await deployment.telegram.deliver_updates(token=TOKEN)
        assert (await reader.hears()).text.startswith("Zeev Elkin")


async def test_nobody_else_can_post(deployment: Deployment) -> None:
    """Without the secret an update is refused, and nobody is answered for it."""
    async with deployment.running():
        assert await deployment.posts(question(1), secret="0" * 64) == 403
        assert await Person(deployment.telegram).hears_nothing()
        assert deployment.kept() == []


async def test_an_update_is_kept_before_it_is_acknowledged(deployment: Deployment) -> None:
    """Telegram hears that it was taken while it is still being answered; it is on the disk by then."""
    async with deployment.running():
        deployment.archive.gate.clear()
        assert await deployment.posts(question(5)) == 200
        assert deployment.kept() == [5]
        deployment.archive.gate.set()
        assert (await Person(deployment.telegram).hears()).text.startswith("Zeev Elkin")
    assert deployment.kept() == []


async def test_an_update_that_is_posted_again_is_answered_once(deployment: Deployment) -> None:
    """As Telegram does where the acknowledgement was lost: during the answer, and after it."""
    async with deployment.running():
        reader = Person(deployment.telegram)
        deployment.archive.gate.clear()
        assert [await deployment.posts(question(5)) for _ in range(2)] == [200, 200]
        deployment.archive.gate.set()
        assert (await reader.hears()).text.startswith("Zeev Elkin")
        assert await deployment.posts(question(5)) == 200
        assert await reader.hears_nothing()


async def test_an_update_that_cannot_be_kept_is_sent_again(deployment: Deployment) -> None:
    """While the memory cannot be written Telegram is told to try later, and nobody is answered twice for it."""
    async with deployment.running():
        with closing(sqlite3.connect(deployment.folder / "bot.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert await deployment.posts(question(5)) == 503
            other.execute("ROLLBACK")
        reader = Person(deployment.telegram)
        assert await deployment.posts(question(5)) == 200
        assert (await reader.hears()).text.startswith("Zeev Elkin")
        assert await reader.hears_nothing()


async def test_odd_updates_harm_nobody(deployment: Deployment) -> None:
    """What is no update, or of a kind that nobody knows, is refused or left alone; the next question is answered."""
    async with deployment.running():
        statuses = [await deployment.posts(update) for update in ({}, {"update_id": "x"}, {"update_id": 9, "new": {}})]
        assert statuses == [400, 400, 200]
        assert await deployment.posts(question(10)) == 200
        assert (await Person(deployment.telegram).hears()).text.startswith("Zeev Elkin")


async def test_polling_takes_a_webhook_away(deployment: Deployment) -> None:
    """Back to long polling by leaving the setting empty: Telegram would refuse to be asked otherwise."""
    async with deployment.running():
        pass
    async with answering(configured(deployment.telegram, deployment.folder), deployment.telegram, deployment.archive):
        reader = Person(deployment.telegram)
        await reader.says(QUESTION)
        assert (await reader.hears()).text.startswith("Zeev Elkin")
    methods = [call.method for call in deployment.telegram.calls]
    assert methods.index("setWebhook") < methods.index("deleteWebhook") < methods.index("getUpdates")


async def test_an_operator_sees_how_it_does(deployment: Deployment) -> None:
    """Alive and ready from the start; an answered question is counted, timed by stage, and quoted nowhere."""
    async with deployment.running():
        reader = Person(deployment.telegram)
        await reader.says(QUESTION)
        await reader.hears()
        await reader.says("ferry kittiwake")
        await reader.hears()
        await reader.looks_up(QUESTION)
        assert await deployment.page("/health") == (200, '{"newsdesk": "alive"}')
        status, body = await deployment.page("/ready")
        assert (status, json.loads(body)["ready"]) == (200, True)
        assert set(json.loads(body)) == {"ready", "archive", "encoder", "telegram"}
        _, figures = await deployment.page("/metrics")
    for outcome in ("answered", "list", "inline"):
        assert f'newsdesk_questions_total{{outcome="{outcome}"}} 1.0' in figures
    for stage in ("waiting", "asking", "sending"):
        assert f'newsdesk_stage_seconds_count{{stage="{stage}"}} 0' not in figures
    assert f"newsdesk_archive_articles {len(deployment.archive.articles)}.0" in figures
    for private in ("Netanyahu", str(reader.id), TOKEN.split(":")[1]):
        assert private not in figures


async def test_a_port_that_is_taken_ends_it_before_telegram_is_told(deployment: Deployment) -> None:
    """One clear line; no webhook is set that nobody would answer."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SettingsError, match=f"^another program listens at {listen}"):
            await serve(deployment.settings(listen=listen), asyncio.Event(), open_archive=lambda: deployment.archive)
    assert deployment.telegram.calls == []
