"""What the archive says, as messages in Telegram's HTML (pure): quotes and citations, escaped and cut to fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citing import also_reported, citation
from bot.markup import LIMIT, Button, Message, Rows, cut, escaped, fits, pack, units, visible, widened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.citing import Reported
    from bot.texts import Texts
    from index.domain import Answer, Article, Hit, Passage, Reply, Span

UNSURE = 0.5
"""Below this confidence a reader is told that the quote may not answer: it is as likely wrong as right."""

CLOSEST = 5
"""How many articles are named where none answers."""

OLD_DAYS = 180
"""An answer older than that is shown with its day first: what was so then may not be so now."""

_QUOTE = 2000
_SPARE = 20  # for line breaks, and the mark of what is cut
_PASSAGES = (900, 600, 300, 100)  # the longest of a page, and what it comes to where a page of such does not fit
_QUESTION = 1000
_QUESTION_OF_PAGE = 200
_HIGHLIGHTS = 30


def reply_messages(reply: Reply, texts: Texts, *, buttons: Rows = ()) -> tuple[Message, ...]:
    """The answer quoted, with its article and what stands around it; or the closest articles, where none answers.

    An answer is always one message.
    """
    blocks = _no_answer(reply.hits, texts) if reply.answer is None else _answer(reply.answer, reply.asked, texts)
    return pack(blocks, buttons)


def ranked_messages(reply: Reply, texts: Texts, *, buttons: Rows = ()) -> tuple[Message, ...]:
    """The best articles about words to look for; or that there are none."""
    if not reply.hits:
        return pack([texts.html("nothing_close")])
    return pack([_asked("found_about", reply.question, texts, _QUESTION_OF_PAGE), _named(reply.hits, texts)], buttons)


def page_message(
    question: str,
    listed: Sequence[tuple[Passage, Sequence[Reported]]],
    texts: Texts,
    *,
    page: int,
    pages: int,
    buttons: Rows = (),
) -> Message:
    """A page of the passages for a question, each folded, with its article and who else told it: one message.

    ``page`` counts from 1; a long passage is cut to what lets all of them fit.
    """
    name = "page_of" if pages > 1 else "passages_of"
    head = _asked(name, question, texts, _QUESTION_OF_PAGE, page=page, pages=pages)
    html = head
    for limit in _PASSAGES:
        html = "\n\n".join([head, *(_listed(passage, also, texts, limit) for passage, also in listed)])
        if fits(html):
            break
    return Message(html=html, buttons=buttons)


def greeting_messages(texts: Texts, questions: Sequence[Button]) -> tuple[Message, ...]:
    """The greeting, with the questions below it, if any."""
    blocks = [texts.html("greeting")] + ([texts.html("greeting_suggestions")] if questions else [])
    return pack(blocks, tuple((button,) for button in questions))


def asked(name: str, question: str, texts: Texts) -> str:
    """A sentence that repeats a question, cut to fit a message."""
    return _asked(name, question, texts, _QUESTION)


def quoted(
    article: Article, span: Span, highlights: Sequence[Span], texts: Texts, *, limit: int, folded: bool = False
) -> str:
    """A slice of an article's body as a quotation, highlights in bold.

    Args:
        article: what is quoted from.
        span: the slice, in characters of the body.
        highlights: slices of the body; what lies outside the quotation is left out.
        texts: for the mark that stands behind a slice longer than ``limit``.
        limit: the longest slice, in UTF-16 units.
        folded: show three lines, and the rest to who taps on them.
    """
    start = span[0]
    end = start + cut(article.body[start : span[1]], limit)
    text = article.body[start:end]
    inside = [(max(first - start, 0), min(last - start, len(text))) for first, last in highlights]
    parts, place = [], 0
    for first, last in widened(text, inside)[:_HIGHLIGHTS]:
        parts += [escaped(text[place:first]), f"<b>{escaped(text[first:last])}</b>"]
        place = last
    parts.append(escaped(text[place:]))
    mark = " " + texts.html("cut") if end < span[1] else ""
    return f"<blockquote{' expandable' if folded else ''}>{''.join(parts)}{mark}</blockquote>"


def is_old(article: Article, asked: date | None) -> bool:
    """Whether a reader should be told of which day an answer is, before reading it."""
    return bool(asked and article.published and (asked - article.published).days > OLD_DAYS)


def _answer(answer: Answer, asked_on: date | None, texts: Texts) -> list[str]:
    article = answer.hit.article
    quote = quoted(article, (answer.start, answer.end), answer.highlights, texts, limit=_QUOTE)
    if article.published and is_old(article, asked_on):
        introduced = texts.html("as_of", date=texts.date(article.published))
        quote = f"{introduced}\n{quote}"
    blocks = [f"{quote}\n{citation(article, texts)}{also_reported(answer.hit.also, texts)}"]
    if answer.confidence < UNSURE:
        blocks.append(texts.html("unsure"))
    if (around := _around(answer)) is not None:
        room = LIMIT - units(visible("\n\n".join([*blocks, texts.html("around")]))) - _SPARE
        passage = quoted(article, around, [(answer.start, answer.end)], texts, limit=room, folded=True)
        blocks.append(f"{texts.html('around')}\n{passage}")
    return blocks


def _around(answer: Answer) -> Span | None:
    """The slice of the body around an answer: its passage; ``None`` where that says no more than the quote.

    A quote at an edge of the passage is left out, one in the middle stands in it, and is marked.
    """
    body, start, end = answer.hit.article.body, answer.hit.passage.start, answer.hit.passage.end
    before, after = body[start : min(answer.start, end)], body[max(answer.end, start) : end]
    if not _says(before):
        start = max(answer.end, start)
    if not _says(after):
        end = min(answer.start, end)
    text = body[start:end]
    if not _says(text):
        return None
    start += len(text) - len(text.lstrip())
    return start, start + len(text.strip())


def _says(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _listed(passage: Passage, also: Sequence[Reported], texts: Texts, limit: int) -> str:
    quote = quoted(passage.article, (passage.start, passage.end), (), texts, limit=limit, folded=True)
    return f"{quote}\n{citation(passage.article, texts)}{also_reported(also, texts)}"


def _no_answer(hits: Sequence[Hit], texts: Texts) -> list[str]:
    if not hits:
        return [texts.html("no_answer") + " " + texts.html("nothing_close")]
    return [texts.html("no_answer"), f"{texts.html('closest')}\n{_named(hits, texts)}"]


def _named(hits: Sequence[Hit], texts: Texts) -> str:
    """The first articles, numbered, each with who else told it."""
    return "\n".join(
        f"{number}. {citation(hit.article, texts)}{also_reported(hit.also, texts)}"
        for number, hit in enumerate(hits[:CLOSEST], start=1)
    )


def _asked(name: str, question: str, texts: Texts, limit: int, **values: object) -> str:
    end = cut(question, limit)
    return texts.html(name, question=question[:end] + ("…" if end < len(question) else ""), **values)
