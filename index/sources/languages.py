"""Which language a text is in."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lingua import LanguageDetector

UNKNOWN = "und"
_DETECTED = "AR CS DA DE EL EN ES FA FI FR HE HI HU ID IT JA KO NB NL PL PT RO RU SV TH TR UK VI ZH"
_SAMPLE_CHARACTERS = 400
_CODE = re.compile(r"([a-z]{2})(?:[-_].*)?")


def language_of(declared: str | None, text: str) -> str:
    """An ISO 639-1 code: the declared one where it is one, else detected; ``und`` where it cannot be told.

    Detection reads the first 400 characters and takes under a millisecond; its tables are loaded at first use.
    """
    if match := _CODE.fullmatch((declared or "").strip().lower()):
        return match[1]
    found = _detector().detect_language_of(text[:_SAMPLE_CHARACTERS])
    return found.iso_code_639_1.name.lower() if found else UNKNOWN


@cache
def _detector() -> LanguageDetector:
    from lingua import IsoCode639_1, Language, LanguageDetectorBuilder  # noqa: PLC0415 - a question needs it not

    languages = [Language.from_iso_code_639_1(getattr(IsoCode639_1, code)) for code in _DETECTED.split()]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
