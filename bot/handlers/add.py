"""/add: a document or a text of an admin becomes an article, after a preview and a yes."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING

from telegram import Document
from telegram.ext import CommandHandler, MessageHandler, filters

from bot.add_messages import add_message, added_message, not_added_message, nothing_added_message
from bot.adding import NotDone
from bot.handlers.admin_command import note
from bot.handlers.drafting import DraftButton, show
from bot.handlers.fetching import NotTaken, fetched
from bot.handlers.sending import Context, Place, edit, in_chat, send, typing
from bot.handlers.sent_texts import Pasted, sent
from bot.markup import Message
from bot.memory.drafts import ADD, LIFE_SECONDS
from bot.pasted import file_of_text
from bot.reindexing import SyncStopped
from bot.sync_messages import in_a_line
from index.domain import SyncReport

if TYPE_CHECKING:
    from telegram import Update

    from bot.handlers.services import Handler, Services
    from bot.memory.drafts import Draft
    from bot.previewing import Preview
    from bot.speaker import Speaker
    from bot.texts import Texts

_KEPT_SECONDS = LIFE_SECONDS + 3600  # a file is made before its draft


def handlers(services: Services) -> list[Handler]:
    """Take /add, as a command and as the caption of a document; and its buttons."""

    async def add(update: Update, context: Context, place: Place) -> None:
        speaker, caption = services.speaker(update), (update.message and update.message.caption) or ""
        whom = caption.partition("@")[2].split(maxsplit=1) if caption.startswith("/add@") else []
        if whom and whom[0].lower() != context.bot.username.lower():
            return
        if speaker.person not in services.admins:
            await send(context, place, services.conversation.say(speaker, "not_admin").messages)
            return
        try:
            async with typing(context.bot, place):
                message = await _draft(services, update, speaker)
        except NotTaken as reason:
            await send(context, place, services.conversation.say(speaker, reason.sentence, **reason.values).messages)
        else:
            await send(context, place, [message])

    async def press(update: Update, context: Context, place: Place, draft: Draft, yes: bool) -> None:  # noqa: FBT001
        await (_accept if yes else _discard)(services, update, context, place, draft)

    captioned = filters.CaptionRegex(r"^/add(?:@\w+)?(?:\s|$)") & filters.UpdateType.MESSAGE
    return [
        CommandHandler("add", in_chat(add), filters.UpdateType.MESSAGE),
        MessageHandler(captioned, in_chat(add)),
        DraftButton(services, ADD, press),
    ]


async def _draft(services: Services, update: Update, speaker: Speaker) -> Message:
    """Keep what was sent, and show what it would give.

    Raises:
        NotTaken: it gives nothing.
    """
    wanted = sent(update.message, services.timezone) if update.message else None
    if wanted is None:
        raise NotTaken("add_what")
    content, kind = await fetched(wanted) if isinstance(wanted, Document) else file_of_text(wanted.text, wanted.post)
    drafts, shelf = services.memory.drafts, services.adding.shelf
    try:
        await asyncio.to_thread(shelf.tidy, _KEPT_SECONDS)
        name = await asyncio.to_thread(shelf.keep, content, kind)
    except OSError as error:
        raise NotTaken("add_not_kept", reason=error.strerror) from error
    try:
        preview = await _preview(services, name)
        draft = drafts.keep(speaker.person, speaker.chat, ADD, name, preview.articles[0].title)
    except (NotTaken, sqlite3.Error):
        shelf.discard(name)
        raise
    perhaps_cut = isinstance(wanted, Pasted) and wanted.perhaps_cut
    return add_message(preview, draft.key, services.texts(speaker), perhaps_cut=perhaps_cut)


async def _preview(services: Services, name: str) -> Preview:
    """What a file would give, one article at least.

    Raises:
        NotTaken: it gives none.
    """
    try:
        preview = await services.adding.preview(name)
    except NotDone as error:
        raise NotTaken("add_unreadable", reason=error) from error
    if not preview.count:
        raise NotTaken("add_unreadable", reason=next(iter(preview.refused), ""))
    return preview


async def _discard(services: Services, update: Update, context: Context, place: Place, draft: Draft) -> None:
    if services.adding.shelf.is_added(draft.what):  # a yes came before
        return
    services.adding.shelf.discard(draft.what)
    services.memory.drafts.drop(draft.key)
    note(services, draft.person, ADD, draft.title, "discarded")
    texts = services.texts(services.speaker(update))
    await show(update, context, place, Message(html=texts.html("add_discarded", title=draft.title)))


async def _accept(services: Services, update: Update, context: Context, place: Place, draft: Draft) -> None:
    """Let the file be read by every sync from now on, and begin one."""
    shelf, texts = services.adding.shelf, services.texts(services.speaker(update))
    if shelf.is_added(draft.what):  # a double tap, or what a kill cut short: ``resume`` goes on with it
        return
    if not await asyncio.to_thread(shelf.accept, draft.what):
        services.memory.drafts.drop(draft.key)
        await show(update, context, place, nothing_added_message(texts.label("draft_over"), texts))
        return
    message = Message(html=texts.html("add_begun", title=draft.title))
    message_id = await show(update, context, place, message)
    context.application.create_task(_take_in(services, context, place, draft, message_id, texts), update)


async def _take_in(
    services: Services, context: Context, place: Place, draft: Draft, message_id: int, texts: Texts
) -> None:
    """Sync what was added, and say what came of it where that was announced."""
    end = await taken_in(services, draft, texts)
    if end is not None and not await edit(context.bot, place, message_id, end):
        await send(context, place, [end])


async def taken_in(services: Services, draft: Draft, texts: Texts) -> Message | None:
    """What is to be said of a draft after a sync; ``None`` where the bot ends before, and goes on at its next start."""
    ended = await services.adding.sync()
    if isinstance(ended, SyncStopped):
        return None
    note(services, draft.person, ADD, draft.title, in_a_line(ended))
    if not isinstance(ended, SyncReport):
        return not_added_message(ended, texts)
    services.memory.drafts.drop(draft.key)
    reason = next((each.reason for each in ended.refused if each.path.startswith(draft.what)), None)
    if reason is not None and not await services.adding.is_there(draft.what):
        services.adding.shelf.discard(draft.what)
        return nothing_added_message(reason, texts)
    return added_message(ended, draft.title, texts)
