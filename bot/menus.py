"""The menu of commands that each sees: those that they may use (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.texts import Texts

READERS = ("start", "ask", "new", "language", "forget", "help")
"""What everybody may use, in the order of the menu."""
ADMINS = ("reindex", "add", "remove", "status", "feedback", "unanswered", "invite", "invitations", "audit")
"""What only admins may, below that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """Commands with what they do, for a chat, ``None`` for all others, and for a language, ``None`` for all others."""

    chat: int | None
    language: str | None
    commands: tuple[tuple[str, str], ...]


def menus(texts: Mapping[str, Texts], admins: Iterable[int], otherwise: str = "en") -> list[Menu]:
    """Every menu, by the codes of the languages: for everybody first, then for each admin's private chat.

    ``otherwise`` is the language of who has another than these.
    """
    chats: list[tuple[int | None, tuple[str, ...]]] = [(None, READERS)]
    chats += [(admin, (*READERS, *ADMINS)) for admin in sorted(admins)]
    return [
        Menu(
            chat=chat,
            language=None if code == otherwise else code,
            commands=tuple((name, texts[code].label(f"command_{name}")) for name in names),
        )
        for chat, names in chats
        for code in sorted(texts, key=lambda code: (code != otherwise, code))
    ]
