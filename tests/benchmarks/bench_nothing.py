"""A sync that changes nothing, of 10,000 files, as the whole command; and one that finds only their times changed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from index import Archive
from tests.benchmarks.data import REPOSITORY
from tests.benchmarks.large_texts import large_articles

FILES = 10_000
_ROUNDS = 3


def main() -> None:
    """Make the files, take them in with a stand-in for the encoder, then time the command."""
    sys.path.insert(0, str(REPOSITORY / "tests"))
    from toys import ToyEncoder  # noqa: PLC0415 - of the tests, which are no package

    with tempfile.TemporaryDirectory() as scratch:
        folder, archive = Path(scratch) / "articles", Path(scratch) / "archive"
        for number, article in zip(range(FILES), large_articles(FILES * 10), strict=False):
            place = folder / str(number // 100)
            place.mkdir(parents=True, exist_ok=True)
            sentence = article.body.partition("\n")[0]
            (place / f"{number}.md").write_text(f"---\nlanguage: en\n---\n# {article.title}\n\n{sentence}\n", "utf-8")
        began = time.perf_counter()
        with Archive.open(archive, encoder=ToyEncoder(), create=True) as opened:
            report = opened.sync([folder])
        print(f"{report.added:,} files taken in, in {time.perf_counter() - began:.1f} s, encoding apart")
        print(f"  a sync that changes nothing       {_command(archive, folder)}")
        for file in folder.rglob("*.md"):
            os.utime(file)
        print(f"  and after all files were touched  {_command(archive, folder, rounds=1)}")


def _command(archive: Path, folder: Path, rounds: int = _ROUNDS) -> str:
    command = [sys.executable, "-m", "bot", "--archive", str(archive), "sync", str(folder)]
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=True, text=True, cwd=REPOSITORY)
        seconds.append(time.perf_counter() - began)
        if f"unchanged   {FILES:>9,}" not in done.stdout:
            raise RuntimeError(done.stdout)
    return ", ".join(f"{value:.2f} s" for value in seconds)


if __name__ == "__main__":
    main()
