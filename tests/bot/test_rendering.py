"""Rendering: quotes are slices, all is escaped, everything fits, for any article there can be."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from journeys.telegram_html import visible_text

from bot.citing import citation
from bot.markup import Button, Message, cut, escaped, fits, pieces, plain, units
from bot.rendering import asked, greeting_messages, page_message, quoted, reply_messages
from bot.texts import Languages
from index.domain import Answer, Article, ArticleKey, Hit, Passage, Reply

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

TEXTS = Languages.load().of("en")
ROWS = ((Button(label="More", data="more:key:0"),),)
TEXT = st.text(max_size=200) | st.text("a. <>&\"'🙂\n\u202e\u0301", max_size=80).map(lambda text: text * 90)
ADDRESS = st.none() | st.text(max_size=50) | TEXT.map(lambda text: f"https://a.example/{text}")


def article(body: str = "First. The mayor opened it. Last.", **fields: object) -> Article:
    """An article with a title, and otherwise only what is given."""
    return Article(key=ArticleKey(root="/r", path="p"), **({"title": "Title", "body": body} | fields))


def hit(found: Article, number: int = 1, span: tuple[int, int] | None = None, also: tuple[Article, ...] = ()) -> Hit:
    """A slice of an article as a hit; the whole of it, where none is given."""
    start, end = span or (0, len(found.body))
    passage = Passage(id=number, article=found, start=start, end=end)
    return Hit(passage=passage, score=1, cosine=1, bm25=1, also=also)


def alone(found: Article, start: int = 7, end: int = 27, **more: object) -> Answer:
    """An answer that is the whole of its passage."""
    return Answer(
        hit=hit(found, span=(start, end)), start=start, end=end, **({"highlights": (), "confidence": 0.9} | more)
    )


@st.composite
def answers(draw: DrawFn) -> Answer:
    """Any answer from any article, with highlights that overlap and touch."""
    body = draw(TEXT.filter(bool))
    place = st.integers(0, len(body))
    start, end = sorted((draw(place), draw(place)))
    spans = draw(st.lists(st.tuples(place, place).map(lambda span: (min(span), max(span))), max_size=60))
    passage = sorted((draw(place), draw(place)))
    fields = {"title": TEXT, "source": st.none() | TEXT, "url": ADDRESS, "published": st.none() | st.dates()}
    found, *also = (
        article(body, **{name: draw(values) for name, values in fields.items()})
        for _ in range(1 + draw(st.integers(0, 6)))
    )
    confidence = draw(st.floats(0, 1))
    shown = hit(found, span=(passage[0], passage[1]), also=tuple(also))
    return Answer(hit=shown, start=start, end=end, highlights=tuple(spans), confidence=confidence)


def check(messages: tuple[Message, ...]) -> None:
    """Telegram would take every message, and its plain form."""
    for message in messages:
        assert visible_text(message.html)
        assert 0 < units(plain(message)) <= 4096


def quotations(message: Message, *, folded: bool) -> str:
    """What stands in the quotations of a message."""
    return "".join(piece.text for piece in pieces(message.html) if piece.quoted and piece.folded is folded)


def check_slice(shown: str, text: str, longest: int) -> None:
    """It is the text, or the beginning of one that is too long, marked as cut between graphemes."""
    if shown != text:
        kept = shown.removesuffix(" […]")
        assert len(kept) == len(shown) - 4
        assert text.startswith(kept)
        assert units(kept) <= longest < units(text)
        ends = {match.end() for match in regex.finditer(r"\X", text)}
        assert len(kept) in ends or units(str(regex.match(r"\X", text)[0])) > longest


@given(answers(), st.none() | st.dates())
def test_any_answer_is_one_message_that_telegram_accepts_and_slices_of_its_article(
    answer: Answer, day: date | None
) -> None:
    """The quotation is the answer, whole or marked as cut, and what is folded is a slice of its passage."""
    messages = reply_messages(Reply(question="q", answer=answer, hits=(answer.hit,), asked=day), TEXTS, buttons=ROWS)
    check(messages)
    (message,) = messages
    assert fits(message.html)
    assert message.buttons == ROWS
    check_slice(quotations(message, folded=False), answer.quote, 2000)
    if around := quotations(message, folded=True).removesuffix(" […]"):
        assert around in answer.hit.passage.text
        assert any(char.isalnum() for char in around)


@given(answers())
def test_bold_takes_in_what_was_highlighted_and_whole_graphemes(answer: Answer) -> None:
    """In the quotation every highlighted character is bold, and nothing that shares no grapheme with a highlight."""
    html = quoted(answer.hit.article, (answer.start, answer.end), answer.highlights, TEXTS, limit=10**6)
    bold = [piece.bold for piece in pieces(html) for _ in piece.text]
    wanted = [
        any(first <= place < last for first, last in answer.highlights) for place in range(answer.start, answer.end)
    ]
    whole = list(wanted)
    for grapheme in regex.finditer(r"\X", answer.quote):
        whole[slice(*grapheme.span())] = [any(wanted[slice(*grapheme.span())])] * len(grapheme[0])
    assert (bold == whole) or html.count("<b>") == 30


@given(st.lists(answers(), max_size=3), TEXT, st.integers(1, 9))
def test_any_page_of_passages_is_one_message_that_telegram_accepts(
    found: list[Answer], question: str, pages: int
) -> None:
    """Three passages fit, however long they are, whoever else told them; each is the beginning of its passage."""
    hits = [answer.hit for answer in found]
    message = page_message(
        question, [(one.passage, one.also) for one in hits], TEXTS, page=1, pages=pages, buttons=ROWS
    )
    check((message,))
    assert fits(message.html)
    assert message.buttons == ROWS
    for one in hits:
        assert any(
            f"<blockquote expandable>{escaped(one.passage.text[: cut(one.passage.text, limit)])}" in message.html
            for limit in (900, 600, 300, 100)
        )


@given(st.lists(answers(), max_size=12), TEXT)
def test_any_list_of_the_closest_articles_is_what_telegram_accepts(found: list[Answer], question: str) -> None:
    """Where there is no answer what is named fits and is valid."""
    check(reply_messages(Reply(question=question, answer=None, hits=tuple(one.hit for one in found)), TEXTS))
    check((Message(html=asked("asked", f"?{question}", TEXTS)),))


def test_an_answer_reads_as_intended() -> None:
    """Quote with bold words, then headline, source and date as one link."""
    found = article(source="Harbour & Post", url="https://a.example", published=date(2018, 1, 30))
    answer = alone(found, highlights=((11, 16), (14, 23), (25, 25), (0, 7)))
    (message,) = reply_messages(Reply(question="q", answer=answer, hits=(answer.hit,)), TEXTS)
    assert message == Message(
        html="<blockquote>The <b>mayor opened</b> it.</blockquote>\n"
        '<a href="https://a.example">Title · Harbour &amp; Post · 30 January 2018</a>'
    )


@pytest.mark.parametrize(("day", "said"), [(date(2018, 7, 29), False), (date(2018, 7, 30), True), (None, False)])
def test_an_old_answer_says_first_of_which_day_it_is(day: date | None, said: bool) -> None:  # noqa: FBT001
    """Where the article is over 180 days older than the question."""
    found = article(published=date(2018, 1, 30))
    answer = alone(found)
    (message,) = reply_messages(Reply(question="q", answer=answer, hits=(answer.hit,), asked=day), TEXTS)
    assert message.html.startswith("As of 30 January 2018:\n<blockquote>" if said else "<blockquote>")


def test_an_old_answer_without_a_date_says_nothing_of_it() -> None:
    """There is nothing to say."""
    answer = alone(article())
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
    shown = hit(article(), span=(7, 27), also=also)
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
    assert page_message("q", [(shown.passage, also)], TEXTS, page=1, pages=1).html.endswith(f"Title\n{line}")


@pytest.mark.parametrize(
    ("passage", "answer", "folded"),
    [
        ((0, 33), (7, 27), "First. <b>The mayor opened it.</b> Last."),
        ((0, 33), (0, 6), "The mayor opened it. Last."),
        ((0, 33), (28, 33), "First. The mayor opened it."),
        ((0, 27), (7, 27), "First."),
        ((7, 27), (7, 27), None),
        ((7, 28), (7, 26), None),
        ((0, 33), (0, 33), None),
        ((7, 20), (7, 27), None),
    ],
)
def test_what_stands_around_an_answer_is_folded(
    passage: tuple[int, int], answer: tuple[int, int], folded: str | None
) -> None:
    """The rest of the passage, where it has more words; the quote is marked in its midst, and left out at its edge."""
    found = hit(article(), span=passage)
    one = Answer(hit=found, start=answer[0], end=answer[1], highlights=(), confidence=0.9)
    (message,) = reply_messages(Reply(question="q", answer=one, hits=(found,)), TEXTS)
    expected = f"\n\nThe passage around it:\n<blockquote expandable>{folded}</blockquote>" if folded else "\nTitle"
    assert message.html.endswith(expected)
    assert ("expandable" in message.html) is bool(folded)


def test_a_whole_passage_stands_around_a_short_answer() -> None:
    """As long as it fits one message; the doubt stands before it, where it is read."""
    body = f"The mayor opened it. {'word ' * 700}end."
    found = hit(article(body))
    answer = Answer(hit=found, start=0, end=20, highlights=(), confidence=0.1)
    (message,) = reply_messages(Reply(question="q", answer=answer, hits=(found,)), TEXTS)
    doubt = "I am not sure that this answers the question."
    assert message.html.endswith(
        f"\n\n{doubt}\n\nThe passage around it:\n<blockquote expandable>{body[21:]}</blockquote>"
    )


def test_a_page_says_which_it_is_of_how_many() -> None:
    """Of one page nothing is said; a question repeated above a page is cut short."""
    listed = [(hit(article()).passage, ())]
    block = "<blockquote expandable>First. The mayor opened it. Last.</blockquote>\nTitle"
    assert page_message("q", listed, TEXTS, page=2, pages=5).html == f"More on: <b>q</b> (2/5)\n\n{block}"
    assert page_message("q", listed, TEXTS, page=1, pages=1).html == f"More on: <b>q</b>\n\n{block}"
    long = page_message("word " * 90, listed, TEXTS, page=1, pages=1).html
    assert long == f"More on: <b>{('word ' * 40).strip()}…</b>\n\n{block}"


def test_long_passages_share_a_page() -> None:
    """Where three do not fit with 900 units each, each is cut at the same shorter length, after a word."""
    also = [article(source="S" * 100, title="t")] * 4
    body = "word " * 400
    passage = hit(article(body, title="T" * 250, source="S" * 100)).passage
    html = page_message("q", [(passage, also)] * 3, TEXTS, page=1, pages=1).html
    assert html.count(f"<blockquote expandable>{('word ' * 60).strip()} […]</blockquote>") == 3


@pytest.mark.parametrize(("confidence", "said"), [(0.49, True), (0.5, False), (1.0, False)])
def test_a_doubtful_answer_says_so(confidence: float, said: bool) -> None:  # noqa: FBT001
    """Below one half a line admits that the quote may not answer."""
    answer = alone(article(), confidence=confidence)
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


def test_directions_are_kept_apart_in_a_citation() -> None:
    """What stands beside Hebrew or Arabic is isolated, so that a date is not torn; the headline leads the line."""
    fields = {"title": "افتتاح مكتبة", "source": "Post", "published": date(2026, 5, 2)}
    assert citation(article(**fields), TEXTS) == "افتتاح مكتبة · \u2068Post\u2069 · \u20682 May 2026\u2069"
    hebrew = article(title="Opening", source="הארץ", published=date(2026, 5, 2))
    assert citation(hebrew, TEXTS) == "Opening · \u2068הארץ\u2069 · \u20682 May 2026\u2069"


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
