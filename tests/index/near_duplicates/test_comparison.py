"""One story told again is one; another in the same words is another; and it does not matter who is asked first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
import templates
import variants
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import article

from index.near_duplicates import DAYS, Text, is_one_story, may_be_one_story, signature_of

TELLINGS = [(language, name) for language in variants.LANGUAGES for name in variants.variants("en")]


@pytest.mark.parametrize(("language", "name"), TELLINGS)
def test_a_story_told_again_is_one_story(language: str, name: str) -> None:
    """Cut, gone on with, signed by another, shortened, with two numbers put right, also when it says so."""
    first, again = Text.of(variants.original(language)), Text.of(variants.variants(language)[name])
    assert is_one_story(first, again)
    assert is_one_story(again, first)
    assert may_be_one_story(signature_of(first), signature_of(again))


def test_of_all_pairs_of_one_template_none_is_one_story() -> None:
    """Results, weather, prices, short and long, in four languages: 480 pairs that differ in names, numbers and days."""
    pairs = list(templates.pairs(20))
    assert len(pairs) == 480
    assert [(one.key.path, other.key.path) for one, other in pairs if is_one_story(Text.of(one), Text.of(other))] == []


def test_templates_are_alike_enough_to_be_compared() -> None:
    """The test above says something: most pairs of long ones share more than the share that makes copies of a story."""
    long = [pair for pair in templates.pairs(20) if "long" in pair[0].key.path]
    shares = []
    for one, other in ((Text.of(one), Text.of(other)) for one, other in long):
        shorter = min(len(one.shingles), len(other.shingles))
        shares.append(len(one.shingles & other.shingles) / shorter)
    assert sum(share >= 0.8 for share in shares) > len(shares) / 2


@pytest.mark.parametrize("language", templates.LANGUAGES)
@pytest.mark.parametrize("kind", range(templates.KINDS))
def test_a_template_stays_apart_under_one_headline(language: str, kind: int) -> None:
    """Every pair of twelve long articles of one day, when their headlines say nothing."""
    texts = [
        Text.of(replace(templates.article_from(kind, language, seed, long=True), title="", published=variants.DAY))
        for seed in range(12)
    ]
    assert [pair for pair in combinations(range(12), 2) if is_one_story(*(texts[at] for at in pair))] == []


@pytest.mark.parametrize("language", templates.LANGUAGES)
def test_a_note_of_correction_does_not_join_what_is_apart(language: str) -> None:
    """A corrected result is of its own match, not of another one in the same words."""
    for kind in range(templates.KINDS):
        for seed in range(10):
            one, other = (templates.article_from(kind, language, 2 * seed + at, long=True) for at in (0, 1))
            corrected = variants.variants(language)["corrected"].body.rstrip().rpartition("\n")[2]
            noted = Text.of(replace(other, body=f"{other.body}\n{corrected}\n"))
            assert noted.correction
            assert not is_one_story(Text.of(one), noted)


def test_other_news_of_the_same_place_is_another_story() -> None:
    """Half of the paragraphs are those of an earlier story, as background; what is new comes before them."""
    paragraphs = variants.original("en").body.split("\n\n")
    news = (
        "The county council of Calder Valley chose Erik Lund on Friday to head its new fund for repairs, by 21 "
        "votes to 8.\n\n"
        "Lund, a builder from Bexley, said that the first grants would be paid in March, and that schools came "
        "first.\n\n"
        "His rival Petra Voss had asked for a board of five. She called the vote hasty, and will ask the court to "
        "look at it.\n\n"
        "The fund starts with 9 million crowns from the county and as much from the Coastal Bank, which Lund once "
        "served."
    )
    background = "\n\n".join(paragraphs[:3])
    one = Text.of(variants.original("en"))
    other = Text.of(article(f"{news}\n\n{background}", title="Lund to head fund for repairs", published=variants.DAY))
    assert len(one.shingles & other.shingles) > 0.4 * len(other.shingles)
    assert not is_one_story(one, other)


@pytest.mark.parametrize(("days", "expected"), [(0, True), (DAYS, True), (DAYS + 1, False)])
def test_a_story_lasts_some_days(days: int, *, expected: bool) -> None:
    """The same words later tell of something else; the day of an article without one is not known to be another."""
    first = variants.original("en")
    later = replace(first, published=variants.DAY + timedelta(days=days), title="Another headline about the Orrin")
    assert is_one_story(Text.of(first), Text.of(later)) is expected
    assert is_one_story(Text.of(first), Text.of(replace(later, published=None)))


def test_a_line_is_one_story_with_the_same_line_under_the_same_headline() -> None:
    """A caption, or what stands where an article could not be read, says nothing without its headline."""
    line = "The mayor spoke to reporters in front of the town hall on Monday."
    one, same, other = (Text.of(article(line, title=title)) for title in ("Mayor speaks", "Mayor speaks", "A fire"))
    assert is_one_story(one, same)
    assert not is_one_story(one, other)
    assert not is_one_story(one, Text.of(article(f"{line} He left soon.", title="Mayor speaks")))


def test_what_a_page_says_instead_of_its_article_joins_nothing() -> None:
    """The same notice under headlines that it does not speak of, under none, and under its own first words."""
    notice = (
        "We use small files to keep you signed in and to learn what is read. You may refuse those that are not needed; "
        "then some films will not play. Your choice is kept for half a year, and can be changed below at any time."
    )
    titles = ("Harbour bridge reopens", "Teachers strike in Linden", "", "We use small files")
    texts = [Text.of(article(notice, title=title, published=variants.DAY)) for title in titles]
    assert [pair for pair in combinations(range(4), 2) if is_one_story(*(texts[at] for at in pair))] == []


def test_an_empty_body_is_compared_by_its_headline() -> None:
    """It has no sentence, and is no reason to fail."""
    one, other = Text.of(article("", title="One")), Text.of(article("...", title="One"))
    assert one.sentences == ()
    assert is_one_story(one, other)
    assert not is_one_story(one, Text.of(article("", title="Two")))


POOL = [
    *(variants.original(language) for language in variants.LANGUAGES),
    *(each for language in variants.LANGUAGES for each in variants.variants(language).values()),
    *(each for pair in templates.pairs(1) for each in pair),
    article("Short.", published=date(2020, 1, 1)),
]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(POOL), st.sampled_from(POOL))
def test_who_is_asked_first_does_not_matter(one: object, other: object) -> None:
    """Neither for the comparison nor for what is compared before it; and every article is one story with itself."""
    texts = [Text.of(each) for each in (one, other)]  # type: ignore[arg-type]
    assert is_one_story(texts[0], texts[1]) == is_one_story(texts[1], texts[0])
    signatures = [signature_of(text) for text in texts]
    assert may_be_one_story(*signatures) == may_be_one_story(*reversed(signatures))
    assert is_one_story(texts[0], texts[0])
    if is_one_story(*texts):
        assert may_be_one_story(*signatures)
