"""The languages that the bot has texts in, by code: a file ``bot/texts/CODE.po`` each."""

from __future__ import annotations

from importlib.resources import files

_SUFFIX = ".po"

LANGUAGES = tuple(
    sorted(
        entry.name.removesuffix(_SUFFIX) for entry in (files("bot") / "texts").iterdir() if entry.name.endswith(_SUFFIX)
    )
)
"""Known without reading the texts, which takes a while."""
