"""A disk that fails or is full: a clear error, what was committed is kept, and the next command goes on."""

from __future__ import annotations

import errno
import json
import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from faults import tracing
from faults.calls import Kind
from faults.checks import check, check_words
from faults.test_kill import step
from faults.work import command, environment, opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from faults.conftest import Ground
    from faults.tracing import Run, Where

SPREAD = 60
"""Points of the long form for each kind of failure."""

ROOM = 300 * 1024
"""Bytes that are left on the small disk: less than the sync needs."""

_WAL, _DATABASE, _LEXICAL, _RECORD = "-wal$", r"archive\.db$", r"lexical.*/\w+\.\w+$", r"(lexical|dense)[-\d]*\.json"

POINTS: dict[str, tuple[Where, int, int, bool]] = {
    "no space for the log": (step(Kind.WRITE, _WAL), 1, errno.ENOSPC, True),
    "no space left amid a commit": (step(Kind.WRITE, _WAL), 120, errno.ENOSPC, True),
    "no space for the database": (step(Kind.WRITE, _DATABASE), 1, errno.ENOSPC, True),
    "no space for the lexical index": (step(Kind.WRITE, _LEXICAL), 2, errno.ENOSPC, True),
    "no space for a manifest": (step(Kind.WRITE, _RECORD), 1, errno.ENOSPC, True),
    "a write of the log fails": (step(Kind.WRITE, _WAL), 40, errno.EIO, False),
    "a write of the database fails": (step(Kind.WRITE, _DATABASE), 2, errno.EIO, False),
    "a write of the lexical index fails": (step(Kind.WRITE, _LEXICAL), 5, errno.EIO, False),
    "a flush of the log fails": (step(Kind.FLUSH, _WAL), 1, errno.EIO, False),
    "a flush of the database fails": (step(Kind.FLUSH, _DATABASE), 1, errno.EIO, False),
    "a flush of the lexical index fails": (step(Kind.FLUSH, _LEXICAL), 2, errno.EIO, False),
    "a flush of a manifest fails": (step(Kind.FLUSH, _RECORD), 1, errno.EIO, False),
    "tantivy's commit fails": (step(Kind.NAME, r"/meta\.json$"), 1, errno.EIO, False),
    "a manifest cannot be renamed": (step(Kind.NAME, _RECORD + "$"), 1, errno.EIO, False),
}
"""One of each kind: which steps, the number among them, the failure, and whether it lasts."""

KINDS: dict[str, tuple[Where, int, bool]] = {
    "no space": (lambda each: each.kind is Kind.WRITE, errno.ENOSPC, True),
    "a failing write": (lambda each: each.kind is Kind.WRITE, errno.EIO, False),
    "a failing flush": (lambda each: each.kind is Kind.FLUSH, errno.EIO, False),
    "a failing name": (lambda each: each.kind is Kind.NAME, errno.EIO, False),
}
"""What is tried at many points in the long form."""


def failed(ground: Ground, where: Where, n: int, number: int, *, sticky: bool) -> Run:
    """A sync that met a failure there."""
    argv = command("sync", ground.archive, ground.articles)
    return tracing.fail_at(argv, ground.archive, n, number, where=where, sticky=sticky, env=environment())


def check_error(status: int, said: str) -> None:
    """The command did all of it, or ended with one line by newsdesk that names what failed."""
    assert status in {0, 2}, f"it ended with {status}: {said[-600:]}"
    if status:
        assert re.fullmatch(r"Archive\w+: .{20,}\n", said), said


def check_run(run: Run, ground: Ground) -> None:
    """A clear error, or all is done in spite of it; the archive is good and goes on."""
    assert run.acted, "the sync has no such step"
    check_error(run.status, run.err)
    ground.check_goes_on(*((ground.after,) if run.status == 0 else ()))


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("point", POINTS)
def test_a_failing_disk_costs_nothing_committed(point: str, fresh: Callable[[], Ground]) -> None:
    """The error is newsdesk's own; every article is as it was or as it is now; the next sync completes."""
    where, n, number, sticky = POINTS[point]
    ground = fresh()
    check_run(failed(ground, where, n, number, sticky=sticky), ground)


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("kind", KINDS)
def test_a_disk_that_fails_anywhere_costs_nothing_committed(
    kind: str, fresh: Callable[[], Ground], *, long_form: bool
) -> None:
    """At points spread over the whole sync."""
    if not long_form:
        pytest.skip("one point of each kind is tried; all with NEWSDESK_FAULTS=all")
    where, number, sticky = KINDS[kind]
    ground = fresh()
    argv = command("sync", ground.archive, ground.articles)
    count = sum(map(where, tracing.steps(argv, ground.archive, env=environment()).steps))
    wrong = []
    for n in range(1, count + 1, max(1, count // SPREAD)):
        ground = fresh()
        run = failed(ground, where, n, number, sticky=sticky)
        try:
            check_run(run, ground)
        except Exception as error:  # noqa: BLE001 - all points are tried, and each that failed is named
            wrong.append(f"{n} {run.acted}: {type(error).__name__}: {error}")
    assert wrong == []


def in_namespace(script: str) -> None:
    """Run a shell script that may mount what only it sees; skips where that is not permitted."""
    unshare = shutil.which("unshare")
    tried = unshare and subprocess.run(
        [unshare, "-m", "sh", "-c", "mount -t tmpfs tmpfs /mnt"],
        capture_output=True,
        check=False,
    )
    if not unshare or not tried or tried.returncode:
        pytest.skip("a private filesystem cannot be mounted here")
    done = subprocess.run(
        [unshare, "-m", "sh", "-euc", script],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def told(argv: list[str], answers: Path, name: str) -> str:
    """A line of shell that runs a command and keeps its status and what it says."""
    out, err, status = (shlex.quote(str(answers / f"{name}.{end}")) for end in ("out", "err", "status"))
    return f"code=0; {shlex.join(argv)} >{out} 2>{err} || code=$?; echo $code >{status}"


def answer(answers: Path, name: str) -> tuple[int, str, str]:
    """The status of such a command, what it gave and what it said."""
    out, err, status = ((answers / f"{name}.{end}").read_text("utf-8") for end in ("out", "err", "status"))
    return int(status), out, err


def test_a_full_disk_is_named_and_loses_nothing(fresh: Callable[[], Ground], tmp_path: Path) -> None:
    """On a small filesystem the sync ends with an error that tells of space; with more space it completes."""
    ground = fresh()
    first, small = ground.archive, tmp_path / "small"
    size = sum(file.stat().st_size + 4096 for file in first.rglob("*")) + ROOM
    small.mkdir()
    where = shlex.quote(str(small))
    sync = command("sync", small, ground.articles)
    in_namespace(
        f"mount -t tmpfs -o size={size} tmpfs {where}\n"
        f"cp -a {shlex.quote(str(first))}/. {where}\n"
        f"{told(sync, tmp_path, 'full')}\n"
        f"{told(command('check', small), tmp_path, 'between')}\n"
        f"mount -o remount,size=64m {where}\n"
        f"{told(sync, tmp_path, 'roomy')}\n"
        f"rm -r {shlex.quote(str(first))}; cp -a {where} {shlex.quote(str(first))}\n"
    )
    status, _, said = answer(tmp_path, "full")
    assert status == 2, said
    check_error(status, said)
    assert "space" in said
    status, out, said = answer(tmp_path, "between")
    check_error(status, said)
    if status == 0:  # where there is no space to read either, it says so
        check_words(json.loads(out), ground.before, ground.after)
    assert answer(tmp_path, "roomy")[0] == 0
    with opened(ground.archive) as archive:
        check(archive, ground.after)


def test_a_folder_that_may_not_be_written_is_named(fresh: Callable[[], Ground], tmp_path: Path) -> None:
    """A sync into it ends with an error; no byte of the archive is another than before."""
    ground = fresh()
    before = (ground.archive / "archive.db").read_bytes()
    where = shlex.quote(str(ground.archive))
    in_namespace(
        f"mount --bind {where} {where}\n"
        f"mount -o remount,ro,bind {where}\n"
        f"{told(command('sync', ground.archive, ground.articles), tmp_path, 'sync')}\n"
        f"{told(command('check', ground.archive), tmp_path, 'check')}\n"
    )
    status, _, said = answer(tmp_path, "sync")
    assert status == 2, said
    check_error(status, said)
    status, out, said = answer(tmp_path, "check")
    check_error(status, said)
    if status == 0:
        check_words(json.loads(out), ground.before)
    assert (ground.archive / "archive.db").read_bytes() == before
    ground.check_goes_on(ground.before)
