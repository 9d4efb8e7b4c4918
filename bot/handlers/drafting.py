"""The buttons below what an admin is about to do: only who was asked may press them, and once."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler

from bot.add_messages import NO, YES
from bot.handlers.sending import Context, Place, edit, in_chat, send
from bot.markup import Message, visible

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import CallbackQuery

    from bot.handlers.services import Services
    from bot.memory.drafts import Draft

_PARTS = 3


class DraftButton(CallbackQueryHandler[Context, None]):
    """Handles the buttons whose data begin with an action; a pattern lets presses without data through too."""

    def __init__(
        self, services: Services, action: str, act: Callable[[Update, Context, Place, Draft, bool], Awaitable[None]]
    ) -> None:
        self._action = action
        self._services = services
        self._act = act
        super().__init__(in_chat(self._press))

    def check_update(self, update: object) -> bool:
        """Whether an update is a press of one."""
        query = update.callback_query if isinstance(update, Update) else None
        parts = (query.data or "").split(":") if query else []
        return len(parts) == _PARTS and parts[0] == self._action and parts[1] in (YES, NO)

    async def _press(self, update: Update, context: Context, place: Place) -> None:
        """Do what a draft was made for, where its own admin presses in its own chat; a second press does nothing."""
        query, services = update.callback_query, self._services
        if query is None:
            return
        speaker, (_, answer, key) = services.speaker(update), (query.data or "").split(":")
        texts = services.texts(speaker)
        if speaker.person not in services.admins:
            await acknowledge(query, visible(texts.html("not_admin")))
            return
        draft = services.memory.drafts.find(self._action, key, speaker.person, place.chat)
        if draft is None:
            others = services.memory.drafts.of_another(key)
            await acknowledge(query, texts.label("draft_not_yours") if others else texts.label("draft_over"))
            return
        await acknowledge(query, None)
        await self._act(update, context, place, draft, answer == YES)


async def acknowledge(query: CallbackQuery, notice: str | None) -> None:
    """Let the button rest."""
    with suppress(TelegramError):
        await query.answer(notice)


async def show(update: Update, context: Context, place: Place, message: Message) -> int:
    """Say something where the button stands; anew where that cannot be. Gives the message's id."""
    below = update.callback_query.message if update.callback_query else None
    if below is not None and await edit(context.bot, place, below.message_id, message):
        return below.message_id
    (sent,) = await send(context, place, [message])
    return sent
