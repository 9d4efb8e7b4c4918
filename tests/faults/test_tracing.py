"""The harness itself: it sees what a process does to a folder, stops it there, and has it fail there."""

from __future__ import annotations

import errno
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from faults import calls, tracing

pytestmark = pytest.mark.usefixtures("traced")

PROGRAM = """
import os, sys, threading
folder = sys.argv[1]
os.mkdir(folder + "/made")
file = os.open(folder + "/made/one", os.O_CREAT | os.O_WRONLY)
os.write(file, b"12345678")
os.pwrite(file, b"1", 0)
os.fsync(file)
os.ftruncate(file, 6)
os.rename(folder + "/made/one", folder + "/made/two")
os.link("two", "three", src_dir_fd=os.open(folder + "/made", os.O_RDONLY), dst_dir_fd=os.open(folder, os.O_RDONLY))
os.close(os.open(folder + "/made/two", os.O_CREAT | os.O_WRONLY))
thread = threading.Thread(target=lambda: os.unlink(folder + "/made/two"))
thread.start()
thread.join()
if not os.fork():
    os.setsid()
    os.chdir(folder)
    os.unlink("three")
    os._exit(0)
os.wait()
os.rmdir(folder + "/made")
print("ended")
"""
STEPS = [
    ("mkdir", "made"),
    ("openat", "made/one"),
    ("write", "made/one"),
    ("pwrite64", "made/one"),
    ("fsync", "made/one"),
    ("ftruncate", "made/one"),
    ("rename", "made/two"),
    ("linkat", "three"),
    ("unlink", "made/two"),
    ("unlink", "three"),
    ("rmdir", "made"),
]
"""What the program does to the folder: opening a file that is there changes nothing."""


def program(folder: Path, text: str = PROGRAM) -> list[str]:
    """The program at work on a folder."""
    return [sys.executable, "-c", text, str(folder)]


def test_every_change_of_a_folder_is_a_step(tmp_path: Path) -> None:
    """Of all threads and children, in order, with the file's path below the folder; the program notices nothing."""
    run = tracing.steps(program(tmp_path), tmp_path)
    assert [(step.call, step.name) for step in run.steps] == STEPS
    assert [step.number for step in run.steps] == list(range(1, len(STEPS) + 1))
    assert (run.status, run.out, run.err, run.acted) == (0, "ended\n", "", None)


def test_what_happens_elsewhere_is_no_step(tmp_path: Path) -> None:
    """A folder beside the one watched does not count, even where its name begins alike."""
    (tmp_path / "watched").mkdir()
    (tmp_path / "watched-not").mkdir()
    assert tracing.steps(program(tmp_path / "watched-not"), tmp_path / "watched").steps == ()


def test_strace_sees_the_same(tmp_path: Path) -> None:
    """Where strace is at hand, the changes that it lists are our steps."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("no strace here")
    names = ",".join(f"?{call.name}" for call in calls.CALLS.values())
    log = tmp_path / "log"
    (tmp_path / "watched").mkdir()
    argv = [strace, "-f", "-y", "-qq", "-e", f"trace={names}", "-e", "signal=none", "-o", str(log)]
    subprocess.run([*argv, *program(tmp_path / "watched")], check=True, capture_output=True)
    lines = [line for line in log.read_text().splitlines() if "/watched" in line or 'unlink("three")' in line]
    seen = [match[1] for line in lines if (match := re.match(r"\d+ +(\w+)\(", line))]
    opened = [line for line in lines if "openat(" in line and ("O_CREAT" not in line or "made/two" in line)]
    assert len(opened) == 3
    for _ in opened:
        seen.remove("openat")
    assert sorted(seen) == sorted(call for call, _ in STEPS)


@pytest.mark.parametrize("n", range(1, len(STEPS) + 1))
def test_killing_at_a_step_leaves_it_undone(n: int, tmp_path: Path) -> None:
    """Of n steps n - 1 have been done: the folder is as after those, and the process ended by SIGKILL."""
    run = tracing.kill_at(program(tmp_path), tmp_path, n)
    assert run.status == -9
    assert run.acted == run.steps[-1]
    assert len(run.steps) == n
    one, two, three = tmp_path / "made/one", tmp_path / "made/two", tmp_path / "three"
    assert one.exists() == (3 <= n <= 7)
    assert two.exists() == (8 <= n <= 9)
    assert three.exists() == (9 <= n <= 10)
    if one.exists():
        assert one.stat().st_size == {3: 0, 4: 8, 5: 8, 6: 8, 7: 6}[n]


def test_a_write_can_be_torn(tmp_path: Path) -> None:
    """Its first half is on the disk, and the process gone."""
    run = tracing.kill_at(program(tmp_path), tmp_path, 1, where=lambda step: step.call == "write", torn=True)
    assert run.status == -9
    assert (tmp_path / "made/one").read_bytes() == b"1234"


def test_a_step_can_fail(tmp_path: Path) -> None:
    """The program is told of the error, and nothing was done."""
    run = tracing.fail_at(program(tmp_path), tmp_path, 3, errno.ENOSPC)
    assert run.status == 1
    assert "No space left on device" in run.err
    assert (tmp_path / "made/one").read_bytes() == b""


@pytest.mark.parametrize(("sticky", "failed"), [(False, 1), (True, 3)])
def test_a_failure_can_last(tmp_path: Path, failed: int, *, sticky: bool) -> None:
    """Every later step of the same kind fails, and those of other kinds go on."""
    text = (
        "import os, sys\nfile = os.open(sys.argv[1] + '/one', os.O_CREAT | os.O_WRONLY)\nfailed = 0\n"
        "for _ in range(4):\n try: os.write(file, b'1')\n except OSError: failed += 1\n os.fsync(file)\nprint(failed)\n"
    )
    run = tracing.fail_at(
        program(tmp_path, text), tmp_path, 2, errno.EIO, where=lambda step: step.call == "write", sticky=sticky
    )
    assert run.out == f"{failed}\n", run.err
    assert (tmp_path / "one").stat().st_size == 4 - failed


def test_a_step_that_never_comes_acts_at_nothing(tmp_path: Path) -> None:
    """The run ends as if nobody had waited for it."""
    run = tracing.kill_at(program(tmp_path), tmp_path, len(STEPS) + 1)
    assert (run.acted, run.status, run.out) == (None, 0, "ended\n")


def test_a_child_in_a_session_of_its_own_is_killed_too(tmp_path: Path) -> None:
    """Nothing that the process started outlives it."""
    text = (
        "import subprocess, sys\nsubprocess.Popen(['sleep', '1000.25'], start_new_session=True)\n"
        "open(sys.argv[1] + '/one', 'w')\n"
    )
    run = tracing.kill_at(program(tmp_path, text), tmp_path, 1)
    assert run.status == -9
    listed = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert b"sleep\x001000.25\x00" not in listed
