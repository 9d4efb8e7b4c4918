"""An editor's and a reader's first minute: real commands, in processes of their own, real everything."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pexpect
import pytest
from journeys.command import REPOSITORY, Desk

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = REPOSITORY / "index" / "sample"
NETANYAHU = "2018-01-30-netanyahu-putin-moscow.md"
QUESTION = "who accompanied Netanyahu?"


@pytest.fixture
def desk(tmp_path: Path, newsdesk_cache: Path) -> Desk:
    """A folder with some of the sample's articles in ``articles``."""
    (tmp_path / "articles").mkdir()
    for file in [*SAMPLE.glob("2018-*.md"), *SAMPLE.glob("2019-08-*.md")]:
        shutil.copy(file, tmp_path / "articles")
    return Desk(folder=tmp_path, cache=newsdesk_cache)


def counts(text: str) -> list[int]:
    """Added, changed, unchanged, removed, refused."""
    return [int(line.split()[1]) for line in text.splitlines()[-5:]]


def test_an_archive_follows_its_folder(desk: Desk) -> None:
    """Sync, ask, change the file, sync, ask, take the file away, sync, ask: each answer is of what is there then."""
    file = desk.folder / "articles" / NETANYAHU
    assert counts(desk.newsdesk("sync", "articles").stdout) == [6, 0, 0, 0, 0]
    asked = desk.newsdesk("ask", QUESTION)
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "Zeev Elkin" in asked.stdout.splitlines()[1]
    file.write_text(file.read_text("utf-8").replace("Zeev Elkin", "Solveig Testrup"), "utf-8")
    assert counts(desk.newsdesk("sync", "articles").stdout) == [0, 1, 5, 0, 0]
    changed = json.loads(desk.newsdesk("ask", "--json", QUESTION).stdout)
    assert "Solveig Testrup" in changed["answer"]["quote"]
    file.unlink()
    assert counts(desk.newsdesk("sync", "articles").stdout) == [0, 0, 5, 1, 0]
    gone = json.loads(desk.newsdesk("ask", "--json", QUESTION).stdout)
    assert gone["answer"] is None or "Netanyahu" not in gone["answer"]["quote"]
    assert not any(passage["article"]["file"].endswith(NETANYAHU) for passage in gone["passages"])


def test_the_seed_is_answered_from(desk: Desk) -> None:
    """The page copied from a browser gives the sentence that names Zeev Elkin."""
    seed = REPOSITORY.parent / "shared" / "data" / "seed"
    if not seed.is_dir():
        pytest.skip(f"{seed} is not on this machine")
    assert desk.newsdesk("sync", str(seed)).returncode == 0
    assert "Zeev Elkin" in desk.newsdesk("ask", QUESTION).stdout


def test_a_conversation_in_a_terminal(desk: Desk) -> None:
    """Without an archive it opens the sample: greeting, a button by its number, history, help, and an end by /quit."""
    person = pexpect.spawn(
        sys.executable,
        ["-m", "bot", "chat"],
        cwd=str(desk.folder),
        env=desk.environment | {"PROMPT_TOOLKIT_NO_CPR": "1"},
        encoding="utf-8",
        timeout=300,
        dimensions=(50, 120),
    )
    person.expect("this is the sample")
    person.expect(r"Ask the archive\..*\[1\].*›")
    person.send("1\r")
    person.expect(r"│ .*https://.*›")
    person.send(f"{QUESTION}\r")
    person.expect("│ .*Zeev Elkin.*›")
    person.send("/help\r")
    person.expect("/quit or Ctrl-D leaves.*›")
    person.send("\x1b[A\x1b[A\r")
    person.expect("│ .*Zeev Elkin.*›")
    person.send("/quit\r")
    person.expect(pexpect.EOF)
    person.close()
    assert person.exitstatus == 0
    assert QUESTION in (desk.cache / "history").read_text("utf-8")


def test_a_conversation_through_a_pipe_takes_any_bytes(desk: Desk) -> None:
    """What is no UTF-8 is asked as far as it can be read; every line has its answer, and none is a traceback."""
    done = desk.newsdesk(
        "chat", "--sample", said=b"\xff\xfe\n\x1b[2J\x00\n" + b"x" * 10_000 + b"\nwho accompanied Netanyahu?"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert "That is 10,000 characters long" in done.stdout
    assert "Zeev Elkin" in done.stdout


def test_the_guard_asks_in_a_terminal(desk: Desk) -> None:
    """Half of the articles taken away: n keeps them, y lets them go, each sync with a bar while it runs."""
    desk.newsdesk("sync", "articles")
    for file in [*(desk.folder / "articles").glob("2018-*.md")][:3]:
        file.unlink()
    for typed, status, held in (("n", 2, 6), ("y", 0, 3)):
        person = pexpect.spawn(
            sys.executable,
            ["-m", "bot", "sync", "articles"],
            cwd=str(desk.folder),
            env=desk.environment,
            encoding="utf-8",
            timeout=300,
            dimensions=(50, 120),
        )
        person.expect(r"3 of the 6 articles .*Remove them\? \[y/N\]: ")
        assert "━" in person.before + person.after
        person.send(f"{typed}\r")
        person.expect(pexpect.EOF)
        person.close()
        assert person.exitstatus == status
        assert json.loads(desk.newsdesk("stats", "--json").stdout)["articles"] == held


def test_an_interrupted_sync_is_one_line_and_goes_on_where_it_was(desk: Desk) -> None:
    """Ctrl-C while it reads is exit status 130, and the next sync takes in the rest."""
    row = "The ferry {0} left harbour {0} at noon, and the mayor of the town waved from the pier."
    rows = [{"title": f"Ferry {each}", "text": row.format(each), "id": str(each)} for each in range(600)]
    for part in range(60):
        lines = "".join(json.dumps(each) + "\n" for each in rows[part * 10 : part * 10 + 10])
        (desk.folder / "articles" / f"{part:02}.jsonl").write_text(lines)
    sync = [sys.executable, "-m", "bot", "sync", "--json", "articles"]
    with subprocess.Popen(
        sync, cwd=desk.folder, env=desk.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        for line in process.stdout:
            if json.loads(line)["progress"]["passages"]:
                break
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=300)
    assert process.returncode == 130
    assert said.strip() == "newsdesk: stopped; what was done so far is kept"
    kept = json.loads(desk.newsdesk("stats", "--json").stdout)["articles"]
    assert 0 < kept < 606
    added, changed, unchanged, removed, refused = counts(desk.newsdesk("sync", "articles").stdout)
    assert (added, changed, unchanged, removed, refused) == (606 - kept, 0, kept, 0, 0)


def test_a_cold_question_imports_no_torch(desk: Desk, sample_archive: Path) -> None:
    """Nor what is built on it: what makes it quick (``bench_question`` says how quick)."""
    code = (
        "import sys, bot.cli\n"
        f"sys.argv = ['newsdesk', 'ask', '--archive', {str(sample_archive)!r}, {QUESTION!r}]\n"
        "try: bot.cli.main()\n"
        "finally: print([name for name in ('torch', 'transformers', 'sentence_transformers', 'telegram', 'scipy')"
        " if name in sys.modules])"
    )
    done = desk.python("-c", code)
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr, lines[-1]) == (0, "", "[]")
    assert "Zeev Elkin" in lines[1]


def test_a_reader_that_leaves_ends_the_command_quietly(desk: Desk, sample_archive: Path) -> None:
    """As in ``newsdesk stats | head -0``."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "bot", "stats", "--archive", str(sample_archive)]
    try:
        done = subprocess.run(
            command,
            cwd=desk.folder,
            env=desk.environment,
            stdout=writing,
            stderr=subprocess.PIPE,
            timeout=300,
            check=False,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_an_answer_in_a_terminal_has_bold_names_and_no_color_has_no_colour(desk: Desk, sample_archive: Path) -> None:
    """What matters in the quote is bold in a terminal; no colour code is used with NO_COLOR."""
    words = ["-m", "bot", "ask", "--archive", str(sample_archive), QUESTION]
    shown = [
        pexpect.run(
            " ".join([sys.executable, *(f"'{word}'" for word in words)]),
            cwd=str(desk.folder),
            env=desk.environment | extra,
            encoding="utf-8",
        )
        for extra in ({}, {"NO_COLOR": "1"})
    ]
    assert "\x1b[1mZeev Elkin" in shown[0]
    assert not re.search(r"\x1b\[[0-9;]*[349][0-9]m", shown[1])
