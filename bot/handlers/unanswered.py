"""/unanswered: what readers asked and the archive could not say, alike questions together."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np

from bot.clustering import grouped
from bot.desk import DeskBusy, DeskTimeout
from bot.handlers.admin_command import admin_command, note
from bot.handlers.documents import Document, send_document
from bot.handlers.sending import Context, Place, send, typing
from bot.markup import pack
from bot.unanswered_list import listed, table
from index.errors import ArchiveBusy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Update

    from bot.clustering import Group
    from bot.desk import Desk
    from bot.handlers.services import Handler, Services
    from bot.memory.unanswered import Asked

_MOST = 1000
_AT_A_TIME = 16
"""Questions encoded in one turn at the desk: some 100 ms that a reader waits."""


def handler(services: Services) -> Handler:
    """Show an admin what is asked most and not answered, and all of it as a document."""

    async def unanswered(update: Update, context: Context, place: Place) -> None:
        speaker = services.speaker(update)
        asked = services.memory.unanswered.rows(_MOST)
        note(services, speaker.person, "unanswered", "newest", f"{len(asked)} questions")
        if not asked:
            await send(context, place, services.conversation.say(speaker, "unanswered_none").messages)
            return
        try:
            async with typing(context.bot, place):
                groups = await _groups(services.desk, asked)
        except (DeskBusy, DeskTimeout, ArchiveBusy):
            await send(context, place, services.conversation.say(speaker, "busy").messages)
            return
        texts = services.texts(speaker)
        caption = texts.html("unanswered_document", count=len(asked))
        await send_document(context, place, Document(name="unanswered.csv", content=table(groups), caption=caption))
        await send(context, place, pack(listed(groups, texts)))

    return admin_command(services, "unanswered", unanswered)


async def _groups(desk: Desk, asked: Sequence[Asked]) -> tuple[Group, ...]:
    """Questions by what they ask; each wording is encoded once."""
    wordings = list(dict.fromkeys(each.question for each in asked))
    parts = [await desk.encode(wordings[start : start + _AT_A_TIME]) for start in range(0, len(wordings), _AT_A_TIME)]
    place = {wording: number for number, wording in enumerate(wordings)}
    vectors = np.concatenate(parts)[[place[each.question] for each in asked]]
    return await asyncio.to_thread(grouped, asked, vectors)
