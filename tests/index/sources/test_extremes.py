"""Articles of one word and of millions, and text that keeps patterns busy."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from index.domain import Refusal
from index.sources import Limits, read, walk
from index.sources.dates import day_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHARACTERS = 400_000
MARKDOWN = (
    "[",
    "![",
    "[a](",
    "![](",
    "**a ",
    "_a ",
    "__a ",
    "*a ",
    "~~a ",
    "`a ",
    "<!--",
    "<http:",
    "[^",
    "> ",
    "* ",
    "\\",
)
MARKUP = ("<!--", "<p ", '<a "', "<a x='", "</", "<![", "<script>", "<style>", "&#", "<")
BUSY = {
    "spaces": (".txt", " " * CHARACTERS + "."),
    "a word": (".txt", "It was so.\n" + "a" * CHARACTERS),
    "signs": (".txt", "It was so.\n" + "@" * CHARACTERS),
    "joiners": (".txt", "é" + "\u200d" * CHARACTERS + "é"),
    "marks": (".txt", "a" + "\u0301\u0327" * (CHARACTERS // 2)),
    "bylines": (".txt", "By Ann Lee\nAnn Lee Two\n" * (CHARACTERS // 40)),
    "long lines": (".txt", "\n\n".join(f"It was said by {at} that it came. " * 30 for at in range(CHARACTERS // 1000))),
    "spaces in a heading": (".md", "# a" + " " * CHARACTERS + "b"),
    "signs in a heading": (".md", "x\n\n# a" + "#" * CHARACTERS + "b"),
    "front matter": (".md", "---\n" + "a: b\n" * CHARACTERS + "---\nIt was."),
    "a number": (".json", '{"text": ' + "1" * CHARACTERS + "}"),
    "a nest": (".json", '{"text": ' + "[" * CHARACTERS),
    **{f"Markdown {sign}": (".md", "x\n\n" + sign * (CHARACTERS // len(sign))) for sign in MARKDOWN},
    **{
        f"markup {sign}": (".json", json.dumps({"text": f"<p>{sign * (3 * CHARACTERS // len(sign))}"}))
        for sign in MARKUP
    },
}


@pytest.mark.parametrize(
    "value", ["0001-01-01", date.min, date.max, "9999-12-31", "0000-00-00", "1 January 1", -(10**18)]
)
def test_days_that_no_paper_has_are_none(value: object) -> None:
    """The year 1 and the year 9999 are placeholders of programs."""
    assert day_of(value) is None


def test_a_body_of_one_word_is_an_article(take: Callable) -> None:
    """However short, and a title of its own first words."""
    (article,), _ = take("a.json", '{"text": "Ferry"}')
    assert (article.title, article.body) == ("Ferry", "Ferry")


def test_one_word_of_millions_of_letters(take: Callable) -> None:
    """It is an article, with a title that can be shown."""
    (article,), _ = take("a.json", json.dumps({"text": "a" * 4_000_000}))
    assert len(article.body) == 4_000_000
    assert article.title == "a" * 99 + "…"


def test_five_million_words_are_refused(take: Callable) -> None:
    """More than an article may have, in every format that can hold it."""
    for name, data in (
        ("a.json", json.dumps({"text": "ferry " * 5_000_000})),
        ("a.txt", "ferry " * 5_000_000),
        ("a.md", "ferry " * 5_000_000),
    ):
        articles, refused = take(name, data)
        assert not articles
        assert refused[-1].reason.startswith("over the size limit of ")
        assert " characters a" in refused[-1].reason


def test_a_title_as_long_as_a_text_is_text(take: Callable) -> None:
    """It stands in the body, where it can be found, and its opening is the title."""
    long = "It sailed " * 100
    row = {"title": long, "text": "It came back.", "author": long, "url": "http://a/" + "b" * 3000}
    (article,), _ = take("a.json", json.dumps(row))
    assert article.title.startswith("It sailed It sailed")
    assert len(article.title) <= 100
    assert article.body == f"{long.strip()}\n\nIt came back."
    assert (article.author, article.url) == (None, None)


def test_an_id_of_any_length_tells_articles_apart(take: Callable) -> None:
    """Long ids are kept as something short that differs as they do."""
    rows = [{"id": "a" * 9000 + end, "text": "It sailed."} for end in "bcb"]
    articles, (refusal,) = take("a.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    assert [len(article.key.id) for article in articles] == [32, 32]
    assert refusal.reason.startswith("an earlier row has the same id")


@pytest.mark.parametrize("kind", BUSY)
def test_nothing_takes_the_square_of_its_length(tmp_path: Path, kind: str) -> None:
    """Text that keeps patterns busy is read, or refused for what it is, well within the time of a document."""
    suffix, text = BUSY[kind]
    (tmp_path / f"a{suffix}").write_text(text, "utf-8")
    (found,) = walk([tmp_path])
    items = list(read(found, limits=Limits(seconds=12)))
    assert items
    assert not any("took longer" in item.reason for item in items if isinstance(item, Refusal))
