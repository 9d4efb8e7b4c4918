"""The README's commands, run as they stand."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings, variable

REPOSITORY = Path(__file__).resolve().parents[2]
README = (REPOSITORY / "README.md").read_text("utf-8")
NOT_RUN = ("make test", "make bench")


def blocks(language: str) -> list[str]:
    """The README's code of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    """The README's commands, without their remarks."""
    lines = (line for block in blocks("sh") for line in block.splitlines())
    return [re.sub(r"\s{2,}#.*", "", line) for line in lines if line.strip()]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with articles and an export, as the README's reader has."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(REPOSITORY / "index" / "sample", folder / "articles")
    row = {
        "hed": "Ferry early",
        "story": {"body": "The ferry Kittiwake came early on Friday."},
        "meta": {"date": "2024-05-06"},
    }
    (folder / "questions.csv").write_text(blocks("csv")[0], "utf-8")
    (folder / "export.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    return folder


def run(words: list[str], folder: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    """Run a command with nothing of this machine's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEWSDESK_")}
    environment = kept | {"NEWSDESK_CACHE": str(cache), "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(
        words,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_every_newsdesk_command_of_the_readme_works(desk: Path, newsdesk_cache: Path) -> None:
    """In their order, in a folder with articles, each ends well and says something; the check finds no token."""
    ours = [line for line in commands() if line.startswith("newsdesk ")]
    assert len(ours) >= 8
    for line in ours:
        done = run([sys.executable, "-m", "bot", *shlex.split(line)[1:]], desk, newsdesk_cache)
        assert done.returncode == (1 if line == "newsdesk bot --check" else 0), f"{line}: {done.stdout} {done.stderr}"
        assert done.stdout.strip(), line


def test_make_chat_opens_the_conversation(newsdesk_cache: Path) -> None:
    """On a machine where it is installed, it greets, and ends with its input."""
    if not (REPOSITORY / ".venv" / ".ready").is_file():
        pytest.skip("not installed by make: .venv/.ready is missing")
    done = run(["make", "--no-print-directory", "chat"], REPOSITORY, newsdesk_cache)
    assert done.returncode == 0, done.stderr
    assert "Ask the archive." in done.stdout


def test_make_bot_without_a_token_says_what_to_do(newsdesk_cache: Path) -> None:
    """A missing token is one clear line."""
    if not (REPOSITORY / ".venv" / ".ready").is_file():
        pytest.skip("not installed by make: .venv/.ready is missing")
    done = run(["make", "--no-print-directory", "bot"], REPOSITORY, newsdesk_cache)
    assert done.returncode != 0
    assert "NEWSDESK_TELEGRAM_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_other_command_stands_in_the_readme() -> None:
    """What is not run here is named here."""
    others = [line for line in commands() if not line.startswith("newsdesk ")]
    assert [line for line in others if not line.startswith(NOT_RUN)] == ["make chat", "make bot"]


def test_the_readmes_library_example_answers(desk: Path, newsdesk_cache: Path) -> None:
    """The Python of the README runs after its commands, and prints the sentence and its link."""
    (code,) = blocks("python")
    run([sys.executable, "-m", "bot", "sync", "articles"], desk, newsdesk_cache)
    code = code.replace(
        'Archive.open("archive")', f'Archive.open("archive", cache=__import__("pathlib").Path("{newsdesk_cache}"))'
    )
    done = run([sys.executable, "-c", code], desk, newsdesk_cache)
    assert "Zeev Elkin" in done.stdout, done.stderr
    assert "https://" in done.stdout


def test_every_setting_stands_in_the_readme() -> None:
    """With its name and what it is, as Settings describes it."""
    for name, field in Settings.model_fields.items():
        assert re.search(rf"^\| `{variable(name)}` \|.*{re.escape(str(field.description))}", README, re.MULTILINE), name
