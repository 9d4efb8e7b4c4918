"""How often the right article is found, asked in three ways, what each part is worth, and what stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.evaluation import contains, first_rank, interval, recall_at, reciprocal_rank
from index.ranking import Weights
from tests.benchmarks.data import news_archive, span_archive, span_questions, there
from tests.benchmarks.news_forms import FORMS, asked
from tests.benchmarks.yardsticks import DEPTH, bm25, newest_first

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from index import Archive
    from tests.benchmarks.news_forms import Asked

    Search = Callable[[str, date], list[frozenset[str]]]
    Ranks = list[float]

_NO_DATES = {"near": 0.0, "named": 0.0, "fading": 0.0, "late": 0.0}
_FIRST = {"read": 0.0}
_RELEVANCE = {**_NO_DATES, **_FIRST}
ABLATIONS = {
    "dense alone, best passage": Weights(lexical=0, whole=0, lead=0, dense=1, own=100, **_RELEVANCE),
    "dense alone, best lead": Weights(lexical=0, whole=0, lead=1, own=100, **_RELEVANCE),
    "lexical alone, best passage": Weights(lexical=1, whole=0, lead=0, own=0, **_RELEVANCE),
    "fused: lexical and best passage's cosine": Weights(lexical=0.65, whole=0, lead=0, dense=0.35, **_RELEVANCE),
    "fused: lexical and lead's cosine": Weights(whole=0, **_RELEVANCE),
    "with the words of the whole article": Weights(**_RELEVANCE),
    "with dates": Weights(**_FIRST),
    "with the second stage: newsdesk": Weights(),
}
"""Each part added to the one before it."""
_SPANS = {"squad2": 600, "xquad/en": 400, "xquad/ru": 400}


def main() -> None:
    """Print the tables."""
    if not there():
        return
    with news_archive() as archive:
        for form, name in FORMS.items():
            _table(archive, asked(form), name)
        print("\nwhat each part is worth (recall@1, recall@5, MRR@10): undated; on its day")
        for name, weights in ABLATIONS.items():
            both = (_ranks(asked(form), _hits(archive, weights)) for form in ("undated", "question"))
            print(f"{name:44}" + ";  ".join(_short(ranks) for ranks in both), flush=True)
        _containment(archive)
    for name, count in _SPANS.items():
        _spans(name, count)


def _table(archive: Archive, questions: Sequence[Asked], name: str) -> None:
    print(f"\n{len(questions)} questions, asked {name}, per article:")
    for label, search in {
        "newest first, reading nothing": newest_first(archive),
        "BM25, whole articles": bm25(archive, whole=True),
        "BM25, passages without headlines": bm25(archive, headline=False),
        "BM25, headline + passage": bm25(archive),
    }.items():
        _print(label, _ranks(questions, search))
    _print("newsdesk, dates switched off", _ranks(questions, _hits(archive, Weights(**_NO_DATES))))
    ranks = _ranks(questions, _hits(archive, Weights()))
    _print("newsdesk", ranks)
    for tier in ("gold", "link", "silver"):
        some = [rank for rank, each in zip(ranks, questions, strict=True) if each.question.tier == tier]
        _print(f"  {tier} ({len(some)})", some)
    linked = [each for each in questions if each.linked]
    found = _hits(archive, Weights())
    _print(f"  linked ({len(linked)})", [_first(found(each.question.text, each.day), each.linked) for each in linked])
    _print("  of a story only the version shown", _ranks(questions, _hits(archive, Weights(), also=False)))


def _hits(archive: Archive, weights: Weights, *, also: bool = True) -> Search:
    """The stories that are found, each by the names of the articles that are shown with it."""

    def search(text: str, day: date) -> list[frozenset[str]]:
        found = archive.find(text, asked=day, k=DEPTH, weights=weights)
        hits = (archive.read(found, weights=weights) if weights.read else found).hits
        return [frozenset({hit.article.key.id, *(each.key.id for each in hit.also if also)}) for hit in hits]

    return search


def _ranks(questions: Sequence[Asked], search: Search) -> Ranks:
    return [_first(search(each.question.text, each.day), each.question.relevant) for each in questions]


def _first(stories: Sequence[frozenset[str]], relevant: frozenset[str]) -> float:
    return next((float(at) for at, names in enumerate(stories, 1) if names & relevant), float("inf"))


def _containment(archive: Archive) -> None:
    """How often the answer's words stand in the first passages shown, asked on the day."""
    questions = asked("question")
    counts = {1: 0, 3: 0, 5: 0}
    relevant: dict[str, list[str]] = {}
    for passage in archive.all_passages():
        relevant.setdefault(passage.article.key.id, []).append(passage.text)
    ceiling = 0
    for each in questions:
        hits = archive.read(archive.find(each.question.text, asked=each.day, k=DEPTH)).hits[:5]
        holds = [contains(hit.passage.text, each.question.answers) for hit in hits]
        for k in counts:
            counts[k] += any(holds[:k])
        texts = (text for name in each.question.relevant for text in relevant.get(name, ()))
        ceiling += any(contains(text, each.question.answers) for text in texts)
    shares = "  ".join(f"first {k} {count / len(questions):.3f}" for k, count in counts.items())
    print(f"\nthe answer's words stand in the passages shown: {shares}  (ceiling {ceiling / len(questions):.3f})")


def _spans(name: str, count: int) -> None:
    questions = span_questions(name, count)
    with span_archive(name) as archive:
        ranks = [
            first_rank([hit.article.key.id for hit in archive.search(each.text, k=DEPTH)], each.relevant)
            for each in questions
        ]
    _print(f"{name} ({count})", ranks)


def _print(name: str, ranks: Ranks) -> None:
    first = interval([float(rank <= 1) for rank in ranks])
    fifth = interval([float(rank <= 5) for rank in ranks])
    print(
        f"{name:36} recall@1 {first}  @5 {fifth}  @10 {recall_at(ranks, 10):.3f}  MRR@10 {reciprocal_rank(ranks):.3f}",
        flush=True,
    )


def _short(ranks: Ranks) -> str:
    return f"{recall_at(ranks, 1):.3f}  {recall_at(ranks, 5):.3f}  {reciprocal_rank(ranks):.3f}"


if __name__ == "__main__":
    main()
