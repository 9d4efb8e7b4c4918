"""Sending to a chat: a fallback where formatting is refused, one message edited, the typing sign."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters, Update
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import ContextTypes, ExtBot

from bot.markup import Button, Message, plain

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable

    from bot.transport import Delivering

log = logging.getLogger(__name__)

Bot = ExtBot[Any]
Context = ContextTypes.DEFAULT_TYPE

DELIVERING = "delivering"
"""Where an application keeps what delivers its messages."""

_TYPING_AFTER = 0.3
_TYPING_EVERY = 4.0  # Telegram shows it for five seconds
_MOST_TYPING = 8  # each sign is a call, and calls are counted by Telegram


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an update came from and its answer goes: a chat, a topic of a forum, a message that is replied to."""

    chat: int
    thread: int | None = None
    private: bool = True
    reply_to: int | None = None


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


async def send(context: Context, place: Place, messages: Iterable[Message]) -> list[int]:
    """Send messages in order, until Telegram has them, and give their ids.

    A message whose formatting Telegram refuses is sent as plain text.

    Raises:
        Ending: the bot ends; what is not sent yet is sent at the next start.
        TelegramError: Telegram refuses one for good.
    """
    delivering: Delivering = context.application.bot_data[DELIVERING]
    where = {"chat": place.chat, "thread": place.thread, "reply_to": place.reply_to}
    return await delivering.send([where | asdict(message) for message in messages], transmit_by(context.bot))


def transmit_by(bot: Bot) -> Callable[[dict[str, Any]], Coroutine[Any, Any, int]]:
    """What sends one message, as ``send`` has put it, and gives its id."""

    async def transmit(sending: dict[str, Any]) -> int:
        rows = tuple(tuple(Button(**button) for button in row) for row in sending["buttons"])
        message = Message(html=sending["html"], buttons=rows)
        reply = ReplyParameters(sending["reply_to"], allow_sending_without_reply=True) if sending["reply_to"] else None
        rest: dict[str, Any] = {
            "reply_markup": keyboard(message),
            "message_thread_id": sending["thread"],
            "reply_parameters": reply,
        }
        try:
            sent = await bot.send_message(sending["chat"], message.html, parse_mode=ParseMode.HTML, **rest)
        except BadRequest as error:
            if not _is_about_formatting(error):
                raise
            log.warning("Telegram refused the form of a message, which was sent as plain text: %s", error)
            bare = rest | {"reply_markup": keyboard(without_addresses(message))}
            sent = await bot.send_message(sending["chat"], plain(message), **bare)
        return sent.message_id

    return transmit


async def edit(bot: Bot, place: Place, message_id: int, message: Message) -> bool:
    """Change a message that was sent, its buttons too; whether it now says that."""
    rest: dict[str, Any] = {"chat_id": place.chat, "message_id": message_id, "reply_markup": keyboard(message)}
    try:
        await bot.edit_message_text(message.html, parse_mode=ParseMode.HTML, **rest)
    except BadRequest as error:
        if "not modified" in str(error).lower():
            return True
        if not _is_about_formatting(error):
            log.info("a message could not be edited: %s", error)
            return False
        with suppress(TelegramError):
            await bot.edit_message_text(plain(message), **rest)
            return True
        return False
    except TelegramError as error:
        log.info("a message could not be edited: %s", error)
        return False
    return True


def without_addresses(message: Message) -> Message:
    """The message without the buttons that open an address."""
    rows = (tuple(each for each in row if not each.url) for row in message.buttons)
    return Message(html=message.html, buttons=tuple(row for row in rows if row))


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """The buttons of a message, as Telegram wants them."""
    rows = [
        [InlineKeyboardButton(each.label, url=each.url, callback_data=None if each.url else each.data) for each in row]
        for row in message.buttons
    ]
    return InlineKeyboardMarkup(rows) if rows else None


_signs: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


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
    """Show the sign now and again, where few others are shown it: answers go before signs."""
    await asyncio.sleep(_TYPING_AFTER)
    async with _signs.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_MOST_TYPING)):
        while True:
            with suppress(TelegramError):
                await bot.send_chat_action(place.chat, ChatAction.TYPING, message_thread_id=place.thread)
            await asyncio.sleep(_TYPING_EVERY)


def _is_about_formatting(error: BadRequest) -> bool:
    said = str(error).lower()
    return "entit" in said or "too long" in said or "url" in said
