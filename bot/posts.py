"""What a text that is no question asks about: a post that was passed on, a long text, a link (pure)."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from bot.markup import cut

LONGEST = 1000
"""How much of a text is looked for, in UTF-16 units."""

_LONG = 40
_ASKS = frozenset("?؟？;՞⁇")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}/\S+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"\.[A-Za-z]{2,5}$")
_FEWEST = 2
_CYRILLIC = dict(
    pair.split("=")
    for pair in (
        "shch=щ sch=щ zh=ж kh=х ts=ц ch=ч sh=ш yu=ю ju=ю iu=ю ya=я ja=я ia=я yo=ё ye=е ey=ей iy=ий yy=ый ay=ай oy=ой"
        " x=кс uy=уй a=а b=б v=в w=в g=г d=д e=е z=з i=и j=й k=к l=л m=м n=н o=о p=п r=р s=с t=т u=у f=ф h=х c=ц"
        " y=ы"
    ).split()
)
_LATIN = re.compile("|".join(sorted(_CYRILLIC, key=len, reverse=True)))


def is_long(text: str) -> bool:
    """Whether a text is too long to be a question: an article, or a part of one, that asks nothing."""
    return len(text) > LONGEST or (len(text.split()) > _LONG and _ASKS.isdisjoint(text))


def beginning(text: str) -> str:
    """As much of a text as is looked for, up to the end of a sentence where there is one."""
    return text[: cut(text, LONGEST)].rstrip()


def addresses(text: str) -> tuple[str, ...]:
    """The web addresses of a text that is nothing else; none of any other."""
    parts = text.split()
    return tuple(parts) if parts and all(_ADDRESS.fullmatch(part) for part in parts) else ()


def slug(address: str) -> str:
    """The words of an address: of the part of its path that has most of them; empty where it has none to speak of.

    Numbers of an article and such are left out.
    """
    try:
        path = urlsplit(address if "//" in address else f"//{address}").path
    except ValueError:
        return ""
    parts = [_words(_ENDING.sub("", unquote(part))) for part in path.split("/")]
    best = max(parts, key=len, default=[])
    return " ".join(best) if len(best) >= _FEWEST else ""


def in_cyrillic(words: str) -> str:
    """Words in the letters that they may stand for: Russian newspapers have Latin ones in their addresses.

    Empty where they are in another script already.
    """
    return _LATIN.sub(lambda found: _CYRILLIC[found[0]], words.lower()) if words.isascii() else ""


def _words(part: str) -> list[str]:
    """The words of a part of a path, without what is a number, or letters and digits mixed."""
    found = _WORD.findall(part)
    return [word for word in found if not any(char.isdigit() for char in word) or _is_year(word)]


def _is_year(word: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", word, re.ASCII))
