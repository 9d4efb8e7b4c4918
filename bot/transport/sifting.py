"""Updates that the library cannot read: each is passed over, so that none holds up those behind it."""

from __future__ import annotations

import logging
from typing import Any

from telegram import Bot, Update
from telegram.ext import ExtBot

log = logging.getLogger(__name__)

UNREADABLE = (TypeError, ValueError, KeyError, AttributeError, OverflowError, OSError)
"""What the library raises at an update that is not as it knows them, such as of a time that no calendar has."""


class SiftingBot(ExtBot[Any]):
    """A bot that gives an update that cannot be read as an empty one, which says nothing and counts as taken.

    Without it one such update is asked for again and again, and the bot is silent for good.
    """

    async def _post(self, endpoint: str, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - as the library has it
        result = await super()._post(endpoint, *args, **more)
        if endpoint != "getUpdates" or not isinstance(result, list):
            return result
        return [raw if read(raw, self) else {"update_id": raw["update_id"]} for raw in result]


def read(raw: dict[str, Any], bot: Bot) -> Update | None:
    """An update that can be kept too, and whose chat and person have numbers; ``None`` where it is none."""
    try:
        update = Update.de_json(raw, bot)
        update.to_json()
        numbered = isinstance(update.update_id, int) and all(
            isinstance(each.id, int) for each in (update.effective_chat, update.effective_user) if each
        )
    except UNREADABLE as error:
        log.warning("update %s is passed over: it cannot be read (%s)", raw.get("update_id"), type(error).__name__)
        return None
    return update if numbered else None
