"""The machine below the bot: space on the disk, the bot's memory, the port."""

from __future__ import annotations

import errno
import json
import shutil
import socket
import sqlite3
import tempfile
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

from bot.addresses import NOWHERE, Endpoint
from bot.http.server import cannot_listen
from bot.preflight.findings import note, ok, wrong

if TYPE_CHECKING:
    from pathlib import Path

    from bot.preflight.findings import Finding
    from bot.settings import Settings

MIB = 1024 * 1024

_LEAST_FREE = 64 * MIB
_PROBE = 256 * 1024
_PATIENCE_SECONDS = 2.0


def check_disk(folder: Path) -> Finding:
    """Whether the folder's disk has room, tried by writing."""
    there = next((place for place in (folder, *folder.absolute().parents) if place.is_dir()), folder)
    free = f"{there} takes what the bot remembers and what a sync adds"
    try:
        with tempfile.TemporaryFile(dir=there) as probe:
            probe.write(bytes(_PROBE))
            probe.flush()
        usage = shutil.disk_usage(there)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return wrong("disk", f"it is full: free some space, {free}")
        return wrong("disk", f"{there} cannot be written ({error.strerror}): {free}")
    if usage.free < _LEAST_FREE:
        return wrong(
            "disk", f"only {usage.free / MIB:,.0f} MiB are free: make it {_LEAST_FREE // MIB} at least, {free}"
        )
    return ok("disk", f"{usage.free / MIB / 1024:,.1f} GiB free")


def check_memory(path: Path, newest: int) -> Finding:
    """Whether the bot's memory can be read, and what waits in it; it is not changed."""
    if not path.is_file():
        return ok("memory", f"{path} is made at the first start")
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_PATIENCE_SECONDS)
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            kept = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
            count = "SELECT count(*) FROM inbox WHERE done IS NULL"
            waiting = connection.execute(count).fetchone()[0] if "inbox" in kept else 0
        finally:
            connection.close()
    except sqlite3.Error as error:
        return wrong("memory", f"{path} cannot be read ({error}): free it, or move it away")
    if version > newest:
        return wrong("memory", f"{path} was written by a newer newsdesk: upgrade this one, or move the file away")
    return ok("memory", f"{path}: {waiting:,} updates to be answered")


def check_port(settings: Settings) -> Finding:
    """Whether the server of health, metrics and the webhook can listen where it is to."""
    if settings.listen == NOWHERE:
        return note("port", "no server: NEWSDESK_LISTEN=off leaves out /health, /ready and /metrics")
    endpoint = Endpoint.parse(settings.listen)
    try:
        family, kind, _, _, address = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
    except OSError as error:
        if error.errno == errno.EADDRINUSE and _is_ours(endpoint):
            return note("port", f"a newsdesk bot is running already and listens at {endpoint}")
        return wrong("port", cannot_listen(endpoint, error))
    if not endpoint.local:
        return note("port", f"{endpoint} is free; other machines can read its metrics: 127.0.0.1 keeps them here")
    return ok("port", f"{endpoint} is free")


def _is_ours(endpoint: Endpoint) -> bool:
    connection = HTTPConnection(endpoint.host, endpoint.port, timeout=_PATIENCE_SECONDS)
    try:
        connection.request("GET", "/health")
        said = json.loads(connection.getresponse().read(1000))
    except (OSError, HTTPException, ValueError):
        return False
    finally:
        connection.close()
    return isinstance(said, dict) and said.get("newsdesk") == "alive"
