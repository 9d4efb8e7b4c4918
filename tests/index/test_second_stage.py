"""The second stage: stories in the order of what was read of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from toys import ToyEncoder, ToyReader, article

from index.candidates import STORIES
from index.dates import Time
from index.domain import Hit, Passage
from index.reader import Spans
from index.retrieval import Found
from index.second_stage import second_stage

if TYPE_CHECKING:
    from index import Article

WEIGHT = 0.01


class Sure(ToyReader):
    """It is as sure of a text as the number in it says: log odds of twice that."""

    def _spans(self, question: str, text: str) -> Spans:  # noqa: ARG002 - the double's is asked with both
        number = float(next(word for word in text.split() if word.lstrip("-").isdigit()))
        whole = np.array([[0, len(text)]], np.int64)
        sure = np.array([number], np.float32)
        return Spans(offsets=whole, starts=sure, ends=sure, none=0.0)


def hit(one: Article, score: float, *also: Article) -> Hit:
    """A hit on all of an article."""
    return Hit(passage=Passage(id=1, article=one, start=0, end=len(one.body)), score=score, cosine=0, bm25=0, also=also)


def found(*hits: Hit) -> Found:
    """What a search would give."""
    vector = ToyEncoder().encode_question("ferry")
    passages = tuple(replace(each, also=()) for each in hits)
    return Found(
        question="ferry",
        vector=vector,
        rarity={("ferri",): 1.0},
        slips={},
        time=Time(),
        signals={},
        passages=passages,
        hits=hits,
    )


def paths(hits: tuple[Hit, ...]) -> list[str]:
    """The files of the articles, in order."""
    return [each.article.key.path for each in hits]


def test_what_is_read_moves_a_story() -> None:
    """By the weight for each of the log odds that it is above or below the mean: of -4, 2 and 8 that is 2."""
    texts = {"a": "Ferry -2 sank.", "b": "Ferry 1 sank.", "c": "Ferry 4 sank."}
    hits = [
        hit(article(text, path=path), score)
        for (path, text), score in zip(texts.items(), (0.5, 0.48, 0.4), strict=True)
    ]
    read = second_stage(found(*hits), Sure(), WEIGHT)
    assert paths(read.hits) == paths(read.passages) == ["b", "c", "a"]
    assert [each.score for each in read.hits] == pytest.approx([0.48, 0.46, 0.44])
    assert {each.text: round(each.behind, 9) for each in read.sentences} == {
        "Ferry -2 sank.": 0.04,
        "Ferry 1 sank.": 0.0,
        "Ferry 4 sank.": 0.02,
    }
    assert [each.relevance for each in sorted(read.sentences, key=lambda each: each.text)] == [-4.0, 2.0, 8.0]


def test_without_a_weight_nothing_moves() -> None:
    """The sentences are read all the same."""
    hits = [hit(article(f"Ferry {at} sank.", path=str(at)), 0.5 - at / 10) for at in range(3)]
    read = second_stage(found(*hits), Sure(), 0.0)
    assert (read.hits, len(read.sentences)) == (tuple(hits), 3)


def test_a_story_in_a_language_that_is_not_read_stays() -> None:
    """It is between what gains and what loses."""
    russian = hit(article("Паром 9 утонул.", path="ru", language="ru"), 0.49)
    hits = [hit(article("Ferry -2 sank.", path="a"), 0.5), russian, hit(article("Ferry 2 sank.", path="b"), 0.48)]
    read = second_stage(found(*hits), Sure(), WEIGHT)
    assert [(each.article.key.path, round(each.score, 9)) for each in read.hits] == [
        ("b", 0.52),
        ("ru", 0.49),
        ("a", 0.46),
    ]


def test_a_story_too_far_behind_to_be_read_gains_no_more_than_any() -> None:
    """It loses what the least sure loses."""
    sure = [hit(article(f"Ferry {at} sank.", path=str(at)), 0.5) for at in range(STORIES)]
    last = hit(article("Ferry 99 sank.", path="last"), 0.45)
    read = second_stage(found(*sure, last), Sure(), WEIGHT)
    assert paths(read.hits) == [*map(str, reversed(range(STORIES))), "last"]
    assert read.hits[-1].score == pytest.approx(0.45 - WEIGHT * (STORIES - 1))


def test_versions_of_a_story_move_together() -> None:
    """A passage of the version that is not shown, too."""
    old, new = article("Ferry 0 sank.", path="old"), article("Ferry 5 sank.", path="new")
    other = article("Ferry 0 sank.", path="other")
    asked = found(hit(new, 0.5, old), hit(other, 0.5))
    passages = (*asked.passages, hit(old, 0.4))
    read = second_stage(replace(asked, passages=passages), Sure(), WEIGHT)
    assert {each.article.key.path: round(each.score, 9) for each in read.passages} == {
        "new": 0.55,
        "old": 0.45,
        "other": 0.45,
    }


def test_a_score_stays_a_score() -> None:
    """In [0, 1], whatever is read."""
    hits = [hit(article("Ferry 900 sank.", path="a"), 0.9), hit(article("Ferry -900 sank.", path="b"), 0.1)]
    assert [each.score for each in second_stage(found(*hits), Sure(), WEIGHT).hits] == [1.0, 0.0]


def test_nothing_found_is_nothing_read() -> None:
    """And stays nothing."""
    reader = Sure()
    read = second_stage(found(), reader, WEIGHT)
    assert (read.hits, read.passages, read.sentences, reader.read_texts) == ((), (), (), [])
