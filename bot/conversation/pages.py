"""The passages behind an answer, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk import DeskBusy, DeskTimeout
from bot.markup import Button, Message, Outcome, Rows, pack
from bot.rendering import page_message
from index.errors import ArchiveBusy

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.memory.shown import Shown
    from bot.speaker import Speaker
    from bot.texts import Languages, Texts

PAGE = 3
"""Passages on a page."""


class Pages:
    """Shows the passages that are still in the archive."""

    def __init__(self, desk: Desk, languages: Languages) -> None:
        self._desk = desk
        self._languages = languages

    async def first(self, speaker: Speaker, key: str, shown: Shown, page: int = 1) -> Outcome:
        """A page as a message of its own."""
        found = await self._page(speaker, key, shown, page)
        return Outcome(messages=(found,)) if isinstance(found, Message) else found

    async def turn(self, speaker: Speaker, key: str, shown: Shown, page: int) -> Outcome:
        """A page in the place of the one that was there."""
        found = await self._page(speaker, key, shown, page)
        return Outcome(edit=found) if isinstance(found, Message) else found

    async def _page(self, speaker: Speaker, key: str, shown: Shown, page: int) -> Message | Outcome:
        """A page, counted from 1, or the last where there are fewer by now; else why there is none."""
        texts = self._languages.of(speaker.language)
        if not shown.passages:
            return Outcome(messages=pack([texts.html("no_more")]))
        try:
            left = await self._desk.passages(shown.passages)
        except (DeskBusy, ArchiveBusy):
            return Outcome(messages=pack([texts.html("busy")]))
        except DeskTimeout:
            return Outcome(messages=pack([texts.html("timeout")]))
        if not left:
            return Message(html=texts.html("passages_gone"))
        pages = -(-len(left) // PAGE)
        page = min(max(page, 1), pages)
        listed = [(passage, shown.also.get(passage.id, ())) for passage in left[(page - 1) * PAGE : page * PAGE]]
        rows = _turning(texts, key, page, pages)
        return page_message(shown.question, listed, texts, page=page, pages=pages, buttons=rows)


def _turning(texts: Texts, key: str, page: int, pages: int) -> Rows:
    row = []
    if page > 1:
        row.append(Button(label=texts.label("previous"), data=f"page:{key}:{page - 1}"))
    if page < pages:
        row.append(Button(label=texts.label("next"), data=f"page:{key}:{page + 1}"))
    return (tuple(row),) if row else ()
