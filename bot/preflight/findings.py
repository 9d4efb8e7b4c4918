"""What is found of each part, and how an operator sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.text import Text

from bot.terminal import safe

if TYPE_CHECKING:
    from collections.abc import Iterable

Verdict = Literal["ok", "note", "wrong"]

_STYLES: dict[Verdict, str] = {"ok": "green", "note": "yellow", "wrong": "bold red"}
_VERDICT_WIDTH, _PART_WIDTH = 7, 10
_WIDEST = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A part of the bot: right, worth knowing, or wrong with what to do about it."""

    part: str
    verdict: Verdict
    said: str


def ok(part: str, said: str) -> Finding:
    """It is as it should be."""
    return Finding(part=part, verdict="ok", said=said)


def note(part: str, said: str) -> Finding:
    """The bot runs with it, but the operator may not want it so."""
    return Finding(part=part, verdict="note", said=said)


def wrong(part: str, said: str) -> Finding:
    """The bot does not run so, or not as it is set."""
    return Finding(part=part, verdict="wrong", said=said)


def show(findings: Iterable[Finding]) -> bool:
    """Print each as it is found: in colour and wrapped in a terminal, one line each elsewhere; whether all is right."""
    console = Console(highlight=False)
    margin = _VERDICT_WIDTH + _PART_WIDTH
    width = max(min(console.width, _WIDEST) - margin, 20) if console.is_terminal else None
    count = 0
    for finding in findings:
        count += finding.verdict == "wrong"
        words = Text(safe(" ".join(finding.said.split())))
        for place, row in enumerate(words.wrap(console, width) if width else [words]):
            row.rstrip()
            head = _head(finding) if not place else Text(" " * margin)
            console.print(Text.assemble(head, row), soft_wrap=True)
    console.print(Text("all is right" if not count else f"to mend: {count}", style="bold"))
    return not count


def _head(finding: Finding) -> Text:
    verdict = finding.verdict.ljust(_VERDICT_WIDTH)
    return Text.assemble((verdict, _STYLES[finding.verdict]), finding.part.ljust(_PART_WIDTH))
