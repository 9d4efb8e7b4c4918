"""A press of a button, and a reply that says what is wrong with an answer."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from telegram.error import BadRequest, TelegramError
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.conversation.verdicts import key_of_reason
from bot.handlers.sending import Bot, Context, Place, edit, in_chat, keyboard, send, typing, without_addresses
from bot.markup import Message, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    import telegram
    from telegram import CallbackQuery, Update

    from bot.handlers.services import Handler, Services
    from bot.markup import Outcome

log = logging.getLogger(__name__)

DOUBLE_TAP = 3.0
"""Seconds within which the same press again is taken for a slip of the finger."""


def handler(services: Services) -> Handler:
    """Do what the button stands for, in the chat it stands in; one in an inline message, which has none, nothing."""
    return CallbackQueryHandler(_pressing(services))


def empty_handler(services: Services) -> Handler:
    """Take the presses without data: python-telegram-bot lets them through every pattern, so this one goes first."""
    return CallbackQueryHandler(_pressing(services), pattern=r"(?!)")


def _pressing(services: Services) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    taps = _Taps()

    async def press(update: Update, context: Context, place: Place) -> None:
        query = update.callback_query
        if query is None:
            return
        outcome: Outcome | None = None
        if not taps.twice(query):
            try:
                async with typing(context.bot, place):
                    speaker, day = services.speaker(update), services.day(update)
                    outcome = await services.conversation.press(speaker, query.data or "", day)
                taps.done(query)
            finally:
                await _acknowledge(query, outcome.notice if outcome else None)
            await _show(outcome, context, place, query.message.message_id if query.message else None)
        else:
            await _acknowledge(query, None)

    async def handle(update: Update, context: Context) -> None:
        if update.effective_chat is None and update.callback_query is not None:
            await _acknowledge(update.callback_query, None)
        else:
            await in_chat(press)(update, context)

    return handle


def reason_handler(services: Services) -> Handler:
    """Take a reply to an answer for the reason, where who replies has just said that the answer is wrong."""

    async def note(update: Update, context: Context, place: Place) -> None:
        message = update.effective_message
        key = _key(message)
        if message is None or message.reply_to_message is None or key is None:
            return
        outcome = services.conversation.buttons.verdicts.write(services.speaker(update), key, message.text or "")
        await _show(outcome, context, place, message.reply_to_message.message_id)

    wanted = filters.REPLY & filters.TEXT & ~filters.COMMAND & filters.UpdateType.MESSAGE & _Reason(services)
    return MessageHandler(wanted, in_chat(note))


class _Reason(filters.UpdateFilter):
    """Passes replies that say why an answer is wrong."""

    def __init__(self, services: Services) -> None:
        super().__init__(name="reason")
        self._services = services

    def filter(self, update: Update) -> bool:
        """Whether this one does."""
        key = _key(update.message)
        return key is not None and self._services.conversation.buttons.verdicts.awaits(
            self._services.speaker(update), key
        )


class _Taps:
    """The last press of each person, as long as the same again may be a slip."""

    def __init__(self) -> None:
        self._last: dict[int, tuple[tuple[int, str | None], float]] = {}

    def twice(self, query: CallbackQuery) -> bool:
        """Whether the person did the same just before."""
        now = time.monotonic()
        self._last = {person: last for person, last in self._last.items() if now - last[1] < DOUBLE_TAP}
        last = self._last.get(query.from_user.id)
        return last is not None and last[0] == _what(query)

    def done(self, query: CallbackQuery) -> None:
        """Note a press when what it stands for has been done."""
        self._last[query.from_user.id] = _what(query), time.monotonic()


def _what(query: CallbackQuery) -> tuple[int, str | None]:
    return query.message.message_id if query.message else 0, query.data


def _key(message: telegram.Message | None) -> str | None:
    """The key of the answer that a message replies to, where reasons can be tapped below it."""
    answer = message.reply_to_message if message else None
    rows = answer.reply_markup.inline_keyboard if answer and answer.reply_markup else ()
    data = (button.callback_data for row in rows for button in row)
    return next((key for each in data if isinstance(each, str) and (key := key_of_reason(each))), None)


async def _acknowledge(query: CallbackQuery, notice: str | None) -> None:
    """Let the button rest; where it is too old for that, or Telegram away, the answer comes all the same."""
    with suppress(TelegramError):
        await query.answer(notice)


async def _show(outcome: Outcome, context: Context, place: Place, message_id: int | None) -> None:
    """Change what stands there, or send it anew where that cannot be, then send what is new."""
    if message_id is not None and outcome.buttons is not None:
        await _edit_buttons(context.bot, place, message_id, outcome.buttons)
    new = outcome.messages
    if outcome.edit and (message_id is None or not await edit(context.bot, place, message_id, outcome.edit)):
        new = (outcome.edit, *new)
    if new:
        await send(context, place, new)


async def _edit_buttons(bot: Bot, place: Place, message_id: int, rows: Rows) -> None:
    """Change the buttons below a message; where Telegram refuses an address among them, without those that open one."""
    message = Message(html="", buttons=rows)
    for each in (message, without_addresses(message)):
        try:
            await bot.edit_message_reply_markup(place.chat, message_id, reply_markup=keyboard(each))
        except BadRequest as error:
            if "url" not in str(error).lower():  # "not modified", after a second tap; or the message is gone
                return
        except TelegramError as error:
            log.info("the buttons of a message could not be changed: %s", error)
            return
        else:
            return
