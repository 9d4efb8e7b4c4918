"""Characters that are one and the same to a reader (pure)."""

from __future__ import annotations

import re
import unicodedata

_ONE = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "ґ": "г",
        "ى": "ي",  # alef maksura is typed for yeh in Egypt, as Farsi yeh is in Iran
        "ی": "ي",
        "ک": "ك",
        "ہ": "ه",
        "ة": "ه",
        "ٱ": "ا",
        "ـ": "",  # tatweel only stretches a line
    }
)
_LIGATURES = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ø", "oe"), ("å", "aa"))
_SPELLED_OUT = re.compile("(?<!q)([aou])e(?=[b-df-hj-np-tv-xz])|(a)a")


def fold(word: str) -> str:
    """A word without case and diacritics: Müller, MULLER and muller are one."""
    lower = word.casefold()
    if lower.isascii():
        return lower
    decomposed = unicodedata.normalize("NFKD", lower).translate(_ONE)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def respelled(word: str) -> str:
    """A word in lower case with its umlauts spelled out (Müller: mueller), or with those spelled out taken back.

    The same word where there is nothing to respell.
    """
    changed = word
    for letter, letters in _LIGATURES:
        changed = changed.replace(letter, letters)
    return changed if changed != word else _SPELLED_OUT.sub(r"\1\2", word)


def digits(number: str) -> str:
    """A number in the digits of English, whatever script it is written in."""
    if number.isascii():
        return number
    return "".join(str(unicodedata.digit(one)) if one.isdecimal() else one for one in number)
