"""How an operator sees what was found."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bot.preflight.findings import note, ok, show, wrong

if TYPE_CHECKING:
    import pytest

FINDINGS = (
    ok("token", "@desk_bot"),
    note("sources", "none"),
    wrong("archive", "/news is empty:\nfill it with \x1b[2Jnewsdesk sync"),
)


def test_each_finding_is_one_line_without_colours(capsys: pytest.CaptureFixture[str]) -> None:
    """In a file or a pipe, whatever was said, and however long; what could steer a terminal is left out."""
    assert not show((*FINDINGS, wrong("port", "taken " * 60)))
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "ok     token     @desk_bot",
        "note   sources   none",
        "wrong  archive   /news is empty: fill it with [2Jnewsdesk sync",
        "wrong  port      " + " ".join(["taken"] * 60),
        "to mend: 2",
    ]


def test_what_is_worth_knowing_is_not_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    """Only what is wrong must be mended."""
    assert show(FINDINGS[:2])
    assert capsys.readouterr().out.splitlines()[-1] == "all is right"


def test_a_terminal_has_colours_and_wrapped_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Green, yellow and red; what is long goes on below its own beginning."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    for name, value in (("TERM", "xterm"), ("COLUMNS", "50"), ("FORCE_COLOR", "1")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    show((*FINDINGS, wrong("port", "another program listens there: end it, or choose another")))
    said = capsys.readouterr().out
    for colour in ("\x1b[32mok", "\x1b[33mnote", "\x1b[1;31mwrong"):
        assert colour in said
    assert "port      another program listens there:\n                 end it, or choose another\n" in said
