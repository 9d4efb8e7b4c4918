"""The bot's own server: who may post to the webhook, when an update is acknowledged, and what machines ask."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import socket
import sqlite3
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientConnectorError, ClientSession

from bot.http import serve_http, webhook, webhook_secret
from bot.metrics import Metrics
from bot.readiness import Readiness
from bot.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TOKEN = "123456789:AAtest-token_that-is-long-enough-0000"  # noqa: S105
SECRET = webhook_secret(TOKEN)
HEADER = "X-Telegram-Bot-Api-Secret-Token"
MIB = 1024 * 1024


@dataclass
class Taking:
    """Takes updates once its gate is open, and fails where it is told to."""

    updates: list[dict[str, Any]] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    failure: Exception | None = None

    def __post_init__(self) -> None:
        """Open the gate."""
        self.gate.set()

    async def __call__(self, update: dict[str, Any]) -> None:
        """Keep an update."""
        self.begun.set()
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        self.updates.append(update)


@dataclass
class Client:
    """Asks the server as Telegram and Prometheus do."""

    session: ClientSession
    base: str
    taking: Taking
    metrics: Metrics
    readiness: Readiness

    async def post(self, body: bytes, *, path: str = "/desk", secret: str | None = SECRET) -> int:
        """The status that an update is answered with."""
        headers = {} if secret is None else {HEADER: secret}
        async with self.session.post(self.base + path, data=io.BytesIO(body), headers=headers) as response:
            return response.status

    async def get(self, path: str) -> tuple[int, str]:
        """Status and body of a page."""
        async with self.session.get(self.base + path) as response:
            return response.status, await response.text()


@asynccontextmanager
async def serving(*, webhook: bool = True) -> AsyncIterator[Client]:
    """A server on a free port, and who asks it."""
    taking, metrics, readiness = Taking(), Metrics(), Readiness()
    async with ClientSession() as session:
        server = serve_http(
            "127.0.0.1:0",
            webhook=taking if webhook else None,
            path="/desk",
            secret=SECRET,
            metrics=metrics,
            readiness=readiness,
        )
        async with server as endpoint:
            yield Client(session, f"http://{endpoint}", taking, metrics, readiness)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """Who asks a server with a webhook."""
    async with serving() as asking:
        yield asking


async def test_an_update_is_handed_over_as_telegram_sent_it(client: Client) -> None:
    """Fields that no library knows are kept, and so is every script."""
    update = {"update_id": 7, "message": {"text": "Кто приехал? 🦆", "new_field": [1.5, None]}, "unheard_of": {"a": {}}}
    assert await client.post(json.dumps(update).encode()) == 200
    assert client.taking.updates == [update]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "0", SECRET.upper(), "géheim"])
async def test_without_the_secret_nothing_is_read(client: Client, secret: str | None) -> None:
    """Who does not know it is refused, whatever is posted."""
    assert await client.post(b'{"update_id": 1}', secret=secret) == 403
    assert await client.post(b"x" * (MIB + 1), secret=secret) == 403
    assert client.taking.updates == []


def test_the_secret_follows_from_the_token_and_does_not_tell_it() -> None:
    """It is of the form that Telegram takes, the same after a restart, another for another bot."""
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", SECRET)
    assert (
        webhook_secret(TOKEN) == "fbe8af08f618db836a3a8ebed50f8b11f01c44078ab6984e0684cc71808540ee"
    )  # as openssl dgst has it
    assert webhook_secret(TOKEN[:-1] + "1") != SECRET
    assert TOKEN.split(":")[1] not in SECRET


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[1]",
        b"7",
        b'"text"',
        b"null",
        b'{"a": 1',
        b"{}",
        b'{"update_id": "7"}',
        b'{"update_id": -1}',
        b"\xff\xfe{}",
        b"[" * 200_000,
    ],
)
async def test_what_is_no_update_is_refused(client: Client, body: bytes) -> None:
    """Only a JSON object with a number is one."""
    assert await client.post(body) == 400
    assert client.taking.updates == []


async def test_an_update_has_at_most_a_mebibyte(client: Client) -> None:
    """One of a mebibyte is taken, one of a byte more is not."""
    rest = len(b'{"update_id": 1, "a": ""}')
    assert await client.post(b'{"update_id": 1, "a": "%s"}' % (b"x" * (MIB - rest))) == 200
    assert await client.post(b'{"update_id": 1, "a": "%s"}' % (b"x" * (MIB - rest + 1))) == 413
    assert len(client.taking.updates) == 1


async def test_an_update_is_acknowledged_only_once_it_is_kept(client: Client) -> None:
    """Until what takes it has returned, Telegram has no answer."""
    client.taking.gate.clear()
    posting = asyncio.create_task(client.post(b'{"update_id": 1}'))
    await client.taking.begun.wait()
    await asyncio.sleep(0.05)
    assert not posting.done()
    client.taking.gate.set()
    assert await posting == 200


@pytest.mark.parametrize("failure", [sqlite3.OperationalError("database or disk is full"), OSError(28, "no space")])
async def test_an_update_that_cannot_be_kept_is_sent_again(
    client: Client, failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """Telegram is told so, and the operator, in one line without a traceback."""
    client.taking.failure = failure
    assert await client.post(b'{"update_id": 1}') == 503
    assert [record.exc_info for record in caplog.records if record.levelno >= logging.WARNING] == [None]
    assert f"an update could not be taken in; Telegram sends it again: {failure}" in caplog.text
    client.taking.failure = None
    assert await client.post(b'{"update_id": 1}') == 200


async def test_a_body_that_never_ends_is_given_up(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sends half an update and then nothing does not hold the connection."""
    monkeypatch.setattr(webhook, "_PATIENCE_SECONDS", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(client.base.rpartition(":")[2]))
    head = f"POST /desk HTTP/1.1\r\nHost: desk\r\n{HEADER}: {SECRET}\r\nContent-Length: 100\r\n\r\n"
    writer.write(head.encode() + b'{"update_id"')
    assert (await asyncio.wait_for(reader.readline(), 5)).startswith(b"HTTP/1.1 408 ")
    writer.close()
    await writer.wait_closed()
    assert client.taking.updates == []


async def test_what_has_begun_is_finished_at_the_end() -> None:
    """An update that is being kept when the server ends is acknowledged; none is taken after that."""
    async with ClientSession() as session:
        async with serving() as client:
            client.session = session
            client.taking.gate.clear()
            posting = asyncio.create_task(client.post(b'{"update_id": 1}'))
            await client.taking.begun.wait()
            asyncio.get_running_loop().call_later(0.1, client.taking.gate.set)
        assert client.taking.updates == [{"update_id": 1}]
        assert await posting == 200
        with pytest.raises(ClientConnectorError):
            await client.post(b'{"update_id": 2}')


async def test_only_the_webhooks_path_takes_updates(client: Client) -> None:
    """Other paths are not there, and the webhook is not for reading."""
    assert await client.post(b"{}", path="/other") == 404
    assert await client.post(b"{}", path="/health") == 405
    assert (await client.get("/desk"))[0] == 405


async def test_a_polling_bot_has_no_webhook() -> None:
    """Health and figures are there all the same."""
    async with serving(webhook=False) as client:
        assert await client.post(b"{}") == 404
        assert await client.get("/health") == (200, '{"newsdesk": "alive"}')


async def test_readiness_names_each_part(client: Client) -> None:
    """503 until archive, encoder and Telegram are all there, and again once one is not."""
    status, body = await client.get("/ready")
    assert status == 503
    assert json.loads(body) == {
        "ready": False,
        "archive": {"ready": False, "reason": "not opened yet"},
        "encoder": {"ready": False, "reason": "not loaded yet"},
        "telegram": {"ready": False, "reason": "not reached yet"},
    }
    client.readiness.archive_open()
    client.readiness.encoder_loaded()
    assert (await client.get("/ready"))[0] == 503
    client.readiness.telegram_reached()
    status, body = await client.get("/ready")
    assert (status, json.loads(body)["ready"]) == (200, True)
    client.readiness.encoder_failed("no model weights in /models")
    status, body = await client.get("/ready")
    assert (status, json.loads(body)["encoder"]["reason"]) == (503, "no model weights in /models")


async def test_metrics_are_what_prometheus_reads(client: Client) -> None:
    """The text format with its content type, of this bot's own figures."""
    client.metrics.answered("answered", 0.5)
    async with client.session.get(client.base + "/metrics") as response:
        assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        assert 'newsdesk_questions_total{outcome="answered"} 1.0\n' in await response.text()


async def test_a_port_that_is_taken_is_one_clear_line() -> None:
    """The address, the setting, and what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SettingsError, match=rf"^another program listens at {listen}[^\n]+NEWSDESK_LISTEN[^\n]+$"):
            async with serve_http(listen, metrics=Metrics(), readiness=Readiness()):
                pass


@pytest.mark.parametrize("listen", ["192.0.2.1:8088", "no-such-host.invalid:8088"])
async def test_an_address_of_another_machine_is_one_clear_line(listen: str) -> None:
    """It cannot be listened at, and the setting is named."""
    with pytest.raises(SettingsError, match=rf"^{listen} cannot be listened at \([^\n]+NEWSDESK_LISTEN[^\n]+$"):
        async with serve_http(listen, metrics=Metrics(), readiness=Readiness()):
            pass


async def test_it_can_be_left_out() -> None:
    """Where nothing is to be served, nothing listens."""
    async with serve_http("off", metrics=Metrics(), readiness=Readiness()) as endpoint:
        assert endpoint is None


async def test_a_webhook_without_its_secret_is_not_served() -> None:
    """Whoever forgets it is told."""
    with pytest.raises(ValueError, match="secret"):
        async with serve_http("127.0.0.1:0", webhook=Taking(), metrics=Metrics(), readiness=Readiness()):
            pass
