"""/invite and /invitations: links by which people may ask, made and withdrawn by admins, in private."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.handlers.admin_command import admin_command, note
from bot.handlers.drafting import acknowledge, show
from bot.handlers.sending import Context, Place, in_chat, send
from bot.inviting import (
    ASK,
    BUTTON,
    EXPEL,
    KEEP,
    LEAVE,
    list_message,
    made_message,
    named,
    wanted,
    withdraw_message,
)
from bot.markup import Message, visible

if TYPE_CHECKING:
    from bot.handlers.services import Handler, Services
    from bot.memory.access import Invitation

_PARTS = 3


def handlers(services: Services) -> list[Handler]:
    """Take both commands, and the buttons below the list."""

    async def invite(update: Update, context: Context, place: Place) -> None:
        speaker = services.speaker(update)
        texts, asked = services.texts(speaker), wanted(context.args or ())
        if not speaker.private:
            message = Message(html=texts.html("private_only"))
        elif asked is None:
            message = Message(html=texts.html("invite_how"))
        else:
            made = services.memory.access.invite(speaker.person, *asked)
            note(services, speaker.person, "invite", named(made), f"for {made.uses}")
            message = made_message(made, context.bot.username, texts)
        await send(context, place, [message])

    async def invitations(update: Update, context: Context, place: Place) -> None:
        speaker = services.speaker(update)
        texts, there = services.texts(speaker), services.memory.access.invitations()
        note(services, speaker.person, "invitations", "", "shown" if speaker.private else "not shown")
        private = Message(html=texts.html("private_only"))
        await send(context, place, [list_message(there, services.timezone, texts) if speaker.private else private])

    return [
        admin_command(services, "invite", invite),
        admin_command(services, "invitations", invitations),
        _InvitationButton(services),
    ]


class _InvitationButton(CallbackQueryHandler[Context, None]):
    """Handles the buttons of invitations; a pattern of the library lets presses without data through too."""

    def __init__(self, services: Services) -> None:
        self._services = services
        super().__init__(in_chat(self._press))

    def check_update(self, update: object) -> bool:
        """Whether an update is a press of one."""
        query = update.callback_query if isinstance(update, Update) else None
        parts = (query.data or "").split(":") if query else []
        return len(parts) == _PARTS and parts[0] == BUTTON and parts[1] in (ASK, KEEP, EXPEL, LEAVE)

    async def _press(self, update: Update, context: Context, place: Place) -> None:
        """Ask whether to withdraw, or do what was chosen, for an admin."""
        query, services = update.callback_query, self._services
        if query is None:
            return
        speaker, (_, action, code) = services.speaker(update), (query.data or "").split(":")
        texts = services.texts(speaker)
        if speaker.person not in services.admins:
            await acknowledge(query, visible(texts.html("not_admin")))
            return
        invitation = services.memory.access.find(code)
        if invitation is None:
            await acknowledge(query, texts.label("withdraw_over"))
            return
        await acknowledge(query, None)
        if action == ASK:
            members = services.memory.access.members(code)
            await send(context, place, [withdraw_message(invitation, members, texts)])
        elif action == LEAVE:
            await show(update, context, place, Message(html=texts.html("withdraw_left", note=named(invitation))))
        else:
            expelled = self._withdraw(speaker.person, invitation, expel=action == EXPEL)
            html = texts.html("withdraw_done", note=named(invitation), expelled=expelled)
            await show(update, context, place, Message(html=html))

    def _withdraw(self, person: int, invitation: Invitation, *, expel: bool) -> int:
        expelled = self._services.memory.access.withdraw(invitation.code, expel=expel) or 0
        note(self._services, person, "withdraw", named(invitation), f"expelled {expelled}")
        return expelled
