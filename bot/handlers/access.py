"""Who may use the bot: looked at before anything else is done with an update."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

from telegram import MessageEntity, Update
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop, TypeHandler

from bot.handlers.drafting import acknowledge
from bot.handlers.sending import Context, place_of, send
from bot.inviting import is_code
from bot.markup import visible
from bot.transport import Ending, current

if TYPE_CHECKING:
    from collections.abc import Callable

    import telegram

    from bot.handlers.services import Handler, Services
    from bot.speaker import Speaker

log = logging.getLogger(__name__)

GROUP = -1
"""The group of handlers that this one is in: before all others."""

_WORDS = 2


def handler(services: Services) -> Handler:
    """Let those through who may, and say to others that they may not: seldom, and never to who did not ask the bot."""

    async def check(update: Update, context: Context) -> None:
        if update.my_chat_member is not None:
            return
        may = False
        try:
            may = await _may(services, update, context)
        except Ending:
            if (handled := current.get()) is not None:
                handled.postponed = True
        except TelegramError as error:
            log.info("who may not ask could not be told: %s", error)
        except Exception:  # one that is raised would let the other handlers have the update
            log.exception("who may use the bot could not be told")
        if not may:
            raise ApplicationHandlerStop

    return TypeHandler(Update, check)


async def _may(services: Services, update: Update, context: Context) -> bool:
    """Whether who wrote may use the bot; others are told, where they are to be."""
    speaker, people = services.speaker(update), services.memory.people
    if speaker.private and _words(update.message)[:1] == ["/forget"]:
        return True  # what is kept of a person is theirs to delete, whether they may ask or not
    code = _code(update.message) if speaker.private else None
    if (update.message or update.callback_query) and people.is_blocked(speaker.chat):
        _kept(people.unblocked, speaker.chat)
    if services.gate.may(speaker):
        if code:
            _kept(services.memory.access.redeem, code, speaker.person)
        return True
    if code and services.memory.access.redeem(code, speaker.person) and services.gate.may(speaker):
        await _say(services, update, context, speaker, "welcome")
        return True
    if code and services.gate.may_hear(speaker.chat, "invitation_over"):
        await _say(services, update, context, speaker, "invitation_over")
    else:
        await _turn_away(services, update, context, speaker)
    return False


def _kept(keep: Callable[..., object], *values: object) -> None:
    """Keep something; a full disk costs that, not the answer."""
    try:
        keep(*values)
    except sqlite3.Error as error:
        log.error("the memory cannot be written (%s): free space on the disk", error)  # noqa: TRY400


async def _say(services: Services, update: Update, context: Context, speaker: Speaker, name: str) -> None:
    if (place := place_of(update)) is not None:
        await send(context, place, services.conversation.say(speaker, name).messages)


async def _turn_away(services: Services, update: Update, context: Context, speaker: Speaker) -> None:
    texts = services.texts(speaker)
    if update.callback_query is not None:
        await acknowledge(update.callback_query, visible(texts.html(services.gate.closed)))
    elif update.inline_query is not None:
        with suppress(TelegramError):
            await update.inline_query.answer([], cache_time=0, is_personal=True)
    elif update.message is not None and _is_for_bot(update.message, context.bot, speaker):
        refused = services.gate.turn_away(speaker)
        if refused.name:
            await _say(services, update, context, speaker, refused.name)


def _code(message: telegram.Message | None) -> str | None:
    """The code that a link to the bot starts it with."""
    words = _words(message)
    if len(words) != _WORDS or words[0] != "/start":
        return None
    return words[1] if is_code(words[1]) else None


def _words(message: telegram.Message | None) -> list[str]:
    """The words of a message, a command without the name of the bot."""
    first, *others = ((message.text if message else None) or "").split() or [""]
    return [first.partition("@")[0], *others]


def _is_for_bot(message: telegram.Message, bot: telegram.Bot, speaker: Speaker) -> bool:
    """Whether somebody wants something of the bot: always in a private chat, in a group where it is addressed."""
    if speaker.private:
        return True
    original = message.reply_to_message
    if original is not None and original.from_user is not None and original.from_user.id == bot.id:
        return True
    named = f"@{bot.username}".lower()
    marked = message.parse_entities() if message.text else message.parse_caption_entities() if message.caption else {}
    for entity, text in marked.items():
        whom = text.lower()
        if entity.type == MessageEntity.MENTION and whom == named:
            return True
        if entity.type == MessageEntity.BOT_COMMAND and whom.partition("@")[2] in ("", bot.username.lower()):
            return True
    return False
