"""What is offered to who writes ``@bot question`` in any chat (pure): an answer, and passages, as messages to send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.citing import also_reported, citation
from bot.markup import cut
from bot.rendering import is_old, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.texts import Texts
    from index.domain import Hit, Reply, Span

MOST = 30
"""Passages that are offered in all."""
PAGE = 10

_TITLE = 100
_WORDS = 120
_QUOTE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A message that can be sent, in Telegram's HTML, and the plain title and description that it is chosen by."""

    key: str
    title: str
    description: str
    html: str


def offers(reply: Reply, texts: Texts) -> tuple[Offer, ...]:
    """The answer, where there is one, then a passage of each article."""
    found: list[Offer] = []
    rest = reply.hits
    if (answer := reply.answer) is not None:
        rest = tuple(hit for hit in rest if hit.article.key != answer.hit.article.key)
        old = answer.hit.article.published if is_old(answer.hit.article, reply.asked) else None
        before = f"{texts.html('as_of', date=texts.date(old))}\n" if old else ""
        offer = _offer("answer", answer.hit, (answer.start, answer.end), answer.highlights, texts, before=before)
        found.append(offer)
    found += [_offer(str(hit.passage.id), hit, (hit.passage.start, hit.passage.end), (), texts) for hit in rest]
    return tuple(found)


def _offer(key: str, hit: Hit, span: Span, highlights: Sequence[Span], texts: Texts, *, before: str = "") -> Offer:
    article = hit.article
    quote = quoted(article, span, highlights, texts, limit=_QUOTE, folded=not highlights)
    said = [article.source or "", texts.date(article.published) if article.published else ""]
    said.append(_shortened(article.body[span[0] : span[1]], _WORDS))
    return Offer(
        key=key,
        title=_shortened(article.title, _TITLE) or texts.html("untitled"),
        description=" · ".join(filter(None, map(_line, said))),
        html=f"{before}{quote}\n{citation(article, texts)}{also_reported(hit.also, texts)}",
    )


def page(found: Sequence[Offer], start: int) -> tuple[Sequence[Offer], str | None]:
    """The offers from one on, and where the next page starts, if there is one."""
    end = start + PAGE
    return found[start:end], str(end) if end < len(found) else None


def _shortened(text: str, limit: int) -> str:
    line = _line(text)
    end = cut(line, limit)
    return line[:end] + ("…" if end < len(line) else "")


def _line(text: str) -> str:
    return " ".join(text.split())
