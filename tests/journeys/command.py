"""The newsdesk command as a process of its own, with nothing of this machine's settings."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where commands are run: a folder, a cache, and the folder that the code is imported from."""

    folder: Path
    cache: Path
    code: Path = REPOSITORY

    @property
    def environment(self) -> dict[str, str]:
        """The variables that commands are run with."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSDESK_", "PYTHONPATH"))}
        code = os.environ.get("PYTHONPATH", "") if self.code == REPOSITORY else ""
        return kept | {"NEWSDESK_CACHE": str(self.cache), "PYTHONPATH": code or str(self.code), "TERM": "xterm"}

    def python(self, *words: str, said: str | bytes = "") -> subprocess.CompletedProcess[str]:
        """Run Python to its end; ``said`` is its standard input."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env=self.environment,
            input=said.encode() if isinstance(said, str) else said,
            capture_output=True,
            timeout=300,
            check=False,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    def newsdesk(self, *words: str, said: str | bytes = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return self.python("-m", "bot", *words, said=said)
