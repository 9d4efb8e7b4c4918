"""What is sent in a private chat that is no text: a voice message, a picture, a file, a place on the map."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from telegram.ext import MessageHandler, filters

from bot.handlers.addressed import AnyPerson
from bot.handlers.sending import Context, Place, in_chat, send

if TYPE_CHECKING:
    from telegram import Message, Update

    from bot.handlers.services import Handler, Services

_SENTENCES = {
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
"""What to say to kinds of messages, in the order in which they are looked for."""

_ALBUMS = 100


def handler(services: Services) -> Handler:
    """Say honestly that it cannot be read."""

    async def decline(update: Update, context: Context, place: Place) -> None:
        name = next((_SENTENCES[kind] for kind in _SENTENCES if getattr(update.message, kind, None)), "not_text")
        await send(context, place, services.conversation.say(services.speaker(update), name).messages)

    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return MessageHandler(private & AnyPerson() & ~filters.SUCCESSFUL_PAYMENT & _Wordless(), in_chat(decline))


class _Wordless(filters.MessageFilter):
    """Passes what is sent without a word, and of an album the first picture; nothing that happens by itself.

    One with a caption is for another handler, and the rest of its album is for none.
    """

    def __init__(self) -> None:
        super().__init__(name="wordless")
        self._albums: deque[str] = deque(maxlen=_ALBUMS)

    def filter(self, message: Message) -> bool:
        """Whether this message is to be answered."""
        album = message.media_group_id
        if album is not None and album in self._albums:
            return False
        if album is not None:
            self._albums.append(album)
        return not message.caption and (message.effective_attachment is not None or message.checklist is not None)
