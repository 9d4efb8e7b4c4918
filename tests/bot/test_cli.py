"""The newsdesk command, as typed: what it prints, where, and its exit status."""

from __future__ import annotations

import io
import json
import sqlite3
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from toys import ToyEncoder, ToyReader

from bot import app, cli, console
from bot.settings import Settings, variable
from index import Archive, encoder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command did."""

    status: int
    out: str
    err: str


@pytest.fixture
def newsdesk(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., Outcome]:
    """Run the command in an empty folder, with words for an encoder, none of this machine's settings, and no input."""
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    monkeypatch.setattr(encoder, "load", lambda *_args, **_rest: ToyEncoder())
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
def articles(tmp_path: Path) -> Path:
    """A folder of four articles."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("ferry", "tram", "mill", "harvest"):
        text = f"---\ntitle: The {name} today\nurl: https://harbour.example/{name}\n---\n"
        (folder / f"{name}.md").write_text(f"{text}The {name} of Port Ellery made news on Monday, the mayor said.\n")
    return folder


def counts(outcome: Outcome) -> dict[str, int]:
    """The table at the end of a sync."""
    rows = (line.split() for line in outcome.out.splitlines()[-5:])
    return {name: int(count) for name, count in rows}


def one_line(outcome: Outcome, status: int = 2) -> str:
    """The line that a command which failed said, and that it said nothing else."""
    assert (outcome.status, outcome.out) == (status, "")
    (line,) = outcome.err.strip().splitlines()
    assert line.startswith("newsdesk: ")
    return line.removeprefix("newsdesk: ")


def test_a_sync_counts_what_it_did(newsdesk: Callable[..., Outcome], articles: Path) -> None:
    """New, then unchanged, then one changed and one refused, in a table of articles; nothing on standard error."""
    first = newsdesk("sync", articles)
    assert (first.status, first.err) == (0, "")
    assert counts(first) == {"added": 4, "changed": 0, "unchanged": 0, "removed": 0, "refused": 0}
    assert counts(newsdesk("sync", articles))["unchanged"] == 4
    (articles / "ferry.md").write_text("---\ntitle: The ferry\n---\nThe ferry sank in the harbour on Tuesday night.\n")
    (articles / "broken.jsonl").write_text('{"title": ')
    third = newsdesk("sync", articles)
    assert counts(third) == {"added": 0, "changed": 1, "unchanged": 3, "removed": 0, "refused": 1}
    assert third.out.startswith("refused: broken.jsonl")


def test_a_sync_as_json_is_progress_and_a_report(newsdesk: Callable[..., Outcome], articles: Path) -> None:
    """A line each; the report is the last, and its counts are the table's."""
    *progress, last = (json.loads(line) for line in newsdesk("sync", "--json", articles).out.splitlines())
    assert {key: last["report"][key] for key in ("added", "changed", "unchanged", "removed", "refused")} == {
        "added": 4,
        "changed": 0,
        "unchanged": 0,
        "removed": 0,
        "refused": [],
    }
    assert all(set(each["progress"]) == {"files_done", "files_total", "articles", "passages"} for each in progress)
    assert progress[-1]["progress"]["files_done"] == 4
    assert progress[-1]["progress"]["articles"] == 4


def test_a_sync_without_paths_takes_the_settings(
    newsdesk: Callable[..., Outcome], articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NEWSDESK_SOURCES is synced; without it the command says what to name."""
    assert one_line(newsdesk("sync")) == (
        "name a file or folder with articles, or set NEWSDESK_SOURCES; see newsdesk sync --help"
    )
    monkeypatch.setenv("NEWSDESK_SOURCES", str(articles))
    assert counts(newsdesk("sync"))["added"] == 4


def test_a_mapping_says_where_fields_stand(newsdesk: Callable[..., Outcome], tmp_path: Path) -> None:
    """Dotted places go into objects."""
    row = {"hed": "Ferry early", "story": {"body": "The ferry Kittiwake came early on Friday, to great surprise."}}
    (tmp_path / "dump.jsonl").write_text(json.dumps(row) + "\n")
    done = newsdesk("sync", "dump.jsonl", "--mapping", "title=hed,text=story.body")
    assert counts(done)["added"] == 1
    with Archive.open(tmp_path / "archive", encoder=ToyEncoder("toy"), reader=ToyReader()) as archive:
        (passage,) = archive.all_passages()
    assert (passage.article.title, passage.text) == ("Ferry early", row["story"]["body"])


@pytest.mark.parametrize("where", ["option", "group", "setting"])
def test_the_archive_is_where_it_is_said_to_be(
    newsdesk: Callable[..., Outcome], articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Before or after the command's name, or by NEWSDESK_ARCHIVE; not in ./archive then."""
    if where == "setting":
        monkeypatch.setenv("NEWSDESK_ARCHIVE", "elsewhere")
    before, after = (["--archive", "elsewhere"] if where == name else [] for name in ("group", "option"))
    assert newsdesk(*before, "sync", *after, articles).status == 0
    assert (tmp_path / "elsewhere" / "archive.db").is_file()
    assert not (tmp_path / "archive").exists()
    assert newsdesk(*before, "stats", *after).out.startswith("articles    4\n")


def test_the_figures_come_as_lines_and_as_json(newsdesk: Callable[..., Outcome], articles: Path) -> None:
    """Both say the same."""
    newsdesk("sync", articles)
    assert newsdesk("stats").out.startswith("articles    4\npassages    4\n")
    figures = json.loads(newsdesk("stats", "--json").out)
    assert (figures["articles"], figures["passages"], figures["first"]) == (4, 4, None)


def test_too_much_removed_in_a_script_is_an_error(newsdesk: Callable[..., Outcome], articles: Path) -> None:
    """Half of the archive gone is one line that names the option; with the option they go."""
    newsdesk("sync", articles)
    for name in ("ferry", "tram"):
        (articles / f"{name}.md").unlink()
    said = one_line(newsdesk("sync", articles))
    assert said.startswith("2 of the 4 articles in the archive are no longer there; nothing was removed")
    assert said.endswith("newsdesk sync --allow-removal")
    done = newsdesk("sync", "--allow-removal", articles)
    assert counts(done) == {"added": 0, "changed": 0, "unchanged": 2, "removed": 2, "refused": 0}


class Typed(io.StringIO):
    """A person at a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def test_too_much_removed_at_a_terminal_is_a_question(
    newsdesk: Callable[..., Outcome], articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question is on standard error; no keeps them, with exit status 2; yes removes them."""
    newsdesk("sync", articles)
    for name in ("ferry", "tram"):
        (articles / f"{name}.md").unlink()
    question = (
        "2 of the 4 articles in the archive are no longer there; nothing was removed, the rest was taken in.\n"
        "Remove them? [y/N]: "
    )
    monkeypatch.setattr(sys, "stdin", Typed("n\n"))
    no = newsdesk("sync", articles)
    assert (no.status, no.out) == (2, "")
    assert no.err == f"{question}newsdesk: nothing was removed; the rest was taken in\n"
    assert newsdesk("stats").out.startswith("articles    4\n")
    monkeypatch.setattr(sys, "stdin", Typed("y\n"))
    yes = newsdesk("sync", articles)
    assert (yes.status, yes.err) == (0, question)
    assert counts(yes) == {"added": 0, "changed": 0, "unchanged": 2, "removed": 2, "refused": 0}


def test_what_is_removed_stays_out_until_it_is_let_in(newsdesk: Callable[..., Outcome], articles: Path) -> None:
    """By address and by file; a second removal finds nothing; --undo lets the next sync take them."""
    newsdesk("sync", articles)
    assert newsdesk("remove", "https://harbour.example/ferry").out == "removed 1 article\n"
    assert newsdesk("remove", articles / "tram.md").out == "removed 1 article\n"
    assert one_line(newsdesk("remove", "https://harbour.example/ferry")) == (
        "no article has the address, id or file https://harbour.example/ferry; newsdesk search --json shows them"
    )
    assert newsdesk("stats").out.startswith("articles    2\n")
    assert newsdesk("remove", "--undo").out == "2 articles may come in again at the next sync\n"
    assert newsdesk("remove", "--undo").out == "0 articles may come in again at the next sync\n"
    assert counts(newsdesk("sync", articles)) == {"added": 2, "changed": 0, "unchanged": 2, "removed": 0, "refused": 0}


@pytest.mark.parametrize("words", [[], [""], [" \t"], ["x", "--undo"]])
def test_a_removal_wants_one_thing(newsdesk: Callable[..., Outcome], words: list[str]) -> None:
    """Neither nothing nor blanks nor both."""
    said = one_line(newsdesk("remove", *words))
    assert said == "name an article by its address, id or file, or use --undo; see newsdesk remove --help"


@pytest.fixture
def answering(
    newsdesk: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch, sample_archive: Path, newsdesk_cache: Path
) -> Callable[..., Outcome]:
    """The command on the sample archive, with its real encoder."""
    monkeypatch.undo()
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    monkeypatch.setenv("NEWSDESK_ARCHIVE", str(sample_archive))
    monkeypatch.setenv("NEWSDESK_CACHE", str(newsdesk_cache))
    return newsdesk


def test_an_answer_names_its_sentence_and_article(answering: Callable[..., Outcome]) -> None:
    """The words of a question need no quotes; so many passages in all as -k says."""
    done = answering("ask", "-k", 3, "who", "accompanied", "Netanyahu?")
    assert (done.status, done.err) == (0, "")
    when, first, _, headline, *rest = done.out.splitlines()
    assert when == "As of 30 January 2018:"
    assert first.startswith("“Zeev Elkin, ")
    assert first.endswith("”")
    assert headline == "  Netanyahu and Putin talk Syria and Iran during Moscow visit"
    assert rest[:2] == [
        "  Meridian Wire · 30 January 2018",
        "  https://meridianwire.example/2018/01/30/netanyahu-putin-moscow",
    ]
    assert [line[:3] for line in rest if line[:2].strip().isdigit()] == [" 1.", " 2."]


def test_a_question_is_asked_on_the_day_given(answering: Callable[..., Outcome]) -> None:
    """What was new on that day is not said to be old; a day that is none is explained."""
    done = answering("ask", "--asked", "2018-02-01", "who accompanied Netanyahu?")
    assert done.out.startswith("“Zeev Elkin, ")
    assert json.loads(answering("ask", "--json", "--asked", "2018-02-01", "who came?").out)["asked"] == "2018-02-01"
    found = json.loads(answering("search", "--json", "--asked", "2019-08-07", "ferry").out)
    assert found["passages"][0]["article"]["published"].startswith("2019-08")
    wrong = answering("ask", "--asked", "yesterday", "who came?")
    assert wrong.status == 2
    assert "'%Y-%m-%d'" in wrong.err


def test_an_answer_as_json_slices_the_article(answering: Callable[..., Outcome], sample_archive: Path) -> None:
    """The offsets of the quote and of each passage are into the body in the archive."""
    found = json.loads(answering("ask", "--json", "who accompanied Netanyahu?").out)
    with Archive.open(sample_archive) as archive:
        bodies = {passage.article.url: passage.article.body for passage in archive.all_passages()}
    answer = found["answer"]
    assert "Zeev Elkin" in answer["quote"]
    assert bodies[answer["article"]["url"]][answer["start"] : answer["end"]] == answer["quote"]
    assert len(found["passages"]) == 5
    for passage in found["passages"]:
        assert bodies[passage["article"]["url"]][passage["start"] : passage["end"]] == passage["text"]
    assert len({passage["article"]["url"] for passage in found["passages"]}) == 5


def test_what_the_archive_does_not_say_is_no_failure(answering: Callable[..., Outcome]) -> None:
    """Exit status 0; the closest articles are named; the answer is null as JSON."""
    question = "who won the chess olympiad in Batumi?"
    done = answering("ask", question)
    assert (done.status, done.out.splitlines()[:3]) == (0, ["The archive does not say.", "", "Closest articles:"])
    assert done.out.count("https://") == 5
    as_json = answering("ask", "--json", question)
    assert (as_json.status, json.loads(as_json.out)["answer"]) == (0, None)


def test_a_search_ranks_passages(answering: Callable[..., Outcome]) -> None:
    """As lines and as JSON in the same order, best first, one an article."""
    lines = answering("search", "ferry", "accident", "-k", "3").out.splitlines()
    urls = [line.strip() for line in lines if "https://" in line]
    found = json.loads(answering("search", "--json", "ferry accident", "-k", "3").out)
    assert found["question"] == "ferry accident"
    assert [passage["article"]["url"] for passage in found["passages"]] == urls
    assert "ferry-kittiwake" in urls[0]
    assert len(set(urls)) == 3
    scores = [passage["score"] for passage in found["passages"]]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    "question",
    [
        "<b>who</b> accompanied &amp; Netanyahu?",
        "'; DROP TABLE articles; -- who?",
        '"unbalanced AND (OR title:* ^2~ who',
        "מי ליווה את נתניהו؟ من رافق",
        "who 🎉👩‍👩‍👧 came?",
        "who\x1b[31m came\x07\x00?",
        "\udcff\udcfe who came?",
        "w" * 1000,
    ],
)
def test_any_question_gets_a_reply(answering: Callable[..., Outcome], question: str) -> None:
    """Markup, query syntax, other scripts, control characters, broken UTF-8: exit status 0 and no escape code."""
    done = answering("search", question)
    assert (done.status, done.err) == (0, "")
    assert done.out.strip()
    assert "\x1b" not in done.out
    assert json.loads(answering("ask", "--json", question).out)["passages"]


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("question", ["", " \n", "?!", "🎉", "\x1b\x07", "\udcff"])
def test_a_question_without_a_word_is_asked_for_words(
    newsdesk: Callable[..., Outcome], command: str, question: str
) -> None:
    """Before an archive is looked for."""
    said = one_line(newsdesk(command, question))
    assert said == f'ask in words, such as "who opened the exhibition?"; see newsdesk {command} --help'


def test_a_question_of_ten_thousand_characters_is_too_long(newsdesk: Callable[..., Outcome]) -> None:
    """The line says how long it may be."""
    said = one_line(newsdesk("ask", "x" * 10_000))
    assert said == "that is 10,000 characters long; ask in up to 1,000; see newsdesk ask --help"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["frobnicate"], "No such command 'frobnicate'; see newsdesk --help"),
        (["\x1b[31mred"], "see newsdesk --help"),
        (["ask"], "Missing argument 'QUESTION...'; see newsdesk ask --help"),
        (["ask", "--nope", "x"], "No such option"),
        (["ask", "-k", "0", "x"], "Invalid value for '-k': 0 is not in the range 1<=x<=50; see newsdesk ask --help"),
        (["sync", "here", "--mapping", "nonsense"], "nonsense"),
        (["sync", "here", "--mapping", "colour=x"], "colour"),
        (["sync", "missing"], "missing is not there"),
        (["sync", "empty"], "empty"),
        (["sync", "\x1b[31mred"], "[31mred is not there"),
        (["sync", "\udcff"], "is not there"),
        (["sync", "--archive", "file.txt", "here"], "file.txt cannot be made"),
        (["sync", "--archive", "file.txt/below", "here"], "file.txt/below cannot be made"),
        (["sync", "--archive", "garbled", "here"], "garbled"),
        (["stats"], "no archive in archive; make one with: newsdesk sync PATH"),
        (["ask", "who?"], "no archive in archive"),
        (["search", "--archive", "file.txt", "who?"], "no archive in file.txt"),
        (["stats", "--archive", "garbled"], "garbled"),
        (["remove", "x"], "no archive in archive"),
        (["chat", "--archive", "garbled", "--once", "who?"], "garbled"),
        (["bot"], "NEWSDESK_TELEGRAM_TOKEN"),
    ],
)
def test_what_is_wrong_is_one_line(
    newsdesk: Callable[..., Outcome], tmp_path: Path, words: list[str], said: str
) -> None:
    """On standard error, with exit status 2 and without escape codes."""
    (tmp_path / "file.txt").write_text("no archive")
    (tmp_path / "empty").mkdir()
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "a.txt").write_text("The ferry\n\nThe ferry came early on Friday, to great surprise.\n")
    (tmp_path / "garbled").mkdir()
    (tmp_path / "garbled" / "archive.db").write_bytes(b"no database, but long enough to look at" * 100)
    line = one_line(newsdesk(*words))
    assert said in line
    assert "\x1b" not in line


def test_a_wrong_setting_is_one_line(newsdesk: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the variable and what it should be."""
    monkeypatch.setenv("NEWSDESK_QUEUE", "many")
    assert one_line(newsdesk("stats")).startswith("NEWSDESK_QUEUE should be how many questions may wait")


def test_without_a_command_there_is_help(newsdesk: Callable[..., Outcome]) -> None:
    """All commands are named, in the order in which a person needs them."""
    done = newsdesk()
    assert done.status == 2
    listed = done.err[done.err.index("Commands:") : done.err.index("Example:")].splitlines()[1:]
    assert [line.split()[0] for line in listed if line.strip()] == list(cli.commands.commands)
    assert list(cli.commands.commands) == [
        *("sync", "ask", "search", "chat", "bot", "stats", "remove"),
        *("verify", "repair", "backup", "reencode", "eval"),
    ]
    assert "..." not in "".join(listed)


def test_help_and_version_end_well(newsdesk: Callable[..., Outcome]) -> None:
    """On standard output, with exit status 0; -h is --help."""
    full = newsdesk("--help")
    assert (full.status, full.err) == (0, "")
    assert newsdesk("-h") == full
    assert newsdesk("sync", "-h").out.startswith("Usage: newsdesk sync [OPTIONS] [PATHS]...\n")


@pytest.mark.parametrize(
    ("failure", "status", "said"),
    [
        (KeyboardInterrupt(), 130, "stopped; what was done so far is kept"),
        (sqlite3.OperationalError("database or disk is full"), 2, "database or disk is full; nothing that was"),
        (PermissionError(13, "Permission denied", "/articles"), 2, "Permission denied: '/articles'; nothing"),
    ],
)
def test_a_sync_that_cannot_go_on_is_one_line(
    newsdesk: Callable[..., Outcome],
    articles: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: BaseException,
    status: int,
    said: str,
) -> None:
    """Ctrl-C is 130, as in a shell; a full disk or a forbidden folder is 2."""

    def fail(*_args: object, **_rest: object) -> None:
        raise failure

    monkeypatch.setattr(Archive, "sync", fail)
    assert said in one_line(newsdesk("sync", articles), status)


def test_a_terminal_without_the_letters_gets_marks(
    newsdesk: Callable[..., Outcome], articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where standard output is ASCII, what it has no letter for is a question mark."""
    (articles / "ferry.md").write_text("---\nsource: Вестник\n---\nThe ferry sank in the harbour on Tuesday night.\n")
    newsdesk("sync", articles)
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, "ascii"))
    assert newsdesk("stats").status == 0
    sys.stdout.flush()
    assert b"??????? (1)" in raw.getvalue()


def test_chat_and_bot_are_given_their_settings(
    newsdesk: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archive named behind the command wins over the one of the settings."""
    given: list[tuple[str, object, object]] = []
    monkeypatch.setattr(console, "run", lambda loaded, **rest: given.append((str(loaded.archive), *rest.values())))
    monkeypatch.setattr(app, "run", lambda loaded: given.append((str(loaded.archive), None, None)))
    monkeypatch.setenv("NEWSDESK_ARCHIVE", "set")
    newsdesk("chat", "--once", "who?")
    newsdesk("chat", "--archive", "named", "--sample")
    newsdesk("bot")
    newsdesk("bot", "--archive", "named")
    assert given == [("set", "who?", False), ("named", None, True), ("set", None, None), ("named", None, None)]
