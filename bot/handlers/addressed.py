"""Whether a message is meant for the bot, and what it asks: in a private chat, a group, a channel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram import MessageEntity
from telegram.constants import ChatType
from telegram.ext import filters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Bot, Message, Update

ASK = "ask"
"""The command that a question can follow."""

_BEFORE = " \t\n,،;:–—-"
_AFTER = re.compile(r"[\s,،;:–—-]+([?!.…؟]*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What somebody asks of the bot: a text, empty where they only called it.

    ``passed_on`` says that it is a post of somebody else, that was not written to ask.
    """

    text: str
    passed_on: bool = False


class ToBot(filters.UpdateFilter):
    """Passes what is meant for the bot."""

    def __init__(self) -> None:
        super().__init__(name="to the bot")

    def filter(self, update: Update) -> bool:
        """Whether this update is."""
        return written(update) is not None


class AnyPerson(filters.MessageFilter):
    """Passes what a person wrote, also in the name of a group or a channel: not a bot."""

    def __init__(self) -> None:
        super().__init__(name="any person")

    def filter(self, message: Message) -> bool:
        """Whether this message is."""
        return _is_from_outside(message)


class ByPerson(filters.MessageFilter):
    """Passes what a person wrote, and is known to have written: not a bot, nor a group or channel as a whole."""

    def __init__(self) -> None:
        super().__init__(name="by a person")

    def filter(self, message: Message) -> bool:
        """Whether this message is."""
        return message.from_user is not None and not message.from_user.is_bot and message.sender_chat is None


def written(update: Update) -> Written | None:
    """What an update asks of the bot; ``None`` where it asks nothing.

    In a private chat every text does, in a group /ask, a mention and a reply to the bot, in a channel the first two.
    """
    message = update.message or update.edited_message or update.channel_post
    if message is None or not _is_from_outside(message):
        return None
    bot = message.get_bot()
    text, entities = _content(message)
    if (command := _command(message)) is not None:
        return _asked(text[len(command) :], message, bot) if is_ask(message) else None
    if message.chat.type == ChatType.PRIVATE:
        return Written(text=text, passed_on=message.forward_origin is not None) if text else None
    if mentions := [each for each in entities if _mentions(text, each, bot)]:
        return _asked(_without(text, mentions), message, bot)
    replied = update.channel_post is None and is_own(message.reply_to_message, bot)
    return Written(text=text) if text and replied else None


def _is_from_outside(message: Message) -> bool:
    """Whether a message is by somebody who may ask: no bot, no answer of ours, no copy of what a channel posted.

    Who writes as a group or a channel has a bot's name, and is none.
    """
    if message.is_automatic_forward or (message.via_bot and message.via_bot.id == message.get_bot().id):
        return False
    return message.from_user is None or not message.from_user.is_bot or message.sender_chat is not None


def _asked(text: str, message: Message, bot: Bot) -> Written:
    """What follows a command or stands beside a mention; where that is nothing, what the message replies to."""
    if any(char.isalnum() for char in text):
        return Written(text=_AFTER.sub(r"\1", text).lstrip(_BEFORE), passed_on=message.forward_origin is not None)
    replied, quote = message.reply_to_message, message.quote
    if quote is not None and (quote.is_manual or replied is None):
        return Written(text=quote.text)
    if replied is None or is_own(replied, bot):
        return Written(text="")
    return Written(text=_content(replied)[0], passed_on=replied.forward_origin is not None)


def _content(message: Message) -> tuple[str, Sequence[MessageEntity]]:
    """The text of a message, or of the picture or file that it is."""
    if message.text is not None:
        return message.text, message.entities
    return message.caption or "", message.caption_entities


def is_ask(message: Message) -> bool:
    """Whether a message begins with /ask, and for this bot."""
    name, _, whose = (_command(message) or "").removeprefix("/").partition("@")
    return name.casefold() == ASK and whose.casefold() in ("", message.get_bot().username.casefold())


def _command(message: Message) -> str | None:
    """The command that a message begins with, whatever bot it is for."""
    text, entities = _content(message)
    first = next((each for each in entities if each.type == MessageEntity.BOT_COMMAND and not each.offset), None)
    return _part(text, first) if first else None


def _mentions(text: str, entity: MessageEntity, bot: Bot) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == bot.id
    return entity.type == MessageEntity.MENTION and _part(text, entity).casefold() == f"@{bot.username}".casefold()


def is_own(message: Message | None, bot: Bot) -> bool:
    """Whether the bot wrote a message."""
    return message is not None and message.from_user is not None and message.from_user.id == bot.id


def _part(text: str, entity: MessageEntity) -> str:
    """The part of a text that an entity marks, which Telegram counts in UTF-16 units."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le", "surrogatepass")


def _without(text: str, entities: Sequence[MessageEntity]) -> str:
    """A text without the parts that are marked."""
    units, kept, place = text.encode("utf-16-le", "surrogatepass"), [], 0
    for entity in sorted(entities, key=lambda each: each.offset):
        kept.append(units[place : 2 * entity.offset])
        place = 2 * (entity.offset + entity.length)
    kept.append(units[place:])
    first, *rest = (part.decode("utf-16-le", "surrogatepass").strip() for part in kept)
    return " ".join([first, *(part.lstrip(_BEFORE) for part in rest)])
