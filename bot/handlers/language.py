"""/language: a person chooses the language that the bot speaks with them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from bot.handlers.addressed import ByPerson
from bot.handlers.sending import Context, Place, edit, in_chat, send
from bot.markup import Button, Message

if TYPE_CHECKING:
    from telegram import Update

    from bot.handlers.services import Handler, Services
    from bot.texts import Texts

_BUTTON = "language"
_IN_A_ROW = 2


def handler(services: Services) -> Handler:
    """Offer the languages, or take the one that follows the command."""

    async def offer(update: Update, context: Context, place: Place) -> None:
        speaker = services.speaker(update)
        wanted = context.args[0].strip().casefold() if context.args else None
        if wanted in services.languages.codes:
            message = Message(html=_choose(services, speaker.person, wanted).html("language_chosen"))
        else:
            name = "language_offered" if wanted is None else "language_unknown"
            message = Message(html=services.texts(speaker).html(name), buttons=_rows(services))
        await send(context, place, [message])

    return CommandHandler("language", in_chat(offer), filters.UpdateType.MESSAGE & ByPerson())


def press_handler(services: Services) -> Handler:
    """Take the language whose button was pressed; in a private chat it then stands in the place of the offer."""

    async def press(update: Update, context: Context, place: Place) -> None:
        query = update.callback_query
        if query is None:
            return
        code, notice = str(query.data).removeprefix(f"{_BUTTON}:"), None
        if code in services.languages.codes:
            texts = _choose(services, query.from_user.id, code)
            notice = texts.label("language_chosen")
            if place.private and query.message is not None:
                await edit(context.bot, place, query.message.message_id, Message(html=texts.html("language_chosen")))
        with suppress(TelegramError):
            await query.answer(notice)

    return CallbackQueryHandler(in_chat(press), pattern=rf"^{_BUTTON}:")


def _choose(services: Services, person: int, code: str) -> Texts:
    services.memory.people.choose(person, code)
    return services.languages.of(code)


def _rows(services: Services) -> tuple[tuple[Button, ...], ...]:
    """A button for each language, by its name in itself."""
    buttons = [
        Button(label=services.languages.name(code), data=f"{_BUTTON}:{code}") for code in services.languages.codes
    ]
    return tuple(tuple(buttons[at : at + _IN_A_ROW]) for at in range(0, len(buttons), _IN_A_ROW))
