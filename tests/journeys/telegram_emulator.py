"""A Bot API on loopback that we did not write (lo-bot-api-emulator), made stricter."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from aiohttp import web
from journeys.telegram_html import HtmlRefusedError, visible_text
from journeys.telegram_schema import UnknownFieldError, check_schema, decoded
from lo_bot_api_emulator import ApiRefusal, LoBotApiEmulator, updates
from pydantic import ValidationError
from telegram import Update

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

TOKEN = "123456789:AAtest-token_that-is-long-enough-0000"  # noqa: S105
PATIENCE_SECONDS = 600.0
"""How long a test waits for what the bot does: what is slow here may be the machine, which other tests share."""
_MORE_FIELDS = {"link_preview_options", "message_thread_id"}
_first_numbers = count(1_000_000, 1_000_000)
_SHOWING = ("sendMessage", "editMessageText")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request of the bot: its fields as values, what a reader saw of it, and how it was answered.

    ``text`` is a document's caption too, and ``document`` what is in it.
    """

    method: str
    fields: dict[str, Any]
    text: str
    status: int
    message_id: int
    document: bytes = b""

    @property
    def html(self) -> str:
        """The text as it was sent."""
        return str(self.fields.get("text", ""))

    @property
    def buttons(self) -> list[dict[str, str]]:
        """The buttons below it, row by row."""
        return [button for row in self.fields.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


class TelegramEmulator(LoBotApiEmulator):
    """Knows one token, keeps requests whole, checks each against aiogram's models, and fails when told to.

    ``strangers`` are people who never wrote to the bot; ``problems`` are requests that Telegram's documentation does
    not allow; a test that leaves one fails.
    """

    def __init__(self, *, token: str = TOKEN) -> None:
        super().__init__()
        updates.KINDS.update(Update.ALL_TYPES)  # the fixture takes three kinds; its queue carries any
        updates.ALLOWED_UPDATE_TYPES.update(Update.ALL_TYPES)
        self.token = token
        self.calls: list[Call] = []
        self.problems: list[str] = []
        self.strangers: set[int] = set()
        self._faults: dict[str, deque[tuple[int, str]]] = defaultdict(deque)
        self._drops: dict[str, deque[bool]] = defaultdict(deque)
        self._waits: dict[str, deque[float]] = defaultdict(deque)
        self._poll: asyncio.Task[object] | None = None
        self._called = asyncio.Event()
        self.address = ""
        self.port = 0
        self._update_queues._state(token).next_id = next(_first_numbers)  # noqa: SLF001 - Telegram numbers go on, too

    def fail_next(self, method: str, status: int, body: str) -> None:
        """Answer the next request of a method so, and do nothing else."""
        self._faults[method].append((status, body))

    def drop_next(self, method: str, *, acted: bool) -> None:
        """Break off the connection of the next request of a method, after having done what it asks or before."""
        self._drops[method].append(acted)

    def slow_next(self, method: str, seconds: float) -> None:
        """Take so long to answer the next request of a method."""
        self._waits[method].append(seconds)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request of the bot."""
        method = request.match_info["method"]
        if self._waits[method]:
            await asyncio.sleep(self._waits[method].popleft())
        if self._drops[method]:
            if self._drops[method].popleft():
                await self._answer(request, method)
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        return await self._answer(request, method)

    async def _answer(self, request: web.Request, method: str) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)
        if self._faults[method]:
            fields, _ = await self.read_request(request)
            status, body = self._faults[method].popleft()
            self._note(Call(method=method, fields=decoded(method, fields), text="", status=status, message_id=0))
            return web.Response(status=status, text=body, content_type="application/json")
        if method == "getUpdates":
            await self._end_other_poll()
        return await super().handle(request)

    async def _end_other_poll(self) -> None:
        """Let a new poll end an older one, as Telegram does; the fixture refuses the new one."""
        if self._poll is not None and not self._poll.done():
            self._poll.cancel()
            await asyncio.wait({self._poll})
        self._poll = asyncio.current_task()

    def validate(self, method: str, fields: dict[str, Any], uploads: dict[str, Any]) -> object:
        """Check a request, and answer as the fixture does for the fields that it knows."""
        given = decoded(method, fields) | {name: upload["filename"] for name, upload in uploads.items()}
        if method == "setMyCommands" and given.get("scope", {}).get("chat_id") in self.strangers:
            self._note(Call(method=method, fields=given, text="", status=400, message_id=0))
            raise ApiRefusal("Bad Request: chat not found")
        call: dict[str, Any] = {"method": method, "fields": given, "text": "", "message_id": 0}
        try:
            check_schema(method, given)
            rest = {name: value for name, value in fields.items() if name not in _MORE_FIELDS}
            if method in _SHOWING:
                rest["text"] = call["text"] = _shown(rest)
            if method == "sendDocument":
                call["document"] = next((each["data"] for each in uploads.values()), b"")
                call["text"] = visible_text(rest["caption"]) if "caption" in rest else ""
            if method == "answerInlineQuery":
                call["text"] = "\n".join(_shown(offered) for offered in _offered(given))
            result = super().validate(method, rest, uploads)
        except (ApiRefusal, ValidationError, HtmlRefusedError, UnknownFieldError) as error:
            self.problems.append(f"{method}: {error or getattr(error, 'description', '')}: {given}")
            self._note(Call(**call, status=400))
            raise ApiRefusal(f"Bad Request: {error}") from error
        if method == "getMe":
            result["username"] = "newsdesk_bot"
        if method in (*_SHOWING, "sendDocument"):
            call["message_id"] = result["message_id"]
        self._note(Call(**call, status=200))
        return result

    def _note(self, call: Call) -> None:
        self.calls.append(call)
        self._called.set()

    def sent(self, chat: int) -> list[Call]:
        """What a chat was sent, edits too, oldest first."""
        return [
            call
            for call in self.calls
            if call.method in _SHOWING and call.fields["chat_id"] == chat and call.status == 200
        ]

    def documents(self, chat: int) -> list[Call]:
        """The documents that a chat was sent, oldest first."""
        return [
            call
            for call in self.calls
            if call.method == "sendDocument" and call.fields["chat_id"] == chat and call.status == 200
        ]

    async def until(self, method: str, times: int = 1) -> None:
        """Wait until a method was called so often."""
        await self.wait(lambda: sum(call.method == method for call in self.calls) >= times)

    async def wait(self, come: Callable[[], bool]) -> None:
        """Wait until what the bot called makes this true."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not come():
                self._called.clear()
                await self._called.wait()


@asynccontextmanager
async def serving(emulator: TelegramEmulator, *, port: int = 0) -> AsyncIterator[TelegramEmulator]:
    """Serve an emulator on loopback, at a port or any; its ``address`` is the base of the Bot API."""
    runner = web.AppRunner(emulator.app(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        emulator.port = runner.addresses[0][1]
        emulator.address = f"http://127.0.0.1:{emulator.port}"
        yield emulator
    finally:
        await runner.cleanup()


def _offered(fields: dict[str, Any]) -> list[dict[str, Any]]:
    """The messages that an answer to an inline query offers, as if they were sent."""
    contents = (result["input_message_content"] for result in fields["results"])
    return [{"text": each["message_text"], "parse_mode": each.get("parse_mode")} for each in contents]


def _shown(fields: dict[str, Any]) -> str:
    """What a reader sees of a message's text."""
    if fields.pop("parse_mode", None) == "HTML":
        return visible_text(fields["text"])
    return str(fields.get("text", ""))
