"""Sending to a chat: a fallback where formatting is refused, one message edited, the typing sign."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import ContextTypes, ExtBot

from bot.markup import plain

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable

    from bot.markup import Message

log = logging.getLogger(__name__)

Bot = ExtBot[Any]
Context = ContextTypes.DEFAULT_TYPE

_TYPING_AFTER = 0.3
_TYPING_EVERY = 4.0  # Telegram shows it for five seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an update came from and its answer goes: a chat, and a topic of a forum."""

    chat: int
    thread: int | None = None
    private: bool = True


def place_of(update: Update) -> Place | None:
    """The place of an update; ``None`` where it has none, such as a button in an inline message."""
    chat, message = update.effective_chat, update.effective_message
    if chat is None:
        return None
    in_topic = isinstance(message, telegram.Message) and message.is_topic_message
    thread = message.message_thread_id if in_topic and isinstance(message, telegram.Message) else None
    return Place(chat=chat.id, thread=thread, private=chat.type == chat.PRIVATE)


def in_chat(
    act: Callable[[Update, Context, Place], Awaitable[None]],
) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    """A handler's callback from what to do in a place; an update of no place is left alone."""

    async def handle(update: Update, context: Context) -> None:
        if place := place_of(update):
            await act(update, context, place)

    return handle


async def send(bot: Bot, place: Place, messages: Iterable[Message]) -> int | None:
    """Send messages in order; a message whose formatting Telegram refuses is sent as plain text.

    Returns:
        The id of the last message; ``None`` where there was none.
    """
    sent = None
    for message in messages:
        rest: dict[str, Any] = {"reply_markup": keyboard(message), "message_thread_id": place.thread}
        try:
            sent = await bot.send_message(place.chat, message.html, parse_mode=ParseMode.HTML, **rest)
        except BadRequest as error:
            if not _is_about_formatting(error):
                raise
            log.warning("Telegram refused the formatting of a message, which was sent as plain text: %s", error)
            sent = await bot.send_message(place.chat, plain(message), **rest)
    return sent.message_id if sent else None


async def edit(bot: Bot, place: Place, message_id: int, message: Message) -> bool:
    """Change a message that was sent; whether Telegram did."""
    try:
        await bot.edit_message_text(message.html, place.chat, message_id, parse_mode=ParseMode.HTML)
    except TelegramError as error:
        log.info("a message could not be edited: %s", error)
        return False
    return True


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """The buttons of a message, as Telegram wants them."""
    rows = [
        [InlineKeyboardButton(button.label, callback_data=button.data) for button in row] for row in message.buttons
    ]
    return InlineKeyboardMarkup(rows) if rows else None


@asynccontextmanager
async def typing(bot: Bot, place: Place) -> AsyncIterator[None]:
    """Show that an answer is being written for as long as the block takes, where it takes longer than a moment."""
    task = asyncio.create_task(_keep_typing(bot, place))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keep_typing(bot: Bot, place: Place) -> None:
    await asyncio.sleep(_TYPING_AFTER)
    while True:
        with suppress(TelegramError):
            await bot.send_chat_action(place.chat, ChatAction.TYPING, message_thread_id=place.thread)
        await asyncio.sleep(_TYPING_EVERY)


def _is_about_formatting(error: BadRequest) -> bool:
    said = str(error).lower()
    return "entit" in said or "too long" in said
