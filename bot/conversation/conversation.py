"""A chat's turns, without Telegram: what a person writes, and the messages that come back."""

from __future__ import annotations

import logging
import sqlite3
import time
import unicodedata
from typing import TYPE_CHECKING

from bot.conversation.asking import HITS, Asked, ask
from bot.conversation.buttons import Buttons
from bot.conversation.small_talk import small_talk
from bot.conversation.wording import is_question
from bot.desk import DeskBusy, DeskTimeout
from bot.markup import Outcome, pack
from bot.memory import Shown, Turn
from bot.metrics import Metrics
from bot.metrics import Outcome as Outcomes
from bot.rendering import greeting_messages
from index.domain import Reply
from index.errors import ArchiveBusy

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from datetime import date
    from typing import Any

    from bot.desk import Desk
    from bot.gate import Refused
    from bot.memory import Memory
    from bot.speaker import Speaker
    from bot.texts import Languages, Texts

log = logging.getLogger(__name__)

LONGEST_QUESTION = 1000
"""In characters: longer than any question, shorter than an article pasted by mistake."""

_LINKS = 5
_SUGGESTIONS = 3
_KEPT_FORMATTING = {"\u200c", "\u200d"}  # the joiners that Persian words and emoji are written with


class Conversation:
    """Answers turns of any chat, in the language of who speaks."""

    def __init__(
        self,
        desk: Desk,
        memory: Memory,
        languages: Languages,
        metrics: Metrics | None = None,
        *,
        admit: Callable[[Speaker], Refused | None] = lambda _: None,
    ) -> None:
        self._metrics = metrics or Metrics()
        self._admit = admit
        self._desk = desk
        self._memory = memory
        self._languages = languages
        self.buttons = Buttons(desk, memory, languages, self.ask)

    async def start(self, speaker: Speaker) -> Outcome:
        """Greet, with questions that this archive answers as buttons; with fewer, or none, where it cannot."""
        try:
            questions = await self._desk.suggest(_SUGGESTIONS)
        except (DeskBusy, DeskTimeout, ArchiveBusy):
            questions = ()
        buttons = [
            button for each in questions if (button := self.buttons.offer(speaker, Shown(question=each))) is not None
        ]
        return Outcome(messages=greeting_messages(self._texts(speaker), buttons))

    def say(self, speaker: Speaker, name: str, **values: object) -> Outcome:
        """One sentence of the texts, by name."""
        return Outcome(messages=pack([self._texts(speaker).html(name, **values)]))

    async def ask(self, speaker: Speaker, text: str, day: date | None = None) -> Outcome:
        """Answer what a person wrote on a day (today): any text, of any length."""
        question = cleaned(text)
        if (said := self._not_asked(speaker, question)) is not None:
            return said
        if not is_question(question):
            return await self.about(speaker, question, day)
        if (refused := self._admit(speaker)) is not None:
            return self._turned_away(speaker, refused)
        turn = next(iter(self._memory.turns.last(speaker, 1)), None)
        found = await self._tried(
            speaker, ask(self._desk, question, turn, language=speaker.language, day=day), question
        )
        if isinstance(found, Outcome):
            return found
        self._note(speaker, question, found, day)
        return self.buttons.answer(speaker, found.reply, found.question)

    async def about(self, speaker: Speaker, text: str, day: date | None = None, *, otherwise: str = "") -> Outcome:
        """What the archive has about a text: words to look for, a headline, a post that was passed on.

        ``otherwise`` are the same words in another script, taken where more is found for them.
        """
        wanted = cleaned(text)[:LONGEST_QUESTION]
        if (refused := self._admit(speaker)) is not None:
            return self._turned_away(speaker, refused)
        found = await self._tried(speaker, self._ranked(wanted, otherwise, day), wanted, found="list")
        if isinstance(found, Outcome):
            return found
        self._note(speaker, wanted, found, day)
        return self.buttons.ranked(speaker, found.reply)

    async def headline(self, addresses: Sequence[str]) -> str:
        """The headline of an archived article behind the first of these links; empty where there is none."""
        try:
            found = [await self._desk.headline(address) for address in addresses[:_LINKS]]
        except (DeskBusy, DeskTimeout, ArchiveBusy):
            return ""
        return next(filter(None, found), "")

    async def press(self, speaker: Speaker, data: str, day: date | None = None) -> Outcome:
        """Do what a button stands for, on a day (today).

        ``data`` may be anything: only what this chat was shown is acted on.
        """
        return await self.buttons.press(speaker, data, day)

    def new(self, speaker: Speaker) -> Outcome:
        """Forget the turns of this chat and topic: the next question leans on nothing."""
        self._memory.turns.clear(speaker)
        return self.say(speaker, "new")

    def _turned_away(self, speaker: Speaker, refused: Refused) -> Outcome:
        """Why somebody is not answered; nothing where they were told just before."""
        return self.say(speaker, refused.name, **refused.values) if refused.name else Outcome()

    def _not_asked(self, speaker: Speaker, question: str) -> Outcome | None:
        """What to say to what is no question; ``None`` to one."""
        if (courtesy := small_talk(question)) is not None:
            return self.say(speaker, "hello" if courtesy == "greeting" else courtesy)
        if not any(char.isalnum() for char in question):
            return self.say(speaker, "empty")
        if len(question) > LONGEST_QUESTION:
            return self.say(
                speaker,
                "too_long",
                length=self._texts(speaker).number(len(question)),
                limit=self._texts(speaker).number(LONGEST_QUESTION),
            )
        return None

    async def _ranked(self, text: str, otherwise: str, day: date | None) -> Asked:
        hits = await self._desk.search(text, asked=day, k=HITS)
        if otherwise:
            others = await self._desk.search(otherwise, asked=day, k=HITS)
            if others and (not hits or others[0].score > hits[0].score):
                text, hits = otherwise, others
        return Asked(reply=Reply(question=text, answer=None, hits=hits, asked=day))

    async def _tried(
        self, speaker: Speaker, asking: Coroutine[Any, Any, Asked], text: str, *, found: Outcomes = "answered"
    ) -> Asked | Outcome:
        """What the archive says, or what to say where it cannot; counted as ``found`` where it says it, and logged."""
        began = time.monotonic()
        outcome: Outcomes = "error"
        try:
            asked = await asking
            outcome = found if asked.reply.answer or (found == "list" and asked.reply.hits) else "refused"
        except (DeskBusy, ArchiveBusy):
            outcome = "busy"
            return self.say(speaker, "busy")
        except DeskTimeout:
            outcome = "timeout"
            return self.say(speaker, "timeout")
        finally:
            seconds = time.monotonic() - began
            self._metrics.answered(outcome, seconds)
            log.info("a question is done", extra={"outcome": outcome, "seconds": round(seconds, 3), "question": text})
        return asked

    def _note(self, speaker: Speaker, written: str, found: Asked, day: date | None) -> None:
        """Keep the turn, for what may follow it; a full disk costs that, not the answer.

        A question without an answer is kept for the editors too.
        """
        reply = found.reply
        best = reply.answer.hit if reply.answer else next(iter(reply.hits), None)
        turn = Turn(
            question=written,
            asked=found.question,
            quote=reply.answer.quote if reply.answer else "",
            title=best.article.title if best else "",
            passage=best.passage.id if best else 0,
        )
        try:
            self._memory.turns.note(speaker, turn)
            if reply.answer is None and is_question(written):
                self._memory.unanswered.note(speaker, found.question, day)
        except sqlite3.Error as error:
            log.error("the memory cannot be written (%s): free space on the disk", error)  # noqa: TRY400

    def _texts(self, speaker: Speaker) -> Texts:
        return self._languages.of(speaker.language)


def cleaned(text: str) -> str:
    """A question on one line, composed (NFC), without control characters and such as turn the direction of text."""
    kept = (char for char in text if char in _KEPT_FORMATTING or unicodedata.category(char) not in ("Cf", "Cs", "Co"))
    spaced = "".join(" " if unicodedata.category(char) == "Cc" else char for char in kept)
    return " ".join(unicodedata.normalize("NFC", spaced).split())
