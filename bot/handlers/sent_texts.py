"""What an admin wants added: the document or the text in a message, or in the one that it replies to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram import MessageOriginChannel

from bot.pasted import Post

if TYPE_CHECKING:
    from datetime import tzinfo

    from telegram import Document, Message

_WHOLE = 4000  # UTF-16 units: a text that is nearly as long as a message was perhaps cut by Telegram


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """A text, and the post that it is of, if any."""

    text: str
    post: Post | None = None

    @property
    def perhaps_cut(self) -> bool:
        """Whether it is as long as a message may be."""
        return len(self.text.encode("utf-16-le")) // 2 >= _WHOLE


def sent(message: Message, timezone: tzinfo) -> Document | Pasted | None:
    """What is to be added; ``None`` where there is nothing."""
    if message.document:
        return message.document
    original = message.reply_to_message
    if original is not None and original.document:
        return original.document
    if original is not None and (text := original.text or original.caption):
        return Pasted(text=text, post=_post(original, timezone))
    words = (message.text or "").split(maxsplit=1)
    return Pasted(text=words[1].strip()) if len(words) > 1 else None


def _post(message: Message, timezone: tzinfo) -> Post | None:
    """The post of a channel that a message was forwarded from."""
    origin = message.forward_origin
    if not isinstance(origin, MessageOriginChannel):
        return None
    name = origin.chat.username
    return Post(
        source=origin.chat.title or name or str(origin.chat.id),
        url=f"https://t.me/{name}/{origin.message_id}" if name else None,
        published=origin.date.astimezone(timezone).date(),
    )
