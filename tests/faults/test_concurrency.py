"""Several processes at one archive: one may write, all may ask, and each is told the whole of some moment."""

from __future__ import annotations

import signal
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from faults import corpus
from faults.checks import check
from faults.readers import FOLLOWED_SECONDS, PATIENCE_SECONDS, answers, check_answers, pair, reading, until
from faults.work import command, environment, opened
from toys import article

from index.errors import ArchiveBusy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from faults.conftest import Ground


@contextmanager
def process(argv: Sequence[str], out: int = subprocess.PIPE) -> Iterator[subprocess.Popen[str]]:
    """A process at work, killed at the end if it still is."""
    with subprocess.Popen(
        argv, env=environment(), stdin=subprocess.PIPE, stdout=out, stderr=subprocess.PIPE, text=True
    ) as child:
        try:
            yield child
        finally:
            child.kill()


@contextmanager
def syncing(ground: Ground) -> Iterator[subprocess.Popen[str]]:
    """A sync that has begun, and waits before it encodes."""
    with process(command("pausing-sync", ground.archive, ground.articles)) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "encoding\n", child.stderr.read() if child.stderr else ""
        yield child


def test_a_second_sync_is_refused_and_told_by_whom(fresh: Callable[[], Ground]) -> None:
    """Its error names the process that holds the archive, which goes on to its end undisturbed."""
    ground = fresh()
    with syncing(ground) as first:
        second = subprocess.run(
            command("sync", ground.archive, ground.articles),
            env=environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert second.returncode == 2
        assert second.stderr.startswith("ArchiveBusy: ")
        assert f"process {first.pid};" in second.stderr
        with opened(ground.archive) as archive:
            check(archive, ground.before)
        first.communicate("\n" * 100, timeout=PATIENCE_SECONDS)
        assert first.returncode == 0
    with opened(ground.archive) as archive:
        check(archive, ground.after)


def test_every_way_to_write_is_refused_beside_a_sync(fresh: Callable[[], Ground]) -> None:
    """Adding and removing too; questions go on."""
    ground = fresh()
    with syncing(ground) as first, opened(ground.archive) as archive:
        for change in (lambda: archive.add([article("A body.")]), lambda: archive.remove("0/04.md")):
            with pytest.raises(ArchiveBusy, match=f"process {first.pid};"):
                change()
        check(archive, ground.before)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_writer_holds_nothing(how: signal.Signals, fresh: Callable[[], Ground]) -> None:
    """The lock file that it left is free for the next."""
    ground = fresh()
    with syncing(ground) as first:
        first.send_signal(how)
        first.wait(PATIENCE_SECONDS)
    assert (ground.archive / "archive.lock").read_text("utf-8") == f"process {first.pid}"
    ground.check_goes_on(ground.before)


def test_readers_follow_a_writer_and_never_see_half_a_change(tmp_path: Path, *, long_form: bool) -> None:
    """Eight that ask all the time are told of both articles of a change or of neither, within a second of it."""
    folder = tmp_path / "archive"
    begun, committed = [time.monotonic()], []
    with opened(folder, create=True) as archive:
        archive.add([*pair(0), *(article(story.text(), path=name) for name, story in corpus.before().items())])
        committed.append(time.monotonic())
        with reading(folder, tmp_path) as logs:
            for version in range(1, 200 if long_form else 20):
                begun.append(time.monotonic())
                archive.add(pair(version))
                committed.append(time.monotonic())
                time.sleep(0.1)
            last = committed[-1] + FOLLOWED_SECONDS
            until(lambda: all(answers(log)[-1].began > last for log in logs), "an answer after the last change")
    for log in logs:
        given = answers(log)
        check_answers(given, begun, committed)
        assert given[-1].versions == (len(committed) - 1,) * 2
    seen = {told.versions for log in logs for told in answers(log)}
    assert len(seen) > len(committed) // 2, "the readers saw too little of it"


def test_readers_are_answered_all_through_a_sync(fresh: Callable[[], Ground], tmp_path: Path) -> None:
    """Beside a sync that adds, changes and removes, whole files and in several commits, no question fails."""
    ground = fresh()
    with opened(ground.archive) as archive:
        archive.add(pair(0))
    began = time.monotonic()
    with reading(ground.archive, tmp_path) as logs:
        done = subprocess.run(
            command("sync", ground.archive, ground.articles), env=environment(), capture_output=True, check=True
        )
        ended = time.monotonic()
        until(lambda: all(answers(log)[-1].began > ended for log in logs), "an answer after the sync")
    assert b"added=8, changed=6" in done.stdout
    for log in logs:
        check_answers(answers(log), [began], [began])
        assert [told for told in answers(log) if began < told.ended < ended]
    with opened(ground.archive) as archive:
        archive.remove("left.txt")
        archive.remove("right.txt")
        check(archive, ground.after)
