"""The languages that the bot speaks: one catalogue each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from bot.texts.texts import ENGLISH, Texts

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Languages:
    """The texts of every language, by code."""

    texts: Mapping[str, Texts]

    @classmethod
    def load(cls) -> Self:
        """Read every catalogue that there is, once in a process."""
        return cls(texts=_all())

    def of(self, code: str | None) -> Texts:
        """The texts of a language; English where there are none.

        Args:
            code: as Telegram or a person writes it: ``ru``, ``ru-RU``, ``RU_ru``.
        """
        known = {each.casefold(): texts for each, texts in self.texts.items()}
        wanted = (code or ENGLISH).casefold().replace("-", "_")
        while wanted and wanted not in known:
            wanted = wanted.rpartition("_")[0]
        return known[wanted or ENGLISH]

    def name(self, code: str) -> str:
        """What a language is called in itself: Русский."""
        name = self.texts[code].catalogue.locale.get_display_name() or code
        return name[0].upper() + name[1:]

    @property
    def codes(self) -> tuple[str, ...]:
        """The languages that there are, by code."""
        return tuple(sorted(self.texts))


@cache
def _all() -> Mapping[str, Texts]:
    names = (entry.name for entry in files(__package__).iterdir())
    codes = sorted(name.removesuffix(".po") for name in names if name.endswith(".po"))
    return MappingProxyType({code: Texts.load(code) for code in codes})
