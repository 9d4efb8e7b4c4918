"""What a fused score is, and what stands first."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from toys import ToyEncoder, ToyReader, article

from index import Archive
from index.query import MOST_WORDS
from index.retrieval import normalised

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TODAY = date(2026, 1, 1)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.open(tmp_path / "archive", encoder=ToyEncoder(), reader=ToyReader(), create=True) as opened:
        yield opened


def test_a_lexical_score_is_a_share_of_the_most_there_could_be() -> None:
    """Words of idf 2 and 3 could give 2.2 times 5; what is above that, by rounding, is 1."""
    rarity = {("a",): 2.0, ("b",): 3.0}
    assert normalised({1: 5.5, 2: 12.0}, rarity) == {1: pytest.approx(0.5), 2: 1.0}


def test_one_hit_an_article_and_the_best_first(archive: Archive) -> None:
    """An article whose every passage matches takes one place, and the one that matches best is first."""
    long = " ".join(f"The harbour of Orle was dredged in year {year}." for year in range(1900, 1990))
    archive.add([article(long, path="long"), article("The ferry to Orle was late.", path="ferry")])
    hits = archive.search("Was the ferry to Orle late?")
    assert [hit.article.key.path for hit in hits] == ["ferry", "long"]
    assert hits[0].score > hits[1].score


def test_among_like_articles_the_newer_is_first_and_asking_earlier_does_not_hide_it(archive: Archive) -> None:
    """The day of asking moves the lean to the recent, not what is found."""
    body = "The ferry to Orle was late."
    archive.add([article(body, path=str(year), published=date(year, 5, 1)) for year in (2012, 2024, 2018)])
    orders = {date(2026, 1, 1): ["2024", "2018", "2012"], date(2019, 1, 1): ["2018", "2012", "2024"]}
    for asked, order in orders.items():
        assert [hit.article.key.path for hit in archive.search("late ferry", asked=asked)] == order
    assert [hit.article.key.path for hit in archive.search("late ferry")] == ["2024", "2018", "2012"]


def test_a_named_month_brings_its_article_to_the_top_and_hides_no_other(archive: Archive) -> None:
    """The order really changes; the words that say when are not searched for."""
    days = [date(2018, 1, 30), date(2018, 2, 6), date(2025, 6, 1)]
    archive.add(
        [article(f"The ferry to Orle was late {at}.", path=str(at), published=day) for at, day in enumerate(days)]
    )
    archive.add([article("January 2018 was cold.", path="cold", published=date(2018, 1, 2))])
    for question, first in (
        ("late ferry", "2"),
        ("late ferry in January 2018", "0"),
        ("паром ferry в январе 2018", "0"),
    ):
        found = archive.find(question, asked=TODAY)
        assert found.hits[0].article.key.path == first
        assert {hit.article.key.path for hit in found.hits} >= {"0", "1", "2"}
        assert not {term for word in found.rarity for term in word} & {"januari", "2018"}


def test_what_the_question_speaks_of_is_looked_for_among_its_days(archive: Archive) -> None:
    """Though hundreds of others say more, an article of the days named is found, and none is found twice."""
    others = [article(f"Ferry ferry late late {at}.", path=f"o{at}", published=date(2020, 1, 1)) for at in range(400)]
    few = [
        article(f"The boat, a ferry, was late {at}.", path=f"f{at}", published=date(2015, 5, 1 + at)) for at in range(3)
    ]
    archive.add([*others, *few])
    found = archive.find("late ferry in May 2015", asked=TODAY, k=3)
    assert {hit.article.key.path for hit in found.hits} == {"f0", "f1", "f2"}
    ids = [hit.passage.id for hit in archive.find("late ferry", asked=TODAY, k=500).passages]
    assert len(ids) == len(set(ids))


def test_a_long_text_is_searched_by_its_rarest_words(archive: Archive) -> None:
    """Of hundreds of words those are kept that fewest passages hold."""
    words = [f"word{chr(97 + at // 26)}{chr(97 + at % 26)}" for at in range(200)]
    archive.add([article(" ".join(words) + ".", path=str(at)) for at in range(3)])
    archive.add([article("Anselm Kottke rowed.", path="kottke")])
    rarity = archive.find(f"{' '.join(words)} Kottke", asked=TODAY).rarity
    assert len(rarity) == MOST_WORDS
    assert max(rarity, key=rarity.__getitem__) == ("kottk",)


def test_a_word_that_no_article_holds_counts_against_all(archive: Archive) -> None:
    """It is the rarest of all, and lowers the share that any passage can reach."""
    archive.add([article("The mayor spoke.", path="a"), article("The ferry was late.", path="b")])
    known = archive.search("the mayor")[0].bm25
    assert archive.search("the mayor zorblax")[0].bm25 < known


@pytest.mark.parametrize("question", ["", "  \n", "\ud800"])
def test_nothing_asked_finds_nothing(archive: Archive, question: str) -> None:
    """Neither spaces nor half a character is a question."""
    archive.add([article("The ferry was late.")])
    found = archive.find(question, asked=TODAY)
    assert (found.question, found.passages, found.hits, dict(found.rarity)) == (question, (), (), {})


def test_signs_alone_are_searched_by_meaning(archive: Archive) -> None:
    """A question without a word has no lexical score."""
    archive.add([article("The ferry was late.", path="a"), article("??? !!!", path="b")])
    found = archive.find("???", asked=TODAY)
    assert found.hits[0].article.key.path == "b"
    assert {hit.bm25 for hit in found.passages} == {0.0}


def test_parts_of_a_hit_are_what_brute_force_gives(archive: Archive) -> None:
    """Its cosine is the encoder's own; the rarity of a word is that of BM25: ln(1 + (n - k + .5) / (k + .5))."""
    bodies = [f"{'Ferry' if at < 5 else 'Mayor'} {at} {'of Orle' if at < 10 else 'elsewhere'}." for at in range(40)]
    archive.add([article(body, title="", path=str(at)) for at, body in enumerate(bodies)])
    found = archive.find("Orle ferry zorblax", asked=TODAY)
    holding = {"orl": 10, "ferri": 5, "zorblax": 0}
    expected = {word: math.log(1 + (40 - count + 0.5) / (count + 0.5)) for word, count in holding.items()}
    rarity = {word[0]: weight for word, weight in found.rarity.items()}  # an unknown word has the keys of a name too
    assert rarity == pytest.approx(expected, rel=0.03)  # the index holds one document more, its own mark
    assert list(rarity) == list(holding)
    toy = ToyEncoder()
    for hit in found.hits:
        vector = toy.encode_passages([hit.passage.text])[0]
        assert hit.cosine == pytest.approx(float(vector @ toy.encode_question("Orle ferry zorblax")), abs=1e-5)
        assert 0 <= hit.bm25 <= 1


def test_a_word_of_many_passages_is_not_searched_for(archive: Archive) -> None:
    """What more than a quarter of the passages hold tells few apart; it is known of the question all the same."""
    bodies = [
        f"{'Ferry' if at < 20 else 'Mayor'} {at} {'of Orle' if at in (3, 30) else 'elsewhere'}." for at in range(40)
    ]
    archive.add([article(body, title="", path=str(at)) for at, body in enumerate(bodies)])
    found = archive.find("Orle ferry", asked=TODAY, k=40)
    assert set(found.rarity) == {("orl",), ("ferri",)}
    assert {hit.article.key.path for hit in found.passages if hit.bm25 > 0} == {"3", "30"}
    alone = {hit.article.key.path: hit.bm25 for hit in archive.find("Orle", asked=TODAY, k=40).passages}
    assert {hit.article.key.path: hit.bm25 for hit in found.passages} == pytest.approx(alone)


def test_a_question_of_common_words_alone_is_searched(archive: Archive) -> None:
    """Where all its words are in many passages, they are what there is."""
    archive.add([article(f"Ferry {at}.", title="", path=str(at)) for at in range(9)])
    archive.add([article("Mayor.", title="", path="mayor")])
    found = archive.find("ferry", asked=TODAY)
    assert {hit.article.key.path for hit in found.passages if hit.bm25 > 0} == {str(at) for at in range(9)}


def test_an_article_of_a_later_day_than_today_is_not_found(archive: Archive) -> None:
    """Whatever day is asked for; one of today and one without a day are."""
    today = datetime.now().astimezone().date()
    days = {"yesterday": today - timedelta(1), "today": today, "tomorrow": today + timedelta(2), "never": None}
    archive.add([article("The ferry was late.", path=path, published=day) for path, day in days.items()])
    for asked in (today, today + timedelta(9), TODAY):
        found = archive.find("ferry", asked=asked)
        paths = {hit.article.key.path for hit in (*found.hits, *found.passages)}
        assert paths == {"yesterday", "today", "never"}


def test_only_so_many_are_given(archive: Archive) -> None:
    """The best k stories, and all of their passages that were found for the reader of answers."""
    names = ("Anna", "Berta", "Clara", "Dora", "Emma", "Frida", "Greta")
    bodies = [" ".join(f"The ferry {name} was mended in {year}." for year in range(1900, 1990)) for name in names]
    archive.add([article(body, path=str(at)) for at, body in enumerate(bodies)])
    found = archive.find("ferry", asked=TODAY, k=3)
    assert len(found.hits) == 3
    assert len(found.passages) > 6
    assert {hit.article.key for hit in found.passages} == {hit.article.key for hit in found.hits}
    assert [hit.score for hit in found.passages] == sorted((hit.score for hit in found.passages), reverse=True)


def test_an_article_is_found_under_its_headline(archive: Archive) -> None:
    """What stands in the headline alone counts for its passages."""
    archive.add([article("It was late.", title="Ferry", path="a"), article("It was late.", title="Tax", path="b")])
    hits = archive.search("ferry")
    assert [(hit.article.title, hit.bm25 > 0) for hit in hits] == [("Ferry", True), ("Tax", False)]
