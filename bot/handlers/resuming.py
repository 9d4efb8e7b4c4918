"""What was said yes to, and not done when the bot ended, is done at its next start."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from bot.handlers.add import taken_in
from bot.handlers.sending import Bot, transmit_by
from bot.memory.drafts import ADD
from bot.transport import Ending

if TYPE_CHECKING:
    from bot.handlers.services import Services
    from bot.transport import Delivering


async def resume(services: Services, bot: Bot, delivering: Delivering) -> None:
    """Take in the articles that were added, and tell the admins who added them."""
    accepted = [each for each in services.memory.drafts.all(ADD) if services.adding.shelf.is_added(each.what)]
    for draft in accepted:
        texts = services.languages.of(services.memory.people.language(draft.person))
        message = await taken_in(services, draft, texts)
        if message is None:
            return
        where = {"chat": draft.chat, "thread": None, "reply_to": None}
        with suppress(TelegramError, Ending):
            await delivering.send([where | asdict(message)], transmit_by(bot))
