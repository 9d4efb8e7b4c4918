"""Who may ask, and how much in an hour."""

from __future__ import annotations

import math
import time
from array import array
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.speaker import Speaker

Mode = Literal["everyone", "listed", "invited"]

HOUR = 3600.0
MOST_PEOPLE = 100_000
"""How many people are kept count of; who was quiet for longest is forgotten first."""

_SAY_LIMIT_EVERY = 60.0
_NOBODY = frozenset({1087968824, 136817688, 777000})
"""Whom Telegram names for an anonymous admin of a group, for a channel, and for a post passed on from one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The name of the sentence that says why not, and its values; an empty name where it was said just before."""

    name: str
    values: Mapping[str, object] = field(default_factory=dict)


class Gate:
    """Lets people in, and counts their questions; for one thread.

    Args:
        mode: everyone may ask; or who is listed; or who is listed or came by an invitation. Admins always may.
        admins: Telegram ids; they are not counted.
        readers: Telegram ids of people, or of chats in which everyone may ask.
        is_member: whether a person came by an invitation.
        per_person: questions that one may ask in any hour, 0 for any number.
        per_hour: questions that all together may ask in any hour, 0 for any number.
        clock: seconds.
    """

    def __init__(
        self,
        *,
        mode: Mode = "everyone",
        admins: frozenset[int] = frozenset(),
        readers: frozenset[int] = frozenset(),
        is_member: Callable[[int], bool] = lambda _: False,
        per_person: int = 0,
        per_hour: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._mode = mode
        self._admins = admins
        self._listed = admins | readers
        self._is_member = is_member
        self._per_person = per_person
        self._per_hour = per_hour
        self._clock = clock
        self._asked: OrderedDict[int, array[float]] = OrderedDict()
        self._all: deque[float] = deque()
        self._said: OrderedDict[tuple[int, str], float] = OrderedDict()

    @property
    def closed(self) -> str:
        """The name of the sentence for who may not ask."""
        return f"not_{self._mode}"

    def may(self, speaker: Speaker) -> bool:
        """Whether somebody may use the bot where they are."""
        if self._mode == "everyone" or speaker.person in self._listed or speaker.chat in self._listed:
            return True
        return self._mode == "invited" and self._is_member(speaker.person)

    def admit(self, speaker: Speaker) -> Refused | None:
        """Count a question, or say why it is not to be answered."""
        if not self.may(speaker):
            return self.turn_away(speaker)
        if speaker.person in self._admins:
            return None
        now = self._clock()
        one = speaker.chat if not speaker.person or speaker.person in _NOBODY else speaker.person
        mine = self._stamps(one, now)
        if self._per_person and len(mine) >= self._per_person:
            return self._limited(one, "limit_person", mine[0] + HOUR - now, self._per_person)
        while self._all and self._all[0] <= now - HOUR:
            self._all.popleft()
        if self._per_hour and len(self._all) >= self._per_hour:
            return self._limited(one, "limit_all", self._all[0] + HOUR - now, self._per_hour)
        self._count(one, mine, now)
        return None

    def turn_away(self, speaker: Speaker) -> Refused:
        """What to say to who may not ask: once an hour, to a person by themselves or to a group."""
        return self._once(speaker.chat, Refused(name=self.closed), HOUR)

    def may_hear(self, chat: int, name: str, seconds: float = _SAY_LIMIT_EVERY) -> bool:
        """Whether a chat was not told a sentence within so many seconds; from now on it was."""
        now, what = self._clock(), (chat, name)
        if now - self._said.get(what, -math.inf) < seconds:
            return False
        self._said[what] = now
        self._said.move_to_end(what)
        if len(self._said) > MOST_PEOPLE:
            self._said.popitem(last=False)
        return True

    def _stamps(self, one: int, now: float) -> array[float]:
        """When somebody asked in the last hour, oldest first."""
        stamps = self._asked.get(one, array("d"))
        old = next((at for at, stamp in enumerate(stamps) if stamp > now - HOUR), len(stamps))
        del stamps[:old]
        return stamps

    def _count(self, one: int, mine: array[float], now: float) -> None:
        if self._per_person:
            mine.append(now)
            self._asked[one] = mine
            self._asked.move_to_end(one)
            if len(self._asked) > MOST_PEOPLE:
                self._asked.popitem(last=False)
        if self._per_hour:
            self._all.append(now)

    def _limited(self, one: int, name: str, seconds: float, limit: int) -> Refused:
        values = {"count": max(1, math.ceil(seconds / 60)), "limit": limit}
        return self._once(one, Refused(name=name, values=values), _SAY_LIMIT_EVERY)

    def _once(self, chat: int, refused: Refused, seconds: float) -> Refused:
        return refused if self.may_hear(chat, refused.name, seconds) else Refused(name="")
