"""/feedback: what readers said of answers, as a document that ``newsdesk eval`` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.feedback_csv import feedback_csv
from bot.handlers.admin_command import admin_command, note
from bot.handlers.documents import Document, send_document
from bot.handlers.sending import Context, Place, send

if TYPE_CHECKING:
    from telegram import Update

    from bot.handlers.services import Handler, Services


def handler(services: Services) -> Handler:
    """Send an admin all that readers said, with how it is used."""

    async def feedback(update: Update, context: Context, place: Place) -> None:
        speaker = services.speaker(update)
        said = services.memory.feedback.rows()
        note(services, speaker.person, "feedback", "all", f"{len(said)} rows")
        if not said:
            await send(context, place, services.conversation.say(speaker, "feedback_none").messages)
            return
        right = sum(each.helpful for each in said)
        caption = services.texts(speaker).html("feedback_document", right=right, wrong=len(said) - right)
        await send_document(context, place, Document(name="feedback.csv", content=feedback_csv(said), caption=caption))

    return admin_command(services, "feedback", feedback)
