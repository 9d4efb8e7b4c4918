"""What is said of an article before it is added or removed, and after (pure)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.markup import LIMIT, Button, Message, Rows, cut, escaped, pack, units, visible

if TYPE_CHECKING:
    from bot.previewing import Preview, Seen
    from bot.texts import Texts
    from index.domain import SyncReport
    from index.errors import NewsdeskError

YES, NO = "yes", "no"
"""What the buttons below a draft say."""

_TITLE = 200
_OPENING = 600
_REASON = 300
_SPARE = 40


def add_message(preview: Preview, key: str, texts: Texts, *, perhaps_cut: bool) -> Message:
    """What a draft would give, with a yes and a no below; ``perhaps_cut`` warns that Telegram may have cut it."""
    first, many = preview.articles[0], preview.count > 1
    blocks = [texts.html("add_ask_many", count=preview.count) if many else texts.html("add_ask"), _known(first, texts)]
    blocks += [_headline(each, texts) for each in preview.articles[1:]]
    facts = [] if preview.passages is None else [texts.html("add_passages", count=preview.passages)]
    if many and preview.repeated:
        facts.append(texts.html("add_repeated", count=preview.repeated))
    facts += [texts.html("add_same", title=shortened(title, _TITLE)) for title in first.same[:1]]
    facts += [texts.html("add_refused", reason=shortened(reason, _REASON)) for reason in preview.refused[:1]]
    if perhaps_cut:
        facts.append(texts.html("add_cut"))
    room = LIMIT - units(visible("\n".join([*blocks, *facts]))) - _SPARE
    opening = shortened(first.opening, min(_OPENING, room))
    blocks.insert(2, f"<blockquote>{escaped(opening)}</blockquote>")
    if facts:
        blocks.append("\n".join(facts))
    (message,) = pack(blocks, buttons("add", key, texts))
    return message


def remove_message(preview: Preview, key: str, texts: Texts) -> Message:
    """What a removal would take, with a yes and a no below."""
    many = preview.count > 1
    blocks = [texts.html("remove_ask_many", count=preview.count) if many else texts.html("remove_ask")]
    blocks += [_known(each, texts) for each in preview.articles]
    if rest := preview.count - len(preview.articles):
        blocks.append(texts.html("remove_rest", count=rest))
    (message,) = pack(blocks, buttons("remove", key, texts))
    return message


def added_message(report: SyncReport, title: str, texts: Texts) -> Message:
    """That an article is in the archive, and what the sync did."""
    counts = {"added": report.added, "changed": report.changed, "unchanged": report.unchanged}
    return Message(html=texts.html("add_done", title=title, **counts))


def nothing_added_message(reason: str, texts: Texts) -> Message:
    """Why an article is not in the archive."""
    return Message(html=texts.html("add_nothing", reason=shortened(reason, _REASON)))


def not_added_message(error: NewsdeskError, texts: Texts) -> Message:
    """Why an article is not in the archive yet."""
    return Message(html=texts.html("add_later", reason=shortened(str(error), _REASON)))


def buttons(action: str, key: str, texts: Texts) -> Rows:
    """A yes and a no to a draft."""
    if action == "add":
        labels = texts.label("add_yes"), texts.label("add_no")
    else:
        labels = texts.label("remove_yes"), texts.label("remove_no")
    row = zip(labels, (YES, NO), strict=True)
    return (tuple(Button(label=label, data=f"{action}:{answer}:{key}") for label, answer in row),)


def shortened(text: str, limit: int) -> str:
    """The beginning of a text, with a mark where there is more; ``limit`` in UTF-16 units."""
    end = cut(text, limit)
    return text[:end].rstrip() + ("…" if end < len(text) else "")


def _headline(seen: Seen, texts: Texts) -> str:
    return texts.html("add_title", title=shortened(seen.title, _TITLE))


def _known(seen: Seen, texts: Texts) -> str:
    """An article's headline, day, source and language."""
    day = texts.date(date.fromisoformat(seen.published)) if seen.published else texts.html("add_no_date")
    source = shortened(seen.source, _TITLE) if seen.source else texts.html("add_no_source")
    language = texts.html("add_no_language") if seen.language == "und" else seen.language
    known = texts.html("add_known", day=day, source=source, language=language)
    return f"{_headline(seen, texts)}\n{known}"
