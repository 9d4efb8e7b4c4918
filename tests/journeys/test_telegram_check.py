"""``newsdesk bot --check``: one screen that says whether all is right, and what to do where it is not."""

from __future__ import annotations

import asyncio
import shlex
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from journeys.command import Desk
from journeys.telegram_emulator import TOKEN, TelegramEmulator, serving
from journeys.telegram_running import configured, refusal

from bot.http import webhook_secret
from bot.preflight.checking import findings
from bot.transport.checking import check_telegram

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HALF = TOKEN.split(":")[1]


class KnowingTelegram(TelegramEmulator):
    """Also knows who wrote to the bot, and what became of its webhook."""

    def __init__(self) -> None:
        super().__init__()
        self.people = {77: "Ann <b>"}
        self.webhook: dict[str, Any] = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request of the bot."""
        method = request.match_info["method"]
        if request.match_info["token"] != self.token or self._faults[method]:
            return await super().handle(request)
        if method == "getWebhookInfo":
            return web.json_response({"ok": True, "result": self.webhook})
        if method == "getChat":
            fields, _ = await self.read_request(request)
            return self._chat(int(fields["chat_id"]))
        return await super().handle(request)

    def _chat(self, number: int) -> web.Response:
        if number not in self.people:
            refused = {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}
            return web.json_response(refused, status=400)
        chat = {"id": number, "type": "private", "first_name": self.people[number]}
        more = {"accent_color_id": 0, "max_reaction_count": 1, "accepted_gift_types": dict.fromkeys(GIFTS, False)}
        return web.json_response({"ok": True, "result": chat | more})


GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


@dataclass
class Operator:
    """Who keeps a .env beside the archive, and asks whether it is right."""

    desk: Desk
    telegram: KnowingTelegram
    archive: Path
    port: int

    def sets(self, **changed: object) -> None:
        """Write .env: what is needed, and what is changed."""
        values: dict[str, object] = {
            "telegram_token": TOKEN,
            "telegram_api": self.telegram.address,
            "archive": self.archive,
            "sources": self.archive.parent,
            "admins": 77,
            "listen": f"127.0.0.1:{self.port}",
        }
        lines = [f"NEWSDESK_{name.upper()}={value}" for name, value in (values | changed).items()]
        (self.desk.folder / ".env").write_text("\n".join(lines), "utf-8")

    async def checks(self, **changed: object) -> tuple[int, dict[str, tuple[str, str]]]:
        """Exit status, and verdict and words of each part; no part of the token is printed."""
        self.sets(**changed)
        done = await asyncio.to_thread(self.desk.newsdesk, "bot", "--check")
        assert HALF not in done.stdout + done.stderr
        assert webhook_secret(TOKEN) not in done.stdout + done.stderr
        assert (done.stderr, len(done.stdout.splitlines()) <= 24) == ("", True)
        *lines, last = done.stdout.splitlines()
        parts = {line[7:17].strip(): (line[:7].strip(), line[17:]) for line in lines}
        wrong = [line for line in lines if line.startswith("wrong ")]
        assert last == (f"to mend: {len(wrong)}" if wrong else "all is right")
        return done.returncode, parts


@pytest.fixture
async def operator(tmp_path: Path, newsdesk_cache: Path, archive_path: Path) -> AsyncIterator[Operator]:
    """An operator whose settings are all right."""
    shutil.copytree(archive_path, tmp_path / "archive")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with serving(KnowingTelegram()) as telegram:
        assert isinstance(telegram, KnowingTelegram)
        yield Operator(Desk(folder=tmp_path, cache=newsdesk_cache), telegram, tmp_path / "archive", port)


async def test_an_operator_sees_that_all_is_right(operator: Operator) -> None:
    """Every part has its line, and the command ends well; nothing is changed at Telegram."""
    operator.telegram.webhook["pending_update_count"] = 12
    status, parts = await operator.checks()
    assert status == 0
    assert {verdict for verdict, _ in parts.values()} == {"ok"}
    names = ["token", "updates", "admins", "disk", "archive", "encoder", "indexes", "sources", "memory", "port"]
    assert list(parts) == names
    assert parts["token"][1].startswith("@newsdesk_bot; in groups sees what is meant for it; inline mode off")
    assert parts["updates"][1] == "by long polling; 12 wait at Telegram"
    assert parts["admins"][1] == "77 (Ann <b>)"
    assert {call.method for call in operator.telegram.calls} == {"getMe"}


async def test_an_operator_sees_everything_that_is_wrong(operator: Operator, tmp_path: Path) -> None:
    """One line each with what to do; what cannot be asked is not passed over."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        status, parts = await operator.checks(
            telegram_token=TOKEN[:-4] + "1111",
            archive=tmp_path / "nowhere",
            encoder=tmp_path / "no-model",
            sources=f"{tmp_path}/gone",
            listen=f"127.0.0.1:{taken.getsockname()[1]}",
        )
    assert status == 1
    wrong = {part: said for part, (verdict, said) in parts.items() if verdict == "wrong"}
    assert set(wrong) == {"token", "archive", "encoder", "sources", "port"}
    assert "Telegram does not know it: get one from @BotFather" in wrong["token"]
    assert "newsdesk sync PATH" in wrong["archive"]
    assert "no such folder" in wrong["encoder"]
    assert "gone is not there" in wrong["sources"]
    assert "another program listens at" in wrong["port"]
    assert parts["admins"] == parts["updates"] == ("note", "not known without a token that Telegram knows")


async def test_a_gateway_that_is_broken_is_one_line(operator: Operator) -> None:
    """What Telegram's machines say in HTML is not on the screen, nor a traceback."""
    operator.telegram.fail_next("getWebhookInfo", 502, "<html>Bad Gateway</html>")
    status, parts = await operator.checks()
    assert (status, parts["updates"][0]) == (1, "wrong")


async def test_it_works_without_a_network(operator: Operator) -> None:
    """Telegram's line says that it cannot be reached, and all that is here is looked at."""
    away = {"telegram_api": "http://127.0.0.1:9", "cache": operator.desk.cache}
    settings = configured(operator.telegram, operator.archive, **away)
    found = await asyncio.to_thread(lambda: list(findings(settings)))
    assert found[0].verdict == "wrong"
    assert found[0].said.startswith("127.0.0.1:9 cannot be reached (")
    unknown = "not known while Telegram cannot be reached"
    assert [(each.part, each.said) for each in found[1:3]] == [("updates", unknown), ("admins", unknown)]
    verdicts = {each.part: each.verdict for each in found}
    assert verdicts["archive"] == verdicts["encoder"] == verdicts["indexes"] == "ok"


async def asked(telegram: KnowingTelegram, **changed: object) -> list[tuple[str, str, str]]:
    """What Telegram says with these settings: part, verdict and words."""
    settings = configured(telegram, Path(), **changed)
    return [(each.part, each.verdict, each.said) async for each in check_telegram(settings, TOKEN)]


async def updates(telegram: KnowingTelegram, **changed: object) -> tuple[str, str]:
    """The same, of updates alone."""
    return next((verdict, said) for part, verdict, said in await asked(telegram, **changed) if part == "updates")


@pytest.fixture
async def knowing() -> AsyncIterator[KnowingTelegram]:
    """A Telegram that knows more."""
    telegram = KnowingTelegram()
    async with serving(telegram):
        yield telegram


async def test_a_token_that_telegram_does_not_know_is_told(knowing: KnowingTelegram) -> None:
    """What to do is said; nothing else can be asked."""
    knowing.token = TOKEN[:-4] + "1111"
    unknown = "not known without a token that Telegram knows"
    first, *rest = await asked(knowing)
    assert first[:2] == ("token", "wrong")
    assert first[2].startswith("Telegram does not know it: get one from @BotFather")
    assert rest == [("updates", "note", unknown), ("admins", "note", unknown)]


async def test_admins_who_cannot_be_written_to_are_named(knowing: KnowingTelegram) -> None:
    """A person who never wrote to the bot has no chat with it: what to do is said; the others are listed."""
    knowing.people[88] = "Bob"
    *_, first, second = await asked(knowing, admins="77,88,99")
    assert first == ("admins", "wrong", "99 cannot be written to: have them open @newsdesk_bot and press Start")
    assert second == ("admins", "ok", "77 (Ann <b>), 88 (Bob)")
    knowing.fail_next("getChat", 502, "<html>Bad Gateway</html>")
    *_, only = await asked(knowing, admins="77")
    assert only[:2] == ("admins", "wrong")
    assert only[2].startswith("whether 77 can be written to is not known")
    *_, nobody = await asked(knowing, admins="")
    assert nobody[:2] == ("admins", "note")


async def test_a_webhook_and_polling_are_told_apart(knowing: KnowingTelegram) -> None:
    """A webhook that another program left is said, without its path, which may be a secret; so is one to be set."""
    ours = {"webhook": "https://desk.example/bot-other-path", "listen": "127.0.0.1:8088"}
    begun = "by webhook; 0 wait at Telegram; https://desk.example is set as the webhook "
    knowing.webhook["url"] = "https://user:pw@other.example/bot-secret-path"
    assert await updates(knowing) == (
        "note",
        "by long polling; 0 wait at Telegram; the webhook https://other.example is set, and taken away at the start",
    )
    assert await updates(knowing, **ours) == ("note", f"{begun}in place of https://other.example at the start")
    knowing.webhook["url"] = ""
    assert await updates(knowing, **ours) == ("note", f"{begun}at the start")


async def test_a_webhook_that_fails_is_told(knowing: KnowingTelegram) -> None:
    """What Telegram said of its last try counts for an hour; it posts to some ports only."""
    ours = {"webhook": "https://desk.example/path", "listen": "127.0.0.1:8088"}
    failed = {"last_error_date": int(time.time()) - 130, "last_error_message": "Wrong response: 403 Forbidden"}
    knowing.webhook |= {"url": ours["webhook"], "pending_update_count": 3} | failed
    said = "by webhook; 3 wait at Telegram"
    assert await updates(knowing, **ours) == (
        "wrong",
        f"{said}; Telegram's last try failed: Wrong response: 403 Forbidden, 2 minutes ago",
    )
    knowing.webhook["last_error_date"] -= 3600
    assert await updates(knowing, **ours) == ("ok", said)
    assert (await updates(knowing, **ours | {"webhook": "https://desk.example:9443/path"}))[0] == "wrong"
    knowing.fail_next("getWebhookInfo", 500, refusal(500, "Internal Server Error"))
    assert await updates(knowing) == (
        "wrong",
        "Telegram does not say how they come (Internal Server Error): try again",
    )


def test_a_full_disk_is_told(tmp_path: Path, newsdesk_cache: Path, archive_path: Path) -> None:
    """On a filesystem without a free byte the check says so, and says it of the disk."""
    unshare = shutil.which("unshare")
    tried = unshare and subprocess.run(
        [unshare, "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
    )
    if not unshare or not tried or tried.returncode:
        pytest.skip("a private filesystem cannot be mounted here")
    desk = Desk(folder=tmp_path, cache=newsdesk_cache)
    small, here = tmp_path / "small", shlex.quote(str(tmp_path / "small"))
    small.mkdir()
    command = shlex.join([sys.executable, "-m", "bot", "bot", "--check", "--archive", str(small)])
    script = (
        f"mount -t tmpfs -o size=8m tmpfs {here}; cp -a {shlex.quote(str(archive_path))}/. {here}\n"
        f"cat /dev/zero > {here}/filling 2>/dev/null || true\n"
        f"{command}\n"
    )
    done = subprocess.run(
        [unshare, "-m", "sh", "-uc", script],
        check=False,
        cwd=tmp_path,
        env=desk.environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    lines = {line[7:17].strip(): (line[:7].strip(), line[17:]) for line in done.stdout.splitlines()}
    assert (done.returncode, done.stderr) == (1, "")
    assert lines["disk"][0] == "wrong"
    assert lines["disk"][1].startswith("it is full: free some space")
