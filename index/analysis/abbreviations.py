"""Short forms: acronyms that are also words, and what is written short beside a number (pure)."""

from __future__ import annotations

_ALSO_WORDS = frozenset("us it who un eu is ice aids".split())
_SCALES = {
    "de": {"mio": "million", "mrd": "milliarde", "tsd": "tausend"},
    "en": {"bn": "billion", "tn": "trillion", "mln": "million"},
    "fr": {"mio": "million", "mrd": "milliard", "md": "milliard"},
    "it": {"mln": "milione", "mld": "miliardo"},
    "pl": {"mln": "milion", "mld": "miliard", "tys": "tysiąc"},
    "ru": {"млн": "миллион", "млрд": "миллиард", "трлн": "триллион", "тыс": "тысяча"},
    "uk": {"млн": "мільйон", "млрд": "мільярд", "трлн": "трильйон", "тис": "тисяча"},
}


def dotted(letters: str) -> str | None:
    """The term of an acronym that is also a word, WHO or US: "u.s."; ``None`` of any other."""
    lower = letters.casefold()
    return "".join(f"{letter}." for letter in lower) if lower in _ALSO_WORDS else None


def spelled_out(word: str, language: str) -> str:
    """A short form of million or the like in full; any other word, in lower case, as it is."""
    return _SCALES[language].get(word, word) if language in _SCALES else word
