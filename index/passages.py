"""Article to passages: whole sentences up to a budget of tokens, with exact offsets (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sentencex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from index.domain import Article, Span

_PARAGRAPH = re.compile(r"[^\n]+")
_LIST_ITEM = re.compile(r"\s*(?:[-*•–—‣▪●]|\d{1,3}[.)])\s+\S")
_SEPARATOR = re.compile(r"[\s*_=~#•·.—–-]+")
_TERMINAL = ".!?…。！？؟।:;,"
_CLOSING = "'\"”’»›)] "
_WORD = re.compile(r"\S+")
_HEADING_CHARACTERS = 70
_BUDGET = 200
_OVERLAP = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunking:
    """How passages are cut, in tokens of the encoder: most of a passage's own text, and most carried over.

    The defaults leave room for the headline and the date in the 256 tokens that all-MiniLM-L6-v2 reads.
    """

    budget: int = _BUDGET
    overlap: int = _OVERLAP

    @classmethod
    def for_encoder(cls, max_tokens: int) -> Chunking:
        """The chunking for an encoder that reads ``max_tokens``: the default, or less where it reads less."""
        budget = min(_BUDGET, max(8, max_tokens * 3 // 4))
        return cls(budget=budget, overlap=min(_OVERLAP, budget // 5))


def encoder_text(article: Article, start: int, end: int) -> str:
    """What is encoded for a passage: headline and date, then the passage (what is shown is the passage alone)."""
    published = article.published
    date = f"{published.day} {published:%B %Y}" if published else ""
    head = ". ".join(part for part in (article.title, date) if part)
    return f"{head}\n{article.body[start:end]}" if head else article.body[start:end]


def sentences(body: str, language: str) -> list[Span]:
    """Spans of the sentences of a text, without surrounding space, in order; no sentence crosses a line end."""
    return [span for line in _lines(body) for span in _sentences_of(body, line, language)]


def split(article: Article, count_tokens: Callable[[Sequence[str]], list[int]], chunking: Chunking) -> list[Span]:
    """Cut an article's body into passages.

    A passage is a run of whole sentences of at most ``chunking.budget`` tokens; one sentence longer than that is cut
    between words. The next passage repeats the last sentences of this one up to ``chunking.overlap`` tokens, but a
    passage never crosses a change of subject: a heading, a separator, the end of a list.
    """
    passages: list[Span] = []
    for section in _sections(article.body):
        spans = [span for line in section for span in _sentences_of(article.body, line, article.language)]
        counts = count_tokens([article.body[start:end] for start, end in spans])
        pieces = list(_fit(article.body, spans, counts, count_tokens, chunking.budget))
        passages.extend(_pack(pieces, chunking))
    return passages


def _lines(body: str) -> list[Span]:
    return [match.span() for match in _PARAGRAPH.finditer(body) if not _SEPARATOR.fullmatch(match.group())]


def _sentences_of(body: str, line: Span, language: str) -> Iterator[Span]:
    text = body[line[0] : line[1]]
    for boundary in sentencex.get_sentence_boundaries(language, text):
        start, end = int(boundary["start_index"]), int(boundary["end_index"])
        piece = text[start:end]
        stripped = piece.strip()
        if stripped:
            first = line[0] + start + len(piece) - len(piece.lstrip())
            yield first, first + len(stripped)


def _sections(body: str) -> Iterator[list[Span]]:
    """Runs of lines that speak of one subject, as far as the layout tells."""
    section: list[Span] = []
    previous: Span | None = None
    for match in _PARAGRAPH.finditer(body):
        line = match.span()
        if section and (previous is None or _changes_subject(body, previous, line)):
            yield section
            section = []
        if _SEPARATOR.fullmatch(match.group()):
            previous = None
            continue
        section.append(line)
        previous = line
    if section:
        yield section


def _changes_subject(body: str, previous: Span, line: Span) -> bool:
    before, now = body[slice(*previous)], body[slice(*line)]
    if _LIST_ITEM.match(before):
        return not _LIST_ITEM.match(now)
    return _is_heading(now) and not _is_heading(before)


def _is_heading(line: str) -> bool:
    closed = line.rstrip(_CLOSING)[-1:] in _TERMINAL
    return len(line) <= _HEADING_CHARACTERS and not closed and not _LIST_ITEM.match(line)


def _fit(
    body: str,
    spans: Sequence[Span],
    counts: Sequence[int],
    count_tokens: Callable[[Sequence[str]], list[int]],
    budget: int,
) -> Iterator[tuple[Span, int]]:
    """Sentences with their token counts; one over the budget comes in pieces."""
    for span, count in zip(spans, counts, strict=True):
        if count <= budget:
            yield span, count
            continue
        words = [(span[0] + word.start(), span[0] + word.end()) for word in _WORD.finditer(body[slice(*span)])]
        yield from _cut(body, words, count_tokens, budget)


def _cut(
    body: str, words: Sequence[Span], count_tokens: Callable[[Sequence[str]], list[int]], budget: int
) -> Iterator[tuple[Span, int]]:
    """Cut a run of words into pieces of at most ``budget`` tokens."""
    start = end = words[0][0]
    total = 0
    for piece, count in _short_words(body, words, count_tokens, budget):
        if total and total + count > budget:
            yield (start, end), total
            start, total = piece[0], 0
        total += count
        end = piece[1]
    yield (start, end), total


def _short_words(
    body: str, words: Sequence[Span], count_tokens: Callable[[Sequence[str]], list[int]], budget: int
) -> Iterator[tuple[Span, int]]:
    """Words with their token counts; one over the budget comes in pieces of that many characters.

    A character may be a token: a tokenizer for English reads a Chinese sentence, one word of no spaces, like that.
    """
    counts = count_tokens([body[start:end] for start, end in words])
    for (start, end), count in zip(words, counts, strict=True):
        if count <= budget:
            yield (start, end), count
            continue
        pieces = [(at, min(at + budget, end)) for at in range(start, end, budget)]
        yield from zip(pieces, count_tokens([body[slice(*piece)] for piece in pieces]), strict=True)


def _pack(pieces: Sequence[tuple[Span, int]], chunking: Chunking) -> Iterator[Span]:
    first = 0
    while first < len(pieces):
        total, end = 0, first
        while end < len(pieces) and (end == first or total + pieces[end][1] <= chunking.budget):
            total += pieces[end][1]
            end += 1
        yield pieces[first][0][0], pieces[end - 1][0][1]
        if end == len(pieces):
            return
        first = _next_start(pieces, first, end, chunking)


def _next_start(pieces: Sequence[tuple[Span, int]], first: int, end: int, chunking: Chunking) -> int:
    """Where the passage after ``pieces[first:end]`` begins: with the overlap, and still with room for what is new."""
    room = min(chunking.overlap, chunking.budget - pieces[end][1])
    start = end
    while start - 1 > first and pieces[start - 1][1] <= room:
        start -= 1
        room -= pieces[start][1]
    return start
