"""Every sentence a person sees, by name: one file per language, ``en.toml`` and so on."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

__all__ = ["Languages", "Texts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The sentences of one language. ``sentences`` are by name; ``months`` begin with January."""

    sentences: Mapping[str, str]
    months: tuple[str, ...]

    @classmethod
    def load(cls, language: str = "en") -> Self:
        """Read the file of a language, named by its ISO 639-1 code."""
        entries = tomllib.loads((files(__package__) / f"{language}.toml").read_text(encoding="utf-8"))
        months = tuple(entries.pop("months"))
        return cls(sentences=entries, months=months)

    def html(self, name: str, /, **values: object) -> str:
        """A sentence in Telegram's HTML; the values are escaped."""
        return self.sentences[name].format_map({key: escape(str(value)) for key, value in values.items()})

    def label(self, name: str, /, **values: object) -> str:
        """A sentence as plain text, for a button or a menu; the values stand as they are."""
        return self.sentences[f"{name}_label"].format_map(values)

    def date(self, day: date) -> str:
        """A date as a reader writes it: 30 January 2018."""
        return self.sentences["date"].format(day=day.day, month=self.months[day.month - 1], year=day.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Languages:
    """The texts of every language, by code."""

    texts: Mapping[str, Texts]

    @classmethod
    def load(cls) -> Self:
        """Read them all."""
        return cls(texts={"en": Texts.load()})

    def of(self, code: str | None) -> Texts:
        """The texts of a language; English where there are none."""
        return self.texts.get(code or "en", self.texts["en"])
