"""A question put to the archive as it was meant: alone, or together with what it follows on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.conversation.follow_up import FOLLOW_UP, better
from bot.conversation.leaning import leaning

if TYPE_CHECKING:
    from datetime import date

    from bot.conversation.leaning import Leaning
    from bot.desk import Desk
    from bot.memory import Turn
    from index.domain import Reply

HITS = 10
"""Passages for a question, at most one a story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A reply, and what the question was taken to follow on, if anything: a headline."""

    reply: Reply
    after: str = ""

    @property
    def question(self) -> str:
        """The question spelled out."""
        return f"{self.reply.question} ({self.after})" if self.after else self.reply.question


async def ask(desk: Desk, question: str, turn: Turn | None, *, language: str, day: date | None) -> Asked:
    """Answer a question; where it leans on the turn before it, together with that turn's article.

    Args:
        desk: the archive.
        question: on one line.
        turn: what was said last in the chat, if anything.
        language: the reader's.
        day: when it was asked.

    Raises:
        DeskBusy, DeskTimeout, DeskClosing, ArchiveBusy: as the desk's.
    """
    look = leaning(question, language)
    if turn is None or not turn.passage or not FOLLOW_UP.perhaps(look):
        return Asked(reply=await desk.ask(question, asked=day, k=HITS))
    alone = None if FOLLOW_UP.surely(look) else await desk.ask(question, asked=day, k=HITS)
    if alone is not None and not await _follows(desk, look, turn, alone):
        return Asked(reply=alone)
    after = await desk.ask(question, asked=day, k=HITS, after=turn.title)
    best = better(alone, after)
    return Asked(reply=best, after=turn.title if best is after else "")


async def _follows(desk: Desk, look: Leaning, turn: Turn, alone: Reply) -> bool:
    """Whether a question leans on a turn, by where its words stand."""
    others = [hit.passage.id for hit in alone.hits if hit.article.title != turn.title]
    held, *elsewhere = await desk.coverage(" ".join(look.content), [turn.passage, *others])
    (names,) = await desk.coverage(" ".join(look.names), [turn.passage]) if look.names else (1.0,)
    return FOLLOW_UP.probability(look, held, names, max(elsewhere, default=0.0)) >= FOLLOW_UP.threshold
