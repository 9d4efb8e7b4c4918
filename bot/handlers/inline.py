"""Inline mode: ``@bot question`` in any chat, and passages to send there."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from telegram import InlineQueryResultArticle, InputTextMessageContent
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import InlineQueryHandler

from bot.conversation import LONGEST_QUESTION, cleaned
from bot.desk import DeskBusy, DeskTimeout
from bot.markup import Message, plain
from bot.offers import MOST, offers, page
from index.errors import ArchiveBusy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import InlineQuery, Update

    from bot.handlers.sending import Context
    from bot.handlers.services import Handler, Services
    from bot.metrics import Outcome
    from bot.offers import Offer

log = logging.getLogger(__name__)

PAUSE = 0.4
"""Seconds without another letter after which a query is taken for finished: what is half typed is not looked up."""

_CACHED_SECONDS = 10
_FEWEST = 3


def handler(services: Services) -> Handler:
    """Offer the answer and passages to a query; nothing to an empty one, and nothing that the person may not ask."""
    newest: dict[int, str] = {}

    async def offer(update: Update, _: Context) -> None:
        query = update.inline_query
        if query is None:
            return
        newest[query.from_user.id] = query.id
        await asyncio.sleep(PAUSE)
        if newest.get(query.from_user.id) != query.id:
            return
        del newest[query.from_user.id]
        found = await _found(services, update, query)
        shown, following = page(found, _start(query.offset))
        await _answer(query, shown, following)

    return InlineQueryHandler(offer)


async def _found(services: Services, update: Update, query: InlineQuery) -> Sequence[Offer]:
    """All that can be offered; nothing where the archive cannot be asked now."""
    text = cleaned(query.query)[:LONGEST_QUESTION]
    speaker = replace(services.speaker(update), chat=query.from_user.id)
    if sum(char.isalnum() for char in text) < _FEWEST or services.gate.admit(speaker) is not None:
        return ()
    began = time.monotonic()
    outcome: Outcome = "error"
    try:
        reply = await services.desk.ask(text, asked=services.day(update), k=MOST)
        outcome = "inline"
    except (DeskBusy, DeskTimeout, ArchiveBusy) as error:
        outcome = "timeout" if isinstance(error, DeskTimeout) else "busy"
        log.info("an inline query is not answered: %s", error)
        return ()
    finally:
        services.metrics.answered(outcome, time.monotonic() - began)
    return offers(reply, services.texts(speaker))


async def _answer(query: InlineQuery, shown: Sequence[Offer], following: str | None) -> None:
    """Give Telegram the offers, without formatting where it refuses that; who types on does not wait for them."""
    for formatted in (True, False):
        results = [_result(each, formatted=formatted) for each in shown]
        try:
            await query.answer(results, cache_time=_CACHED_SECONDS, is_personal=True, next_offset=following)
        except BadRequest as error:
            log.info("Telegram refused what was offered inline: %s", error)
            if "entit" not in str(error).lower():
                return
        except TelegramError as error:
            log.info("an inline query could not be answered: %s", error)
            return
        else:
            return


def _result(offer: Offer, *, formatted: bool) -> InlineQueryResultArticle:
    text, mode = (offer.html, ParseMode.HTML) if formatted else (plain(Message(html=offer.html)), None)
    return InlineQueryResultArticle(
        offer.key, offer.title, InputTextMessageContent(text, parse_mode=mode), description=offer.description
    )


def _start(offset: str) -> int:
    """Where a page starts, by what we told Telegram, which a person may have changed."""
    return int(offset) if offset.isascii() and offset.isdigit() and int(offset[:4]) < MOST and len(offset) < 4 else 0
