"""What the archive says, as messages in Telegram's HTML (pure): quotes and citations, escaped and cut to fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.markup import Button, Message, cut, escaped, linked, pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from bot.texts import Texts
    from index.domain import Answer, Article, Hit, Passage, Reply, Span

UNSURE = 0.5
"""Below this confidence a reader is told that the quote may not answer: it is as likely wrong as right."""

CLOSEST = 5
"""How many articles are named where none answers."""

OLD_DAYS = 180
"""An answer older than that is shown with its day first: what was so then may not be so now."""

_QUOTE = 2500
_PASSAGE = 900
_HEADLINE = 250
_SOURCE = 100
_QUESTION = 1000
_HIGHLIGHTS = 30
_ALSO = 4


def reply_messages(reply: Reply, texts: Texts, *, more: Button | None = None) -> tuple[Message, ...]:
    """The answer quoted, with its article; or that there is none, and the closest articles. ``more`` goes below."""
    blocks = _no_answer(reply.hits, texts) if reply.answer is None else _answer(reply.answer, reply.asked, texts)
    return pack(blocks, ((more,),) if more else ())


def passage_messages(
    question: str, passages: Iterable[Passage], texts: Texts, *, more: Button | None = None
) -> tuple[Message, ...]:
    """A page of passages for a question, each quoted, with its article."""
    blocks = [asked("passages_of", question, texts)]
    for passage in passages:
        span = (passage.start, passage.end)
        blocks.append(f"{quoted(passage.article, span, (), texts, limit=_PASSAGE)}\n{citation(passage.article, texts)}")
    return pack(blocks, ((more,),) if more else ())


def greeting_messages(texts: Texts, questions: Sequence[Button]) -> tuple[Message, ...]:
    """The greeting, with the questions below it, if any."""
    blocks = [texts.html("greeting")] + ([texts.html("greeting_suggestions")] if questions else [])
    return pack(blocks, tuple((button,) for button in questions))


def asked(name: str, question: str, texts: Texts) -> str:
    """A sentence that repeats a question, cut to fit a message."""
    end = cut(question, _QUESTION)
    return texts.html(name, question=question[:end] + ("…" if end < len(question) else ""))


def quoted(article: Article, span: Span, highlights: Sequence[Span], texts: Texts, *, limit: int) -> str:
    """A slice of an article's body as a quotation, highlights in bold.

    Args:
        article: what is quoted from.
        span: the slice, in characters of the body.
        highlights: slices of the body; what lies outside the quotation is left out.
        texts: for the mark that stands behind a slice longer than ``limit``.
        limit: the longest slice, in UTF-16 units.
    """
    start = span[0]
    end = start + cut(article.body[start : span[1]], limit)
    parts, place = [], start
    for first, last in _merged(highlights, start, end):
        parts += [escaped(article.body[place:first]), f"<b>{escaped(article.body[first:last])}</b>"]
        place = last
    parts.append(escaped(article.body[place:end]))
    mark = " " + texts.html("cut") if end < span[1] else ""
    return f"<blockquote>{''.join(parts)}{mark}</blockquote>"


def citation(article: Article, texts: Texts) -> str:
    """Headline, source and date on one line; a link where the article has a web address."""
    title = _line(article.title, _HEADLINE) or texts.html("untitled")
    source = _line(article.source or "", _SOURCE)
    day = escaped(texts.date(article.published)) if article.published else ""
    return linked(" · ".join(part for part in (title, source, day) if part), article.url)


def also_reported(hit: Hit, texts: Texts) -> str:
    """The other articles that tell a story, each a link, on a line of their own; nothing where there is none."""
    if not hit.also:
        return ""
    names = [linked(_named(article, texts), article.url) for article in hit.also[:_ALSO]]
    rest = len(hit.also) - len(names)
    names += [texts.html("also_others", count=rest)] if rest else []
    return "\n" + texts.html("also_reported") + " " + "; ".join(names)


def _named(article: Article, texts: Texts) -> str:
    """Who reported it, and when; the headline where that is not known."""
    name = _line(article.source or article.title, _SOURCE) or texts.html("untitled")
    return f"{name} · {escaped(texts.date(article.published))}" if article.published else name


def is_old(article: Article, asked: date | None) -> bool:
    """Whether a reader should be told of which day an answer is, before reading it."""
    return bool(asked and article.published and (asked - article.published).days > OLD_DAYS)


def _answer(answer: Answer, asked_on: date | None, texts: Texts) -> list[str]:
    article = answer.hit.article
    quote = quoted(article, (answer.start, answer.end), answer.highlights, texts, limit=_QUOTE)
    if article.published and is_old(article, asked_on):
        introduced = texts.html("as_of", date=texts.date(article.published))
        quote = f"{introduced}\n{quote}"
    blocks = [f"{quote}\n{citation(article, texts)}{also_reported(answer.hit, texts)}"]
    return [*blocks, texts.html("unsure")] if answer.confidence < UNSURE else blocks


def _no_answer(hits: Sequence[Hit], texts: Texts) -> list[str]:
    if not hits:
        return [texts.html("no_answer") + " " + texts.html("nothing_close")]
    names = [
        f"{number}. {citation(hit.article, texts)}{also_reported(hit, texts)}"
        for number, hit in enumerate(hits[:CLOSEST], start=1)
    ]
    return [texts.html("no_answer"), "\n".join([texts.html("closest"), *names])]


def _merged(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """The spans inside ``[start, end)``, in order, overlaps joined, no more than Telegram has entities for."""
    merged: list[Span] = []
    for first, last in sorted((max(first, start), min(last, end)) for first, last in spans):
        if first >= last:
            continue
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged[:_HIGHLIGHTS]


def _line(text: str, limit: int) -> str:
    line = " ".join(text.split())
    end = cut(line, limit)
    return escaped(line[:end]) + ("…" if end < len(line) else "")
