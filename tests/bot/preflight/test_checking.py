"""The check as a command."""

from __future__ import annotations

import logging
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from bot import cli
from bot.settings import Settings, variable

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def operator(
    tmp_path: Path, newsdesk_cache: Path, sample_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> pytest.MonkeyPatch:
    """An operator with an archive, and no token yet."""
    shutil.copytree(sample_archive, tmp_path / "archive")
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    monkeypatch.setenv(variable("cache"), str(newsdesk_cache))
    monkeypatch.setenv(variable("listen"), "off")
    monkeypatch.setattr(sys, "argv", ["newsdesk", "bot", "--check"])
    monkeypatch.setattr(logging.getLogger(), "handlers", [logging.NullHandler()])
    return monkeypatch


def checked(capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    """Exit status, and what was printed."""
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr()
    assert said.err == ""
    return int(ended.value.code or 0), said.out.splitlines()


def test_without_a_token_all_else_is_looked_at(
    operator: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody is asked, and each part has its line in the order in which it is needed."""
    status, lines = checked(capsys)
    assert (status, lines[-1]) == (1, "to mend: 1")
    assert [line[:17].split() for line in lines[:-1]] == [
        ["wrong", "token"],
        ["note", "updates"],
        ["note", "admins"],
        ["ok", "disk"],
        ["ok", "archive"],
        ["ok", "encoder"],
        ["ok", "indexes"],
        ["note", "sources"],
        ["ok", "memory"],
        ["note", "port"],
    ]
    operator.setenv(variable("telegram_token"), "a-wrong-token")
    status, lines = checked(capsys)
    assert (status, "NEWSDESK_TELEGRAM_TOKEN is no token" in lines[0]) == (1, True)
    assert "a-wrong-token" not in "".join(lines)


def test_the_archive_can_be_named(
    operator: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """As for every command."""
    operator.setattr(sys, "argv", ["newsdesk", "bot", "--check", "--archive", str(tmp_path / "other")])
    status, lines = checked(capsys)
    assert status == 1
    assert lines[4].startswith(f"wrong  archive   no archive in {tmp_path / 'other'}")


def test_where_all_is_right_it_ends_well(operator: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit status is for scripts: 0 where nothing is to be mended."""
    operator.setattr("bot.preflight.checking._telegram", lambda _: [])
    status, lines = checked(capsys)
    assert (status, lines[-1]) == (0, "all is right")
