"""A question, wherever it is asked, and asked again when it is edited; and what there is about a post or a link."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

from telegram.ext import MessageHandler

from bot.conversation import cleaned
from bot.handlers.addressed import ToBot, is_own, written
from bot.handlers.sending import Context, Place, edit, in_chat, send, typing
from bot.markup import pack
from bot.memory.replies import Replied
from bot.posts import addresses, beginning, in_cyrillic, is_long, slug

if TYPE_CHECKING:
    from datetime import date

    import telegram
    from telegram import Update

    from bot.handlers.addressed import Written
    from bot.handlers.services import Handler, Services
    from bot.markup import Outcome
    from bot.speaker import Speaker

log = logging.getLogger(__name__)


def handler(services: Services) -> Handler:
    """Answer from the archive what is meant for the bot; in a group below the question."""

    async def answer(update: Update, context: Context, place: Place) -> None:
        message, asked = update.effective_message, written(update)
        if message is None or asked is None:
            return
        speaker = services.speaker(update)
        earlier = services.memory.replies.to(speaker, message.message_id) if update.edited_message else None
        if update.edited_message and _says_nothing_new(message, asked, earlier):
            return
        if earlier is not None:
            _take_back(services, speaker, earlier)
        async with typing(context.bot, place):
            outcome = await answered(services, speaker, asked, services.day(update))
        below = place if place.private else replace(place, reply_to=message.message_id)
        shown = await _show(context, below, outcome, earlier)
        _note(services, speaker, message.message_id, Replied(text=asked.text, answer=shown))

    return MessageHandler(ToBot(), in_chat(answer))


async def answered(services: Services, speaker: Speaker, asked: Written, day: date) -> Outcome:
    """What comes of what somebody wrote: an answer to a question, what there is about a post or behind a link."""
    if not asked.text.strip():
        return services.conversation.say(speaker, "ask_how")
    if found := addresses(asked.text):
        headline = await services.conversation.headline(found)
        words = beginning(headline or " ".join(filter(None, map(slug, found))))
        if not words:
            return services.conversation.say(speaker, "link")
        return await services.conversation.about(speaker, words, day, otherwise="" if headline else in_cyrillic(words))
    if asked.passed_on or is_long(asked.text):
        return await _about(services, speaker, cleaned(asked.text), day)
    return await services.conversation.ask(speaker, asked.text, day)


async def _about(services: Services, speaker: Speaker, text: str, day: date) -> Outcome:
    """What the archive has about a text, and of how much of it, where that is not all."""
    looked_for = beginning(text)
    if not any(char.isalnum() for char in looked_for):
        return services.conversation.say(speaker, "empty")
    outcome = await services.conversation.about(speaker, looked_for, day)
    if looked_for == text or not outcome.messages:
        return outcome
    *others, last = outcome.messages
    noted = pack([last.html, services.texts(speaker).html("read_beginning", count=len(looked_for))], last.buttons)
    return replace(outcome, messages=(*others, *noted))


async def _show(context: Context, place: Place, outcome: Outcome, earlier: Replied | None) -> int:
    """Put an answer in the place of an earlier one, or send it where that cannot be.

    Gives the id of its first message, 0 where there is nothing to say.
    """
    first, rest = outcome.messages[:1], outcome.messages[1:]
    if first and earlier and earlier.answer and await edit(context.bot, place, earlier.answer, *first):
        await send(context, place, rest)
        return earlier.answer
    return next(iter(await send(context, place, outcome.messages)), 0)


def _says_nothing_new(edited: telegram.Message, asked: Written, earlier: Replied | None) -> bool:
    """Whether an edit is of a link whose preview has come, or of what was said about an answer."""
    return earlier.text == asked.text if earlier else is_own(edited.reply_to_message, edited.get_bot())


def _take_back(services: Services, speaker: Speaker, earlier: Replied) -> None:
    """Let what is asked now not lean on how it was asked before."""
    try:
        services.memory.turns.take_back(speaker, cleaned(earlier.text))
    except sqlite3.Error as error:
        log.error("the memory cannot be written (%s): free space on the disk", error)  # noqa: TRY400


def _note(services: Services, speaker: Speaker, question: int, replied: Replied) -> None:
    """Keep what answered a message, for when that is edited; a full disk costs that alone."""
    try:
        services.memory.replies.note(speaker, question, replied)
    except sqlite3.Error as error:
        log.error("the memory cannot be written (%s): free space on the disk", error)  # noqa: TRY400
