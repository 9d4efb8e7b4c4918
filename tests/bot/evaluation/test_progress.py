"""Progress of an evaluation: plain lines, or a bar in a terminal."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from bot.evaluation import progress

if TYPE_CHECKING:
    import pytest


class Terminal(io.StringIO):
    """Standard error that is a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def test_elsewhere_a_line_comes_every_ten_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """None before; on standard error."""
    now = iter([100.0, 109.9, 110.0, 119.0, 120.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(now))
    with progress.showing_questions(2000) as show:
        for done in (10, 1100, 1190, 1210):
            show(done)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "1,100 of 2,000 questions\n1,210 of 2,000 questions\n")


def test_in_a_terminal_a_bar_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what is done before the first question, and how many there are."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with progress.showing_questions(20) as show:
        show(7)
    drawn = terminal.getvalue()
    assert "7/20" in drawn
    assert "asking" in drawn
