"""Questions and what came of them, with the rest filled in."""

from __future__ import annotations

from typing import Any

from index.evaluation import Finding, Outcome, Question, Verdict

NOWHERE = float("inf")


def question(number: int = 1, **rest: Any) -> Question:  # noqa: ANN401 - whatever a question has
    """A question whose right article is named a."""
    known = {"text": f"Who won match {number}?", "relevant": frozenset({"a"}), "kind": "name", "answers": ("Hale",)}
    return Question(id=f"q{number}", line=number, **{**known, **rest})


def finding(rank: int | None = 1, **rest: Any) -> Finding:  # noqa: ANN401 - whatever is kept of an article
    """An article that was found."""
    known = {"title": "A headline", "address": "https://x.example/a", "source": "The Echo", "text": "Hale won."}
    return Finding(rank=rank, **{"published": None, **known, **rest})


def outcome(asked: Question | None = None, **rest: Any) -> Outcome:  # noqa: ANN401 - whatever an outcome has
    """A question that went as it should."""
    rank = rest.get("rank", 1.0)
    known: dict[str, Any] = {
        "language": "en",
        "rank": rank,
        "gain": 1.0,
        "rank_alone": rank,
        "gain_alone": 1.0,
        "contained": 1.0,
        "ceiling": True,
        "missing": False,
        "several": False,
        "verdict": Verdict.RIGHT,
        "seconds": 0.1,
        "quote": "Hale won.",
        "quoted": "A headline",
        "first": finding(),
        "right": finding(None if rank == NOWHERE else int(rank or 1)),
    }
    return Outcome(question=asked or question(), **{**known, **rest})
