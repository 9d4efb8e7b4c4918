"""What came of a question, judged."""

from __future__ import annotations

import math

import pytest
from outcomes import question
from toys import article

from index import Answer, ArticleKey
from index.domain import Hit, Passage
from index.evaluation import Question, Verdict, names_of
from index.evaluation.outcomes import containing, judge, rank_names

HALE = "Hale won the match on Monday."


def answer(quote: str = HALE) -> Answer:
    """A quote that is the whole of its article."""
    hit = Hit(passage=Passage(id=1, article=article(quote), start=0, end=len(quote)), score=1.0, cosine=1.0, bm25=1.0)
    return Answer(hit=hit, start=0, end=len(quote), highlights=(), confidence=0.9)


def names(*stories: str) -> list[frozenset[str]]:
    """Stories of articles that are named by a letter."""
    return [frozenset(story) for story in stories]


def test_an_article_has_four_names() -> None:
    """Its id in its file, its address, its path below what was synced, the whole path; never an empty one."""
    named = article("Text.", root="/news", path="2024/a.md", id="7", url="https://x.example/a")
    assert names_of(named) == {"7", "https://x.example/a", "2024/a.md", "/news/2024/a.md"}
    assert names_of(article("Text.", root="/news/all.jsonl", path="", id="7")) == {"7", "/news/all.jsonl"}
    assert named.key == ArticleKey(root="/news", path="2024/a.md", id="7")


def test_the_first_story_with_a_relevant_article_counts() -> None:
    """Also where that article is one of several; gains as worked out by hand."""
    ranking = rank_names(names("x", "ya", "b"), frozenset("ab"))
    assert ranking.rank == 2.0
    most = 1 + 1 / math.log2(3)
    assert ranking.gain == pytest.approx((1 / math.log2(3) + 1 / 2) / most)


def test_relevant_articles_of_one_story_count_as_one() -> None:
    """A list that shows all there is to show is as good as can be; one that lacks an article is not."""
    assert rank_names(names("ab", "c"), frozenset("abc")).gain == pytest.approx(1.0)
    assert rank_names(names("ab", "x"), frozenset("abc")).gain == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_what_is_not_found_is_infinitely_far() -> None:
    """And gains nothing."""
    ranking = rank_names(names("x", "y"), frozenset("a"))
    assert (ranking.rank, ranking.gain) == (math.inf, 0.0)
    assert rank_names([], frozenset("a")).rank == math.inf


@pytest.mark.parametrize(
    ("asked", "quote", "of", "verdict"),
    [
        (question(), HALE, "a", Verdict.RIGHT),
        (question(), HALE, "xa", Verdict.RIGHT),
        (question(), "Ives lost it.", "a", Verdict.WRONG_QUOTE),
        (question(), HALE, "x", Verdict.OTHER_ARTICLE),
        (question(), "Ives lost it.", "x", Verdict.WRONG_ARTICLE),
        (question(answers=()), "Ives lost it.", "a", Verdict.RIGHT),
        (question(answers=()), HALE, "x", Verdict.WRONG_ARTICLE),
        (question(relevant=None), HALE, "x", Verdict.RIGHT),
        (question(relevant=None), "Ives lost it.", "x", Verdict.WRONG_QUOTE),
        (question(relevant=frozenset()), HALE, "x", Verdict.UNFOUNDED),
        (question(relevant=None, answers=(), rejected=frozenset("x")), HALE, "xy", Verdict.REJECTED),
        (question(relevant=None, answers=(), rejected=frozenset("x")), HALE, "z", Verdict.UNJUDGED),
        (question(rejected=frozenset("x")), HALE, "x", Verdict.OTHER_ARTICLE),
        (question(), None, "", Verdict.REFUSED),
        (question(relevant=frozenset()), None, "", Verdict.RIGHTLY_REFUSED),
        (question(relevant=None, answers=()), None, "", Verdict.UNJUDGED),
    ],
)
def test_an_answer_is_judged_by_its_article_and_its_words(
    asked: Question, quote: str | None, of: str, verdict: Verdict
) -> None:
    """Where the archive can say: right only with both, as far as each is known."""
    assert judge(asked, answer(quote) if quote else None, frozenset(of)) is verdict


def test_the_first_passage_with_an_answer_counts() -> None:
    """As whole words, by any of the answers."""
    assert containing(["Halesworth", "It was Hale.", "Ives"], ["Ives", "hale"]) == 2.0
    assert containing(["Halesworth"], ["hale"]) == math.inf
