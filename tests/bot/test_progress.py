"""Progress of a sync: plain lines, or a bar in a terminal."""

from __future__ import annotations

import io
import re
import sys

import pytest

from bot import progress
from index import SyncProgress


class Clock:
    """Time that passes when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """The time, in seconds."""
        return self.now


class Terminal(io.StringIO):
    """Standard error that is a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that progress is timed by."""
    clock = Clock()
    monkeypatch.setattr(progress.time, "monotonic", clock)
    return clock


def at(done: int, *, passages: int = 0) -> SyncProgress:
    """So many of 2,000 files."""
    return SyncProgress(files_done=done, files_total=2000, articles=done, passages=passages)


def test_elsewhere_a_line_comes_every_ten_seconds(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """No line before ten seconds, one then, the next ten seconds later; on standard error."""
    with progress.showing() as show:
        for clock.now in (100.0, 109.9, 110.0, 119.0, 121.0):
            show(at(int(clock.now * 10), passages=5000))
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "1,100 of 2,000 files, 1,100 articles, 5,000 passages\n1,210 of 2,000 files, 1,210 articles, 5,000 passages\n"
    )


def shown(terminal: Terminal) -> list[str]:
    """The lines that were drawn, without colour and bars, each once."""
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|━|╸|╺", "", terminal.getvalue())
    lines = [" ".join(line.split()) for line in re.split(r"[\r\n]+", text)]
    return list(dict.fromkeys(line for line in lines if line))


def drawn(clock: Clock, monkeypatch: pytest.MonkeyPatch, *steps: tuple[float, SyncProgress]) -> list[str]:
    """What a terminal shows of a sync whose encoder takes nine seconds to be made."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "Progress", Still)
    with progress.showing() as show:
        clock.now += 9
        for clock.now, step in steps:
            show(step)
    return shown(terminal)


class Still(progress.Progress):
    """A bar that is drawn whenever it changes, and at no other time."""

    def __init__(self, *columns: progress.TextColumn, **rest: object) -> None:
        super().__init__(*columns, auto_refresh=False, **rest)

    def update(self, *args: object, **fields: object) -> None:
        """Change, and draw."""
        super().update(*args, refresh=True, **fields)


def test_a_terminal_shows_files_and_the_rate(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rate is passages by the seconds since the first file: what comes before is loading the encoder."""
    lines = drawn(clock, monkeypatch, (109.0, at(10)), (113.0, at(1500, passages=400)))
    assert re.fullmatch(r"reading files 10 of 2,000 [-\d:]+ [-\d:]+", lines[-2])
    assert re.fullmatch(r"reading files 1,500 of 2,000 · 100 passages/s [-\d:]+ [-\d:]+", lines[-1])


def test_the_last_passages_take_an_unknown_time(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """When all files are read, the bar says what is done and promises no end."""
    lines = drawn(clock, monkeypatch, (109.0, at(10)), (113.0, at(2000)))
    assert re.fullmatch(r"encoding the last 2,000 of 2,000 \d:\d\d:\d\d", lines[-1])
