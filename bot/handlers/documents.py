"""Sending a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telegram import InputFile
from telegram.constants import ParseMode

from bot.handlers.sending import DELIVERING, Context, Place
from bot.transport import current

if TYPE_CHECKING:
    from bot.transport import Delivering


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file by its name, with a caption in Telegram's HTML of up to 1,024 characters."""

    name: str
    content: bytes
    caption: str


async def send_document(context: Context, place: Place, document: Document) -> None:
    """Send a document to a chat, until Telegram has it.

    It is not kept for the next start: where the bot is killed before, the command is done again.

    Raises:
        Ending: the bot ends.
        TelegramError: Telegram refuses it for good.
    """
    delivering: Delivering = context.application.bot_data[DELIVERING]

    async def transmit(_: dict[str, Any]) -> int:
        sent = await context.bot.send_document(
            place.chat,
            InputFile(document.content, filename=document.name),
            caption=document.caption,
            parse_mode=ParseMode.HTML,
            message_thread_id=place.thread,
        )
        return sent.message_id

    beside = current.set(None)
    try:
        await delivering.send([{}], transmit)
    finally:
        current.reset(beside)
