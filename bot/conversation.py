"""A chat's turns, without Telegram: what a person writes or presses, and the messages that come back."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from bot.desk import DeskBusy, DeskTimeout
from bot.markup import Button, Message, pack
from bot.memory import Shown
from bot.rendering import asked, greeting_messages, passage_messages, reply_messages
from index.errors import ArchiveBusy

if TYPE_CHECKING:
    from datetime import date

    from bot.desk import Desk
    from bot.memory import Memory
    from bot.texts import Texts
    from index.domain import Passage, Reply

LONGEST_QUESTION = 1000
"""In characters: longer than any question, shorter than an article pasted by mistake."""

_HITS = 10
_PAGE = 3
_SUGGESTIONS = 3
_KEPT_FORMATTING = {"\u200c", "\u200d"}  # the joiners that Persian words and emoji are written with

Messages = tuple[Message, ...]


class Conversation:
    """Answers turns of any chat. A chat is a number: Telegram's id, or 0 for the terminal."""

    def __init__(self, desk: Desk, memory: Memory, texts: Texts) -> None:
        self._desk = desk
        self._memory = memory
        self._texts = texts

    async def start(self, chat: int) -> Messages:
        """Greet, with questions that this archive answers as buttons; with fewer, or none, where it cannot."""
        try:
            questions = await self._desk.suggest(_SUGGESTIONS)
        except (DeskBusy, DeskTimeout, ArchiveBusy):
            questions = ()
        return greeting_messages(self._texts, [self._button("ask", chat, question) for question in questions])

    def help(self) -> Messages:
        """What a person can do here."""
        return self.say("help")

    def say(self, name: str, **values: object) -> Messages:
        """One sentence of the texts, by name."""
        return pack([self._texts.html(name, **values)])

    async def ask(self, chat: int, text: str, day: date | None = None) -> Messages:
        """Answer what a person wrote on a day (today): any text, of any length."""
        question = cleaned(text)
        if not any(char.isalnum() for char in question):
            return self.say("empty")
        if len(question) > LONGEST_QUESTION:
            return self.say("too_long", length=f"{len(question):,}", limit=f"{LONGEST_QUESTION:,}")
        try:
            reply = await self._desk.ask(question, asked=day, k=_HITS)
        except (DeskBusy, ArchiveBusy):
            return self.say("busy")
        except DeskTimeout:
            return self.say("timeout")
        return reply_messages(reply, self._texts, more=self._more(chat, reply))

    async def press(self, chat: int, data: str, day: date | None = None) -> Messages:
        """Do what a button stands for, on a day (today).

        ``data`` may be anything: only what this chat was shown is acted on.
        """
        action, _, rest = data.partition(":")
        key, _, place = rest.partition(":")
        shown = self._memory.recall(chat, key)
        if shown is None:
            return self.say("forgotten")
        if action == "ask":
            first, *others = await self.ask(chat, shown.question, day)
            return (*pack([asked("asked", shown.question, self._texts), first.html], first.buttons), *others)
        if action == "more" and place.isascii() and place.isdigit() and len(place) < 4:
            return await self._page(shown, key, int(place))
        return self.say("forgotten")

    async def _page(self, shown: Shown, key: str, place: int) -> Messages:
        passages: tuple[Passage, ...] = ()
        try:
            while not passages and place < len(shown.passages):
                passages = await self._desk.passages(shown.passages[place : place + _PAGE])
                place += _PAGE
        except (DeskBusy, ArchiveBusy):
            return self.say("busy")
        except DeskTimeout:
            return self.say("timeout")
        if not passages:
            return self.say("no_more")
        more = None
        if place < len(shown.passages):
            more = Button(label=self._texts.label("more"), data=f"more:{key}:{place}")
        return passage_messages(shown.question, passages, self._texts, more=more)

    def _more(self, chat: int, reply: Reply) -> Button | None:
        rest = reply.hits if reply.answer is None else reply.hits[1:]
        if not rest:
            return None
        shown = Shown(question=reply.question, passages=tuple(hit.passage.id for hit in rest))
        return Button(label=self._texts.label("more"), data=f"more:{self._memory.remember(chat, shown)}:0")

    def _button(self, action: str, chat: int, question: str) -> Button:
        return Button(label=question, data=f"{action}:{self._memory.remember(chat, Shown(question=question))}")


def cleaned(text: str) -> str:
    """A question on one line, composed (NFC), without control characters and such as turn the direction of text."""
    kept = (char for char in text if char in _KEPT_FORMATTING or unicodedata.category(char) not in ("Cf", "Cs", "Co"))
    spaced = "".join(" " if unicodedata.category(char) == "Cc" else char for char in kept)
    return " ".join(unicodedata.normalize("NFC", spaced).split())
