"""What the bot says in one language."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Self

from babel.dates import format_date
from babel.numbers import format_decimal

from bot.texts.catalogue import Catalogue
from bot.texts.direction import balanced, isolated, turns

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The sentences of one language, English where it has none."""

    catalogue: Catalogue

    @classmethod
    def load(cls, language: str = ENGLISH) -> Self:
        """Read the catalogue of a language, named by its code."""
        otherwise = None if language == ENGLISH else cls.load().catalogue
        with (files(__package__) / f"{language}.po").open("rb") as file:
            return cls(catalogue=Catalogue.read(file, language, otherwise))

    @property
    def language(self) -> str:
        """The code of the language, such as ``ru``."""
        return str(self.catalogue.locale)

    def html(self, name: str, /, **values: object) -> str:
        """A sentence in Telegram's HTML; the values are escaped.

        A value named ``count`` chooses the plural form.

        Raises:
            KeyError: there is no such sentence, or a value is missing.
        """
        return self._filled(name, values.get("count"), {key: escape(str(value)) for key, value in values.items()})

    def label(self, name: str, /, **values: object) -> str:
        """A sentence as plain text, for a button or a menu; the values stand as they are.

        Raises:
            KeyError: there is no such sentence, or a value is missing.
        """
        return self._filled(f"{name}_label", values.get("count"), {key: str(value) for key, value in values.items()})

    def date(self, day: date) -> str:
        """A date as a reader writes it: 30 January 2018."""
        return format_date(day, self.catalogue.find("date").text, locale=self.catalogue.locale)

    def number(self, value: float) -> str:
        """A number as a reader writes it, to three places: 1,234.5."""
        return format_decimal(value, locale=self.catalogue.locale)

    def _filled(self, name: str, count: object, values: Mapping[str, str]) -> str:
        """A sentence with its values, each of which keeps its own direction."""
        found = self.catalogue.find(name, _number(count))
        if not found.from_right and not any(turns(value) for value in values.values()):
            return found.text.format_map(values)
        sentence = isolated(found.text, from_right=found.from_right)
        return sentence.format_map({key: balanced(value) for key, value in values.items()})


def _number(count: object) -> int | None:
    """A count as a number, also where it was formatted: 12 345."""
    if isinstance(count, int):
        return count
    digits = "".join(sign for sign in str(count) if sign.isdecimal())
    return int(digits) if digits else None
