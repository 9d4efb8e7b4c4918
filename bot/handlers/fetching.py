"""A document that was sent, fetched from Telegram."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from telegram.error import BadRequest, NetworkError, TelegramError

from bot.shelf import READ, kind_of

if TYPE_CHECKING:
    from telegram import Document

log = logging.getLogger(__name__)

MOST_MEGABYTES = 20
"""The largest file that Telegram gives to bots: https://core.telegram.org/bots/api#getfile."""

_MIB = 1024 * 1024
_PAUSES = (0.5, 2.0, 5.0)
_NAME = 100


class NotTaken(Exception):
    """Why nothing can be added: the name of the sentence that says it, and its values."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence, self.values = sentence, values


async def fetched(document: Document) -> tuple[bytes, str]:
    """What is in a document, and the suffix of its name.

    Raises:
        NotTaken: it is too large, of a kind that is not read, or Telegram does not give it.
    """
    name = (document.file_name or "")[-_NAME:]
    kind = kind_of(name)
    if not kind:
        raise NotTaken("add_wrong_kind", file=name or document.mime_type or "?", kinds=READ)
    if (document.file_size or 0) > MOST_MEGABYTES * _MIB:
        size = f"{(document.file_size or 0) / _MIB:.1f}"
        raise NotTaken("add_too_large", megabytes=size, limit=MOST_MEGABYTES)
    for pause in _PAUSES:
        try:
            file = await document.get_file()
            return bytes(await file.download_as_bytearray()), kind
        except TelegramError as error:
            log.warning("a document could not be fetched: %s", error)
            if isinstance(error, BadRequest) or not isinstance(error, NetworkError):
                break
            await asyncio.sleep(pause)
    raise NotTaken("add_not_fetched")
