"""JSON, JSON lines and CSV."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from index.domain import Refusal
from index.errors import MappingError
from index.sources import FieldMapping, Limits

if TYPE_CHECKING:
    from collections.abc import Callable

STORY = "The ferry sailed again on Monday. Four hundred islanders had waited two years for it."
ROW = {
    "id": 7,
    "headline": "Ferry returns",
    "body": STORY,
    "date": "2024-03-14T22:10:00+02:00",
    "byline": "Ann Lee",
    "publisher": {"name": "Harbour Post"},
    "link": "https://post.example/ferry",
    "lang": "en-GB",
}


def _lines(*rows: object) -> str:
    return "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", _lines(ROW)),
        ("a.json", json.dumps(ROW)),
        ("a.json", json.dumps([ROW])),
        ("a.json", json.dumps({"articles": [ROW]}, indent=2)),
        ("a.json", _lines(ROW, "") + "\n"),
        ("a.jsonl", "\ufeff" + _lines("", ROW)),
    ],
)
def test_fields_are_found_by_their_aliases(take: Callable, name: str, data: str) -> None:
    """Every field of an article is found under an alias, in every shape of JSON."""
    (article,), refused = take(name, data)
    assert not refused
    assert (article.title, article.body, article.published) == ("Ferry returns", STORY, date(2024, 3, 14))
    assert (article.author, article.source, article.url) == ("Ann Lee", "Harbour Post", "https://post.example/ferry")
    assert (article.language, article.key.path, article.key.id) == ("en", name, "7")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv(take: Callable, delimiter: str, encoding: str) -> None:
    """A table is read whatever separates its columns and however it is encoded; fields may hold line ends."""
    head = delimiter.join(["Title", "Text", "Published", "Authors"])
    row = delimiter.join(["Ferry", '"It sailed.\n\nIt ""came"" back."', "14.03.2024", "Ann Lee"])
    (article,), refused = take("a.csv", f"{head}\r\n{row}\r\n\r\n".encode(encoding))
    assert not refused
    assert (article.title, article.body) == ("Ferry", 'It sailed.\n\nIt "came" back.')
    assert (article.published, article.author) == (date(2024, 3, 14), "Ann Lee")


def test_bad_rows_stop_no_other(take: Callable) -> None:
    """Each bad line is refused with its number and the reason; the good ones are read."""
    deep = "[" * 100_000
    rows = [ROW, "{", {"id": 8}, [1], {**ROW, "id": 9, "text": ""}, ROW, deep, {**ROW, "id": 10, "body": " "}]
    articles, refused = take("a.jsonl", _lines(*rows))
    assert [article.key.id for article in articles] == ["7", "9"]
    assert [refusal.path for refusal in refused] == [f"a.jsonl, line {at}" for at in (2, 3, 4, 6, 7, 8)]
    assert refused[0].reason.startswith("broken JSON: ")
    assert "missing field 'text' or 'body'" in refused[1].reason
    assert refused[1].reason.endswith("it has: id")
    assert refused[2].reason == "not an object with fields"
    assert refused[3].reason == "an earlier row has the same id, '7'"
    assert refused[4].reason == "broken JSON: nested too deep, or a number too long"


def test_bad_rows_of_a_table(take: Callable) -> None:
    """A row with too many columns is refused with the line it begins on; one with too few is read."""
    data = 'id,title,text\n1,A,"It\nwas so."\n2,B,It was so.,what,is\n3,C\n4,D,It was.\n'
    articles, refused = take("a.csv", data)
    assert [article.title for article in articles] == ["A", "D"]
    assert refused == [
        Refusal(path="a.csv, line 4", reason="has 5 columns where the first line names 3"),
        Refusal(path="a.csv, line 5", reason=refused[1].reason),
    ]
    assert refused[1].reason.startswith("missing field")


def test_ids_stay_when_rows_come_and_go(take: Callable) -> None:
    """Without an id, a row's address is its id, else a hash of title and date: rows before it change neither."""
    bare = {"title": "Ferry", "text": STORY, "date": "2024-01-01"}
    linked = {**bare, "url": "https://post.example/a"}
    first, _ = take("a.jsonl", _lines(bare, linked))
    second, _ = take("a.jsonl", _lines({"title": "New", "text": STORY}, linked, bare))
    assert first[1].key.id == "https://post.example/a"
    assert [first[0].key, first[1].key] == [second[2].key, second[1].key]


def test_many_bad_rows_are_counted(take: Callable) -> None:
    """Past a limit, refused rows are counted and not named."""
    _, refused = take("a.jsonl", "{\n" * 50, limits=Limits(refusals=3))
    assert [refusal.path for refusal in refused] == [f"a.jsonl, line {at}" for at in (1, 2, 3)] + ["a.jsonl"]
    assert refused[-1].reason == "47 more rows were refused after those named"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.json", '{"title": "A",\n "text" "B"}', "broken JSON at line 2: Expecting ':' delimiter"),
        ("a.json", "[" * 100_000, "broken JSON: nested too deep, or a number too long"),
        ("a.json", "[]", "no article in it"),
        ("a.json", "3", "not an object with fields"),
        ("a.json", " \n", "empty"),
        ("a.jsonl", "", "empty"),
        ("a.jsonl", "\n\n", "empty"),
        ("a.csv", "", "empty"),
        (
            "a.csv",
            "a,b\n1,2\n",
            "missing column 'text' or 'body' or 'content' or 'article'; the first line names: a, b",
        ),
        ("a.csv", "text\n" + '"' + "x" * 2000, "line 2 is over the size limit of 1,000 characters a line"),
        ("a.csv", "text\n" + '"' + "x\n" * 900, "a broken table near line 502: field larger than field limit (1000)"),
        ("a.csv", "text\n", "no article in it"),
        ("a.jsonl", b"\0\1\2", "not text"),
        ("a.jsonl", b"\xff\xfe{\x00\x00\xd8", "broken, or cut short"),
    ],
)
def test_unreadable_files(take: Callable, name: str, data: bytes | str, reason: str) -> None:
    """A file of rows that cannot be read at all is refused with its path and the reason."""
    articles, (refusal,) = take(name, data, limits=Limits(row_chars=1000))
    assert not articles
    assert refusal.path == name
    assert refusal.reason.startswith(reason)


def test_a_line_that_is_too_long_is_passed_over(take: Callable) -> None:
    """A line over the limit is refused, and the next one read."""
    articles, refused = take("a.jsonl", _lines({**ROW, "body": "x" * 2000}, ROW), limits=Limits(row_chars=500))
    assert [article.key.id for article in articles] == ["7"]
    assert refused == [Refusal(path="a.jsonl, line 1", reason="over the size limit of 500 characters a line")]


def test_rows_in_another_encoding_than_those_before(take: Callable) -> None:
    """Rows that are not UTF-8, far into a file that is, are refused by line, in JSON lines and in tables."""
    good = _lines({**ROW, "body": "x " * 70_000}).encode()
    articles, refused = take("a.jsonl", good + b'{"text": "caf\xe9 was closed."}\n' + _lines({**ROW, "id": 8}).encode())
    assert [article.key.id for article in articles] == ["7", "8"]
    assert refused == [
        Refusal(path="a.jsonl, line 2", reason="not text in the encoding of the lines before it"),
    ]
    table = b"id,text\n1," + b"x " * 70_000 + b"\n2,caf\xe9 was closed.\n"
    articles, refused = take("a.jsonl", table), None
    _, refused = take("b.csv", table)
    assert [refusal.path for refusal in refused if refusal.path.startswith("b")] == ["b.csv, line 3"]


def test_mapping(take: Callable) -> None:
    """A mapping finds fields under other names and inside objects; names with dots come first, as in tables."""
    row = {"hed": "Ferry", "story": {"Body": ["One.", "Two.", 3]}, "meta.day": "2024-01-02", "who": [{"name": "A B"}]}
    mapping = "headline = hed, text=story.Body,published=meta.day,author=who"
    (article,), refused = take("a.jsonl", _lines(row, {"story": 3}), mapping=mapping)
    assert (article.title, article.body, article.author) == ("Ferry", "One.\n\nTwo.", "A B")
    assert article.published == date(2024, 1, 2)
    assert refused[0].reason == "missing field 'story.Body'; it has: story"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("titel=a", "'titel=a' in the mapping is not FIELD=NAME with a field of: id, title, text,"),
        ("title", "is not FIELD=NAME"),
        ("title=", "is not FIELD=NAME"),
        ("title=a,headline=b", "names the field title twice"),
        (" , ", "the mapping is empty"),
    ],
)
def test_bad_mapping_is_an_error(text: str, message: str) -> None:
    """A mapping that names no field, or one twice, is an error that says which fields there are."""
    with pytest.raises(MappingError, match=message):
        FieldMapping.parse(text)


def test_markup_in_fields_is_text(take: Callable) -> None:
    """Tags become paragraphs, scripts go, entities are letters; a lone < stays."""
    rows = [
        {
            "id": 1,
            "title": "A &amp; B",
            "text": "<p>One <b>bold</b>\nword.</p><script>x()</script><p>Two.<br>Three.</p>",
        },
        {"id": 2, "title": "x", "text": "1 < 2 and 3 > 2."},
    ]
    (first, second), _ = take("a.jsonl", _lines(*rows))
    assert (first.title, first.body) == ("A & B", "One bold word.\n\nTwo.\n\nThree.")
    assert second.body == "1 < 2 and 3 > 2."


def test_odd_values_are_nothing(take: Callable) -> None:
    """Values that cannot be a name, an address or a day are left out; a missing title is the article's opening."""
    row = {
        "text": f"{STORY} {STORY}",
        "author": True,
        "source": {"x": 1},
        "url": "javascript:alert(1)",
        "date": {"a": 1},
        "lang": 3,
    }
    (article,), _ = take("a.json", json.dumps(row))
    assert (article.author, article.source, article.url, article.published) == (None, None, None, None)
    assert article.language == "en"
    assert (
        article.title
        == "The ferry sailed again on Monday. Four hundred islanders had waited two years for it. The ferry…"
    )


def test_addresses_must_be_of_the_web(take: Callable) -> None:
    """An address that no browser takes is none."""
    rows = [{"id": at, "text": STORY, "url": url} for at, url in enumerate(["http://[", "ftp://a/b", "https://a b/c"])]
    articles, _ = take("a.json", json.dumps(rows))
    assert [article.url for article in articles] == [None, None, None]
