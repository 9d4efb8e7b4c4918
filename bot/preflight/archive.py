"""The archive, its encoder, and the sources it is made from."""

from __future__ import annotations

import sqlite3
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.preflight.findings import note, ok, wrong
from index import Archive
from index import encoder as encoders
from index.errors import ArchiveBusy, NewsdeskError
from index.reader import load_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.preflight.findings import Finding
    from bot.settings import Settings
    from index.domain import Stats
    from index.encoder import Encoder

FAILURES = (NewsdeskError, sqlite3.Error, OSError)

_QUESTION = "Who opened the exhibition?"
_TEXT = "The mayor opened the exhibition on Friday. " * 8
_READ_WHOLE = 256 * 1024 * 1024
"""Bytes of an archive that is read to its last byte here: some seconds."""


def check_archive(settings: Settings) -> Iterator[Finding]:
    """The archive, its encoder and its indexes."""
    try:
        with Archive.open(
            settings.archive, encoder=settings.encoder, cache=settings.cache, device=settings.device
        ) as archive:
            stats = archive.stats()
            yield _held(settings, stats)
            encoder = _encoder(stats.encoder or encoders.DEFAULT_ENCODER, lambda: archive.encoder, settings)
            yield encoder
            yield _indexes(archive, stats) if encoder.verdict == "ok" else note("indexes", "not tried: no encoder")
    except FAILURES as error:
        yield wrong("archive", str(error))
        name = settings.encoder or encoders.DEFAULT_ENCODER
        yield _encoder(name, lambda: encoders.load(name, cache=settings.cache, device=settings.device), settings)


def check_sources(settings: Settings) -> Iterator[Finding]:
    """The files and folders that /reindex reads."""
    if not settings.sources and settings.sync_every:
        yield wrong("sources", "NEWSDESK_SYNC_EVERY has them synced, but there are none: set NEWSDESK_SOURCES")
    elif not settings.sources:
        yield note("sources", "none: set NEWSDESK_SOURCES to the folders with articles, for /reindex")
    gone = [path for path in settings.sources if not path.exists()]
    for path in gone:
        yield wrong("sources", f"{path} is not there: mount it, or mend NEWSDESK_SOURCES")
    if settings.sources and not gone:
        yield ok("sources", ", ".join(map(str, settings.sources)))


def ago(moment: datetime) -> str:
    """How long ago, in the largest unit that fits."""
    seconds = max((datetime.now(UTC) - moment).total_seconds(), 0)
    for size, name in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return "just now"


def _held(settings: Settings, stats: Stats) -> Finding:
    if not stats.articles:
        return wrong("archive", f"{settings.archive} is empty: fill it with newsdesk sync PATH")
    synced = f"last sync {ago(stats.last_sync)}" if stats.last_sync else "never synced whole"
    size = f"{stats.articles:,} articles, {stats.passages:,} passages, {stats.disk / 1_000_000:,.1f} MB"
    newest = f", newest of {stats.last:%Y-%m-%d}" if stats.last else ""
    return ok("archive", f"{settings.archive}: {size}{newest}, {synced}")


def _encoder(name: str, load: Callable[[], Encoder], settings: Settings) -> Finding:
    """Whether both models are there, the archive's and the one that points at answers, and how fast they are."""
    try:
        encoder, reader = load(), load_reader(settings.cache)
        encoding = _timed(lambda: encoder.encode_question(_QUESTION))
        reading = _timed(lambda: reader.read(_QUESTION, [_TEXT]))
    except FAILURES as error:
        return wrong("encoder", str(error))
    return ok("encoder", f"{name}; a question is encoded in {encoding:.0f} ms, a passage read in {reading:.0f} ms")


def _timed(call: Callable[[], object]) -> float:
    """Milliseconds of a call; the first sets the model up."""
    call()
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


def _indexes(archive: Archive, stats: Stats) -> Finding:
    """Whether questions are found now, and whether every byte is as it was written."""
    try:
        begun = time.perf_counter()
        archive.search(_QUESTION, k=1)
        found = f"a question is searched in {(time.perf_counter() - begun) * 1000:.0f} ms"
        if stats.disk > _READ_WHOLE:
            return ok("indexes", f"{found}; newsdesk verify reads every byte, which takes minutes")
        damages = archive.verify().damages
    except ArchiveBusy as error:
        return note("indexes", str(error))
    except FAILURES as error:
        return wrong("indexes", str(error))
    if not damages:
        return ok("indexes", f"{found}; every byte is as it was written")
    first = f"{damages[0].where}: {damages[0].what}"
    more = f", and {len(damages) - 1} more" if len(damages) > 1 else ""
    return wrong("indexes", f"{first}{more}: run newsdesk repair, then newsdesk sync")
