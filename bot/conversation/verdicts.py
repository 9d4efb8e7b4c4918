"""What a reader says of an answer: right or wrong, and why."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.links import opens
from bot.markup import Button, Outcome, Rows, cut, escaped, pack
from bot.memory.feedback import OTHER
from bot.terminal import safe

if TYPE_CHECKING:
    from bot.memory import Memory
    from bot.memory.shown import Shown
    from bot.speaker import Speaker
    from bot.texts import Languages, Texts

log = logging.getLogger(__name__)

_REASONS = {
    "wrong_article": "wrong article",
    "wrong_sentence": "wrong sentence",
    "out_of_date": "out of date",
    "other": OTHER,
}
"""The reasons that are offered, by the names of their labels, and as they are kept."""

_GIVEN = "✓"
_LONGEST_REASON = 1000


class Verdicts:
    """Keeps what readers say, and shows what they said."""

    def __init__(self, memory: Memory, languages: Languages) -> None:
        self._memory = memory
        self._languages = languages

    def judge(self, speaker: Speaker, key: str, shown: Shown, *, helpful: bool) -> Outcome:
        """Note a yes, or a no and ask why. In a private chat the button then says that it was pressed."""
        texts = self._languages.of(speaker.language)
        new = self._note(speaker, key, shown, helpful=helpful)
        if new is None:
            return Outcome(notice=texts.label("not_noted"))
        said = helpful if speaker.private else None
        if not helpful:
            rows = rows_below(texts, key, shown, said=said, ask_why=True)
            return Outcome(notice=texts.label("ask_reason"), buttons=rows)
        rows = rows_below(texts, key, shown, said=said)
        return Outcome(notice=texts.label("thanks" if new else "already"), buttons=rows if speaker.private else None)

    def explain(self, speaker: Speaker, key: str, shown: Shown, name: str) -> Outcome | None:
        """Note the reason that was tapped; ``None`` where there is no such."""
        if name not in _REASONS:
            return None
        texts = self._languages.of(speaker.language)
        new = self._note(speaker, key, shown, helpful=False, reason=_REASONS[name])
        if new is None:
            return Outcome(notice=texts.label("not_noted"))
        if name == "other":
            return Outcome(notice=texts.label("say_reason"))
        return Outcome(
            notice=texts.label("reason_noted" if new else "already"), buttons=self._after(speaker, key, shown)
        )

    def awaits(self, speaker: Speaker, key: str) -> bool:
        """Whether what a person writes below an answer is the reason of the no that they said to it."""
        return (
            self._memory.feedback.awaits_reason(key, speaker.person)
            and self._memory.shown.recall(speaker.chat, key) is not None
        )

    def write(self, speaker: Speaker, key: str, text: str) -> Outcome:
        """Note a reason in a reader's own words."""
        texts = self._languages.of(speaker.language)
        reason = " ".join(safe(text).split())
        shown = self._memory.shown.recall(speaker.chat, key)
        if shown is None:
            return Outcome(messages=pack([texts.html("forgotten")]))
        new = self._note(speaker, key, shown, helpful=False, reason=reason[: cut(reason, _LONGEST_REASON)])
        label = texts.label("not_noted" if new is None else "reason_noted")
        return Outcome(messages=pack([escaped(label)]), buttons=self._after(speaker, key, shown))

    def _after(self, speaker: Speaker, key: str, shown: Shown) -> Rows:
        said = False if speaker.private else None
        return rows_below(self._languages.of(speaker.language), key, shown, said=said)

    def _note(self, speaker: Speaker, key: str, shown: Shown, *, helpful: bool, reason: str = "") -> bool | None:
        """Whether it was new; ``None`` where it could not be kept."""
        try:
            return self._memory.feedback.note(speaker, key, shown, helpful=helpful, reason=reason)
        except sqlite3.Error as error:
            log.error("the memory cannot be written (%s): free space on the disk", error)  # noqa: TRY400
            return None


def rows_below(texts: Texts, key: str | None, shown: Shown, *, said: bool | None = None, ask_why: bool = False) -> Rows:
    """The buttons below what was shown: more passages and the article; is it right, and why not.

    Without a key, because nothing could be remembered, only the article can be opened. What was ``said`` is marked.
    """
    first: list[Button] = []
    if key and shown.passages:
        first.append(Button(label=texts.label("more"), data=f"more:{key}:0"))
    if shown.answer and opens(shown.answer.address):
        first.append(Button(label=texts.label("article"), url=shown.answer.address))
    rows = [tuple(first)] if first else []
    if key and shown.answer:
        right = Button(label=texts.label("right"), data=f"yes:{key}")
        wrong = Button(label=texts.label("wrong"), data=f"no:{key}")
        rows.append((_marked(right, said is True), _marked(wrong, said is False)))
    if ask_why:
        reasons = [Button(label=texts.label(name), data=f"why:{key}:{name}") for name in _REASONS]
        rows += [tuple(reasons[:2]), tuple(reasons[2:])]
    return tuple(rows)


def _marked(button: Button, pressed: bool) -> Button:  # noqa: FBT001
    return replace(button, label=f"{button.label} {_GIVEN}") if pressed else button


def key_of_reason(data: str) -> str | None:
    """The key in the data of a button that stands for a reason; ``None`` in that of any other."""
    action, _, rest = data.partition(":")
    return rest.partition(":")[0] if action == "why" else None
