"""The lock: one writer at a time, and none that is dead."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from index.errors import ArchiveBusy
from index.store.lock import writing

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import sys, time
from pathlib import Path
from index.store.lock import writing
with writing(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_is_told_who_the_first_is(tmp_path: Path) -> None:
    """While one holds the archive another gets an error that names the archive, the process and what to do."""
    with writing(tmp_path):
        busy = pytest.raises(ArchiveBusy, match=f"{tmp_path} is being changed by process {os.getpid()}; wait for it")
        with busy, writing(tmp_path):
            pass


def test_a_lock_is_free_afterwards(tmp_path: Path) -> None:
    """What was held can be held again, also after a failure inside; the file then names nobody."""
    for _ in range(2):
        with pytest.raises(KeyError), writing(tmp_path):
            raise KeyError
    assert (tmp_path / "archive.lock").read_text() == ""


def test_a_holder_without_a_name_is_another_process(tmp_path: Path) -> None:
    """Between taking the lock and writing its number a holder is still reported, without a number."""
    with writing(tmp_path):
        (tmp_path / "archive.lock").write_text("")
        with pytest.raises(ArchiveBusy, match="changed by another process;"), writing(tmp_path):
            pass


def test_a_killed_writer_holds_nothing(tmp_path: Path) -> None:
    """Another process keeps the archive as long as it lives; killed, it leaves its number but no lock."""
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(ArchiveBusy, match=f"process {child.pid};"), writing(tmp_path):
            pass
        child.kill()
    assert (tmp_path / "archive.lock").read_text() == f"process {child.pid}"
    with writing(tmp_path):
        assert (tmp_path / "archive.lock").read_text() == f"process {os.getpid()}"
