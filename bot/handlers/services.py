"""What handlers work with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.ext import BaseHandler

from bot.handlers.sending import Context

if TYPE_CHECKING:
    from bot.conversation import Conversation
    from bot.reindexing import Reindexing
    from bot.texts import Texts

Handler = BaseHandler[Update, Context, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The finished parts.

    ``admins`` are Telegram ids; ``reindexing`` is ``None`` where no sources are set up; ``timezone`` says which day it
    is for readers.
    """

    conversation: Conversation
    texts: Texts
    admins: frozenset[int]
    reindexing: Reindexing | None
    timezone: tzinfo = UTC

    async def end(self) -> None:
        """Stop what runs beside the conversation."""
        if self.reindexing is not None:
            await self.reindexing.stop()
