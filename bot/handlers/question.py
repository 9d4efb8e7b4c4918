"""A question, wherever it is asked, and asked again when it is edited; and what is sent that is no text."""

from __future__ import annotations

import logging
import sqlite3
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from telegram.ext import MessageHandler, filters

from bot.conversation import cleaned
from bot.handlers.addressed import ToBot, written
from bot.handlers.sending import Context, Place, edit, in_chat, send, typing
from bot.markup import pack
from bot.memory.replies import Replied
from bot.posts import addresses, beginning, is_long, slug

if TYPE_CHECKING:
    from datetime import date

    import telegram
    from telegram import Update

    from bot.handlers.addressed import Written
    from bot.handlers.services import Handler, Services
    from bot.markup import Outcome
    from bot.speaker import Speaker

log = logging.getLogger(__name__)

_UNREADABLE = {
    "voice": "cannot_listen",
    "audio": "cannot_listen",
    "video_note": "cannot_listen",
    "photo": "cannot_see",
    "video": "cannot_see",
    "animation": "cannot_see",
    "live_photo": "cannot_see",
    "paid_media": "cannot_see",
    "document": "cannot_open",
}
"""What to say to kinds of messages; to any other "not_text"."""
_ALBUMS = 100


def handler(services: Services) -> Handler:
    """Answer from the archive what is meant for the bot; in a group below the question."""

    async def answer(update: Update, context: Context, place: Place) -> None:
        message, asked = update.effective_message, written(update)
        if message is None or asked is None:
            return
        speaker = services.speaker(update)
        earlier = services.memory.replies.to(speaker, message.message_id) if update.edited_message else None
        if earlier is not None:
            if earlier.text == asked.text:  # Telegram says so of a link whose preview has come
                return
            services.memory.turns.take_back(speaker, cleaned(earlier.text))
        async with typing(context.bot, place):
            outcome = await answered(services, speaker, asked, services.day(update))
        below = place if place.private else replace(place, reply_to=message.message_id)
        shown = await _show(context, below, outcome, earlier.answer if earlier else None)
        _note(services, speaker, message.message_id, Replied(text=asked.text, answer=shown))

    return MessageHandler(ToBot(), in_chat(answer))


async def answered(services: Services, speaker: Speaker, asked: Written, day: date) -> Outcome:
    """What comes of what somebody wrote: an answer to a question, what there is about a post or behind a link."""
    conversation, text = services.conversation, asked.text
    if (refusal := refused(services, speaker)) is not None:
        return conversation.say(speaker, refusal)
    if not text.strip():
        return conversation.say(speaker, "ask_how")
    if found := addresses(text):
        words = " ".join(filter(None, map(slug, found)))
        return await conversation.about(speaker, beginning(words), day) if words else conversation.say(speaker, "link")
    if not asked.passed_on and not is_long(text):
        return await conversation.ask(speaker, text, day)
    looked_for = beginning(cleaned(text))
    if not any(char.isalnum() for char in looked_for):
        return conversation.say(speaker, "empty")
    outcome = await conversation.about(speaker, looked_for, day)
    if looked_for == cleaned(text):
        return outcome
    *others, last = outcome.messages
    noted = pack([last.html, services.texts(speaker).html("read_beginning", count=len(looked_for))], last.buttons)
    return replace(outcome, messages=(*others, *noted))


def refused(services: Services, speaker: Speaker) -> str | None:
    """The name of what to say instead to who may not ask, or not now."""
    gate = getattr(services, "gate", None)
    refusal: str | None = gate.admit(speaker) if gate else None
    return refusal


async def _show(context: Context, place: Place, outcome: Outcome, earlier: int | None) -> int:
    """Put an answer in the place of an earlier one, or send it where that cannot be; the id of its first message."""
    messages = outcome.messages
    if earlier is not None and await edit(context.bot, place, earlier, messages[0]):
        await send(context, place, messages[1:])
        return earlier
    return (await send(context, place, messages))[0]


def _note(services: Services, speaker: Speaker, question: int, replied: Replied) -> None:
    try:
        services.memory.replies.note(speaker, question, replied)
    except sqlite3.Error as error:
        log.error("the memory cannot be written (%s): free space on the disk", error)  # noqa: TRY400


def not_text(services: Services) -> Handler:
    """Say in a private chat that a sticker, a picture, a voice message cannot be read; once of an album."""
    albums: deque[str] = deque(maxlen=_ALBUMS)

    async def decline(update: Update, context: Context, place: Place) -> None:
        message = update.effective_message
        if message is None or message.media_group_id in albums:
            return
        if message.media_group_id is not None:
            albums.append(message.media_group_id)
        if not message.caption:  # a question in an album's caption is answered by ``handler``
            name = _unreadable(message)
            await send(context, place, services.conversation.say(services.speaker(update), name).messages)

    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return MessageHandler(private & ~filters.TEXT & ~filters.SUCCESSFUL_PAYMENT & _Sent(), in_chat(decline))


class _Sent(filters.MessageFilter):
    """Passes what a person can send that is no text: not a pinned message, a new title, and such."""

    def filter(self, message: telegram.Message) -> bool:
        """Whether this message is."""
        return message.effective_attachment is not None or message.checklist is not None


def _unreadable(message: telegram.Message) -> str:
    return next((name for kind, name in _UNREADABLE.items() if getattr(message, kind, None)), "not_text")
