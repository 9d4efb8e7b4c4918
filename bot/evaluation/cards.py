"""A missed question as HTML: what was expected, what stood first, and where the right article stood."""

from __future__ import annotations

import math
import re
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.report import day
from bot.terminal import safe
from index.evaluation import DEEPER, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.evaluation import Finding, Outcome

_VERDICTS = {
    Verdict.RIGHT: "rightly",
    Verdict.OTHER_ARTICLE: "the expected words, from an article that is not listed as right",
    Verdict.WRONG_ARTICLE: "from an article that is not right",
    Verdict.WRONG_QUOTE: "from a right article, without the expected words",
    Verdict.REJECTED: "from an article that a reader rejected",
    Verdict.UNFOUNDED: "the archive cannot say",
    Verdict.UNJUDGED: "not known whether that is right",
}


def card(outcome: Outcome, other: Outcome | None, configuration: str) -> str:
    """A missed question; ``other`` is what came of it with the other configuration."""
    question = outcome.question
    lines = [f'<article>\n<h3 dir="auto">{_text(question.text)}</h3>', _about(outcome)]
    if question.answers:
        lines.append(f'<p>Expected: <strong dir="auto">{_text(" · ".join(question.answers))}</strong></p>')
    if question.relevant:
        lines.append(f'<p class="soft">Right: {", ".join(map(_linked, sorted(question.relevant)))}</p>')
    if question.rejected:
        lines.append(f'<p class="soft">Rejected: {", ".join(map(_linked, sorted(question.rejected)))}</p>')
    if question.note:
        lines.append(f'<p dir="auto">Reason: {_text(question.note)}</p>')
    lines += [_answered(outcome), f'<div class="pair">{_first(outcome)}{_right(outcome)}</div>']
    if other:
        lines.append(f'<p class="soft">With {_text(configuration)}: {_standing(other)}, {_said(other)}.</p>')
    return "\n".join([*lines, "</article>"])


def _about(outcome: Outcome) -> str:
    question = outcome.question
    parts = [f"line {question.line}", question.id if question.id != f"line {question.line}" else ""]
    parts += [f"asked {day(question.asked)}" if question.asked else "", question.tier, outcome.language, question.kind]
    return f'<p class="soft">{_text(" · ".join(part for part in parts if part))}</p>'


def _answered(outcome: Outcome) -> str:
    if outcome.quote is None:
        return "<p>No answer was given.</p>"
    verdict = _VERDICTS[outcome.verdict]
    if outcome.first and outcome.quoted != outcome.first.title:
        verdict += f", {outcome.quoted}"
    return f'<p dir="auto">Answered: “{_text(outcome.quote)}” ({_text(verdict)})</p>'


def _first(outcome: Outcome) -> str:
    if outcome.first is None:
        return '<section class="wrong"><h4>Nothing was found</h4></section>'
    good = outcome.rank == 1
    return _found("Stood first, and is right" if good else "Stood first", outcome.first, outcome, good=good)


def _right(outcome: Outcome) -> str:
    if outcome.rank is None or outcome.rank == 1:
        return ""
    if outcome.right is None:
        return '<section class="right"><h4>The right one is not in the archive</h4></section>'
    comma = "" if outcome.right.rank else ","
    return _found(f"The right one{comma} {_standing(outcome)}", outcome.right, outcome, good=True)


def _found(heading: str, finding: Finding, outcome: Outcome, *, good: bool) -> str:
    about = " · ".join(part for part in (finding.source, day(finding.published)) if part)
    return (
        f'<section class="{"right" if good else "wrong"}"><h4>{heading}</h4>\n'
        f'<p dir="auto">{_linked(finding.address, finding.title or "Without a headline")}<br>'
        f'<span class="soft">{_text(about)}</span></p>\n'
        f'<blockquote dir="auto">{_marked(finding.text, outcome.question.answers)}</blockquote></section>'
    )


def _standing(outcome: Outcome) -> str:
    if outcome.rank is None:
        return "no article is known to be right"
    return f"stands at {outcome.rank:.0f}" if math.isfinite(outcome.rank) else f"not among the first {DEEPER}"


def _said(outcome: Outcome) -> str:
    return "no answer given" if outcome.quote is None else f"answered: {_text(_VERDICTS[outcome.verdict])}"


def _marked(text: str, answers: Sequence[str]) -> str:
    """A text with the expected answers marked where they stand as they were written."""
    words = "|".join(re.escape(answer) for answer in sorted(answers, key=len, reverse=True))
    if not words:
        return _text(text)
    parts = re.split(rf"(?<!\w)({words})(?!\w)", safe(text), flags=re.IGNORECASE)
    return "".join(f"<mark>{escape(part)}</mark>" if at % 2 else escape(part) for at, part in enumerate(parts))


def _linked(address: str, words: str | None = None) -> str:
    """A link, where the address is one of the web; else the words, and the address after them."""
    shown = _text(words or address)
    try:
        web = urlsplit(address).scheme in {"http", "https"}
    except ValueError:
        web = False
    if web:
        return f'<a href="{_text(address)}" rel="noopener noreferrer">{shown}</a>'
    return f'{shown} <span class="soft">{_text(address)}</span>' if words else shown


def _text(text: str) -> str:
    return escape(safe(text))
