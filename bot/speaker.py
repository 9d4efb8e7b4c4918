"""Who writes, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A person in a chat: Telegram's ids, 0 for the terminal; ``thread`` is a topic of a forum.

    ``language`` is the code of the texts that the person reads; ``private`` says that nobody else reads along.
    """

    chat: int
    thread: int | None = None
    person: int = 0
    language: str = "en"
    private: bool = True
