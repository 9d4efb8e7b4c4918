"""What was shown behind each button, so that buttons outlive a restart."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping

_KEPT_SECONDS = 90 * 24 * 3600
_KEPT_ROWS = 200_000
_PRUNE_EVERY = 1000
_MOST_ALSO = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Also:
    """Another article that tells a passage's story, as far as a reader is told of it."""

    title: str
    source: str | None = None
    published: date | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer that was shown: the address of its article, or the file where it has none, and the quote."""

    address: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A question, and what was shown for it.

    ``passages`` are the ids of the passages that "more" shows, best first, and ``also`` who else tells the story of
    each; ``asked`` is the day, and ``person`` who asked, 0 where that is not known.
    """

    question: str
    passages: tuple[int, ...] = ()
    also: Mapping[int, tuple[Also, ...]] = field(default_factory=dict)
    answer: Answered | None = None
    asked: date | None = None
    person: int = 0


class ShownButtons:
    """Keys that stand in buttons, and what they stand for."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float]) -> None:
        self._db = connection
        self._clock = clock

    def remember(self, chat: int, shown: Shown) -> str:
        """Keep what a button of a chat stands for; the key is 16 characters that cannot be guessed."""
        key = secrets.token_urlsafe(12)
        answer = json.dumps(asdict(shown.answer)) if shown.answer else None
        asked = shown.asked.isoformat() if shown.asked else None
        cursor = self._db.execute(
            "INSERT INTO shown (key, chat, question, passages, at, person, asked, answer)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (key, chat, shown.question, _listed(shown), self._clock(), shown.person, asked, answer),
        )
        if cursor.lastrowid and cursor.lastrowid % _PRUNE_EVERY == 0:
            self.prune()
        return key

    def recall(self, chat: int, key: str) -> Shown | None:
        """What a key stands for; ``None`` where it is unknown, of another chat, or forgotten."""
        row = self._db.execute(
            "SELECT question, passages, person, asked, answer FROM shown WHERE key = ? AND chat = ?", (key, chat)
        ).fetchone()
        if row is None:
            return None
        question, listed, person, asked, answer = row
        entries = [entry if isinstance(entry, list) else [entry, []] for entry in json.loads(listed)]
        return Shown(
            question=question,
            passages=tuple(passage for passage, _ in entries),
            also={passage: tuple(_also(*each) for each in also) for passage, also in entries if also},
            answer=Answered(**json.loads(answer)) if answer else None,
            asked=date.fromisoformat(asked) if asked else None,
            person=person,
        )

    def prune(self) -> None:
        """Forget what is older than 90 days, and all but the last 200,000."""
        self._db.execute("DELETE FROM shown WHERE at < ?", (self._clock() - _KEPT_SECONDS,))
        self._db.execute("DELETE FROM shown WHERE id <= (SELECT max(id) FROM shown) - ?", (_KEPT_ROWS,))


def _listed(shown: Shown) -> str:
    """The passages as JSON: an id, or an id with the other articles of its story."""
    entries: list[Any] = []
    for passage in shown.passages:
        also = [
            [each.title, each.source, each.published and each.published.isoformat(), each.url]
            for each in shown.also.get(passage, ())[:_MOST_ALSO]
        ]
        entries.append([passage, also] if also else passage)
    return json.dumps(entries)


def _also(title: str, source: str | None, published: str | None, url: str | None) -> Also:
    day = date.fromisoformat(published) if published else None
    return Also(title=title, source=source, published=day, url=url)
