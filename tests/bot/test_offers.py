"""What is offered inline, by worked examples."""

from __future__ import annotations

from datetime import date

import pytest
from fakes import FakeArchive, article

from bot.markup import units, visible
from bot.offers import MOST, Offer, offers, page
from bot.texts import Texts

TEXTS = Texts.load()


def test_an_answer_is_offered_once() -> None:
    """First; its article is not offered again as a passage."""
    reply = FakeArchive().ask("Who accompanied Netanyahu?", k=MOST)
    found = offers(reply, TEXTS)
    assert [offer.key for offer in found] == ["answer", "2", "3", "4", "5", "6"]
    assert [offer.title for offer in found].count("Talks in Moscow") == 1


def test_a_passage_is_quoted_with_its_citation() -> None:
    """Folded, with what it is chosen by in plain words."""
    reply = FakeArchive().ask("exhibition", k=MOST)
    assert offers(reply, TEXTS) == (
        Offer(
            key="2",
            title="Museum opens",
            description=(
                "Harbour Post · 30 January 2018 · The mayor opened the exhibition on Friday. Netanyahu sent a letter."
            ),
            html=(
                "<blockquote expandable>The mayor opened the exhibition on Friday. Netanyahu sent a letter."
                "</blockquote>\nMuseum opens · Harbour Post · 30 January 2018"
            ),
        ),
    )


@pytest.mark.parametrize(
    ("asked", "begins"), [(date(2018, 2, 1), "Zeev"), (date(2019, 2, 1), "As of 30 January 2018:")]
)
def test_an_old_answer_says_so(asked: date, begins: str) -> None:
    """Half a year after its article."""
    reply = FakeArchive(tells_age=True).ask("Who accompanied Netanyahu?", asked=asked, k=MOST)
    assert visible(offers(reply, TEXTS)[0].html).startswith(begins)


def test_what_is_long_or_missing_is_offered_all_the_same() -> None:
    """A headline is cut to a line, the words to two; what has no headline is called so."""
    long = article("Ferry\n" * 100, "The ferry was late. " * 500, source="<b>", published=None, url=None)
    nameless = article("", "A ferry came.", source=None, published=None, url=None)
    cut, bare = offers(FakeArchive(articles=[long, nameless]).ask("ferry", k=MOST), TEXTS)
    assert cut.title == "Ferry " * 15 + "Ferry…"
    assert cut.description == "<b> · " + "The ferry was late. " * 5 + "The ferry was late.…"
    assert units(visible(cut.html)) < 4096
    assert "&lt;b&gt;" in cut.html
    assert (bare.title, bare.description) == ("Untitled", "A ferry came.")


def test_pages_follow_one_another() -> None:
    """Ten offers on each; the last tells of no other."""
    found = [Offer(key=str(number), title="t", description="d", html="h") for number in range(20)]
    assert page(found, 0) == (found[:10], "10")
    assert page(found, 10) == (found[10:], None)
    assert page(found, 25) == ([], None)
