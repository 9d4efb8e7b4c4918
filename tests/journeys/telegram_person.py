"""People who talk to the bot through an emulated Telegram."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from journeys.telegram_emulator import Call, TelegramEmulator

_numbers = count(1)


@dataclass
class Person:
    """Someone in a chat with the bot. ``heard`` counts the messages that were looked at."""

    emulator: TelegramEmulator
    id: int = 1001
    chat: dict[str, Any] = field(default_factory=dict)
    heard: int = 0

    @property
    def chat_id(self) -> int:
        """The chat that the person writes in: a private one, unless another is given."""
        return int(self.chat.get("id", self.id))

    async def says(self, text: str, **more: object) -> None:
        """Write a text; what begins with a slash is marked as a command, as Telegram does."""
        if text.startswith("/"):
            more["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        await self.sends(text=text, **more)

    async def sends(self, kind: str = "message", **content: object) -> None:
        """Send anything: the fields of a message."""
        await self.update({kind: self._message(**content)})

    async def edits(self, text: str, message_id: int, **more: object) -> None:
        """Edit a message that was written before."""
        await self.sends("edited_message", text=text, message_id=message_id, edit_date=1_700_000_001, **more)

    async def mentions(self, text: str, kind: str = "message", **more: object) -> None:
        """Write a text in which every @name is marked, as Telegram does."""
        marks = [
            {"type": "mention", "offset": _units(text[: found.start()]), "length": _units(found[0])}
            for found in re.finditer(r"@\w+", text)
        ]
        await self.sends(kind, text=text, entities=marks, **more)

    async def looks_up(self, text: str, *, offset: str = "") -> Call:
        """Write a question behind the bot's name in another chat; what is offered."""
        times = sum(call.method == "answerInlineQuery" for call in self.emulator.calls)
        number = await self.begins_to_look_up(text, offset=offset)
        await self.emulator.until("answerInlineQuery", times + 1)
        last = [call for call in self.emulator.calls if call.method == "answerInlineQuery"][-1]
        assert last.fields["inline_query_id"] == number
        return last

    async def begins_to_look_up(self, text: str, *, offset: str = "") -> str:
        """Write so, and wait for nothing; the number of the query."""
        number = str(next(_numbers))
        await self.update({"inline_query": {"id": number, "from": self._user(), "query": text, "offset": offset}})
        return number

    async def presses(self, call: Call, label: str) -> None:
        """Press the button with this label below a message."""
        data = next(button["callback_data"] for button in call.buttons if button["text"] == label)
        await self.presses_data(data, call.message_id)

    async def presses_data(self, data: str, message_id: int = 1) -> None:
        """Press a button with this data, forged or not."""
        query = {"id": str(next(_numbers)), "from": self._user(), "chat_instance": "1", "data": data}
        message = self._message(text="shown before") | {"message_id": message_id}
        await self.update({"callback_query": query | {"message": message}})

    async def update(self, update: dict[str, Any]) -> None:
        """Let Telegram have an update for the bot."""
        await self.emulator.enqueue_update(update, token=self.emulator.token)

    async def hears(self) -> Call:
        """The next message, or edit, that the chat was sent."""
        await self.emulator.wait(lambda: len(self.emulator.sent(self.chat_id)) > self.heard)
        self.heard += 1
        return self.emulator.sent(self.chat_id)[self.heard - 1]

    async def gets(self, name: str) -> Call:
        """The last document of this name that the chat was sent."""

        def sent() -> list[Call]:
            return [call for call in self.emulator.documents(self.chat_id) if call.fields["document"] == name]

        await self.emulator.wait(lambda: bool(sent()))
        return sent()[-1]

    async def hears_nothing(self, *, during: float = 0.5) -> bool:
        """Whether nothing comes for a while."""
        await asyncio.sleep(during)
        return len(self.emulator.sent(self.chat_id)) == self.heard

    def _user(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": "Reader <b>"}

    def _message(self, **content: object) -> dict[str, Any]:
        chat = {"id": self.id, "type": "private", "first_name": "Reader"} | self.chat
        return {"message_id": next(_numbers), "date": 1_700_000_000, "chat": chat, "from": self._user()} | content


def _units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2
