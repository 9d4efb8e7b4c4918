"""The most memory that a sync takes, of 1,000 articles and of 100,000: it should not grow with them."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from index import Archive
from tests.benchmarks.data import REPOSITORY
from tests.benchmarks.large_texts import large_articles

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = (1_000, 10_000, 100_000)


def main() -> None:
    """Sync rows of one file, then files of one folder, in a process of its own, with a stand-in for the encoder."""
    for form, write in {"rows of one file": _rows, "files of one folder": _files}.items():
        for size in SIZES:
            with tempfile.TemporaryDirectory() as scratch:
                source = write(Path(scratch), size)
                command = [sys.executable, "-m", "tests.benchmarks.bench_memory", str(source), f"{scratch}/archive"]
                began = time.perf_counter()
                done = subprocess.run(command, capture_output=True, check=True, text=True, cwd=REPOSITORY)
                rate = size / (time.perf_counter() - began)
            print(f"{size:7,} {form}: {done.stdout.strip()}, {rate:,.0f} articles/s, encoding apart", flush=True)


def _articles(size: int) -> Iterator[tuple[str, str, str]]:
    """Number, headline and the first two passages of as many invented articles."""
    for article, _ in zip(large_articles(size * 20), range(size), strict=False):
        yield article.id, article.title, article.body[: article.spans[:2][-1][1]]


def _rows(scratch: Path, size: int) -> Path:
    path = scratch / "rows.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number, title, text in _articles(size):
            file.write(json.dumps({"id": number, "title": title, "text": text, "language": "en"}) + "\n")
    return path


def _files(scratch: Path, size: int) -> Path:
    folder = scratch / "news"
    folder.mkdir()
    for at, (number, title, text) in enumerate(_articles(size)):
        row = {"id": number, "title": title, "text": text, "language": "en"}
        (folder / f"{at}.json").write_text(json.dumps(row), "utf-8")
    return folder


def sync(rows: Path, archive: Path) -> None:
    """One sync, and what it took."""
    sys.path.insert(0, str(REPOSITORY / "tests"))
    from toys import ToyEncoder  # noqa: PLC0415 - of the tests, which are no package

    encoder = ToyEncoder()
    encoder.encoded = _Forgetful()
    with Archive.open(archive, encoder=encoder, create=True) as opened:
        opened.sync([rows])
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB at most")


class _Forgetful(list[str]):
    """Keeps nothing of what was encoded."""

    def __iadd__(self, texts: object) -> Self:  # type: ignore[override,misc]
        del texts
        return self


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sync(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        main()
