"""A question to passages: dense and lexical search, fused by normalised scores, the best passage an article."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from index.analysis import question_terms
from index.domain import Hit
from index.questions import ASKING_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from index.encoder import Encoder, FloatMatrix
    from index.store.catalog import Catalog, Place
    from index.store.dense import Dense
    from index.store.lexical import Lexical

Word = tuple[str, ...]
"""The terms that one word of a question may be, in the languages of the archive."""

CANDIDATES = 150
"""Passages taken from each search; more did not change recall on news."""
KEPT = 120
"""Passages whose texts are read, the best by score; answers are looked for in the first few."""
COMMON = 0.25
"""Share of the passages from which on a word tells nothing: a quarter of the time of a search at a million."""
MOST_WORDS = 64
"""Words of a question that are searched for, the rarest first: what a long text is about stands in fewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What the parts of a score are worth, beside 1 for the terms that a passage shares with the question.

    The best of a grid that tests/benchmarks/bench_retrieval.py tries in five folds on the questions of
    ../shared/data/news. ``recency`` is the share by which an article of today gains, ``fading`` the years in which
    that falls to 1/e.
    """

    dense: float = 0.25
    recency: float = 1.0
    fading: float = 6.0

    @property
    def total(self) -> float:
        """The largest score before it is scaled to [0, 1]."""
        return (1 + self.dense) * (1 + self.recency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found for a question.

    ``passages`` are the best candidates, ``hits`` the best of each article, both best first; ``vector`` is the
    question's, of shape (dimension,) and unit norm; ``rarity`` gives each of its words its inverse document frequency.
    """

    question: str
    vector: FloatMatrix
    rarity: Mapping[Word, float]
    passages: tuple[Hit, ...]
    hits: tuple[Hit, ...]


class Retrieval:
    """Search in one moment of an archive; used inside ``catalog.snapshot()``."""

    def __init__(
        self, catalog: Catalog, dense: Dense, lexical: Lexical, encoder: Encoder, *, weights: Weights, today: date
    ) -> None:
        self.encoder = encoder
        self._catalog = catalog
        self._dense = dense
        self._lexical = lexical
        self._weights = weights
        self._today = today

    def find(self, question: str, *, asked: date, k: int) -> Found:
        """The passages that speak of what is asked on a day, and the best ``k`` of them, one an article.

        An article of a day after today is not shown.
        """
        text = question.encode("utf-8", "ignore").decode()
        vector = self.encoder.encode_question(text)
        if not text.strip():
            return Found(question=question, vector=vector, rarity={}, passages=(), hits=())
        languages = self._catalog.languages()
        rarity = self._rarity(question_terms(text, languages, ASKING_WORDS) or question_terms(text, languages))
        terms = list(dict.fromkeys(term for word in self._telling(rarity) for term in word))
        near = [passage for passage, _ in self._dense.search(vector, CANDIDATES)]
        bm25 = dict(self._lexical.search(terms, CANDIDATES)) if terms else {}
        cosines = self._cosines(vector, [*near, *(passage for passage in bm25 if passage not in near)])
        if terms:
            bm25.update(self._lexical.score(terms, [passage for passage in near if passage not in bm25]))
        telling = {word: rarity[word] for word in self._telling(rarity)}
        hits = self._hits(cosines, normalised(bm25, telling), asked)
        best: dict[object, Hit] = {}
        for hit in hits:
            best.setdefault(hit.article.key, hit)
        return Found(question=question, vector=vector, rarity=rarity, passages=hits, hits=tuple(best.values())[:k])

    def _hits(self, cosines: Mapping[int, float], bm25: Mapping[int, float], asked: date) -> tuple[Hit, ...]:
        """The best of all candidates, best first; only their texts are read."""
        places = self._catalog.places(list(cosines))
        out = {at: place for at, place in places.items() if not place.published or place.published <= self._today}
        scores = fuse(out, cosines, bm25, asked, self._weights)
        ranked = sorted(scores, key=lambda at: (-scores[at], at))[:KEPT]
        passages = self._catalog.passages(ranked)
        return tuple(
            Hit(passage=passages[at], score=scores[at], cosine=cosines[at], bm25=bm25.get(at, 0.0))
            for at in ranked
            if at in passages
        )

    def _rarity(self, words: Sequence[Word]) -> dict[Word, float]:
        """Inverse document frequency of the rarest words.

        A word that no passage holds is the rarest of all: an archive that lacks it may not speak of what is asked.
        """
        shares = {word: max(self._lexical.share(term) for term in word) for word in words}
        rarest = set(sorted(words, key=lambda word: (shares[word], word))[:MOST_WORDS])
        return {word: self._idf(shares[word]) for word in words if word in rarest}

    def _telling(self, rarity: Mapping[Word, float]) -> list[Word]:
        """The words that are searched for: those of many passages tell few apart, and their lists take long to read."""
        common = self._idf(COMMON)
        return [word for word, idf in rarity.items() if idf >= common] or list(rarity)

    def _idf(self, share: float) -> float:
        """Inverse document frequency, by the formula that tantivy's BM25 uses."""
        count = max(1, len(self._lexical))
        return math.log(1 + (count - share * count + 0.5) / (share * count + 0.5))

    def _cosines(self, vector: FloatMatrix, passages: Sequence[int]) -> dict[int, float]:
        """Cosines of all candidates that are in the catalog, from their stored vectors."""
        return {passage: float(row @ vector) for passage, row in self._catalog.vectors.of(passages).items()}


def normalised(bm25: Mapping[int, float], rarity: Mapping[Word, float]) -> dict[int, float]:
    """Lexical scores as shares, in [0, 1], of the most that there could be: each idf times k1 + 1 = 2.2 in tantivy."""
    most = 2.2 * sum(rarity.values())
    return {passage: min(1.0, score / most) for passage, score in bm25.items()} if most else {}


def fuse(
    places: Mapping[int, Place],
    cosines: Mapping[int, float],
    bm25: Mapping[int, float],
    asked: date,
    weights: Weights,
) -> dict[int, float]:
    """Fused scores, in [0, 1], of passages by id: normalised lexical score and cosine, weighed and summed.

    An article has the best lexical score of its passages and their best cosine, which need not be of one passage; its
    best passage has the article's score, and the others less by what they are behind that. Recency multiplies, so that
    among articles that say as much the newer are first, and one that says little does not gain by being new. Sums of
    normalised scores beat reciprocal ranks on news (TREC-NEWS; see DESIGN.md). Because no score is scaled to the other
    candidates', a fused score means the same in every question. An article without a date counts as old as the middle
    one of the candidates.
    """
    recency = _recency(places, asked, weights.fading)
    lexical = {at: bm25.get(at, 0.0) for at in places}
    dense = {at: weights.dense * max(0.0, cosines[at]) for at in places}
    own = {at: lexical[at] + dense[at] for at in places}
    best_lexical, best_dense, best_own = _best(places, lexical), _best(places, dense), _best(places, own)
    scores = {}
    for at, place in places.items():
        behind = best_own[place.article] - own[at]
        relevance = best_lexical[place.article] + best_dense[place.article] - behind
        scores[at] = max(0.0, relevance) * (1 + weights.recency * recency[at]) / weights.total
    return scores


def _best(places: Mapping[int, Place], scores: Mapping[int, float]) -> dict[int, float]:
    """The largest score of each article's passages."""
    best: dict[int, float] = {}
    for at, place in places.items():
        best[place.article] = max(best.get(place.article, 0.0), scores[at])
    return best


def _recency(places: Mapping[int, Place], asked: date, fading: float) -> dict[int, float]:
    dated = {
        at: math.exp(-max(0, (asked - place.published).days) / 365.25 / fading)
        for at, place in places.items()
        if place.published is not None
    }
    middle = median(dated.values()) if dated else 0.0
    return {at: dated.get(at, middle) for at in places}
