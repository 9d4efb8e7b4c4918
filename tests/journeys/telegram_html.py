"""What Telegram accepts as HTML, written from https://core.telegram.org/bots/api#html-style, apart from the bot."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s+[A-Za-z-]+(?:=\"[^\"<>]*\")?)*)\s*>|&(#x?[0-9A-Fa-f]+|\w+);|([<&])"
)
_ATTRIBUTE = re.compile(r"([A-Za-z-]+)(?:=\"([^\"]*)\")?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler", "a", "code", "pre", "blockquote"}
_LONGEST = 4096
_MOST_ENTITIES = 100


class HtmlRefusedError(Exception):
    """The text is not what Telegram would take; the message is the description it would give."""


def visible_text(html: str) -> str:
    """The text that a reader would see; stricter than Telegram where that hides a mistake."""
    parts: list[str] = []
    open_tags: list[str] = []
    entities, place = 0, 0
    for token in _TOKEN.finditer(html):
        parts.append(html[place : token.start()])
        place = token.end()
        if token[5]:
            raise HtmlRefusedError(f"can't parse entities: unescaped {token[5]} at byte offset {token.start()}")
        if token[4]:
            parts.append(_character(token[4]))
        elif token[1]:
            _close(token[2].lower(), open_tags)
        else:
            _open(token[2].lower(), token[3], open_tags)
            entities += 1
    parts.append(html[place:])
    if open_tags:
        raise HtmlRefusedError(f"can't parse entities: can't find end tag corresponding to start tag {open_tags[-1]}")
    if entities > _MOST_ENTITIES:
        raise HtmlRefusedError("can't parse entities: more than 100, of which Telegram drops the rest")
    text = "".join(parts)
    if not text.strip():
        raise HtmlRefusedError("message text is empty")
    if len(text.encode("utf-16-le")) // 2 > _LONGEST:
        raise HtmlRefusedError("message is too long")
    return text


def _character(name: str) -> str:
    if name.startswith("#"):
        return chr(int(f"0{name[1:]}", base=16) if name[1] in "xX" else int(name[1:]))
    if name not in _NAMED:
        raise HtmlRefusedError(f"can't parse entities: unsupported entity &{name};")
    return _NAMED[name]


def _open(tag: str, attributes: str, open_tags: list[str]) -> None:
    if tag not in _TAGS:
        raise HtmlRefusedError(f"can't parse entities: unsupported start tag {tag}")
    if tag in open_tags:
        raise HtmlRefusedError(f"can't parse entities: {tag} inside {tag}")
    given = dict(_ATTRIBUTE.findall(attributes))
    wanted = {"a": {"href"}, "blockquote": {"expandable"}}.get(tag, set())
    if set(given) - wanted:
        raise HtmlRefusedError(f"can't parse entities: unexpected attributes of {tag}: {sorted(given)}")
    if tag == "a" and not re.match(r"(https?|tg|mailto):", given.get("href", "")):
        raise HtmlRefusedError(f"can't parse entities: {given.get('href')!r} is no address that Telegram links")
    open_tags.append(tag)


def _close(tag: str, open_tags: list[str]) -> None:
    if not open_tags or open_tags[-1] != tag:
        raise HtmlRefusedError(f"can't parse entities: unmatched end tag {tag}")
    open_tags.pop()
