"""/reindex: an admin brings the archive up to date, and sees how far it is in one message."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, filters

from bot.handlers.sending import Bot, Context, Place, edit, in_chat, send
from bot.markup import Message, cut
from bot.reindexing import SyncFailed, SyncStopped

if TYPE_CHECKING:
    from telegram import Update

    from bot.handlers.services import Handler, Services
    from bot.reindexing import Reindexing
    from bot.texts import Texts
    from index.domain import SyncReport

PROGRESS_EVERY = 2.0
"""Seconds between edits of the message: Telegram allows about one a second in a chat."""

_FILES_NAMED = 5
_LONGEST_REASON = 300


def handler(services: Services) -> Handler:
    """Start a sync for an admin, and follow it beside the chat's other turns."""

    async def reindex(update: Update, context: Context, place: Place) -> None:
        user, reindexing = update.effective_user, services.reindexing
        if user is None or user.id not in services.admins:
            await send(context.bot, place, services.conversation.say("not_admin"))
        elif reindexing is None:
            await send(context.bot, place, services.conversation.say("reindex_no_sources"))
        elif reindexing.running:
            await send(context.bot, place, services.conversation.say("reindex_running"))
        else:
            following = _follow(context.bot, place, reindexing, services.texts, reindexing.start())
            context.application.create_task(following, update)

    return CommandHandler("reindex", in_chat(reindex), filters.UpdateType.MESSAGE)


def summary(report: SyncReport, texts: Texts) -> str:
    """What a sync did, with the first of the refused files named."""
    lines = [
        texts.html(
            "reindex_done",
            added=report.added,
            changed=report.changed,
            unchanged=report.unchanged,
            removed=report.removed,
            seconds=f"{report.seconds:.0f}",
        )
    ]
    if report.refused:
        lines.append(texts.html("reindex_refused", count=len(report.refused)))
    lines += [
        texts.html("reindex_refused_file", path=_short(refusal.path), reason=_short(refusal.reason))
        for refusal in report.refused[:_FILES_NAMED]
    ]
    if rest := len(report.refused[_FILES_NAMED:]):
        lines.append(texts.html("reindex_refused_rest", count=rest))
    return "\n".join(lines)


async def _outcome(sync: asyncio.Task[SyncReport], texts: Texts) -> str:
    try:
        return summary(await sync, texts)
    except SyncStopped:
        return texts.html("reindex_stopped")
    except SyncFailed as error:
        return texts.html("reindex_failed", reason=_short(str(error)))


async def _follow(bot: Bot, place: Place, reindexing: Reindexing, texts: Texts, sync: asyncio.Task[SyncReport]) -> None:
    shown = texts.html("reindex_started")
    message = await send(bot, place, [Message(html=shown)])
    while not (await asyncio.wait({sync}, timeout=PROGRESS_EVERY))[0]:
        progress = _progress(reindexing, texts)
        if message is not None and progress not in (None, shown):
            shown = str(progress)
            await edit(bot, place, message, Message(html=shown))
    end = Message(html=await _outcome(sync, texts))
    if message is None or not await edit(bot, place, message, end):
        await send(bot, place, [end])


def _progress(reindexing: Reindexing, texts: Texts) -> str | None:
    if (now := reindexing.progress) is None:
        return None
    counts = {"files_done": now.files_done, "files_total": now.files_total}
    return texts.html("reindex_progress", **counts, articles=now.articles, passages=now.passages)


def _short(text: str) -> str:
    line = " ".join(text.split())
    end = cut(line, _LONGEST_REASON)
    return line[:end] + ("…" if end < len(line) else "")
