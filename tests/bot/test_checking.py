"""What the bot does while it runs: look for damage in a child process, log it, mend what is derived."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
import time
from pathlib import Path

import pytest

from bot import checking
from index import Archive

DERIVED: dict[str, object] = {"where": "derived", "what": "it holds other passages", "derived": True}
TRUE: dict[str, object] = {"where": "archive.db", "what": "the passage 3 is not as it was written", "derived": False}
PATIENCE_SECONDS = 300.0


def says(*damages: dict[str, object], status: int = 0) -> list[str]:
    """A command that prints what verify --json prints."""
    said = json.dumps({"articles": 1, "passages": 1, "damages": damages, "encoded": 0})
    return [sys.executable, "-c", f"import sys; print({said!r}); sys.exit({status})"]


def writes(file: Path, *, status: int = 0) -> list[str]:
    """A command that leaves a sign that it ran."""
    return [sys.executable, "-c", f"import sys; open({str(file)!r}, 'a').write('x'); sys.exit({status})"]


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """Level and words of what was logged by the check."""
    return [(each.levelname, each.getMessage()) for each in caplog.records if each.name == "bot.checking"]


def is_written(file: Path) -> bool:
    """Whether a file is there, and holds something."""
    return file.exists() and bool(file.read_text())


async def until(file: Path) -> None:
    """Wait for a file that holds something."""
    last = time.monotonic() + PATIENCE_SECONDS
    while not is_written(file):
        assert time.monotonic() < last
        await asyncio.sleep(0.02)


async def test_a_sound_archive_is_not_spoken_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is logged, and nothing mended."""
    await checking.check(says(), writes(tmp_path / "mended"), after=0)
    assert logged(caplog) == []
    assert not (tmp_path / "mended").exists()


async def test_derived_damage_is_logged_and_mended(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Each damage by itself, though verify's status says that there is some; the repair runs once."""
    other = {**DERIVED, "what": "its bytes are not as they were written"}
    await checking.check(says(DERIVED, other, status=1), writes(tmp_path / "mended"), after=0)
    assert logged(caplog) == [
        ("ERROR", "the archive is damaged: derived: it holds other passages"),
        ("ERROR", "the archive is damaged: derived: its bytes are not as they were written"),
        ("WARNING", "its indexes were made anew"),
    ]
    assert (tmp_path / "mended").read_text() == "x"


async def test_a_failed_repair_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """With the command that says why."""
    await checking.check(says(DERIVED, status=1), writes(tmp_path / "mended", status=2), after=0)
    assert logged(caplog)[-1] == ("WARNING", "its indexes could not be mended: run newsdesk repair")


@pytest.mark.parametrize("damages", [(TRUE,), (DERIVED, TRUE)])
async def test_damage_of_the_articles_is_left_to_a_person(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damages: tuple[dict[str, object], ...]
) -> None:
    """Each is logged, with what to run; nothing is repaired, which could lose an article unseen."""
    await checking.check(says(*damages, status=1), writes(tmp_path / "mended"), after=0)
    found = logged(caplog)
    assert ("ERROR", "the archive is damaged: archive.db: the passage 3 is not as it was written") in found
    assert found[-1] == ("ERROR", "stop the bot, then run: newsdesk repair, and newsdesk sync")
    assert len(found) == len(damages) + 1
    assert not (tmp_path / "mended").exists()


@pytest.mark.parametrize("said", ["", "Traceback", "[]", "{}", "17"])
async def test_a_check_that_fails_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture, said: str) -> None:
    """Whatever it printed; the bot goes on, and nothing is mended."""
    verify = [sys.executable, "-c", f"import sys; print({said!r}); sys.exit(2)"]
    await checking.check(verify, writes(tmp_path / "mended"), after=0)
    assert logged(caplog) == [("WARNING", "the archive could not be checked: newsdesk verify says why")]
    assert not (tmp_path / "mended").exists()


async def test_it_waits_before_it_begins(tmp_path: Path) -> None:
    """So that starting is not slowed."""
    looking = asyncio.create_task(checking.check(writes(tmp_path / "looked"), says(), after=3600))
    await asyncio.sleep(0.2)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    assert not (tmp_path / "looked").exists()


async def test_the_bot_goes_on_meanwhile(tmp_path: Path) -> None:
    """The loop is free while the child reads."""
    sign = tmp_path / "begun"
    slow = [sys.executable, "-c", f"import time; open({str(sign)!r}, 'w').write('x'); time.sleep(1); print(0)"]
    looking = asyncio.create_task(checking.check(slow, says(), after=0))
    await until(sign)
    assert not looking.done()
    await looking


async def test_the_child_is_of_low_priority(tmp_path: Path) -> None:
    """A question never waits for it."""
    sign = tmp_path / "nice"
    nice = (
        "import os, time; time.sleep(0.5);"
        f"open({str(sign)!r}, 'w').write(str(os.getpriority(os.PRIO_PROCESS, 0))); print(0)"
    )
    await checking.check([sys.executable, "-c", nice], says(), after=0)
    assert int(sign.read_text()) >= max(15, os.getpriority(os.PRIO_PROCESS, 0))


@pytest.mark.parametrize("which", ["verify", "repair"])
async def test_a_cancelled_check_leaves_no_child(tmp_path: Path, which: str) -> None:
    """When the bot stops, the child that looks, or mends, is gone before it has stopped."""
    sign = tmp_path / "number"
    slow = [
        sys.executable,
        "-c",
        f"import os, time; open({str(sign)!r}, 'w').write(str(os.getpid())); time.sleep(600)",
    ]
    verify, repair = (slow, says()) if which == "verify" else (says(DERIVED), slow)
    looking = asyncio.create_task(checking.check(verify, repair, after=0))
    await until(sign)
    number = int(sign.read_text())
    os.kill(number, 0)
    looking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await looking
    assert looking.cancelled()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


async def test_a_child_that_ends_at_once_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    """Though there is nothing left to give a lower priority to."""
    await checking.check(["true"], says(), after=0)
    assert logged(caplog) == [("WARNING", "the archive could not be checked: newsdesk verify says why")]


def test_the_command_is_newsdesks_own(tmp_path: Path) -> None:
    """Of this very interpreter, for this very archive."""
    assert checking.newsdesk_command(tmp_path, "verify", "--json") == [
        *(sys.executable, "-m", "bot", "verify", "--json", "--archive", str(tmp_path))
    ]


async def test_the_real_command_looks_at_a_real_archive(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is sound is not spoken of; one that is not there could not be checked."""
    caplog.set_level(logging.WARNING)
    monkeypatch.chdir(Path(checking.__file__).parents[1])
    Archive.open(tmp_path / "archive", create=True).close()
    for archive in (tmp_path / "archive", tmp_path / "nowhere"):
        verify = checking.newsdesk_command(archive, "verify", "--json")
        await checking.check(verify, writes(tmp_path / "mended"), after=0)
    assert logged(caplog) == [("WARNING", "the archive could not be checked: newsdesk verify says why")]
    assert not (tmp_path / "mended").exists()
