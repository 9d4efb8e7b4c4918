"""What a passage should be: how long, how much of it repeated, with its headline or without.

On the relevant articles of the news questions and 500 more, asked without dates: BM25 by counting, and the cosines of
the best passage and of the best of an article's first three. Vectors are kept, so that an interrupted run goes on.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index import encoder
from index.analysis import terms
from index.evaluation import first_rank, recall_at, reciprocal_rank
from index.passages import Chunking, encoder_text, split
from index.retrieval import LEADS
from tests.benchmarks.data import KEPT, news_archive, news_questions, there
from tests.benchmarks.peers.vectors import KeptVectors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.domain import Article
    from index.encoder import FloatMatrix
    from tests.benchmarks.data import Question

MORE = 500
_SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How articles are cut, in tokens, and whether what is searched and encoded begins with the headline."""

    budget: int
    overlap: int
    headline: bool = True

    def __str__(self) -> str:
        """The row of the table."""
        return f"{self.budget} tokens, {self.overlap} repeated{'' if self.headline else ', without headline'}"


FORMS = (
    Form(budget=60, overlap=0),
    Form(budget=100, overlap=20),
    Form(budget=200, overlap=0),
    Form(budget=200, overlap=40),
    Form(budget=240, overlap=48),
    Form(budget=200, overlap=40, headline=False),
)


def main() -> None:
    """Print the table."""
    if not there():
        return
    questions = news_questions("undated")
    chosen = _chosen(questions)
    vectors = KeptVectors(encoder.load(device="cpu"), KEPT / "passages.db")
    asked = np.vstack([vectors.encode_question(each.text) for each in questions])
    print(f"{len(questions)} questions, {len(chosen)} articles; recall@1, recall@5, MRR@10")
    for form in FORMS:
        cut = list(_passages(chosen, form))
        owners = np.array([article.key.id for article, _, _ in cut])
        lexical = _bm25(questions, [_read(article, start, end, form) for article, start, end in cut])
        cosines = (
            asked @ vectors.encode_passages([_encoded(article, start, end, form) for article, start, end in cut]).T
        )
        ranks = {
            "words": _ranks(questions, lexical, owners),
            "best passage": _ranks(questions, cosines, owners),
            "best lead": _ranks(questions, np.where(_leads(owners), cosines, -1.0), owners),
        }
        figures = ";  ".join(f"{name} {_figures(found)}" for name, found in ranks.items())
        print(f"{form!s:42} {len(cut):6,} passages:  {figures}", flush=True)


def _chosen(questions: Sequence[Question]) -> list[Article]:
    """The relevant articles, and some more that are always the same."""
    with news_archive() as archive:
        known = {passage.article.key.id: passage.article for passage in archive.all_passages()}
    relevant = {name for each in questions for name in each.relevant} & known.keys()
    draw = random.Random(_SEED)  # noqa: S311 - a sample, no secret
    return [known[name] for name in sorted(relevant) + draw.sample(sorted(known.keys() - relevant), MORE)]


def _passages(articles: Sequence[Article], form: Form) -> Iterator[tuple[Article, int, int]]:
    count_tokens = encoder.load(device="cpu").count_tokens
    chunking = Chunking(budget=form.budget, overlap=form.overlap)
    for article in articles:
        for start, end in split(article, count_tokens, chunking):
            yield article, start, end


def _read(article: Article, start: int, end: int, form: Form) -> Counter[str]:
    text = article.body[start:end]
    return Counter(terms(f"{article.title}\n{text}" if form.headline else text, article.language))


def _encoded(article: Article, start: int, end: int, form: Form) -> str:
    return encoder_text(article, start, end) if form.headline else article.body[start:end]


def _bm25(questions: Sequence[Question], documents: Sequence[Counter[str]]) -> FloatMatrix:
    """BM25 (k1 1.2, b 0.75) of each document for each question, by counting: shape (questions, documents)."""
    lengths = np.array([counts.total() for counts in documents], dtype=np.float32)
    norm = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
    postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, counts in enumerate(documents):
        for term, count in counts.items():
            postings[term].append((at, count))
    scores = np.zeros((len(questions), len(documents)), dtype=np.float32)
    for row, question in zip(scores, questions, strict=True):
        for term in set(terms(question.text, "en")) & postings.keys():
            places, counts = (np.array(column) for column in zip(*postings[term], strict=True))
            idf = np.log(1 + (len(documents) - len(places) + 0.5) / (len(places) + 0.5))
            row[places] += idf * counts * 2.2 / (counts + norm[places])
    return scores


def _leads(owners: np.ndarray) -> np.ndarray:
    """Which passages are among the first of their article."""
    seen: Counter[str] = Counter()
    leads = []
    for owner in owners:
        leads.append(seen[owner] < LEADS)
        seen[owner] += 1
    return np.array(leads)


def _ranks(questions: Sequence[Question], scores: FloatMatrix, owners: np.ndarray) -> list[float]:
    best = np.argsort(-scores, axis=1, kind="stable")
    return [
        first_rank(list(dict.fromkeys(owners[row])), each.relevant) for row, each in zip(best, questions, strict=True)
    ]


def _figures(ranks: Sequence[float]) -> str:
    return f"{recall_at(ranks, 1):.3f} {recall_at(ranks, 5):.3f} {reciprocal_rank(ranks):.3f}"


if __name__ == "__main__":
    main()
