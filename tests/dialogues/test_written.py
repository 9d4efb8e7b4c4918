"""The written dialogues: each turn can be answered, and from the articles that it names.

A line of ``en.jsonl``, ``ru.jsonl`` or ``es.jsonl`` is a conversation over index/sample or the news. A turn has its
``text``, whether it ``follows`` (leans on what came before), ``alone``, the same question spelled out, ``answers`` and
``relevant``, all articles that say it, by file name or id. Its ``kind`` says how it leans: the first question is the
``opening``, a ``subject`` is new however much it looks like a follow-up, ``thanks`` and ``greeting`` ask nothing. Even
lines are for tuning, odd ones for what is reported.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from index.evaluation import contains

HERE = Path(__file__).resolve()
PROJECT = HERE.parents[2]
SAMPLE = PROJECT / "index" / "sample"
NEWS = Path(os.environ.get("NEWSDESK_DATA") or PROJECT.parent / "shared" / "data") / "news" / "articles.jsonl"
LEANING = {"pronoun", "ellipsis", "connective", "demonstrative", "noun", "correction"}
SILENT = {"thanks", "greeting"}
DIALOGUES = {
    language: [json.loads(line) for line in HERE.with_name(f"{language}.jsonl").read_text("utf-8").splitlines()]
    for language in ("en", "ru", "es")
}
ALL = [dialogue for dialogues in DIALOGUES.values() for dialogue in dialogues]


def _questions(archive: str) -> list[dict]:
    """The turns over an archive that ask something."""
    turns = [turn for dialogue in ALL if dialogue["archive"] == archive for turn in dialogue["turns"]]
    return [turn for turn in turns if turn["kind"] not in SILENT]


@pytest.fixture(scope="module")
def news() -> dict[str, str]:
    """The texts of the news articles, by id."""
    if not NEWS.is_file():
        pytest.skip(f"no articles in {NEWS}: set NEWSDESK_DATA to the folder of data")
    with NEWS.open(encoding="utf-8") as lines:
        return {article["id"]: article["text"] for article in map(json.loads, lines)}


@pytest.mark.parametrize(("language", "least"), [("en", 60), ("ru", 10), ("es", 10)])
def test_there_are_enough_of_each_language(language: str, least: int) -> None:
    """Half of the English ones at least are over the sample; of later questions a third at least are new subjects."""
    dialogues = DIALOGUES[language]
    assert len(dialogues) >= least
    assert 2 * sum(dialogue["archive"] == "sample" for dialogue in dialogues) >= len(dialogues)
    for half in (dialogues[::2], dialogues[1::2]):
        kinds = [turn["kind"] for dialogue in half for turn in dialogue["turns"]]
        assert 3 * kinds.count("subject") >= kinds.count("subject") + sum(kind in LEANING for kind in kinds)


def test_ids_are_distinct() -> None:
    """Across the languages too."""
    assert len({dialogue["id"] for dialogue in ALL}) == len(ALL)


@pytest.mark.parametrize("dialogue", ALL, ids=lambda dialogue: dialogue["id"])
def test_fields(dialogue: dict) -> None:
    """Two to four turns; what leans is spelled out otherwise, and the first question leans on nothing."""
    assert dialogue.keys() == {"id", "archive", "turns"}
    assert dialogue["archive"] in {"sample", "news"}
    assert 2 <= len(dialogue["turns"]) <= 4
    kinds = [turn["kind"] for turn in dialogue["turns"]]
    assert next(kind for kind in kinds if kind not in SILENT) == "opening"
    assert kinds.count("opening") == 1
    for turn in dialogue["turns"]:
        assert turn.keys() == {"text", "kind", "follows", "alone", "relevant", "answers"}
        assert turn["kind"] in LEANING | SILENT | {"opening", "subject"}
        assert turn["follows"] is (turn["kind"] in LEANING)
        assert turn["text"]
        assert turn["alone"]
        assert turn["alone"] != turn["text"] or not turn["follows"]
        asks = turn["kind"] not in SILENT
        assert [bool(turn["relevant"]), bool(turn["answers"])] == [asks, asks]


@pytest.mark.parametrize("turn", _questions("sample"), ids=lambda turn: turn["alone"])
def test_the_sample_holds_the_answers(turn: dict) -> None:
    """Each relevant file is there and holds an answer in its body."""
    for name in turn["relevant"]:
        assert contains((SAMPLE / name).read_text("utf-8").split("---\n", 2)[2], turn["answers"]), name


def test_the_news_hold_the_answers(news: dict[str, str]) -> None:
    """Each relevant article is there and holds an answer."""
    asked = [(turn, each) for turn in _questions("news") for each in turn["relevant"]]
    assert [(turn["alone"], each) for turn, each in asked if not contains(news[each], turn["answers"])] == []
