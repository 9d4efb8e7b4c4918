"""An evaluation as the object that newsdesk eval --json prints."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.evaluation.results import Evaluation
    from index.evaluation import Estimate, Figure, Finding, Outcome, Summary


def evaluation_json(evaluation: Evaluation) -> str:
    """Figures of each configuration, what differs between them, and each question's outcome.

    A rank is null where nothing right was found; seconds are rounded to the millisecond.
    """
    value = {
        "file": evaluation.file,
        "form": evaluation.form,
        "archive": evaluation.archive,
        "articles": evaluation.articles,
        "years_later": evaluation.years_later,
        "questions": evaluation.asked,
        "of": evaluation.total,
        "notes": list(evaluation.notes),
        "configurations": [
            {"name": name, **_summary(summary), "outcomes": [_outcome(each) for each in outcomes]}
            for name, summary, outcomes in zip(
                evaluation.configurations, evaluation.summaries, evaluation.outcomes, strict=True
            )
        ],
        "comparison": {name: _rounded(asdict(row)) for name, row in evaluation.compared.items()},
    }
    return json.dumps(value, ensure_ascii=False, indent=2)


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "sections": {name: _figures(figures) for name, figures in summary.sections.items()},
        "seconds": {"median": _estimate(summary.median), "p95": _estimate(summary.p95)},
        "groups": [
            {"by": group.by, "value": group.value, "questions": group.questions, "figures": _figures(group.figures)}
            for group in summary.groups
        ],
    }


def _figures(figures: tuple[Figure, ...]) -> dict[str, Any]:
    return {figure.name: {**_estimate(figure.estimate), "questions": figure.questions} for figure in figures}


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return _rounded(asdict(estimate))


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _rounded(value) if isinstance(value, dict) else round(value, 5) if isinstance(value, float) else value
        for name, value in values.items()
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    question = outcome.question
    return {
        "id": question.id,
        "line": question.line,
        "question": question.text,
        "asked": question.asked and question.asked.isoformat(),
        "language": outcome.language,
        "kind": question.kind,
        "tier": question.tier,
        "rank": _rank(outcome.rank),
        "rank_alone": _rank(outcome.rank_alone),
        "answer_in_passage": _rank(outcome.contained),
        "verdict": outcome.verdict.name.lower(),
        "quote": outcome.quote,
        "seconds": round(outcome.seconds, 3),
        "first": _finding(outcome.first),
        "right": _finding(outcome.right),
    }


def _rank(rank: float | None) -> int | None:
    return int(rank) if rank is not None and math.isfinite(rank) else None


def _finding(finding: Finding | None) -> dict[str, Any] | None:
    if finding is None:
        return None
    return {**asdict(finding), "published": finding.published and finding.published.isoformat()}
