"""A question to passages: dense and lexical search, what each article says, one hit a story."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from index.domain import Hit
from index.query import understand
from index.ranking import Signals, Weights, scores, window
from index.store.days import first_passages
from index.versions import one_a_story

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from index.candidates import Sentence
    from index.dates import Time
    from index.encoder import Encoder, FloatMatrix
    from index.query import Query, Word
    from index.store.catalog import Catalog, Place
    from index.store.derived import Derived

CANDIDATES = 150
"""Passages taken from each search; more did not change recall on news."""
WITHIN = 75
"""Passages taken from each search limited to the days that a question speaks of."""
ARTICLES = 80
"""Articles that are looked at whole, the best by what was found first."""
LEADS = 3
"""Passages that an article begins with: what news says first is what it is about."""
KEPT = 120
"""Passages whose texts are read at most, the best by score; answers are looked for in the first few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found for a question.

    ``passages`` are the best candidates, ``hits`` the best of each story, both best first; ``vector`` is the
    question's, of shape (dimension,) and unit norm; ``rarity`` gives each of its words its inverse document frequency,
    ``slips`` the terms of it that stand nowhere what they are taken for; ``time`` is what it speaks of, ``signals``
    what the articles that were weighed say, by their numbers. ``sentences`` are those of the best stories that the
    second stage has read.
    """

    question: str
    vector: FloatMatrix
    rarity: Mapping[Word, float]
    slips: Mapping[str, str]
    time: Time
    signals: Mapping[int, Signals]
    passages: tuple[Hit, ...]
    hits: tuple[Hit, ...]
    sentences: tuple[Sentence, ...] = ()


@dataclass(slots=True, kw_only=True)
class Candidates:
    """Passages that may be found: where they stand, their cosines and their normalised lexical scores."""

    places: dict[int, Place]
    cosines: dict[int, float]
    bm25: dict[int, float]

    def best(self, scores: Mapping[int, float]) -> dict[int, float]:
        """The best score of each article's passages."""
        found: dict[int, float] = {}
        for at, place in self.places.items():
            found[place.article] = max(found.get(place.article, 0.0), scores.get(at, 0.0))
        return found


class Retrieval:
    """Search in one moment of an archive; used inside ``catalog.snapshot()``."""

    def __init__(self, catalog: Catalog, derived: Derived, encoder: Encoder, *, weights: Weights, today: date) -> None:
        self.encoder = encoder
        self._catalog = catalog
        self._derived = derived
        self._weights = weights
        self._today = today

    def find(self, question: str, *, asked: date, k: int) -> Found:
        """The passages that speak of what is asked on a day, and the best ``k`` of them, one a story.

        An article of a day after today is not shown.
        """
        query = self._understood(question, asked)
        found = self._gathered(query, asked) if _sound(question).strip() else Candidates(places={}, cosines={}, bm25={})
        signals = self._signals(query, found, asked)
        rated = self._rated(found, scores(signals, asked, query.time, self._weights))
        passages = self._read(found, _of_best_stories(found.places, rated, k), rated)
        best_of = partial(self._best_of, query)
        hits = one_a_story(passages, found.places, self._catalog, self._today, best_of, k)
        held = {hit.passage.id for hit in passages}
        whole = [*passages, *(hit for hit in hits if hit.passage.id not in held)]
        return Found(
            question=question,
            vector=query.vector,
            rarity=query.rarity,
            slips=query.slips,
            time=query.time,
            signals=signals,
            passages=tuple(sorted(whole, key=lambda hit: -hit.score)),
            hits=hits,
        )

    def seen_by(self, question: str, found: Found, asked: date) -> Found:
        """What was found for a longer text, to be read for a question that is part of it."""
        query = self._understood(question, asked)
        return replace(
            found,
            question=question,
            vector=query.vector,
            rarity=query.rarity,
            slips=query.slips,
        )

    def _understood(self, question: str, asked: date) -> Query:
        return understand(_sound(question), asked, self.encoder, self._derived.lexical, self._catalog.languages())

    def _gathered(self, query: Query, asked: date) -> Candidates:
        """What both searches find, in all and among the days that the question speaks of."""
        days = window(query.time, asked, self._weights)
        near = [passage for passage, _ in self._derived.dense.search(query.vector, CANDIDATES)]
        bm25 = dict(self._derived.lexical.search(query.terms, CANDIDATES)) if query.terms else {}
        if days is not None:
            among = self._derived.calendar(self._catalog).within(*days)
            near += [passage for passage, _ in self._derived.dense.search(query.vector, WITHIN, among)]
            bm25.update(self._derived.lexical.search(query.terms, WITHIN, days) if query.terms else {})
        return self._scored(query, dict.fromkeys([*near, *bm25]), bm25)

    def _scored(self, query: Query, passages: Iterable[int], bm25: Mapping[int, float]) -> Candidates:
        """Both scores of passages, but of those that are gone or not yet to be shown."""
        places = {
            at: place
            for at, place in self._catalog.places(list(passages)).items()
            if not place.published or place.published <= self._today
        }
        vectors = self._catalog.vectors.of(list(places))
        cosines = {at: float(row @ query.vector) for at, row in vectors.items()}
        unscored = [at for at in places if at not in bm25]
        more = self._derived.lexical.score(query.terms, unscored) if query.terms else {}
        lexical = normalised({at: score for at, score in (*bm25.items(), *more.items()) if at in places}, query.telling)
        return Candidates(places={at: places[at] for at in cosines}, cosines=cosines, bm25=lexical)

    def _signals(self, query: Query, found: Candidates, asked: date) -> dict[int, Signals]:
        """What the likeliest articles say of the question, by their numbers."""
        lexical, dense = found.best(found.bm25), found.best(found.cosines)
        days = {place.article: place.published for place in found.places.values()}
        first = {
            each: Signals(
                lexical=lexical[each], whole=lexical[each], lead=dense[each], dense=dense[each], published=day
            )
            for each, day in days.items()
        }
        likely = scores(first, asked, query.time, self._weights)
        chosen = sorted(first, key=lambda each: (-likely[each], each))[:ARTICLES]
        whole, leads = self._whole(query, chosen)
        return {each: replace(first[each], whole=whole.get(each, 0.0), lead=leads.get(each, 0.0)) for each in chosen}

    def _rated(self, found: Candidates, articles: Mapping[int, float]) -> dict[int, float]:
        """Scores of the passages of articles: that of the article, less what a passage is behind its best."""
        own = self._own(found)
        best = found.best(own)
        return {
            at: max(0.0, articles[place.article] - (best[place.article] - own[at]) * self._weights.lexical)
            for at, place in found.places.items()
            if place.article in articles
        }

    def _whole(self, query: Query, articles: Sequence[int]) -> tuple[dict[int, float], dict[int, float]]:
        """How much of the question's words each article holds anywhere, and the cosine of the best of its leads."""
        firsts = first_passages(self._catalog.connection, articles)
        held = self._derived.lexical.coverage(query.worth, [first for first, _ in firsts.values()])
        starts = {each: range(first, first + min(LEADS, count)) for each, (first, count) in firsts.items()}
        vectors = self._catalog.vectors.of([at for each in starts.values() for at in each])
        leads = {
            each: max((float(vectors[at] @ query.vector) for at in places if at in vectors), default=0.0)
            for each, places in starts.items()
        }
        return {each: held.get(first, 0.0) for each, (first, _) in firsts.items()}, leads

    def _read(self, found: Candidates, ranked: Sequence[int], rated: Mapping[int, float]) -> tuple[Hit, ...]:
        """Passages with their texts, but for those that are gone."""
        passages = self._catalog.passages(ranked)
        return tuple(
            Hit(passage=passages[at], score=rated[at], cosine=found.cosines[at], bm25=found.bm25.get(at, 0.0))
            for at in ranked
            if at in passages
        )

    def _best_of(self, query: Query, article: int) -> Hit | None:
        """The best passage of an article that no search found."""
        found = self._scored(query, self._catalog.passages_of([article])[article], {})
        own = self._own(found)
        return next(iter(self._read(found, sorted(own, key=lambda at: -own[at])[:1], own)), None)

    def _own(self, found: Candidates) -> dict[int, float]:
        """How well each passage speaks for itself."""
        return {at: found.bm25.get(at, 0.0) + self._weights.own * max(0.0, found.cosines[at]) for at in found.places}


def _sound(text: str) -> str:
    """A text without halves of characters, which no encoding can carry."""
    return text.encode("utf-8", "ignore").decode()


def _of_best_stories(places: Mapping[int, Place], rated: Mapping[int, float], k: int) -> list[int]:
    """The passages of the ``k`` best stories, the best first: no more texts are read."""
    ranked = sorted(rated, key=lambda at: (-rated[at], at))
    stories = set(itertools.islice(dict.fromkeys(places[at].story for at in ranked), k))
    return [at for at in ranked if places[at].story in stories][:KEPT]


def normalised(bm25: Mapping[int, float], rarity: Mapping[Word, float]) -> dict[int, float]:
    """Lexical scores as shares, in [0, 1], of the most that there could be: each idf times k1 + 1 = 2.2 in tantivy."""
    most = 2.2 * sum(rarity.values())
    return {passage: min(1.0, score / most) for passage, score in bm25.items()} if most else {}
