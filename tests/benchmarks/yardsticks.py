"""BM25 by counting, and the newest article first: what retrieval is compared with, not newsdesk."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from index.analysis import terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from index import Archive

    Search = Callable[[str, date], list[frozenset[str]]]

DEPTH = 10
_GRACE_DAYS = 3


def newest_first(archive: Archive) -> Search:
    """The newest articles as of a day, reading nothing: what labels owe to dates alone."""
    days = {}
    for passage in archive.all_passages():
        if passage.article.published is not None:
            days[passage.article.key.id] = passage.article.published.toordinal()
    newest = sorted(days, key=lambda name: -days[name])
    return lambda _, day: _alone(name for name in newest if days[name] <= day.toordinal() + _GRACE_DAYS)


def bm25(archive: Archive, *, whole: bool = False, headline: bool = True) -> Search:
    """BM25 (k1 1.2, b 0.75), the best passage an article."""
    owners, documents = _documents(archive, whole=whole, headline=headline)
    lengths = np.array([sum(counts.values()) for counts in documents], dtype=float)
    norm = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
    postings: dict[str, list[tuple[int, int]]] = {}
    for at, counts in enumerate(documents):
        for term, count in counts.items():
            postings.setdefault(term, []).append((at, count))

    def search(text: str, _: date) -> list[frozenset[str]]:
        scores = np.zeros(len(documents))
        for term in set(terms(text, "en")) & postings.keys():
            places, counts = (np.array(column) for column in zip(*postings[term], strict=True))
            idf = np.log(1 + (len(documents) - len(places) + 0.5) / (len(places) + 0.5))
            scores[places] += idf * counts * 2.2 / (counts + norm[places])
        ranked = (owners[at] for at in np.argsort(-scores, kind="stable"))
        return _alone(dict.fromkeys(ranked))

    return search


def _alone(names: Iterable[str]) -> list[frozenset[str]]:
    """The first few articles, each a story of its own."""
    return [frozenset({name}) for name in itertools.islice(names, DEPTH)]


def _documents(archive: Archive, *, whole: bool, headline: bool) -> tuple[list[str], list[Counter[str]]]:
    owners: list[str] = []
    documents: list[Counter[str]] = []
    for passage in archive.all_passages():
        article = passage.article
        if whole and owners and owners[-1] == article.key.id:
            continue
        text = article.body if whole else passage.text
        owners.append(article.key.id)
        documents.append(Counter(terms(f"{article.title}\n{text}" if headline else text, article.language)))
    return owners, documents
