"""Space on the disk, the bot's memory, the port."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import socket
import sqlite3
import tempfile
from contextlib import closing
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from bot.http import serve_http
from bot.memory import Memory
from bot.memory.schema import SCHEMA
from bot.metrics import Metrics
from bot.preflight.machine import MIB, check_disk, check_memory, check_port
from bot.readiness import Readiness
from bot.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def settings(listen: str) -> Settings:
    """Settings of an operator, apart from the environment."""
    values: dict[str, Any] = {"listen": listen}
    return Settings(_env_file=None, **values)


def test_a_disk_with_room_is_right(tmp_path: Path) -> None:
    """What is free is told, also where the folder is not made yet; nothing is left behind, and nothing made."""
    assert check_disk(tmp_path / "archive" / "deep").verdict == "ok"
    assert check_disk(tmp_path).said.endswith(" GiB free")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "it is full: free some space"), (errno.EROFS, "cannot be written")]
)
def test_a_disk_that_takes_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    """Full, or for reading only."""

    def refuse(**_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    finding = check_disk(tmp_path)
    assert (finding.verdict, said in finding.said) == ("wrong", True)


def test_a_disk_that_is_nearly_full_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory of a day and the next sync would not fit."""
    usage = shutil.disk_usage(tmp_path)
    for free, verdict in ((64 * MIB, "ok"), (64 * MIB - 1, "wrong")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: usage._replace(free=free))
        assert check_disk(tmp_path).verdict == verdict


def test_the_memory_is_read_and_not_changed(tmp_path: Path) -> None:
    """What waits in it is counted; one that is not made yet is right."""
    path = tmp_path / "bot.db"
    assert check_memory(path, SCHEMA).verdict == "ok"
    assert not path.exists()
    with Memory.open(path) as memory:
        memory.inbox.take([(1, "{}"), (2, "{}")])
        memory.inbox.done(1)
        assert check_memory(path, SCHEMA).said == f"{path}: 1 updates to be answered"
    assert check_memory(path, SCHEMA).said == f"{path}: 1 updates to be answered"


def test_an_older_memory_is_right(tmp_path: Path) -> None:
    """It has no inbox yet; the bot brings it up to date when it starts."""
    path = tmp_path / "bot.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE shown (id INTEGER PRIMARY KEY)")
    assert check_memory(path, SCHEMA).said == f"{path}: 0 updates to be answered"


def test_a_memory_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    """One of a newer newsdesk, and a file that is none."""
    path = tmp_path / "bot.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    finding = check_memory(path, SCHEMA)
    assert (finding.verdict, "newer newsdesk" in finding.said) == ("wrong", True)
    path.write_bytes(b"no database" * 1000)
    finding = check_memory(path, SCHEMA)
    assert (finding.verdict, "file is not a database" in finding.said) == ("wrong", True)


def test_a_free_port_is_right_and_stays_free() -> None:
    """It is tried, and left; on all addresses of the machine it is worth knowing who can read it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for _ in range(2):
        assert check_port(settings(f"127.0.0.1:{port}")).said == f"127.0.0.1:{port} is free"
    finding = check_port(settings(f"0.0.0.0:{port}"))
    assert (finding.verdict, "other machines can read its metrics" in finding.said) == ("note", True)
    assert check_port(settings("off")).verdict == "note"


@pytest.mark.parametrize("answers", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", b"SSH-2.0-OpenSSH\r\n"])
def test_a_port_of_another_program_is_told(answers: bytes) -> None:
    """Whatever that program says."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        taken.settimeout(5)
        port = taken.getsockname()[1]

        def answer() -> None:
            connection, _ = taken.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(answers)

        thread = Thread(target=answer)
        thread.start()
        finding = check_port(settings(f"127.0.0.1:{port}"))
        thread.join()
    assert finding.verdict == "wrong"
    assert finding.said.startswith(f"another program listens at 127.0.0.1:{port}")


async def test_a_port_of_a_running_bot_is_no_fault() -> None:
    """The operator checks beside it."""
    async with serve_http("127.0.0.1:0", metrics=Metrics(), readiness=Readiness()) as endpoint:
        finding = await asyncio.to_thread(check_port, settings(str(endpoint)))
    assert (finding.verdict, finding.said) == (
        "note",
        f"a newsdesk bot is running already and listens at {endpoint}",
    )
