"""/status: how the archive and the bot do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk import DeskBusy, DeskTimeout
from bot.handlers.admin_command import admin_command, note
from bot.handlers.sending import Context, Place, send, typing
from bot.markup import pack
from bot.status_blocks import Status, status_blocks
from index.errors import ArchiveBusy

if TYPE_CHECKING:
    from telegram import Update

    from bot.handlers.services import Handler, Services
    from index.domain import Stats

_SYNCS = 3


def handler(services: Services) -> Handler:
    """Show an admin how things are."""

    async def status(update: Update, context: Context, place: Place) -> None:
        speaker = services.speaker(update)
        note(services, speaker.person, "status", "", "shown")
        async with typing(context.bot, place):
            blocks = status_blocks(await _status(services), services.texts(speaker))
        await send(context, place, pack(blocks))

    return admin_command(services, "status", status)


async def _status(services: Services) -> Status:
    desk, memory, metrics = services.desk, services.memory, services.metrics
    waiting = desk.waiting
    syncs = memory.audit.last("reindex", _SYNCS)
    return Status(
        archive=await _stats(services),
        waiting=waiting,
        longest=desk.longest,
        median=metrics.median(),
        p95=metrics.p95(),
        syncs=tuple((each.at, each.outcome) for each in reversed(syncs)),
        errors=services.errors.of_the_day(),
        failures=metrics.errors_of_the_day(),
        feedback=memory.feedback.counts(),
        timezone=services.timezone,
    )


async def _stats(services: Services) -> Stats | None:
    try:
        return await services.desk.stats()
    except (DeskBusy, DeskTimeout, ArchiveBusy):
        return None
