"""An evaluation as one HTML page that needs nothing else: figures, and each miss beside what was found instead."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bot.evaluation.cards import card
from bot.evaluation.labels import (
    BY,
    COLUMNS,
    COMPARED,
    SECTIONS,
    better_and_worse,
    columns,
    explained,
    label,
    named,
    short_label,
)
from bot.evaluation.style import STYLE
from bot.terminal import safe
from index.evaluation import misses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.evaluation.results import Evaluation
    from index.evaluation import Comparison, Estimate, Group, Summary

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Nothing is loaded and nothing runs, whatever stands in the texts."""


def page(evaluation: Evaluation) -> Iterator[str]:
    """The page's lines; what comes from files is escaped."""
    heading = escape(safe(evaluation.heading))
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield f"<title>{heading}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>"
    yield f"<h1>{heading}</h1>"
    yield f'<p class="soft">Asked with: {escape(safe(evaluation.configurations[0]))}.</p>'
    for note in evaluation.notes:
        yield f'<p class="note">{escape(safe(note))}</p>'
    first = evaluation.summaries[0]
    yield from _figures(first)
    if evaluation.compared:
        yield from _compared(evaluation)
    yield from _groups(first)
    yield from _misses(evaluation)
    yield "</main>\n</body>\n</html>"


def _figures(summary: Summary) -> Iterator[str]:
    yield '<div class="wide"><table><thead><tr><th></th><th>mean</th><th>95 % interval</th><th class="scale"></th>'
    yield "<th>questions</th></tr></thead><tbody>"
    for section, figures in summary.sections.items():
        yield f'<tr class="section"><th colspan="5" scope="rowgroup">{SECTIONS[section]}</th></tr>'
        for figure in figures:
            estimate = figure.estimate
            cells = f"<td>{estimate.mean:.3f}</td><td>{estimate.low:.3f} to {estimate.high:.3f}</td>{_scale(estimate)}"
            yield f"<tr><td>{label(figure.name)}</td>{cells}<td>{figure.questions:,}</td></tr>"
    yield '<tr class="section"><th colspan="5" scope="rowgroup">Time a question takes</th></tr>'
    for name, time in (("median", summary.median), ("95 % are within", summary.p95)):
        low, high = time.low * 1000, time.high * 1000
        yield f"<tr><td>{name}</td><td>{time.mean * 1000:,.0f} ms</td><td>{low:,.0f} to {high:,.0f} ms</td>"
        yield f'<td class="scale"></td><td>{summary.questions:,}</td></tr>'
    yield "</tbody></table></div>"


def _scale(estimate: Estimate) -> str:
    """From 0 to 1, the interval as a band and the mean as a line in it."""
    low, width, mean = 100 * estimate.low, 100 * (estimate.high - estimate.low), 100 * estimate.mean
    band = f'<i style="left:{low:.1f}%;width:{width:.1f}%"></i><b style="left:{mean:.1f}%"></b>'
    return f'<td class="scale"><span>{band}</span></td>'


def _compared(evaluation: Evaluation) -> Iterator[str]:
    before, after = (escape(safe(name)) for name in evaluation.configurations)
    yield f"<h2>Compared</h2>\n<p>A: {before}<br>B: {after}</p>"
    yield '<div class="wide"><table><thead><tr><th></th><th>A</th><th>B</th><th>B less A</th><th>95 % interval</th>'
    yield "<th>p</th><th>better</th><th>worse</th></tr></thead><tbody>"
    for name, row in evaluation.compared.items():
        yield _difference(name, row)
    yield f'</tbody></table></div>\n<p class="soft">{COMPARED}</p>'


def _difference(name: str, row: Comparison) -> str:
    better, worse = better_and_worse(name, row)
    gap = row.difference
    telling = ' class="telling"' if gap.low > 0 or gap.high < 0 else ""
    return (
        f"<tr><td>{short_label(name)}</td><td>{row.first:.3f}</td><td>{row.second:.3f}</td>"
        f"<td{telling}>{gap.mean:+.3f}</td><td>{gap.low:+.3f} to {gap.high:+.3f}</td>"
        f"<td>{row.p:.3f}</td><td>{better:,}</td><td>{worse:,}</td></tr>"
    )


def _groups(summary: Summary) -> Iterator[str]:
    for by in dict.fromkeys(group.by for group in summary.groups):
        yield f"<h2>{BY[by]}</h2>"
        yield from _group_table([group for group in summary.groups if group.by == by])
    if summary.groups:
        yield f'<p class="soft">{explained(columns(summary.groups))}.</p>'


def _group_table(groups: list[Group]) -> Iterator[str]:
    names = columns(groups)
    heads = "".join(f"<th>{COLUMNS[name]}</th>" for name in names)
    yield f'<div class="wide"><table><thead><tr><th></th><th>questions</th>{heads}</tr></thead><tbody>'
    for group in groups:
        found = {figure.name: figure.estimate for figure in group.figures}
        cells = "".join(
            f'<td title="{found[name].low:.3f} to {found[name].high:.3f}">{found[name].mean:.3f}</td>'
            if name in found
            else "<td>–</td>"
            for name in names
        )
        yield f"<tr><td>{escape(safe(named(group)))}</td><td>{group.questions:,}</td>{cells}</tr>"
    yield "</tbody></table></div>"


def _misses(evaluation: Evaluation) -> Iterator[str]:
    found = misses(evaluation.outcomes[0])
    yield f"<h2>Missed: {sum(map(len, found.values())):,} of {evaluation.asked:,} questions</h2>"
    others = {}
    if len(evaluation.outcomes) > 1:
        others = {other.question.id: other for other in evaluation.outcomes[1]}
    for kind, some in found.items():
        yield f"<details open><summary>{kind.value}: {len(some):,}</summary>"
        for outcome in some:
            other = others.get(outcome.question.id)
            yield card(outcome, other, evaluation.configurations[-1])
        yield "</details>"
