"""Text of a field that may be HTML (pure). It takes time in proportion to the text, however the markup is broken."""

from __future__ import annotations

import html
import re

_NAMES = "p|br|div|a|b|i|em|strong|span|ul|ol|li|h[1-6]|img|blockquote|figure|table|script|style"
_TAG = re.compile(rf"</?(?:{_NAMES})\b[^<>]*>")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,10});")
_MARK = re.compile(
    r"<!--|<(/?)([a-zA-Z][\w:-]*)(?:\s(?:[^<>\"']|\"[^\"<]{0,2000}\"|'[^'<]{0,2000}')*)?/?>|<[!?][^<>]*>"
)
_SPACES = re.compile(r"\s+")
_BREAKS = frozenset("p br div li ul ol h1 h2 h3 h4 h5 h6 blockquote figure table tr section article".split())
_ENDS = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style", "figcaption")}
"""How an element ends whose content is not shown."""


def without_markup(text: str) -> str:
    """The text: tags and comments gone, blocks on lines of their own; text without tags as it is."""
    if _TAG.search(text):
        return "".join(_parts(text))
    return html.unescape(text) if _ENTITY.search(text) else text


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    at = 0
    last_comment = text.rfind("-->")
    ends = {name: max((match.start() for match in end.finditer(text)), default=-1) for name, end in _ENDS.items()}
    while match := _MARK.search(text, at):
        parts.append(_shown(text[at : match.start()]))
        at = match.end()
        name = (match[2] or "").lower()
        if match[0] == "<!--" and at <= last_comment:
            at = text.index("-->", at) + 3
        elif name in _ENDS and not match[1] and at <= ends[name] and (end := _ENDS[name].search(text, at)):
            at = end.end()
        elif name in _BREAKS:
            parts.append("\n\n")
    parts.append(_shown(text[at:]))
    return parts


def _shown(data: str) -> str:
    return _SPACES.sub(" ", html.unescape(data))
