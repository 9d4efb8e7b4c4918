"""Which way text runs: what stands inside a sentence keeps a direction of its own (pure).

Isolates are used (https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates); Telegram takes out the older
embeddings and overrides, U+202A to U+202E, and leaves these as they are.
"""

from __future__ import annotations

from functools import cache

import regex

_ISOLATE, _END = "\u2068", "\u2069"
_OPENING = "\u2066\u2067\u2068"
_FROM_RIGHT = "\u200f"

_TURNS = regex.compile(r"[\p{bc=R}\p{bc=AL}\p{bc=AN}\u202a-\u202e\u2066-\u2069]")
_TAG = r"<[^>]*>"
_VALUE = r"<code>.*?</code>|\{\w+\}"
_LATIN = r"[/@]?[A-Za-z][A-Za-z0-9_]*(?:[ ./-][A-Za-z][A-Za-z0-9_]*)*"
_INSIDE = {
    False: regex.compile(rf"(?P<inside>{_VALUE})|{_TAG}"),
    True: regex.compile(rf"(?P<inside>{_VALUE})|{_TAG}|(?P<inside>{_LATIN})"),
}
"""What is isolated in a sentence that runs from the right, or from the left; tags are passed over."""
_ALONE = regex.compile(rf"(?:{_TAG}|\s)*(?:\{{\w+\}})?(?:{_TAG}|\s)*")
_BEGINS_RIGHT = regex.compile(rf"(?:{_TAG}|[^{_ISOLATE}<\p{{bc=R}}\p{{bc=AL}}])*[\p{{bc=R}}\p{{bc=AL}}]")
_TAGS_FIRST = regex.compile(rf"(?:{_TAG})*")


def turns(text: str) -> bool:
    """Whether a text could change the direction of what stands beside it in a sentence that runs from the left."""
    return _TURNS.search(text) is not None


@cache
def isolated(sentence: str, *, from_right: bool) -> str:
    """A sentence with marks around what is filled in, and around Latin words where it runs from the right.

    What stands alone on its line is left as it is. From the right, a line that begins with something isolated begins
    with a mark that says so: not every program passes over isolates where it looks which way a line runs.
    """
    return "\n".join(_line(line, from_right=from_right) for line in sentence.split("\n"))


def balanced(value: str) -> str:
    """A text that ends every isolate it begins, and no other."""
    kept, open_ = [], 0
    for sign in value:
        if sign == _END and not open_:
            continue
        open_ += (sign in _OPENING) - (sign == _END)
        kept.append(sign)
    return "".join(kept) + _END * open_


def _line(line: str, *, from_right: bool) -> str:
    if _ALONE.fullmatch(line):
        return line
    inside = _INSIDE[from_right]
    marked = inside.sub(lambda found: f"{_ISOLATE}{found[0]}{_END}" if found["inside"] else found[0], line)
    if not from_right or _BEGINS_RIGHT.match(marked):
        return marked
    return _TAGS_FIRST.sub(lambda tags: tags[0] + _FROM_RIGHT, marked, count=1)
