"""The article in a page copied from a browser."""

from __future__ import annotations

import os
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.sources.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).resolve()
PROJECT = HERE.parents[3]
PAGES = sorted(path for path in (HERE.parents[1] / "pages").glob("*.txt") if not path.stem.endswith(".expected"))
SEED = Path(os.environ.get("NEWSDESK_DATA", PROJECT.parent / "shared" / "data")) / "seed"


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _f1(found: str, expected: str) -> float:
    """Token F1 of two texts as bags of words."""
    left, right = Counter(_words(found)), Counter(_words(expected))
    return 2 * (left & right).total() / (left.total() + right.total())


@pytest.fixture
def seed() -> str:
    """The page that this project began with."""
    files = sorted(SEED.glob("*.txt"))
    if not files:
        pytest.skip(f"no page in {SEED}: set NEWSDESK_DATA to the folder of data")
    return files[0].read_text("utf-8")


def test_there_are_twelve_pages() -> None:
    """The pages are where the tests look for them."""
    assert len(PAGES) == 12


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_pages(take: Callable, page: Path) -> None:
    """From each copied page come its headline, exactly, and its article with a token F1 of .95 at least."""
    title, _, body = plain(page.with_name(f"{page.stem}.expected.txt").read_text("utf-8")).partition("\n\n")
    (article,), _ = take("page.txt", page.read_bytes())
    assert article.title == title
    assert _f1(article.body, body) >= 0.95
    assert article.language == page.stem[:2]


def test_seed(take: Callable, seed: str) -> None:
    """From the seed come the headline and the paragraphs, from the first to the last, and nothing else."""
    (article,), _ = take("seed.txt", seed)
    lines = [line.strip() for line in plain(seed).split("\n") if line.strip()]
    repeated = next(at for at, line in enumerate(lines) if line == lines[at - 1])
    credit = next(at for at, line in enumerate(lines) if line.startswith("With reporting"))
    assert article.title == lines[repeated - 2]
    assert article.body == "\n\n".join(lines[repeated + 1 : credit])


def test_seed_is_not_learnt_by_heart(seed: str) -> None:
    """No three words in a row of the seed stand in the code that cleans, no four in any code, no six in the sample."""
    index = PROJECT / "index"
    files = {path: 3 if path.parent.name == "sources" else 4 for path in index.rglob("*.py")}
    files |= dict.fromkeys((index / "sample").glob("*.md"), 6)
    words = _words(seed)
    for path, count in files.items():
        runs = {tuple(words[at : at + count]) for at in range(len(words) - count + 1)}
        own = _words(path.read_text("utf-8"))
        shared = [run for at in range(len(own)) if (run := tuple(own[at : at + count])) in runs]
        assert not shared, path


CLEAN = """Ferry returns

The ferry sailed again on Monday.

What next

It will make four crossings a day, said the council, which had promised six.
"We shall see," said a fisherman

- more boats
- fewer cars"""


def test_a_clean_text_comes_out_whole(take: Callable) -> None:
    """A text without furniture loses nothing, its last lines and headings included."""
    (article,), _ = take("a.txt", CLEAN)
    assert article.title == "Ferry returns"
    assert article.body.split("\n\n") == [line for line in CLEAN.split("\n")[1:] if line]


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("Ferry\n\nIt sailed again.", "Ferry", "It sailed again."),
        ("It sailed again on Monday.", "It sailed again on Monday.", "It sailed again on Monday."),
        ("Did it sail?\n\nIt did so.", "Did it sail?", "It did so."),
        ("Ferry sails again | Harbour Post\n\nIt did so.", "Ferry sails again", "It did so."),
    ],
)
def test_short_texts(take: Callable, text: str, title: str, body: str) -> None:
    """The shortest articles are articles."""
    (article,), _ = take("a.txt", text)
    assert (article.title, article.body) == (title, body)


@pytest.mark.parametrize(
    "text", ["Home\nNews\nSport\nLog in", "hello", "Subscribe\n\nWe use cookies on this page.", "§"]
)
def test_pages_without_an_article(take: Callable, text: str) -> None:
    """A page of furniture alone is refused."""
    articles, (refusal,) = take("a.txt", text)
    assert not articles
    assert refusal.reason == "no article in it"


BODY = """The car ferry linking Skerrow with the island of Wath sailed again on Monday after more than two years.

The council said the repairs had cost three million, almost twice what had been estimated when they began.

"There were weeks last January when nothing moved at all," said Ailsa Drummond, who runs the only shop."""


def _page(head: str = "", tail: str = "", title: str = "Wath ferry sails again after two years") -> str:
    return f"Menu\nLog in\n\n{title}\n\n{head}\n\n{BODY}\n\n{tail}\n\nShare\nFacebook\n© 2024 Harbour Post"


def test_day_and_author(take: Callable) -> None:
    """A byline and a date under the headline are the article's, where there is but one of each."""
    (article,), _ = take("a.txt", _page("By Ann Lee and Bob Ray\nMarch 14, 2024 10:05"))
    assert (article.author, article.published) == ("Ann Lee and Bob Ray", date(2024, 3, 14))
    assert (article.title, article.body) == ("Wath ferry sails again after two years", BODY)
    (article,), _ = take("a.txt", _page("By Ann Lee\nBy Bob Ray\nMarch 14, 2024\n15.03.2024"))
    assert (article.author, article.published) == (None, None)
    (article,), _ = take("a.txt", f"Ferry returns\nBy Ann Lee\n14 March 2024\n\n{BODY}")
    assert (article.author, article.published, article.body) == ("Ann Lee", date(2024, 3, 14), BODY)


def test_source_from_the_title_line(take: Callable) -> None:
    """A title line that ends with the outlet's name gives the source, and the headline without it."""
    (article,), _ = take("a.txt", _page(title="Wath ferry sails again after two years | Harbour Post"))
    assert (article.title, article.source) == ("Wath ferry sails again after two years", "Harbour Post")


@pytest.mark.parametrize(
    "head",
    [
        "The ferry at the pier\nThe ferry at the pier. Photo: Tom Garrity",
        "Caption\nThe ferry at the pier on a cold Monday.",
        "[Image: the ferry at the pier]",
        "The ferry at the pier of Skerrow. POST/Tom Garrity",
    ],
)
def test_captions_are_not_the_article(take: Callable, head: str) -> None:
    """A caption that is said twice, announced, in brackets or credited is left out."""
    (article,), _ = take("a.txt", _page(head))
    assert article.body == BODY


@pytest.mark.parametrize(
    "tail",
    [
        "Read also: How the ferry was lost",
        "Related\nHow the ferry was lost\nA history of piers",
        "Additional reporting by Tom Garrity in Skerrow; editing by Ruth Cole",
        "Sign up for our newsletter and get the news of the islands in your inbox every day.",
        "Comments (2)\nBazza\nI was there and it was very cold that morning on the quay.\nReply",
        "Tags: ferry, Wath, Skerrow",
        "The shop\nWatch video\n1:12",
    ],
)
def test_furniture_after_the_article(take: Callable, tail: str) -> None:
    """Nothing that follows the article is of it, even if it is a sentence."""
    (article,), _ = take("a.txt", _page(tail=tail))
    assert article.body == BODY


def test_furniture_inside_the_article(take: Callable) -> None:
    """Links, invitations, a quote pulled out and the headline again are left out between paragraphs."""
    first, second, third = BODY.split("\n\n")
    fourth = "The sheep farmer Tom Garrity had kept sixty lambs on the island all autumn, as no boat would take them."
    links = "Read more\nHow the ferry was lost"
    offer = "Our newsletter\nAll of it, daily.\nSubscribe"
    quote = "There were weeks last January when nothing moved at all"
    head = "Menu\nLog in\n\nWath ferry sails again"
    parts = [head, first, links, second, offer, third, quote, "Wath ferry sails again", fourth]
    page = "\n\n".join(parts)
    (article,), _ = take("a.txt", page)
    assert article.body == f"{first}\n\n{second}\n\n{third}\n\n{fourth}"


def test_a_page_without_a_headline(take: Callable) -> None:
    """Where no line is a headline, the article's opening is its title."""
    (article,), _ = take("a.txt", f"Menu\nLog in\nSubscribe\n{BODY}\nShare\nFacebook")
    assert article.body == BODY
    assert article.title.startswith("The car ferry linking Skerrow")
