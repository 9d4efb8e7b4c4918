"""/forget: all that is kept of a person is deleted, and they are told what it was."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, filters

from bot.handlers.addressed import ByPerson
from bot.handlers.sending import Context, Place, in_chat, send
from bot.markup import pack

if TYPE_CHECKING:
    from telegram import Update

    from bot.handlers.services import Handler, Services
    from bot.memory.people import Forgotten
    from bot.texts import Texts


def handler(services: Services) -> Handler:
    """Delete what is kept of who asks for it, in any chat."""

    async def forget(update: Update, context: Context, place: Place) -> None:
        speaker = services.speaker(update)
        texts = services.texts(speaker)
        forgotten = services.memory.people.forget(speaker.person)
        said = _said(forgotten, texts)
        if speaker.person in services.admins:
            said = f"{said}\n\n{texts.html('forgot_not_audit')}"
        await send(context, place, pack([said]))

    return CommandHandler("forget", in_chat(forget), filters.UpdateType.MESSAGE & ByPerson())


def _said(forgotten: Forgotten, texts: Texts) -> str:
    """What there was, kind by kind, and how many of each."""
    lines = [texts.html(f"forgot_{kind}", count=count) for kind, count in asdict(forgotten).items() if count]
    return "\n".join([texts.html("forgot"), *lines]) if lines else texts.html("forgot_nothing")
