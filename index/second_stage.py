"""Hits in a new order, after their sentences were read: Nogueira and Cho 2019 (passage re-ranking)."""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean
from typing import TYPE_CHECKING

from index.candidates import sentences_to_weigh

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.candidates import Sentence
    from index.domain import ArticleKey, Hit
    from index.reader import Reader
    from index.retrieval import Found


def second_stage(found: Found, reader: Reader, weight: float) -> Found:
    """What was found, with the sentences of its best stories, which were read, ordered by what they say too.

    A story gains by how much surer than the others' what was read of it holds an answer; one in a language that is not
    read gains nothing, and one that was too far behind to be read as little as any.

    Args:
        found: by dense and lexical search.
        reader: says how surely a text holds an answer; called once.
        weight: what a score gains by one of the log odds.

    """
    sentences = sentences_to_weigh(found, reader)
    read = _relevances(sentences)
    middle = fmean(read.values()) if read else 0.0
    gains = {each.hit.article.key: 0.0 for each in sentences}
    gains |= {key: weight * (relevance - middle) for key, relevance in read.items()}
    least = min(gains.values(), default=0.0)
    gains |= {each.key: gains[hit.article.key] for hit in found.hits for each in hit.also if hit.article.key in gains}
    passages = _ordered(found.passages, gains, least)
    return replace(
        found,
        passages=passages,
        hits=_ordered(found.hits, gains, least),
        sentences=tuple(_moved(each, gains, passages[0].score) for each in sentences),
    )


def _relevances(sentences: Sequence[Sentence]) -> dict[ArticleKey, float]:
    """How surely each article that was read holds an answer, by the surest of what was read of it."""
    found: dict[ArticleKey, float] = {}
    for each in sentences:
        if each.relevance is not None:
            key = each.hit.article.key
            found[key] = max(found.get(key, each.relevance), each.relevance)
    return found


def _ordered(hits: Sequence[Hit], gains: Mapping[ArticleKey, float], least: float) -> tuple[Hit, ...]:
    moved = [_rescored(hit, gains.get(hit.article.key, least)) for hit in hits]
    return tuple(sorted(moved, key=lambda hit: -hit.score))


def _rescored(hit: Hit, gain: float) -> Hit:
    return replace(hit, score=min(1.0, max(0.0, hit.score + gain)))


def _moved(sentence: Sentence, gains: Mapping[ArticleKey, float], best: float) -> Sentence:
    hit = _rescored(sentence.hit, gains[sentence.hit.article.key])
    return replace(sentence, hit=hit, behind=best - hit.score)
