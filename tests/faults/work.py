"""A process that works on an archive with a toy encoder: ``work.py ACTION ARCHIVE [WHAT ...]``, run by the fault tests.

ACTION is sync (of folders; with ``pausing-sync`` it says so before it encodes, and waits for a line), remove (of
articles), check, fold, or another method of Archive. What it gives is printed; an error of newsdesk is printed on
stderr, with its kind, and ends it with status 2.
"""

# ruff: noqa: T201 - what it prints is its interface

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from faults.checks import held
from toys import ToyEncoder, ToyReader

from index import Archive, NewsdeskError
from index.store.catalog import Catalog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.encoder import FloatMatrix

TESTS = Path(__file__).resolve().parents[1]

_BREATH_SECONDS = 0.02
"""Between two questions, so that eight who ask leave a small machine the time to answer and to write."""


class PausingEncoder(ToyEncoder):
    """Tells when it is to encode passages, and waits for a line."""

    def encode_passages(self, texts: Sequence[str]) -> FloatMatrix:
        """As a toy does."""
        print("encoding", flush=True)
        sys.stdin.readline()
        return super().encode_passages(texts)


def command(action: str, archive: Path, *what: object) -> list[str]:
    """The argv of this process."""
    return [sys.executable, str(Path(__file__)), action, str(archive), *map(str, what)]


def environment() -> dict[str, str]:
    """The variables that it runs with: the tests' own, and where the code is."""
    code = os.environ.get("PYTHONPATH") or str(TESTS.parent)
    return {**os.environ, "PYTHONPATH": f"{code}:{TESTS}"}


def opened(folder: Path, *, encoder: ToyEncoder | None = None, create: bool = False) -> Archive:
    """The archive in a folder, with a toy encoder and the cache beside it."""
    return Archive.open(
        folder, encoder=encoder or ToyEncoder(), reader=ToyReader(), cache=folder.parent / "cache", create=create
    )


def fold(folder: Path) -> None:
    """Make the large part of dense search, which a sync does only from some thousands of passages on."""
    from index.store import folding  # noqa: PLC0415 - of this action alone

    with closing(Catalog.open(folder / "archive.db")) as catalog:
        print(folding.fold(folder, catalog=catalog))


def read(archive: Archive) -> None:
    """Ask for the pair without end; prints the moments before and after, and the headlines found."""
    while True:
        began = time.monotonic()
        titles = sorted(hit.article.title for hit in archive.search("pair", k=5))
        print(json.dumps([began, time.monotonic(), titles]), flush=True)
        time.sleep(_BREATH_SECONDS)


def work(archive: Archive, action: str, what: Sequence[str]) -> None:
    """Do what the command line says."""
    if action.endswith("sync"):
        print(archive.sync(what, allow_removal=True))
    elif action == "check":
        print(json.dumps(held(archive)))
    elif action == "read":
        read(archive)
    else:
        print(*(getattr(archive, action)(each) for each in what))


def main() -> None:
    """Open the archive, do it, close it."""
    action, folder, *what = sys.argv[1:]
    try:
        if action == "fold":
            fold(Path(folder))
            return
        encoder = PausingEncoder() if action == "pausing-sync" else ToyEncoder()
        with opened(Path(folder), encoder=encoder, create=action == "sync") as archive:
            work(archive, action, what)
    except NewsdeskError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
