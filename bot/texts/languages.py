"""The languages that the bot speaks: one catalogue each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from bot.language_codes import LANGUAGES
from bot.texts.texts import ENGLISH, Texts

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Languages:
    """The texts of every language, by code; ``otherwise`` is the code of the one for whom there is no other."""

    texts: Mapping[str, Texts]
    otherwise: str = ENGLISH

    @classmethod
    def load(cls, otherwise: str = ENGLISH) -> Self:
        """Read every catalogue that there is, once in a process."""
        return cls(texts=_all(), otherwise=otherwise)

    def of(self, code: str | None) -> Texts:
        """The texts of a language; those for whom there are no others, where there are none.

        Args:
            code: as Telegram or a person writes it: ``ru``, ``ru-RU``, ``RU_ru``.
        """
        known = {each.casefold(): texts for each, texts in self.texts.items()}
        wanted = (code or self.otherwise).casefold().replace("-", "_")
        while wanted and wanted not in known:
            wanted = wanted.rpartition("_")[0]
        return known[wanted or self.otherwise]

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
    return MappingProxyType({code: Texts.load(code) for code in LANGUAGES})
