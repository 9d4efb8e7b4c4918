"""Rendering: quotes are slices, all is escaped, everything fits, for any article there can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from journeys.telegram_html import visible_text

from bot.markup import Button, Message, pieces, plain, units
from bot.rendering import citation, greeting_messages, passage_messages, quoted, reply_messages
from bot.texts import Texts
from index.domain import Answer, Article, ArticleKey, Hit, Passage, Reply

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

TEXTS = Texts.load()
MORE = Button(label="More", data="more:key:0")
TEXT = st.text(max_size=200) | st.text("a. <>&\"'🙂\n\u202e\u0301", max_size=80).map(lambda text: text * 90)
ADDRESS = st.none() | st.text(max_size=50) | TEXT.map(lambda text: f"https://a.example/{text}")


def article(body: str = "First. The mayor opened it. Last.", **fields: object) -> Article:
    """An article with a title, and otherwise only what is given."""
    return Article(key=ArticleKey(root="/r", path="p"), **({"title": "Title", "body": body} | fields))


def hit(found: Article, number: int = 1) -> Hit:
    """The whole of an article as a hit."""
    return Hit(passage=Passage(id=number, article=found, start=0, end=len(found.body)), score=1, cosine=1, bm25=1)


@st.composite
def answers(draw: DrawFn) -> Answer:
    """Any answer from any article, with highlights that overlap and touch."""
    body = draw(TEXT.filter(bool))
    place = st.integers(0, len(body))
    start, end = sorted((draw(place), draw(place)))
    spans = draw(st.lists(st.tuples(place, place).map(lambda span: (min(span), max(span))), max_size=60))
    found = article(
        body,
        title=draw(TEXT),
        source=draw(st.none() | TEXT),
        url=draw(ADDRESS),
        published=draw(st.none() | st.dates()),
    )
    confidence = draw(st.floats(0, 1))
    return Answer(hit=hit(found), start=start, end=end, highlights=tuple(spans), confidence=confidence)


def check(messages: tuple[Message, ...]) -> None:
    """Telegram would take every message, and its plain form."""
    for message in messages:
        assert visible_text(message.html)
        assert 0 < units(plain(message)) <= 4096


@given(answers())
def test_any_answer_is_what_telegram_accepts_and_a_slice_of_its_article(answer: Answer) -> None:
    """The quotation is the beginning of the answer, whole or marked as cut; bold is only what was highlighted."""
    messages = reply_messages(Reply(question="q", answer=answer, hits=(answer.hit,)), TEXTS, more=MORE)
    check(messages)
    assert messages[-1].buttons == ((MORE,),)
    shown = "".join(piece.text for piece in pieces(messages[0].html) if piece.quoted)
    if shown != answer.quote:
        assert shown.endswith(" […]")
        assert answer.quote.startswith(shown.removesuffix(" […]"))
        assert units(answer.quote) > 2500
    for piece in pieces(messages[0].html):
        assert not (piece.quoted and piece.bold) or piece.text in answer.hit.article.body


@given(st.lists(answers(), max_size=12), TEXT)
def test_any_list_of_passages_is_what_telegram_accepts(found: list[Answer], question: str) -> None:
    """Pages of passages, and the closest articles where there is no answer, fit and are valid."""
    hits = tuple(answer.hit for answer in found)
    check(passage_messages(question, [one.passage for one in hits], TEXTS, more=MORE))
    check(reply_messages(Reply(question=question, answer=None, hits=hits), TEXTS))


def test_an_answer_reads_as_intended() -> None:
    """Quote with bold words, then headline, source and date as one link."""
    found = article(source="Harbour & Post", url="https://a.example", published=date(2018, 1, 30))
    answer = Answer(hit=hit(found), start=7, end=27, highlights=((11, 16), (14, 23), (25, 25), (0, 7)), confidence=0.9)
    (message,) = reply_messages(Reply(question="q", answer=answer, hits=(hit(found),)), TEXTS)
    assert message == Message(
        html="<blockquote>The <b>mayor opened</b> it.</blockquote>\n"
        '<a href="https://a.example">Title · Harbour &amp; Post · 30 January 2018</a>'
    )


@pytest.mark.parametrize(("asked", "said"), [(date(2018, 7, 29), False), (date(2018, 7, 30), True), (None, False)])
def test_an_old_answer_says_first_of_which_day_it_is(asked: date | None, said: bool) -> None:  # noqa: FBT001
    """Where the article is over 180 days older than the question."""
    found = article(published=date(2018, 1, 30))
    answer = Answer(hit=hit(found), start=7, end=27, highlights=(), confidence=0.9)
    (message,) = reply_messages(Reply(question="q", answer=answer, hits=(hit(found),), asked=asked), TEXTS)
    assert message.html.startswith("As of 30 January 2018:\n<blockquote>" if said else "<blockquote>")


def test_an_old_answer_without_a_date_says_nothing_of_it() -> None:
    """There is nothing to say."""
    answer = Answer(hit=hit(article()), start=7, end=27, highlights=(), confidence=0.9)
    reply = Reply(question="q", answer=answer, hits=(answer.hit,), asked=date(2026, 1, 1))
    (message,) = reply_messages(reply, TEXTS)
    assert message.html.startswith("<blockquote>")


def test_who_else_reported_it_is_named() -> None:
    """Source and day, each a link where there is one; the headline of one without a source; no more than four."""
    also = (
        article(source="A & B", url="https://b.example", published=date(2018, 1, 31)),
        article(title="Copied"),
        *(article(source=f"Wire {number}") for number in range(4)),
    )
    shown = replace(hit(article()), also=also)
    answer = Answer(hit=shown, start=7, end=27, highlights=(), confidence=0.9)
    line = (
        'Also reported by: <a href="https://b.example">A &amp; B · 31 January 2018</a>; Copied; Wire 0; Wire 1; '
        "and others: 2"
    )
    for reply in (
        Reply(question="q", answer=answer, hits=(shown,)),
        Reply(question="q", answer=None, hits=(shown,)),
    ):
        (message,) = reply_messages(reply, TEXTS)
        assert message.html.endswith(f"Title\n{line}")


@pytest.mark.parametrize(("confidence", "said"), [(0.49, True), (0.5, False), (1.0, False)])
def test_a_doubtful_answer_says_so(confidence: float, said: bool) -> None:  # noqa: FBT001
    """Below one half a line admits that the quote may not answer."""
    answer = Answer(hit=hit(article()), start=0, end=6, highlights=(), confidence=confidence)
    (message,) = reply_messages(Reply(question="q", answer=answer, hits=()), TEXTS)
    assert ("I am not sure" in message.html) is said


def test_at_most_five_of_the_closest_articles_are_named() -> None:
    """Without an answer the list is numbered and ends at five."""
    hits = tuple(hit(article(title=f"Story {number}"), number) for number in range(9))
    (message,) = reply_messages(Reply(question="q", answer=None, hits=hits), TEXTS)
    assert message.html == (
        "The archive does not say.\n\nClosest to the question:\n"
        "1. Story 0\n2. Story 1\n3. Story 2\n4. Story 3\n5. Story 4"
    )


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"title": " \n"}, "Untitled"),
        ({"title": "A\n  b"}, "A b"),
        ({"source": "S"}, "Title · S"),
        ({"published": date(1999, 12, 1)}, "Title · 1 December 1999"),
        ({"title": "word " * 90}, ("word " * 50).strip() + "…"),
        ({"title": "<b>", "url": "javascript:x"}, "&lt;b&gt;"),
    ],
)
def test_a_citation_has_what_the_article_has(fields: dict[str, object], line: str) -> None:
    """Headline, source and date, as far as they are known, on one line."""
    assert citation(article(**fields), TEXTS) == line


def test_a_long_quotation_ends_with_a_sentence_and_a_mark() -> None:
    """What is left out is marked behind the slice; highlights beyond it are left out too."""
    body = "It rained. It snowed. It stopped."
    html = quoted(article(body), (0, len(body)), ((14, 20), (25, 32)), TEXTS, limit=25)
    assert html == "<blockquote>It rained. It <b>snowed</b>. […]</blockquote>"


def test_a_greeting_has_its_questions_below() -> None:
    """Each question is a row of its own; without questions nothing announces them."""
    questions = [Button(label="a?", data="ask:1"), Button(label="b?", data="ask:2")]
    (message,) = greeting_messages(TEXTS, questions)
    assert message.buttons == ((questions[0],), (questions[1],))
    assert message.html.endswith("For example:")
    assert greeting_messages(TEXTS, [])[0].buttons == ()
