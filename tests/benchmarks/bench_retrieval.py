"""How often the right article is found: newsdesk beside BM25 over whole articles and over headline and passage."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from index.analysis import terms
from index.evaluation import first_rank, interval, recall_at, reciprocal_rank
from index.retrieval import Weights
from tests.benchmarks.data import FOLDS, news_archive, news_questions, there

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index import Archive
    from tests.benchmarks.data import Question

DEPTH = 10
GRID = tuple(
    Weights(dense=dense, recency=recency, fading=fading)
    for dense, (recency, fading) in itertools.product(
        (0.0, 0.15, 0.25, 0.4), ((0.0, 6.0), (0.5, 6.0), (1.0, 6.0), (1.5, 8.0), (2.0, 10.0))
    )
)

Ranks = list[float]


def main() -> None:
    """Print the table."""
    if not there():
        return
    questions = news_questions()
    with news_archive() as archive:
        rows = {
            "BM25, whole articles": _ranks(questions, _bm25(archive, whole=True)),
            "BM25, headline + passage": _ranks(questions, _bm25(archive, whole=False)),
            "newsdesk, dense alone": _ranks(questions, _found(archive, Weights(dense=1e6, recency=0))),
            "newsdesk, lexical alone": _ranks(questions, _found(archive, Weights(dense=0, recency=0))),
            "newsdesk, fused, no recency": _ranks(questions, _found(archive, Weights(recency=0))),
            "newsdesk": _ranks(questions, _found(archive, Weights())),
            "newsdesk, weights of unseen folds": _unseen(archive, questions),
        }
    print(f"{len(questions)} questions without dates, per article:")
    for name, ranks in rows.items():
        _print(name, ranks)
    print("newsdesk, by how sure the label is:")
    for tier in ("gold", "link", "silver"):
        some = [rank for rank, question in zip(rows["newsdesk"], questions, strict=True) if question.tier == tier]
        _print(f"  {tier} ({len(some)})", some)


def _ranks(questions: Sequence[Question], search: Callable[[str], list[str]]) -> Ranks:
    return [first_rank(search(question.text), question.relevant) for question in questions]


def _found(archive: Archive, weights: Weights) -> Callable[[str], list[str]]:
    today = datetime.now(UTC).date()
    return lambda text: [hit.article.key.id for hit in archive.find(text, asked=today, k=DEPTH, weights=weights).hits]


def _unseen(archive: Archive, questions: Sequence[Question]) -> Ranks:
    """Each fold ranked with the weights of the grid that are best on the others, by recall@1, recall@5 and MRR."""
    fold = np.array([question.fold for question in questions])
    tried = np.array([_ranks(questions, _found(archive, weights)) for weights in GRID])
    ranks = np.zeros(len(questions))
    for each in range(FOLDS):
        best = max(range(len(GRID)), key=lambda at: _worth(tried[at, fold != each]))
        print(f"fold {each}: {GRID[best]}")
        ranks[fold == each] = tried[best, fold == each]
    return ranks.tolist()


def _worth(ranks: Sequence[float]) -> float:
    return recall_at(ranks, 1) + recall_at(ranks, 5) + reciprocal_rank(ranks)


def _bm25(archive: Archive, *, whole: bool) -> Callable[[str], list[str]]:
    """BM25 (k1 1.2, b 0.75) by counting, the best passage an article; the yardstick, not newsdesk."""
    owners, documents = _documents(archive, whole=whole)
    lengths = np.array([sum(counts.values()) for counts in documents], dtype=float)
    norm = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
    postings: dict[str, list[tuple[int, int]]] = {}
    for at, counts in enumerate(documents):
        for term, count in counts.items():
            postings.setdefault(term, []).append((at, count))

    def search(text: str) -> list[str]:
        scores = np.zeros(len(documents))
        for term in set(terms(text, "en")) & postings.keys():
            places, counts = (np.array(column) for column in zip(*postings[term], strict=True))
            idf = np.log(1 + (len(documents) - len(places) + 0.5) / (len(places) + 0.5))
            scores[places] += idf * counts * 2.2 / (counts + norm[places])
        ranked = (owners[at] for at in np.argsort(-scores, kind="stable"))
        return list(itertools.islice(dict.fromkeys(ranked), DEPTH))

    return search


def _documents(archive: Archive, *, whole: bool) -> tuple[list[str], list[Counter[str]]]:
    owners: list[str] = []
    documents: list[Counter[str]] = []
    for passage in archive.all_passages():
        article = passage.article
        if whole and owners and owners[-1] == article.key.id:
            continue
        text = article.body if whole else passage.text
        owners.append(article.key.id)
        documents.append(Counter(terms(f"{article.title}\n{text}", article.language)))
    return owners, documents


def _print(name: str, ranks: Ranks) -> None:
    hits = interval([float(rank <= 1) for rank in ranks])
    print(
        f"{name:36} recall@1 {hits}  @5 {recall_at(ranks, 5):.3f}  @10 {recall_at(ranks, 10):.3f}"
        f"  MRR@10 {reciprocal_rank(ranks):.3f}"
    )


if __name__ == "__main__":
    main()
