"""What a fused score is, and what stands first."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import ToyEncoder, article

from index import Archive
from index.retrieval import MOST_WORDS, Weights, fuse, normalised
from index.store.catalog import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TODAY = date(2026, 1, 1)
PLAIN = Weights(dense=0.5, recency=0.0)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.open(tmp_path / "archive", encoder=ToyEncoder(), create=True) as opened:
        yield opened


def place(number: int, published: date | None = None) -> Place:
    """A passage's place in article ``number``."""
    return Place(article=number, published=published)


def test_a_fused_score_is_the_weighted_sum_over_the_largest_sum() -> None:
    """0.4 lexical and 0.6 cosine at half weight are 0.7 of 1.5."""
    (score,) = fuse({1: place(1)}, {1: 0.6}, {1: 0.4}, TODAY, PLAIN).values()
    assert score == pytest.approx((0.4 + 0.5 * 0.6) / 1.5)


def test_an_article_has_the_best_of_its_passages_in_each_search() -> None:
    """Its best passage gets the best lexical score and the best cosine, which are of two passages here."""
    places = {1: place(1), 2: place(1)}
    scores = fuse(places, {1: 0.2, 2: 0.8}, {1: 0.9, 2: 0.1}, TODAY, PLAIN)
    whole = 0.9 + 0.5 * 0.8
    assert scores[1] == pytest.approx(whole / 1.5)
    assert scores[2] == pytest.approx((whole - ((0.9 + 0.1) - (0.1 + 0.4))) / 1.5)


def test_recency_multiplies_and_fades_to_a_share_of_e_in_its_years() -> None:
    """Of two like passages, one as old as the fading time keeps 1/e of what today's one gains."""
    weights = Weights(dense=0.0, recency=1.0, fading=8.0)
    old = date(2018, 1, 1)
    scores = fuse({1: place(1, TODAY), 2: place(2, old)}, {1: 0.0, 2: 0.0}, {1: 0.6, 2: 0.6}, TODAY, weights)
    assert scores[1] == pytest.approx(0.6 * 2 / 2)
    assert scores[2] == pytest.approx(0.6 * (1 + math.exp(-(TODAY - old).days / 365.25 / 8)) / 2)


def test_an_article_that_says_little_does_not_gain_by_being_new() -> None:
    """Twenty years do not put a passage with a third of the words before one with all of them."""
    places = {1: place(1, TODAY), 2: place(2, date(2006, 1, 1))}
    scores = fuse(places, {1: 0.2, 2: 0.6}, {1: 0.25, 2: 0.9}, TODAY, Weights())
    assert scores[2] > scores[1]


def test_an_article_without_a_date_is_neither_lost_nor_favoured() -> None:
    """It counts as old as the middle one of the others."""
    days = [date(2010, 1, 1), date(2018, 1, 1), date(2025, 1, 1), None]
    places = {at: place(at, day) for at, day in enumerate(days)}
    scores = fuse(places, dict.fromkeys(places, 0.5), {}, TODAY, Weights())
    assert scores[0] < scores[1] == scores[3] < scores[2]


def test_an_article_dated_after_the_question_is_of_today() -> None:
    """The future is no more recent than the day of asking."""
    scores = fuse({1: place(1, TODAY), 2: place(2, date(2030, 1, 1))}, {1: 0.1, 2: 0.1}, {}, TODAY, Weights())
    assert scores[1] == scores[2]


def test_nothing_found_has_no_scores() -> None:
    """No candidates, no scores; no words, no lexical scores."""
    assert fuse({}, {}, {}, TODAY, Weights()) == {}
    assert normalised({1: 3.0}, {}) == {}


def test_a_lexical_score_is_a_share_of_the_most_there_could_be() -> None:
    """Words of idf 2 and 3 could give 2.2 times 5; what is above that, by rounding, is 1."""
    rarity = {("a",): 2.0, ("b",): 3.0}
    assert normalised({1: 5.5, 2: 12.0}, rarity) == {1: pytest.approx(0.5), 2: 1.0}


@given(
    st.dictionaries(
        st.integers(1, 50),
        st.tuples(st.integers(1, 5), st.floats(-1, 1), st.floats(0, 1), st.dates(date(1900, 1, 1), date(2040, 1, 1))),
    )
)
def test_scores_are_shares_and_do_not_depend_on_order(rows: dict[int, tuple[int, float, float, date]]) -> None:
    """Whatever is found, scores lie in [0, 1], and the order in which it was found changes nothing."""
    places = {at: place(number, day) for at, (number, _, _, day) in rows.items()}
    cosines = {at: cosine for at, (_, cosine, _, _) in rows.items()}
    bm25 = {at: score for at, (_, _, score, _) in rows.items()}
    scores = fuse(places, cosines, bm25, TODAY, Weights())
    assert all(0 <= score <= 1 for score in scores.values())
    backwards = fuse(dict(reversed(places.items())), cosines, bm25, TODAY, Weights())
    assert backwards == pytest.approx(scores)


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
    for asked in (date(2026, 1, 1), date(2019, 1, 1)):
        paths = [hit.article.key.path for hit in archive.search("late ferry", asked=asked)]
        assert paths[-1] == "2012"
        assert sorted(paths) == ["2012", "2018", "2024"]
    assert [hit.article.key.path for hit in archive.search("late ferry")] == ["2024", "2018", "2012"]


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
    holding = {("orl",): 10, ("ferri",): 5, ("zorblax",): 0}
    expected = {word: math.log(1 + (40 - count + 0.5) / (count + 0.5)) for word, count in holding.items()}
    assert dict(found.rarity) == pytest.approx(expected, rel=0.03)  # the index holds one document more, its own mark
    assert list(found.rarity) == list(holding)
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
    found = archive.find("Orle ferry", asked=TODAY)
    assert set(found.rarity) == {("orl",), ("ferri",)}
    assert {hit.article.key.path for hit in found.passages if hit.bm25 > 0} == {"3", "30"}
    alone = {hit.article.key.path: hit.bm25 for hit in archive.find("Orle", asked=TODAY).passages}
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
    """The best k articles; all passages stay for the reader of answers."""
    archive.add([article(f"The ferry {at} was late.", path=str(at)) for at in range(7)])
    found = archive.find("ferry", asked=TODAY, k=3)
    assert len(found.hits) == 3
    assert len(found.passages) == 7
    assert [hit.score for hit in found.passages] == sorted((hit.score for hit in found.passages), reverse=True)
    assert found.hits == found.passages[:3]


def test_an_article_is_found_under_its_headline(archive: Archive) -> None:
    """What stands in the headline alone counts for its passages."""
    archive.add([article("It was late.", title="Ferry", path="a"), article("It was late.", title="Tax", path="b")])
    hits = archive.search("ferry")
    assert [(hit.article.title, hit.bm25 > 0) for hit in hits] == [("Ferry", True), ("Tax", False)]
