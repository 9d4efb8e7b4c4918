"""newsdesk eval, as typed: what it prints, what it writes, and its exit status."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import pytest
from toys import ToyEncoder, ToyReader

from bot import cli, evaluating
from bot.settings import Settings, variable
from index import encoder
from index.errors import ArchiveBusy
from index.evaluation import measure
from index.ranking import Weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ONE, OTHER = [each.name for each in fields(Weights) if isinstance(each.default, float)][:2]
"""Two of the weights, whatever they are."""
NAMES = ("ferry", "tram", "mill", "harvest")
ROWS = (
    {"question": "What news did the ferry make?", "relevant": ["ferry.md"], "tier": "gold", "asked": "2024-02-06"},
    {"question": "What news did the tram make?", "relevant": ["https://harbour.example/tram"], "tier": "silver"},
    {"question": "What news did the mill make?", "relevant": ["harvest.md"], "answers": ["the harvest"]},
    {"question": "Who won the chess olympiad?", "relevant": []},
    {"question": "Who owns the zeppelin?", "relevant": ["lost.md"]},
)


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
    """Run the command in a folder with an archive of four articles, with none of this machine's settings."""
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    monkeypatch.setenv(variable("cache"), str(tmp_path / "cache"))
    monkeypatch.setattr(encoder, "load", lambda *_args, **_rest: ToyEncoder())
    monkeypatch.setattr("index.archive.load_reader", lambda *_args: ToyReader())
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    def run(*words: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["newsdesk", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Outcome(status=int(ended.value.code or 0), out=said.out, err=said.err)

    folder = tmp_path / "articles"
    folder.mkdir()
    for name in NAMES:
        text = f"---\ntitle: The {name} today\nurl: https://harbour.example/{name}\n---\n"
        (folder / f"{name}.md").write_text(f"{text}The {name} of Port Ellery made news on Monday, the mayor said.\n")
    assert run("sync", folder).status == 0
    return run


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """A file of five questions."""
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return file


def cells(out: str, name: str) -> list[str]:
    """The words of the table's row of that name."""
    (row,) = [line.strip() for line in out.splitlines() if line.strip().startswith(name)]
    return row.removeprefix(name).split()


def test_figures_stand_in_a_table(newsdesk: Callable[..., Outcome], questions: Path) -> None:
    """Two of four right articles stand first, and one is not in the archive, which is said."""
    found = newsdesk("eval", questions)
    assert (found.status, found.err) == (0, "")
    assert found.out.startswith("5 questions of questions.jsonl, asked of 4 articles\n")
    assert "1 question names no article that the archive holds, and counts as missed: line 5 (lost.md)." in found.out
    assert cells(found.out, "it stands first (recall@1)")[0] == "0.500"
    assert cells(found.out, "it stands first (recall@1)")[-1] == "4"
    assert cells(found.out, "among the first 10 (recall@10)")[0] == "0.750"
    assert cells(found.out, "at most: in any of the right articles") == ["1.000", "1.000", "to", "1.000", "1"]
    assert cells(found.out, "gold")[:2] == ["1", "1.000"]
    assert cells(found.out, "silver")[:2] == ["1", "1.000"]
    assert "--html FILE shows each" in found.out
    assert max(map(len, found.out.splitlines())) <= 100


def test_each_question_stands_in_the_json(newsdesk: Callable[..., Outcome], questions: Path) -> None:
    """With its rank, what stood first, and what became of it; a rank that there is not is null."""
    found = newsdesk("eval", questions, "--json")
    assert (found.status, found.err) == (0, "")
    value = json.loads(found.out)
    assert (value["questions"], value["of"], value["articles"], value["comparison"]) == (5, 5, 4, {})
    (configuration,) = value["configurations"]
    outcomes = configuration["outcomes"]
    assert [each["line"] for each in outcomes] == [1, 2, 3, 4, 5]
    assert [each["rank"] for each in outcomes][:2] == [1, 1]
    assert outcomes[2]["rank"] > 1
    assert [each["rank"] for each in outcomes][3:] == [None, None]
    assert outcomes[0]["first"]["title"] == "The ferry today"
    assert outcomes[2]["right"]["address"] == "https://harbour.example/harvest"
    assert outcomes[2]["right"]["rank"] == outcomes[2]["rank"]
    assert outcomes[0]["asked"] == "2024-02-06"
    assert configuration["sections"]["ranking"]["recall@1"]["mean"] == 0.5
    assert configuration["sections"]["ranking"]["recall@1"]["questions"] == 4


def test_two_configurations_stand_side_by_side(newsdesk: Callable[..., Outcome], questions: Path) -> None:
    """The first as set, the second with what is compared; each measure with its difference and test."""
    found = newsdesk("eval", questions, "--set", f"{ONE}=0.5", "--compare", f"{OTHER}=0", "--compare", f"{ONE}=0")
    assert found.status == 0
    assert f"A: {ONE}=0.5\nB: {OTHER}=0, {ONE}=0\n" in found.out
    row = cells(found.out, "recall@1 ")
    assert row[:2] == ["0.500", "0.500"]
    assert row[-3] == "1.000"
    assert row[-2] == row[-1]  # as many questions better as worse
    value = json.loads(newsdesk("eval", questions, "--compare", f"{ONE}=0", "--json").out)
    assert [each["name"] for each in value["configurations"]] == ["the usual weights", f"{ONE}=0"]
    assert value["comparison"]["recall@1"]["questions"] == 4


def test_weights_are_really_set(
    newsdesk: Callable[..., Outcome], questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is compared changes what is set, not what is usual."""
    given: list[object] = []

    def noted(archive: object, known: object, weights: list[object], **rest: object) -> object:
        given.extend(weights)
        return measure(archive, known, weights, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(evaluating, "measure", noted)
    newsdesk("eval", questions, "--set", f"{ONE}=0.5,{OTHER}=2", "--compare", f"{OTHER}=0")
    first = replace(Weights(), **{ONE: 0.5, OTHER: 2.0})
    assert given == [first, replace(first, **{OTHER: 0.0})]
    assert first != Weights()


def test_a_page_is_written(newsdesk: Callable[..., Outcome], questions: Path, tmp_path: Path) -> None:
    """And the table says where it is."""
    found = newsdesk("eval", questions, "--html", "misses.html")
    assert found.status == 0
    assert "questions missed; misses.html shows each beside what was found:" in found.out
    page = (tmp_path / "misses.html").read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "Who owns the zeppelin?" in page
    assert "The right article is not" not in page


def test_feedback_is_measured(newsdesk: Callable[..., Outcome], tmp_path: Path) -> None:
    """A yes is a question with a right article; a no is one whose article should not answer again."""
    (tmp_path / "feedback.csv").write_text(
        "question,helpful,address,answer,reason,asked\n"
        "What news did the ferry make?,yes,https://harbour.example/ferry,,,2024-02-06\n"
        "The tram of Port Ellery made news on Monday?,no,https://harbour.example/tram,,old,2024-02-07\n"
    )
    found = newsdesk("eval", "feedback.csv")
    assert found.status == 0
    assert found.out.startswith("2 questions of feedback.csv")
    assert cells(found.out, "it stands first (recall@1)") == ["1.000", "1.000", "to", "1.000", "1"]
    assert cells(found.out, "still from a rejected article") == ["1.000", "1.000", "to", "1.000", "1"]


def test_some_questions_years_later(newsdesk: Callable[..., Outcome], questions: Path) -> None:
    """As the heading says."""
    found = newsdesk("eval", questions, "--limit", "2", "--years-later", "3")
    assert found.out.startswith("2 questions of questions.jsonl, 3 years after their day, asked of 4 articles\n")
    assert cells(found.out, "it stands first (recall@1)")[-1] == "2"


def test_nothing_missed_is_said(newsdesk: Callable[..., Outcome], tmp_path: Path) -> None:
    """Where every right article stands first and nothing is wrongly said."""
    row = {"question": "the ferry of Port Ellery made news on Monday, the mayor said", "relevant": ["ferry.md"]}
    (tmp_path / "one.jsonl").write_text(json.dumps(row))
    assert newsdesk("eval", "one.jsonl").out.endswith("\nNothing was missed.\n")


def test_a_stopped_evaluation_shows_what_it_has(
    newsdesk: Callable[..., Outcome], questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the questions asked so far, and the status of an interrupted command; with none there is nothing to show."""

    def stopped(after: int) -> Callable[..., Iterator[object]]:
        def measured(*args: object, **rest: object) -> Iterator[object]:
            for at, outcomes in enumerate(measure(*args, **rest)):  # type: ignore[arg-type]
                if at == after:
                    raise KeyboardInterrupt
                yield outcomes

        return measured

    monkeypatch.setattr(evaluating, "measure", stopped(2))
    found = newsdesk("eval", questions, "--html", "some.html")
    assert found.status == 130
    assert found.out.startswith("2 of 5 questions of questions.jsonl, asked of 4 articles\n")
    assert "Stopped after 2 of 5 questions: the figures are of these." in found.out
    assert cells(found.out, "it stands first (recall@1)")[-1] == "2"
    monkeypatch.setattr(evaluating, "measure", stopped(0))
    nothing = newsdesk("eval", questions)
    assert (nothing.status, nothing.out) == (130, "")
    assert nothing.err.lstrip() == "newsdesk: stopped; what was done so far is kept\n"


def test_an_error_on_the_way_loses_nothing(
    newsdesk: Callable[..., Outcome], questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figures of the questions asked before it are shown, with what happened, and the status is an error's."""

    def busy(*args: object, **rest: object) -> Iterator[object]:
        yield next(measure(*args, **rest))  # type: ignore[arg-type]
        raise ArchiveBusy("archive is being brought up to date; ask again in a moment")

    monkeypatch.setattr(evaluating, "measure", busy)
    found = newsdesk("eval", questions)
    assert found.status == 2
    assert "Stopped after 1 of 5 questions (archive is being brought up to date; ask again in a moment)" in found.out
    assert cells(found.out, "it stands first (recall@1)")[-1] == "1"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere.jsonl"], "File 'nowhere.jsonl' does not exist; see newsdesk eval --help"),
        (
            ["questions.jsonl", "--set", "speed=9"],
            f"'speed=9' sets nothing: write NAME=VALUE, with one of {fields(Weights)[0].name}=",
        ),
        (["questions.jsonl", "--compare", f"{ONE}=much"], f"{ONE}=much: it must be a number"),
        (["questions.jsonl", "--form", "undated"], "questions.jsonl line 1 has no undated: choose another field"),
        (["questions.jsonl", "--relevant", "linked"], "questions.jsonl says of no question what is right: add linked"),
        (["questions.jsonl", "--html", "no/such/page.html"], "--html no/such/page.html: there is no folder"),
        (["undated.jsonl", "--years-later", "3"], "--years-later needs the day that questions were asked on"),
        (["questions.jsonl", "--archive", "elsewhere"], "no archive in elsewhere; make one with: newsdesk sync PATH"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    newsdesk: Callable[..., Outcome], questions: Path, words: list[str], message: str
) -> None:
    """Before anything is asked, with status 2 and what to do."""
    (questions.parent / "undated.jsonl").write_text('{"question": "Who won?", "relevant": []}\n')
    found = newsdesk("eval", *words)
    assert (found.status, found.out) == (2, "")
    assert found.err.startswith("newsdesk: ")
    assert message in found.err
    assert found.err.count("\n") == 1
