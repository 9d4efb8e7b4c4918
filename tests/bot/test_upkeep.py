"""The commands that keep an archive whole, as typed: what they print, and their exit status."""

from __future__ import annotations

import io
import json
import re
import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from toys import ToyEncoder, ToyReader

from bot import cli
from bot.settings import Settings, variable
from index import encoder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from index.encoder import FloatMatrix

NAMES = ("ferry", "tram", "mill", "harvest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command did."""

    status: int
    out: str
    err: str


class OtherEncoder(ToyEncoder):
    """Another model, whose directions are the toy's in another order."""

    def encode_passages(self, texts: Sequence[str]) -> FloatMatrix:
        """As a toy does, reversed."""
        return super().encode_passages(texts)[:, ::-1].copy()

    def encode_question(self, text: str) -> FloatMatrix:
        """As a passage."""
        return super().encode_question(text)[::-1].copy()


@pytest.fixture
def newsdesk(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., Outcome]:
    """Run the command in an empty folder, with none of this machine's settings but its own cache, and no input."""
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    monkeypatch.setenv(variable("cache"), str(tmp_path / "cache"))
    monkeypatch.setattr(encoder, "load", lambda name, **_: OtherEncoder(name) if "other" in name else ToyEncoder())
    monkeypatch.setattr("index.archive.load_reader", lambda *_args: ToyReader())
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    def run(*words: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["newsdesk", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Outcome(status=int(ended.value.code or 0), out=said.out, err=said.err)

    return run


@pytest.fixture
def articles(newsdesk: Callable[..., Outcome], tmp_path: Path) -> Path:
    """A folder of four articles, of which there is an archive."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in NAMES:
        text = f"---\ntitle: The {name} today\nurl: https://harbour.example/{name}\n---\n"
        (folder / f"{name}.md").write_text(f"{text}The {name} of Port Ellery made news on Monday, the mayor said.\n")
    assert newsdesk("sync", folder).status == 0
    return folder


def run(archive: Path, statement: str) -> None:
    """Change the database behind the archive's back."""
    with closing(sqlite3.connect(archive / "archive.db", isolation_level=None)) as connection:
        connection.execute(statement)


def found(newsdesk: Callable[..., Outcome]) -> list[str]:
    """Those articles that are the first that is found by their name."""
    firsts = {name: json.loads(newsdesk("search", name, "--json").out)["passages"][:1] for name in NAMES}
    return [name for name, first in firsts.items() if first and first[0]["article"]["file"].endswith(f"/{name}.md")]


@pytest.mark.usefixtures("articles")
def test_verify_says_that_all_is_whole(newsdesk: Callable[..., Outcome]) -> None:
    """In a line, with status 0; a deep look says what it encoded again."""
    plain = newsdesk("verify")
    assert (plain.status, plain.err) == (0, "")
    assert plain.out == "4 articles, 4 passages: every byte is as it was written\n"
    deep = newsdesk("verify", "--deep")
    assert (deep.status, deep.err) == (0, "")
    assert deep.out == (
        "4 articles, 4 passages: every byte is as it was written; 4 passages encoded again, and alike\n"
    )


@pytest.mark.usefixtures("articles")
def test_verify_says_it_as_json(newsdesk: Callable[..., Outcome], tmp_path: Path) -> None:
    """The same facts, and the same status."""
    sound = newsdesk("verify", "--json")
    assert sound.status == 0
    assert json.loads(sound.out) == {"articles": 4, "passages": 4, "damages": [], "encoded": 0}
    run(tmp_path / "archive", "UPDATE passages SET seq = 9 WHERE id = 3")
    damaged = newsdesk("verify", "--json", "--deep")
    assert damaged.status == 1
    assert json.loads(damaged.out) == {
        "articles": 4,
        "passages": 4,
        "damages": [
            {"where": "archive.db", "what": "the passage 3 is not as it was written", "derived": False},
        ],
        "encoded": 0,
    }


@pytest.mark.usefixtures("articles")
def test_verify_names_damage_and_what_to_run(newsdesk: Callable[..., Outcome], tmp_path: Path) -> None:
    """A line each, with status 1; nothing of it is on standard error."""
    run(tmp_path / "archive", "UPDATE articles SET title = 'x' WHERE path = 'tram.md'")
    outcome = newsdesk("verify")
    assert (outcome.status, outcome.err) == (1, "")
    assert outcome.out.splitlines() == [
        f"damaged: archive.db: the text of {tmp_path}/articles/tram.md is not as it was written",
        "",
        "run: newsdesk repair (what is sound is kept, and newsdesk sync then reads again what is not)",
    ]


@pytest.mark.usefixtures("articles")
def test_verify_says_what_costs_nothing(newsdesk: Callable[..., Outcome], tmp_path: Path) -> None:
    """Damage of the indexes alone."""
    (tmp_path / "archive" / "derived" / "lexical-3" / "meta.json").write_text("{")
    outcome = newsdesk("verify")
    assert outcome.status == 1
    assert outcome.out.splitlines() == [
        "damaged: derived: the index of words is not as it was written",
        "",
        "run: newsdesk repair (its indexes are made anew from its articles)",
    ]
    assert newsdesk("repair").out == "the articles are as they were written; the indexes were made anew\n"
    assert newsdesk("verify").status == 0
    assert found(newsdesk) == list(NAMES)


def test_what_is_damaged_cannot_paint_the_terminal(newsdesk: Callable[..., Outcome], articles: Path) -> None:
    """A name with signs that a terminal obeys is shown without them."""
    run(articles.parent / "archive", "UPDATE articles SET path = char(27) || '[31mtram' || char(10) WHERE id = 2")
    outcome = newsdesk("verify")
    assert outcome.status == 1
    assert "\x1b" not in outcome.out
    lost = newsdesk("repair")
    assert lost.status == 0
    assert "\x1b" not in lost.out


def test_repair_names_what_is_lost_and_sync_brings_it_back(newsdesk: Callable[..., Outcome], articles: Path) -> None:
    """It says where the damaged database is kept, and what to run."""
    run(articles.parent / "archive", "UPDATE articles SET title = 'x' WHERE path = 'tram.md'")
    outcome = newsdesk("repair")
    assert (outcome.status, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert lines[:3] == [
        f"lost: {articles}/tram.md",
        "",
        "run newsdesk sync: what was lost comes back from its files where they still are",
    ]
    kept = re.fullmatch(r"all that is sound was carried over; the damaged database is kept: (.*)", lines[3])
    assert kept is not None
    assert (articles.parent / kept[1]).exists()
    assert found(newsdesk) == [name for name in NAMES if name != "tram"]
    assert newsdesk("sync", articles).out.split()[:2] == ["added", "1"]
    assert found(newsdesk) == list(NAMES)
    assert newsdesk("verify", "--deep").status == 0


@pytest.mark.usefixtures("articles")
def test_repair_says_what_was_encoded_again(newsdesk: Callable[..., Outcome], tmp_path: Path) -> None:
    """An article whose text is whole is not lost."""
    run(tmp_path / "archive", "UPDATE vectors_1 SET vector = zeroblob(128) WHERE passage = 2")
    outcome = newsdesk("repair")
    assert outcome.status == 0
    assert "lost" not in outcome.out
    assert outcome.out.startswith("articles cut and encoded again: 1\n")
    assert newsdesk("verify", "--deep").status == 0
    assert found(newsdesk) == list(NAMES)


@pytest.mark.usefixtures("articles")
def test_backup_says_where(newsdesk: Callable[..., Outcome], tmp_path: Path) -> None:
    """The copy is an archive: it can be asked, and verified, by --archive."""
    outcome = newsdesk("backup", "copies/monday")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == "backed up to copies/monday, and checked\n"
    assert newsdesk("verify", "--deep", "--archive", "copies/monday").status == 0
    asked = newsdesk("search", "tram", "--json", "--archive", tmp_path / "copies" / "monday")
    assert json.loads(asked.out)["passages"][0]["article"]["title"] == "The tram today"


@pytest.mark.usefixtures("articles")
def test_backup_refuses_in_one_line(newsdesk: Callable[..., Outcome], tmp_path: Path) -> None:
    """Into the archive itself, another archive, or of a damaged one; with status 2."""
    itself = newsdesk("backup", "archive")
    assert (itself.status, itself.out) == (2, "")
    assert itself.err == f"newsdesk: {tmp_path}/archive is the archive itself: name another folder\n"
    assert newsdesk("sync", "articles", "--archive", "other").status == 0
    other = newsdesk("backup", "other")
    assert (other.status, other.out) == (2, "")
    assert other.err == f"newsdesk: {tmp_path}/other holds another archive: name another folder\n"
    run(tmp_path / "archive", "UPDATE articles SET title = 'x' WHERE path = 'tram.md'")
    damaged = newsdesk("backup", "copies")
    assert (damaged.status, damaged.out) == (2, "")
    assert damaged.err.startswith("newsdesk: no backup was made: ")
    assert damaged.err.endswith("run: newsdesk repair\n")


@pytest.mark.usefixtures("articles")
def test_removing_an_article_names_the_backups_that_still_have_it(
    newsdesk: Callable[..., Outcome], tmp_path: Path
) -> None:
    """Each with its moment and the command that makes it anew; once that is done it is not in it."""
    newsdesk("backup", "copies/one")
    newsdesk("backup", "copies/two")
    lines = newsdesk("remove", "https://harbour.example/tram").out.splitlines()
    assert lines[0] == "removed 1 article"
    assert [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "MOMENT", line) for line in lines[1:]] == [
        f"still in the backup of MOMENT in {tmp_path}/copies/{name}: newsdesk backup makes it anew"
        for name in ("one", "two")
    ]
    newsdesk("backup", "copies/one")
    assert b"tram" not in (tmp_path / "copies" / "one" / "archive.db").read_bytes().replace(b"tram.md", b"")
    assert b"The tram today" in (tmp_path / "copies" / "two" / "archive.db").read_bytes()


@pytest.mark.usefixtures("articles")
def test_a_lost_archive_is_put_back_from_its_backup(newsdesk: Callable[..., Outcome], tmp_path: Path) -> None:
    """As its help says: by putting the backup's archive.db in its place."""
    newsdesk("backup", "copies")
    shutil.rmtree(tmp_path / "archive")
    assert newsdesk("search", "tram").status == 2
    (tmp_path / "archive").mkdir()
    shutil.copyfile(tmp_path / "copies" / "archive.db", tmp_path / "archive" / "archive.db")
    assert found(newsdesk) == list(NAMES)
    assert newsdesk("verify", "--deep").status == 0


@pytest.mark.usefixtures("articles")
def test_reencode_says_how_many_and_by_what(newsdesk: Callable[..., Outcome]) -> None:
    """From then on the archive is asked without naming the encoder."""
    outcome = newsdesk("reencode", "some/other-model")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == "4 passages are encoded with some/other-model\n"
    assert json.loads(newsdesk("stats", "--json").out)["encoder"] == "some/other-model"
    assert found(newsdesk) == list(NAMES)
    assert newsdesk("verify", "--deep").status == 0


@pytest.mark.usefixtures("articles")
def test_reencode_takes_the_setting(newsdesk: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it, the archive is refused in one line that names the command."""
    monkeypatch.setenv(variable("encoder"), "some/other-model")
    refused = newsdesk("search", "tram")
    assert (refused.status, refused.out) == (2, "")
    assert "newsdesk reencode some/other-model" in refused.err
    assert refused.err.count("\n") == 1
    assert newsdesk("reencode").out == "4 passages are encoded with some/other-model\n"
    assert found(newsdesk) == list(NAMES)


@pytest.mark.usefixtures("articles")
def test_reencode_tells_of_a_setting_that_says_another(
    newsdesk: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the next question would be refused without a word of warning."""
    monkeypatch.setenv(variable("encoder"), "all-MiniLM-L6-v2")
    outcome = newsdesk("reencode", "some/other-model")
    assert outcome.status == 0
    assert outcome.out.splitlines() == [
        "4 passages are encoded with some/other-model",
        "set NEWSDESK_ENCODER=some/other-model, or leave it empty: it says all-MiniLM-L6-v2",
    ]


@pytest.mark.parametrize("command", [("verify",), ("repair",), ("backup", "copies"), ("reencode",)])
def test_without_an_archive_each_says_how_to_make_one(
    newsdesk: Callable[..., Outcome], tmp_path: Path, command: tuple[str, ...]
) -> None:
    """In one line, with status 2; none is made."""
    outcome = newsdesk(*command)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("newsdesk: no archive in ")
    assert "newsdesk sync PATH" in outcome.err
    assert not (tmp_path / "archive").exists()
    assert not (tmp_path / "copies").exists()


@pytest.mark.parametrize("command", ["verify", "repair", "backup", "reencode"])
def test_each_shows_its_help_with_an_example(newsdesk: Callable[..., Outcome], command: str) -> None:
    """And is in the list of commands."""
    assert f"newsdesk {command}" in newsdesk(command, "-h").out.partition("Example:")[2]
    assert re.search(rf"^  {command} +\w", newsdesk("--help").out, re.MULTILINE)


@pytest.mark.usefixtures("articles")
def test_reencoding_shows_its_progress_now_and_then(
    newsdesk: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On standard error, in passages, where that is no terminal."""
    monkeypatch.setattr("bot.progress._SECONDS_BETWEEN_LINES", 0.0)
    outcome = newsdesk("reencode", "some/other-model")
    assert outcome.err == "4 of 4 passages\n"
    assert outcome.out == "4 passages are encoded with some/other-model\n"
