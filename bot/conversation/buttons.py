"""The buttons below an answer, and what a press of one does."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.conversation.pages import PAGE, Pages
from bot.conversation.verdicts import Verdicts, rows_below
from bot.markup import Button, Outcome, cut, pack
from bot.memory import Shown
from bot.memory.shown import Also, Answered
from bot.rendering import asked, ranked_messages, reply_messages
from bot.report_json import file_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from datetime import date
    from typing import Any

    from bot.desk import Desk
    from bot.memory import Memory
    from bot.speaker import Speaker
    from bot.texts import Languages
    from index.domain import Reply

    Ask = Callable[[Speaker, str, date | None], Coroutine[Any, Any, Outcome]]

log = logging.getLogger(__name__)

_LABEL = 100
"""The longest label, in UTF-16 units: what does not fit a telephone's width is cut by Telegram."""


class Buttons:
    """Makes buttons and does what they stand for. ``ask`` answers a question that was offered."""

    def __init__(self, desk: Desk, memory: Memory, languages: Languages, ask: Ask) -> None:
        self._memory = memory
        self._languages = languages
        self._ask = ask
        self._pages = Pages(desk, languages)
        self.verdicts = Verdicts(memory, languages)

    def answer(self, speaker: Speaker, reply: Reply, question: str | None = None) -> Outcome:
        """A reply as messages, with its buttons; the question as it is understood alone, where it leans on others."""
        texts, shown = self._languages.of(speaker.language), _shown(speaker, reply)
        shown = replace(shown, question=question) if question else shown
        key = self._remembered(speaker, shown) if shown.passages or shown.answer else None
        return Outcome(messages=reply_messages(reply, texts, buttons=rows_below(texts, key, shown)))

    def ranked(self, speaker: Speaker, reply: Reply) -> Outcome:
        """What was found about words to look for, as a list."""
        texts, shown = self._languages.of(speaker.language), _shown(speaker, reply)
        key = self._remembered(speaker, shown) if shown.passages else None
        return Outcome(messages=ranked_messages(reply, texts, buttons=rows_below(texts, key, shown)))

    def offer(self, speaker: Speaker, shown: Shown) -> Button | None:
        """A button that asks a question; none where it could not be remembered."""
        key, end = self._remembered(speaker, shown), cut(shown.question, _LABEL)
        label = shown.question[:end] + ("…" if end < len(shown.question) else "")
        return Button(label=label, data=f"ask:{key}") if key else None

    async def press(self, speaker: Speaker, data: str, day: date | None = None) -> Outcome:
        """Do what a button stands for: see ``Conversation.press``."""
        action, _, rest = data.partition(":")
        key, _, place = rest.partition(":")
        shown = self._memory.shown.recall(speaker.chat, key)
        outcome = None if shown is None else await self._act(speaker, action, key, shown, place, day)
        return outcome or Outcome(messages=pack([self._languages.of(speaker.language).html("forgotten")]))

    async def _act(
        self, speaker: Speaker, action: str, key: str, shown: Shown, place: str, day: date | None
    ) -> Outcome | None:
        """What comes of a press; ``None`` where no button says that."""
        number = int(place) if place.isascii() and place.isdigit() and len(place) < 4 else None
        if action == "ask":
            return await self._asked(speaker, shown, day)
        if action == "more" and number is not None:  # counted in passages, as buttons of long ago count them
            return await self._pages.first(speaker, key, shown, number // PAGE + 1)
        if action == "page" and number is not None:
            return await self._pages.turn(speaker, key, shown, number)
        if shown.answer is None:
            return None
        if action in ("yes", "no"):
            return self.verdicts.judge(speaker, key, shown, helpful=action == "yes")
        return self.verdicts.explain(speaker, key, shown, place) if action == "why" else None

    async def _asked(self, speaker: Speaker, shown: Shown, day: date | None) -> Outcome:
        """The answer to a question that was offered, below the question."""
        outcome = await self._ask(speaker, shown.question, day)
        if not outcome.messages:
            return outcome
        first, *others = outcome.messages
        texts = self._languages.of(speaker.language)
        again = pack([asked("asked", shown.question, texts), first.html], first.buttons)
        return replace(outcome, messages=(*again, *others))

    def _remembered(self, speaker: Speaker, shown: Shown) -> str | None:
        """The key of what a button stands for; none where the disk is full: the answer goes without the button."""
        try:
            return self._memory.shown.remember(speaker.chat, shown)
        except sqlite3.Error as error:
            log.error("the memory cannot be written (%s): free space on the disk", error)  # noqa: TRY400
            return None


def _shown(speaker: Speaker, reply: Reply) -> Shown:
    """What the buttons below a reply stand for."""
    answer, rest = reply.answer, reply.hits if reply.answer is None else reply.hits[1:]
    also = {
        hit.passage.id: tuple(
            Also(title=each.title, source=each.source, published=each.published, url=each.url) for each in hit.also
        )
        for hit in rest
        if hit.also
    }
    article = answer.hit.article if answer else None
    return Shown(
        question=reply.question,
        passages=tuple(hit.passage.id for hit in rest),
        also=also,
        answer=Answered(address=article.url or file_of(article), quote=answer.quote) if answer and article else None,
        asked=reply.asked,
        person=speaker.person,
    )
