"""/reindex: an admin brings the archive up to date, sees how far it is in one message, and can cancel it there."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler

from bot.handlers.admin_command import admin_command, note
from bot.handlers.documents import Document, send_document
from bot.handlers.sending import Context, Place, edit, in_chat, send
from bot.markup import Message, pack, visible
from bot.reindexing import RemovalHeld, SyncCancelled
from bot.sync_messages import BUTTON, CANCEL, REMOVE, ended_message, in_a_line, progress_message, refused_csv

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.handlers.services import Handler, Services
    from bot.reindexing import Ended, Reindexing, Run
    from bot.texts import Texts

PROGRESS_EVERY = 2.0
"""Seconds between edits of the message: Telegram allows about one a second in a chat."""

_REFUSED = "refused.csv"


def handler(services: Services) -> Handler:
    """Start a sync for an admin, or show the one that runs; it is followed beside the chat's other turns."""

    async def reindex(update: Update, context: Context, place: Place) -> None:
        speaker, reindexing = services.speaker(update), services.reindexing
        if reindexing is None:
            await send(context, place, services.conversation.say(speaker, "reindex_no_sources").messages)
            return
        texts, run = services.texts(speaker), reindexing.run if reindexing.running else None
        if run is None:
            run = begin(services, reindexing, speaker.person)
            message = progress_message(run.progress, run.key, texts)
        else:
            now = progress_message(run.progress, run.key, texts)
            (message,) = pack([texts.html("reindex_running"), now.html], now.buttons)
        await _show(update, context, place, run, message, texts)

    return admin_command(services, "reindex", reindex)


def press_handler(services: Services) -> Handler:
    """Cancel a sync, or begin one that removes what was held back, where an admin presses the button for it."""

    async def press(update: Update, context: Context, place: Place) -> None:
        query, reindexing = update.callback_query, services.reindexing
        if query is None:
            return
        person, texts = services.speaker(update).person, services.texts(services.speaker(update))
        _, action, key = (query.data or "").split(":")
        run = reindexing.run if reindexing and reindexing.run and reindexing.run.key == key else None
        if person not in services.admins:
            notice = visible(texts.html("not_admin"))
        elif run and action == CANCEL and run.ended is None:
            note(services, person, "cancel", "reindex", "cancelled")
            context.application.create_task(run.end(SyncCancelled("cancelled")), update)
            notice = texts.label("reindex_cancelling")
        elif run and reindexing and action == REMOVE and isinstance(run.ended, RemovalHeld):
            run = begin(services, reindexing, person, allow_removal=True)
            await _take_away_button(update, context, place)
            await _show(update, context, place, run, progress_message(None, run.key, texts), texts)
            notice = None
        else:
            await _take_away_button(update, context, place)
            notice = texts.label("reindex_over")
        with suppress(TelegramError):
            await query.answer(notice)

    return _SyncButton(in_chat(press))


class _SyncButton(CallbackQueryHandler[Context, None]):
    """Handles the buttons of a sync; a pattern of the library lets presses without data through too."""

    def check_update(self, update: object) -> bool:
        """Whether an update is a press of one."""
        query = update.callback_query if isinstance(update, Update) else None
        parts = (query.data or "").split(":") if query else []
        return len(parts) == 3 and parts[0] == BUTTON and parts[1] in (CANCEL, REMOVE)


def begin(services: Services, reindexing: Reindexing, person: int, *, allow_removal: bool = False) -> Run:
    """Start a sync, and note what comes of it."""
    noted = noting(services, person, "with removal" if allow_removal else "by command")
    run = reindexing.start(allow_removal=allow_removal)
    run.task.add_done_callback(lambda done: noted(done.result()))
    return run


def noting(services: Services, person: int, what: str) -> Callable[[Ended], None]:
    """What keeps the end of a sync that a person, 0 for none, began."""
    return lambda ended: note(services, person, "reindex", what, in_a_line(ended))


async def _show(update: Update, context: Context, place: Place, run: Run, message: Message, texts: Texts) -> None:
    """Send a message about a sync, and keep it up to date from now on."""
    (message_id,) = await send(context, place, [message])
    context.application.create_task(_follow(context, place, message_id, run, texts), update)


async def _follow(context: Context, place: Place, message_id: int, run: Run, texts: Texts) -> None:
    shown = None
    while not (await asyncio.wait({run.task}, timeout=PROGRESS_EVERY))[0]:
        if run.progress != shown:
            shown = run.progress
            await edit(context.bot, place, message_id, progress_message(shown, run.key, texts))
    ended = run.task.result()
    end = ended_message(ended, run.key, texts)
    if not await edit(context.bot, place, message_id, end):
        await send(context, place, [end])
    if refused := refused_csv(ended):
        caption = texts.html("reindex_refused_document")
        await send_document(context, place, Document(name=_REFUSED, content=refused, caption=caption))


async def _take_away_button(update: Update, context: Context, place: Place) -> None:
    """Leave the message as it is, without its button."""
    if (query := update.callback_query) and query.message:
        with suppress(TelegramError):
            await context.bot.edit_message_reply_markup(place.chat, query.message.message_id)
