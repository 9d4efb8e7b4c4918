"""What the commands print: every line a worked example."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from toys import article

from bot import report, report_json
from index import Answer, Article, Hit, Passage, Refusal, Reply, Stats, SyncReport

if TYPE_CHECKING:
    import pytest

BODY = "He sailed. Zeev Elkin came along on the ferry.\nThey stayed for hours."
ARTICLE = article(
    BODY,
    title="Talks in\nMoscow",
    published=date(2018, 1, 5),
    source="Harbour Post",
    url="https://harbour.example/a",
    path="b/a.txt",
)
STATS = Stats(
    articles=1234,
    passages=5678,
    sources=(("Harbour Post", 1200), ("", 34)),
    first=date(2017, 3, 2),
    last=date(2026, 9, 22),
    encoder="toy",
    disk=1_560_000,
    last_sync=None,
)


def hit(found: Article = ARTICLE, start: int = 11, end: int = 46, score: float = 0.5) -> Hit:
    """A hit of a slice of an article."""
    return Hit(passage=Passage(id=1, article=found, start=start, end=end), score=score, cosine=0.25, bm25=1 / 3)


def answered(*highlights: tuple[int, int], found: Article = ARTICLE, others: tuple[Hit, ...] = ()) -> Reply:
    """A reply that quotes the second sentence."""
    answer = Answer(hit=hit(found), start=11, end=46, highlights=highlights, confidence=0.876)
    return Reply(question="who came?", answer=answer, hits=(hit(found), *others))


def printed(lines: list[report.Line], capsys: pytest.CaptureFixture[str]) -> str:
    """What is shown where there is no terminal."""
    report.show(lines)
    return capsys.readouterr().out


class Terminal(io.StringIO):
    """Standard output that is a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def on_terminal(lines: list[report.Line], monkeypatch: pytest.MonkeyPatch, width: int) -> str:
    """What is shown in a terminal of so many columns."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    report.show(lines)
    return terminal.getvalue()


def test_an_answer_is_its_sentence_its_article_and_its_confidence(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal each stands whole on its line, and nothing stands behind it."""
    assert printed(report.reply_lines(answered((11, 21))), capsys) == (
        "“Zeev Elkin came along on the ferry.”\n\n"
        "  Talks in Moscow\n  Harbour Post · 5 January 2018\n  https://harbour.example/a\n  confidence 88%\n"
    )


def test_more_passages_are_numbered_below_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    """The answer's own passage is not repeated; an article without an address is named by its file."""
    other = hit(article("Apples.", title="Harvest", path="c.txt"), 0, 7)
    assert printed(report.reply_lines(answered(others=(other,))), capsys).endswith(
        "confidence 88%\n\nMore passages:\n\n 1. Harvest\n    /articles/c.txt\n    Apples.\n"
    )


def test_no_answer_names_the_closest_articles(capsys: pytest.CaptureFixture[str]) -> None:
    """All hits stand below the words that say so."""
    lines = report.reply_lines(Reply(question="?", answer=None, hits=(hit(),)))
    assert printed(lines, capsys) == (
        "The archive does not say.\n\nClosest articles:\n\n 1. Talks in Moscow\n    Harbour Post · 5 January 2018\n"
        "    https://harbour.example/a\n    Zeev Elkin came along on the ferry.\n"
    )


def test_an_empty_archive_does_not_say_and_names_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """There is one line."""
    lines = report.reply_lines(Reply(question="?", answer=None, hits=()))
    assert printed(lines, capsys) == "The archive does not say.\n"


def test_what_matters_is_bold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Highlights are spans of the body, in any order, and may overlap; the rest of the quote is not bold."""
    text = on_terminal(report.reply_lines(answered((40, 45), (11, 15), (13, 21))), monkeypatch, 90)
    assert text.splitlines()[0] == ("“\x1b[1mZeev\x1b[0m\x1b[1m Elkin\x1b[0m came along on the \x1b[1mferry\x1b[0m.”")


def test_a_terminal_wraps_words_and_never_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrapped rows stand under the first; an address wider than the terminal is one line."""
    address = "https://harbour.example/2018/01/30/a-long-address-of-an-article"
    found = replace(ARTICLE, url=address)
    text = on_terminal(report.hit_lines(1, hit(found)), monkeypatch, 24)
    plain = [line.replace("\x1b[0m", "") for line in text.splitlines()]
    for code in ("\x1b[1m", "\x1b[2m", "\x1b[4m"):
        plain = [line.replace(code, "") for line in plain]
    assert plain == [
        " 1. Talks in Moscow",
        "    Harbour Post · 5",
        "    January 2018",
        f"    {address}",
        "    Zeev Elkin came",
        "    along on the ferry.",
    ]


def test_a_quote_of_two_lines_is_two_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """A line break inside a quote stays."""
    answer = Answer(hit=hit(), start=11, end=69, highlights=(), confidence=1.0)
    lines = report.reply_lines(Reply(question="?", answer=answer, hits=(hit(),)))
    first, second = printed(lines, capsys).splitlines()[:2]
    assert (first, second) == ("“Zeev Elkin came along on the ferry.", "They stayed for hours.”")


def test_a_long_passage_is_previewed() -> None:
    """It is cut after the last word that fits 240 characters."""
    body = "word " * 100
    (_, preview) = report.hit_lines(3, hit(article(body), 0, len(body)))[-1]
    assert preview.plain == "word " * 47 + "word …"


def test_nothing_of_an_article_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Escape codes and marks that turn the direction of text are left out, and bold stays in its place."""
    found = article(
        "He sailed. \x1b[31mZeev\u202e came to us, on the ferry!", title="\x1b]0;x\x07Hi", url="http://\x9bx"
    )
    text = printed(report.reply_lines(answered((11, 20), found=found)), capsys)
    assert "“[31mZeev came" in text
    assert "]0;xHi" in text
    assert "http://x" in text
    assert not any(char in text for char in "\x1b\x07\x9b\u202e")


def test_an_article_without_anything_still_has_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    """No headline, no date, no source, no path below its root."""
    found = article("Apples.", title=" ", path="", root="/articles/one.txt")
    text = printed(report.hit_lines(12, hit(found, 0, 7)), capsys)
    assert text == "12. Without a headline\n    /articles/one.txt\n    Apples.\n"


def test_a_list_of_passages_has_a_blank_line_between_them(capsys: pytest.CaptureFixture[str]) -> None:
    """None before the first or behind the last; an empty list is a sentence."""
    found = article("Apples.", title="Harvest", path="c.txt")
    block = "Harvest\n    /articles/c.txt\n    Apples.\n"
    text = printed(report.hits_lines((hit(found, 0, 7), hit(found, 0, 7))), capsys)
    assert text == f" 1. {block}\n 2. {block}"
    assert printed(report.hits_lines(()), capsys) == "Nothing in the archive is near that.\n"


def test_figures_are_grouped_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    """The moment of the last sync is local time."""
    moment = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
    assert printed(report.stats_lines(replace(STATS, last_sync=moment)), capsys).splitlines() == [
        "articles    1,234",
        "passages    5,678",
        "sources     Harbour Post (1,200), unnamed (34)",
        "dates       2 March 2017 to 22 September 2026",
        "encoder     toy",
        "on disk     1.6 MB",
        f"last sync   {moment.astimezone():%Y-%m-%d %H:%M}",
    ]


def test_an_empty_archive_has_figures_too(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is said to be nothing."""
    empty = replace(STATS, articles=0, passages=0, sources=(), first=None, last=None, encoder="", disk=0)
    values = [line[12:] for line in printed(report.stats_lines(empty), capsys).splitlines()]
    assert values == ["0", "0", "none", "none", "none yet", "0.0 MB", "never"]


def test_five_sources_are_named_and_the_rest_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """Of seven sources two are not named."""
    many = replace(STATS, sources=tuple((name, 1) for name in "abcdefg"))
    text = printed(report.stats_lines(many), capsys)
    assert "sources     a (1), b (1), c (1), d (1), e (1) and 2 more\n" in text


def test_a_sync_ends_with_its_counts(capsys: pytest.CaptureFixture[str]) -> None:
    """What was refused stands above, each with its reason on its own line, safe to print."""
    refused = (Refusal(path="a.txt", reason="it is empty"), Refusal(path="[b]\x1b.json", reason="broken at\nline 3"))
    outcome = SyncReport(added=1234, changed=0, unchanged=5, removed=1, refused=refused, seconds=2.0)
    assert printed(report.sync_lines(outcome), capsys).splitlines() == [
        "refused: a.txt: it is empty",
        "refused: [b].json: broken at line 3",
        "",
        "added           1,234",
        "changed             0",
        "unchanged           5",
        "removed             1",
        "refused             2",
    ]
    assert printed(report.sync_lines(replace(outcome, refused=())), capsys).startswith("added")


def test_days_are_words() -> None:
    """No zero stands before the day."""
    assert (report.day(date(2018, 1, 5)), report.day(None)) == ("5 January 2018", "no date")


def test_the_objects_offsets_slice_the_body() -> None:
    """An answer's and a passage's offsets are into the article's body; figures are rounded to four places."""
    found = json.loads(report_json.reply_json(answered((11, 21))))
    answer, passage = found["answer"], found["passages"][0]
    assert BODY[answer["start"] : answer["end"]] == answer["quote"] == "Zeev Elkin came along on the ferry."
    assert BODY[passage["start"] : passage["end"]] == passage["text"]
    assert (answer["highlights"], answer["confidence"]) == ([[11, 21]], 0.876)
    assert (passage["score"], passage["cosine"], passage["bm25"]) == (0.5, 0.25, 0.3333)
    assert found["question"] == "who came?"
    assert answer["article"] == passage["article"]
    assert answer["article"] == {
        "title": "Talks in\nMoscow",
        "published": "2018-01-05",
        "source": "Harbour Post",
        "author": None,
        "url": "https://harbour.example/a",
        "language": "en",
        "file": "/articles/b/a.txt",
        "id": "",
    }


def test_no_answer_is_null() -> None:
    """An article without a date has null there; other scripts stand as they are."""
    reply = Reply(question="кто?", answer=None, hits=(hit(article("Яблоки.")),))
    text = report_json.reply_json(reply)
    found = json.loads(text)
    assert "кто?" in text
    assert found["answer"] is None
    assert found["passages"][0]["article"]["published"] is None


def test_a_search_is_its_question_and_passages() -> None:
    """The object has both, and no passages where there are none."""
    assert json.loads(report_json.hits_json("q", ())) == {"question": "q", "passages": []}
    assert [each["start"] for each in json.loads(report_json.hits_json("q", (hit(),)))["passages"]] == [11]


def test_figures_are_an_object() -> None:
    """Dates are ISO 8601, or null."""
    moment = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
    found = json.loads(report_json.stats_json(replace(STATS, last_sync=moment)))
    assert found == {
        "articles": 1234,
        "passages": 5678,
        "sources": [{"name": "Harbour Post", "articles": 1200}, {"name": "", "articles": 34}],
        "first": "2017-03-02",
        "last": "2026-09-22",
        "encoder": "toy",
        "disk": 1_560_000,
        "last_sync": "2026-11-22T12:30:00+00:00",
    }
    bare = json.loads(report_json.stats_json(replace(STATS, first=None, last=None)))
    assert (bare["first"], bare["last"], bare["last_sync"]) == (None, None, None)


def test_a_syncs_outcome_is_an_object() -> None:
    """Counts, refusals by path, and seconds to two places."""
    refused = (Refusal(path="a.txt", reason="it is empty"),)
    outcome = SyncReport(added=1, changed=2, unchanged=3, removed=4, refused=refused, seconds=1.23456)
    assert report_json.sync_json(outcome) == {
        "added": 1,
        "changed": 2,
        "unchanged": 3,
        "removed": 4,
        "refused": [{"path": "a.txt", "reason": "it is empty"}],
        "seconds": 1.23,
    }


def test_an_old_answer_and_who_else_reported_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Of which day it is stands first; others that tell the story are named below their article."""
    also = (replace(ARTICLE, source="Wire", published=date(2018, 2, 1)), replace(ARTICLE, source=None, published=None))
    found = answered()
    assert found.answer is not None
    shown = replace(found.answer.hit, also=also)
    reply = replace(found, answer=replace(found.answer, hit=shown), hits=(shown, shown), asked=date(2050, 1, 1))
    lines = printed(report.reply_lines(reply), capsys).splitlines()
    assert lines[0] == f"As of {report.day(ARTICLE.published)}:"
    named = [line.strip() for line in lines if "also reported by" in line]
    assert named == [f"also reported by Wire (1 February 2018); Talks in Moscow ({report.day(None)})"] * 2
    many = replace(shown, also=also * 3)
    lines = printed(report.hits_lines((many,)), capsys).splitlines()
    named = [line.strip() for line in lines if "also reported by" in line]
    wire, talks = "Wire (1 February 2018)", f"Talks in Moscow ({report.day(None)})"
    assert named == [f"also reported by {wire}; {talks}; {wire}; {talks}; and others: 2"]
    value = json.loads(report_json.reply_json(reply))
    assert value["asked"] == "2050-01-01"
    assert [each["source"] for each in value["passages"][0]["also"]] == ["Wire", None]
