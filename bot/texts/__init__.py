"""Every sentence a person sees, by name: one gettext catalogue per language, ``en.po`` and so on."""

from __future__ import annotations

from bot.texts.languages import Languages
from bot.texts.texts import Texts

__all__ = ["Languages", "Texts"]
