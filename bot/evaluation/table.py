"""An evaluation as tables in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

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
from bot.terminal import safe
from index.evaluation import misses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.console import RenderableType

    from bot.evaluation.results import Evaluation
    from index.evaluation import Estimate, Group, Summary

_WIDEST = 100


def show(evaluation: Evaluation, *, page: Path | None = None) -> None:
    """Print tables; as wide as the terminal, at most 100 columns, and 100 elsewhere.

    ``page`` is where each miss is shown.
    """
    console = Console(highlight=False)
    console.width = min(console.width, _WIDEST) if console.is_terminal else _WIDEST
    for part in _parts(evaluation, page):
        console.print(part)


def _parts(evaluation: Evaluation, page: Path | None) -> Iterator[RenderableType]:
    yield Text(safe(evaluation.heading), style="bold")
    for note in evaluation.notes:
        yield Text(safe(f"\n{note}"), style="yellow")
    first = evaluation.summaries[0]
    yield Text()
    yield _figures(first)
    for by in dict.fromkeys(group.by for group in first.groups):
        yield Text(f"\n{BY[by]}", style="bold")
        yield _groups([group for group in first.groups if group.by == by])
    if first.groups:
        yield Text(f"\n{explained(columns(first.groups))}.", style="dim")
    if evaluation.compared:
        before, after = evaluation.configurations
        yield Text(safe(f"\nA: {before}\nB: {after}"), style="bold")
        yield _compared(evaluation)
        yield Text(f"\n{COMPARED}", style="dim")
    yield Text(f"\n{_missed(evaluation, page)}")


def _figures(summary: Summary) -> Table:
    """Every measure with its interval, and how many questions it is of."""
    table = _table("", "mean", "95 % interval", "questions")
    for section, figures in summary.sections.items():
        table.add_row(Text(SECTIONS[section], style="bold"))
        for figure in figures:
            mean = f"{figure.estimate.mean:.3f}"
            table.add_row(f"  {label(figure.name)}", mean, _range(figure.estimate), f"{figure.questions:,}")
    table.add_row(Text("Time a question takes", style="bold"))
    for name, estimate in (("median", summary.median), ("95 % are within", summary.p95)):
        low, high = estimate.low * 1000, estimate.high * 1000
        table.add_row(
            f"  {name}", f"{estimate.mean * 1000:,.0f} ms", f"{low:,.0f} to {high:,.0f} ms", f"{summary.questions:,}"
        )
    return table


def _groups(groups: list[Group]) -> Table:
    """A row for each group."""
    names = columns(groups)
    table = _table("", "asked", *(COLUMNS[name] for name in names))
    for group in groups:
        means = {figure.name: f"{figure.estimate.mean:.3f}" for figure in group.figures}
        table.add_row(Text(safe(named(group))), f"{group.questions:,}", *(means.get(name, "–") for name in names))
    return table


def _compared(evaluation: Evaluation) -> Table:
    """Both configurations side by side, with the difference and how likely chance is."""
    table = _table("", "A", "B", "B less A, 95 % interval", "p", "better", "worse")
    for name, row in evaluation.compared.items():
        better, worse = better_and_worse(name, row)
        table.add_row(
            short_label(name),
            f"{row.first:.3f}",
            f"{row.second:.3f}",
            _difference(row.difference),
            f"{row.p:.3f}" if row.p >= 0.001 else "<.001",
            f"{better:,}",
            f"{worse:,}",
        )
    medians = [f"{summary.median.mean * 1000:,.0f} ms" for summary in evaluation.summaries]
    table.add_row("time, median", *medians)
    return table


def _difference(gap: Estimate) -> Text:
    """In bold where the interval excludes 0."""
    words = f"{gap.mean:+.3f} [{gap.low:+.3f}, {gap.high:+.3f}]"
    return Text(words, style="bold" if gap.low > 0 or gap.high < 0 else "")


def _missed(evaluation: Evaluation, page: Path | None) -> str:
    found = misses(evaluation.outcomes[0])
    count = sum(map(len, found.values()))
    if not count:
        return "Nothing was missed."
    kinds = "\n".join(f"{len(some):>6,}  {kind.value}" for kind, some in found.items())
    shown = f"{page} shows each" if page else "--html FILE shows each"
    return f"{count:,} of {evaluation.asked:,} questions missed; {safe(shown)} beside what was found:\n{kinds}"


def _range(estimate: Estimate) -> str:
    return f"{estimate.low:.3f} to {estimate.high:.3f}"


def _table(first: str, *rest: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(first)
    for name in rest:
        table.add_column(name, justify="right", no_wrap=True)
    return table
