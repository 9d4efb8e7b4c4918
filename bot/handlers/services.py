"""What handlers work with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.ext import BaseHandler

from bot.gate import Gate
from bot.handlers.sending import Context
from bot.metrics import Metrics
from bot.recent_errors import RecentErrors
from bot.speaker import Speaker

if TYPE_CHECKING:
    from datetime import date

    from bot.adding import Adding
    from bot.conversation import Conversation
    from bot.desk import Desk
    from bot.memory import Memory
    from bot.reindexing import Reindexing
    from bot.texts import Languages, Texts

Handler = BaseHandler[Update, Context, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The finished parts.

    ``admins`` are Telegram ids; ``reindexing`` is ``None`` where no sources are set up; ``timezone`` says which day it
    is for readers.
    """

    conversation: Conversation
    desk: Desk
    memory: Memory
    languages: Languages
    admins: frozenset[int]
    reindexing: Reindexing | None
    adding: Adding
    timezone: tzinfo = UTC
    metrics: Metrics = field(default_factory=Metrics)
    errors: RecentErrors = field(default_factory=RecentErrors)
    gate: Gate = field(default_factory=Gate)

    def texts(self, speaker: Speaker) -> Texts:
        """The texts in the language of who speaks."""
        return self.languages.of(speaker.language)

    def speaker(self, update: Update) -> Speaker:
        """Who speaks in an update, where, and in which language: the one chosen, else the one of their Telegram.

        Who writes as a group or a channel shares a name with all who do, and is nobody.
        """
        user, chat, message = update.effective_user, update.effective_chat, update.effective_message
        in_the_name_of = getattr(message, "sender_chat", None) if update.callback_query is None else None
        person = user.id if user and in_the_name_of is None else 0
        topic = getattr(message, "message_thread_id", None) if getattr(message, "is_topic_message", False) else None
        return Speaker(
            chat=chat.id if chat else 0,
            thread=topic,
            person=person,
            language=self.memory.people.language(person)
            or (user.language_code if user else None)
            or self.languages.otherwise,
            private=chat is None or chat.type == chat.PRIVATE,
        )

    def day(self, update: Update) -> date:
        """The day on which something was written, where readers are; today for a press of a button."""
        message = update.message or update.edited_message or update.channel_post
        moment = (message.edit_date or message.date) if message else datetime.now(UTC)
        return moment.astimezone(self.timezone).date()

    async def end(self) -> None:
        """Stop what runs beside the conversation, and begin no more questions."""
        self.desk.close()
        await self.adding.stop()
        if self.reindexing is not None:
            await self.reindexing.stop()
