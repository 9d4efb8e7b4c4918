"""Whether a question follows on another: the odds worked out by hand, and which reply is given."""

from __future__ import annotations

import math

import pytest
from fakes import ARTICLES

from bot.conversation.follow_up import FOLLOW_UP, better
from bot.conversation.leaning import leaning
from index.domain import Answer, Article, Hit, Passage, Reply


def hit(article: Article) -> Hit:
    """A passage of an article: all of it."""
    return Hit(passage=Passage(id=1, article=article, start=0, end=len(article.body)), score=0.5, cosine=0.5, bm25=0.5)


def reply(*articles: Article, answered: bool = False) -> Reply:
    """A reply with these hits, answered from the first."""
    hits = tuple(map(hit, articles))
    answer = Answer(hit=hits[0], start=0, end=7, highlights=(), confidence=0.9) if answered else None
    return Reply(question="q", answer=answer, hits=hits)


def test_the_probability_is_that_of_the_regression() -> None:
    """One pronoun and one word of its own, half of which stands there, with a better place elsewhere."""
    look = leaning("when did she resign?")
    odds = 5.22 + 1.16 - 1.29 - 1.30 * 0.5
    assert FOLLOW_UP.probability(look, 0.5, 1.0, 0.9) == pytest.approx(1 / (1 + math.exp(-odds)))
    odds += -0.99 + 0.64
    assert FOLLOW_UP.probability(look, 0.5, 0.0, 0.5) == pytest.approx(1 / (1 + math.exp(-odds)))


@pytest.mark.parametrize(
    ("text", "held", "names", "elsewhere", "follows"),
    [
        ("why?", 1.0, 1.0, 1.0, True),
        ("who owns it?", 0.0, 1.0, 1.0, True),
        ("how many were hurt?", 1.0, 1.0, 1.0, True),
        ("and who won the regatta?", 0.0, 1.0, 1.0, False),
        ("who leads the Harbour Party?", 0.2, 0.0, 1.0, False),
        ("and Adela Brandt?", 0.0, 0.0, 1.0, False),
        ("who is the president of Brazil?", 0.5, 0.0, 0.5, False),
        ("what did he say of Brazil?", 0.5, 0.0, 0.5, True),
    ],
)
def test_what_follows_and_what_is_new(text: str, held: float, names: float, elsewhere: float, *, follows: bool) -> None:
    """Worked examples: what leans by its words or stands in the article follows, what stands elsewhere is new."""
    assert (FOLLOW_UP.probability(leaning(text), held, names, elsewhere) >= FOLLOW_UP.threshold) is follows


def test_long_questions_stand_alone() -> None:
    """They are not even looked up beside the article."""
    assert FOLLOW_UP.perhaps(leaning("and the tickets?"))
    assert not FOLLOW_UP.perhaps(leaning("which harbour towns built trams before the great storm of Calder Bay?"))
    assert FOLLOW_UP.surely(leaning("but why?"))
    assert not FOLLOW_UP.surely(leaning("but why Brandt?"))


def test_the_reply_that_was_found_together_is_given() -> None:
    """Unless only the question alone got an answer, from the same article."""
    alone, after = reply(ARTICLES[0], answered=True), reply(ARTICLES[0], ARTICLES[1])
    assert better(alone, after) is alone
    assert better(reply(ARTICLES[1], answered=True), after) is after
    assert better(None, after) is after
    assert better(reply(ARTICLES[0]), after) is after
    assert better(alone, reply(ARTICLES[0], answered=True)) is not alone
    assert better(alone, reply()) == reply()
