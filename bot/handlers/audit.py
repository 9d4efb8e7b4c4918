"""/audit: what admins did last."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bot.add_messages import shortened
from bot.handlers.admin_command import admin_command, note
from bot.handlers.sending import Context, Place, send
from bot.markup import Message

if TYPE_CHECKING:
    from telegram import Update

    from bot.handlers.services import Handler, Services
    from bot.memory.audit import Noted
    from bot.texts import Texts

_SHOWN = 20
_PART = 60


def handler(services: Services) -> Handler:
    """Show an admin the last twenty, newest first."""

    async def audit(update: Update, context: Context, place: Place) -> None:
        texts, noted = services.texts(services.speaker(update)), services.memory.audit.recent(_SHOWN)
        lines = [_line(services, each, texts) for each in noted]
        html = "\n".join([texts.html("audit_title"), *lines]) if lines else texts.html("audit_none")
        note(services, services.speaker(update).person, "audit", "", "shown")
        await send(context, place, [Message(html=html)])

    return admin_command(services, "audit", audit)


def _line(services: Services, noted: Noted, texts: Texts) -> str:
    return texts.html(
        "audit_line",
        moment=f"{datetime.fromtimestamp(noted.at, services.timezone):%Y-%m-%d %H:%M}",
        person=noted.person,
        action=noted.action,
        what=shortened(noted.what, _PART),
        outcome=shortened(noted.outcome, _PART),
    )
