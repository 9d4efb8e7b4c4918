"""Stories: the same from the same articles, in whatever order they came and went, and nothing left of what is gone."""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
import templates
import variants
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toys import article

from index import near_duplicates
from index.errors import ArchiveDamaged
from index.near_duplicates import Text, is_one_story
from index.store import stories
from index.store.catalog import Catalog
from index.store.checksums import digest
from index.store.stories import UNDATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from index import Article

VECTOR = np.ones((1, 4), dtype=np.float32) / 2

SECTIONS = [
    " ".join("".join(chance.choices("abdegiklmnorstuv", k=chance.randint(2, 9))) for _ in range(40)).capitalize() + "."
    for chance in map(random.Random, range(14))
]
"""Sentences that have nothing in common."""


def drifting(at: int) -> Article:
    """The article of a chain in which each is one story with the next, and none with the next but one."""
    return article(
        "\n\n".join(SECTIONS[at : at + 9]),
        title="Harbours report",
        path=f"drift/{at}",
        published=date(2022, 1, 1) + timedelta(days=at),
    )


POOL = [
    *(variants.original(language) for language in ("en", "zh")),
    *(each for language in ("en", "zh") for each in variants.variants(language).values()),
    *(drifting(at) for at in range(5)),
    *(replace(drifting(at), key=replace(drifting(at).key, path=f"copy/{at}")) for at in (1, 3)),
    *(templates.article_from(1, "en", seed, long=True) for seed in range(3)),
    replace(variants.original("en"), key=replace(variants.original("en").key, path="undated"), published=None),
    replace(drifting(2), key=replace(drifting(2).key, path="undated/2"), published=None),
    article("Short.", path="short"),
    article("Short.", path="short again"),
]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """An empty catalog."""
    with closing(Catalog.open(tmp_path / "archive.db")) as opened:
        yield opened


def put(catalog: Catalog, *articles: Article) -> None:
    """Keep articles, each in a change of its own."""
    for one in articles:
        with catalog.change() as seq:
            catalog.put(one, one.key.path, [(0, 1)], [one.key.path.encode()], VECTOR, seq)


def put_in_vain(catalog: Catalog, one: Article) -> float:
    """Keep an article in a change that fails at its end."""
    with catalog.change() as seq:
        catalog.put(one, one.key.path, [(0, 1)], [one.key.path.encode()], VECTOR, seq)
        return seq / 0


def remove(catalog: Catalog, *articles: Article) -> None:
    """Remove articles."""
    with catalog.change() as seq:
        catalog.remove(catalog.article_ids([one.key for one in articles]), seq)


def held(catalog: Catalog) -> set[frozenset[str]]:
    """The stories of a catalog, as sets of paths; each is also what ``story_articles`` says."""
    passages = {passage.id: passage.article for passage in catalog.added_since(0)}
    found: dict[int, set[str]] = {}
    for passage, place in catalog.places(list(passages)).items():
        found.setdefault(place.story, set()).add(passages[passage].key.path)
    for story, numbers in catalog.story_articles(found).items():
        assert {each.key.path for each in catalog.articles_by_id(numbers).values()} == found[story]
        assert len(set(numbers)) == len(numbers)
    return {frozenset(paths) for paths in found.values()}


def expected(articles: Iterable[Article]) -> set[frozenset[str]]:
    """By brute force: in order of day and digest, each article joins the first leader that it is one story with."""
    led: list[tuple[Text, set[str]]] = []
    for one in sorted(articles, key=lambda one: (one.published or date.max, digest(one))):
        text = Text.of(one)
        story = next((paths for leader, paths in led if is_one_story(text, leader)), None)
        if story is None:
            led.append((text, {one.key.path}))
        else:
            story.add(one.key.path)
    return {frozenset(paths) for _, paths in led}


def check_sound(catalog: Catalog) -> None:
    """Every row and bucket is of an article that is there, and as its signature says."""
    kept = list(catalog.stories.all())
    numbers = {row[0] for row in catalog.connection.execute("SELECT id FROM articles")}
    assert {each.article for each in kept} == numbers
    buckets = {(band, each.day, each.article) for each in kept for band in each.signature.bands}
    assert set(catalog.connection.execute("SELECT band, day, article FROM buckets")) == buckets
    assert catalog.stories.leaderless() == []


def test_a_story_told_again_is_found(catalog: Catalog) -> None:
    """All variants of two stories in two languages make two stories; what is from one template stays apart."""
    put(catalog, *POOL[:16])
    assert sorted(len(story) for story in held(catalog)) == [8, 8]
    put(catalog, *(templates.article_from(0, "en", seed, long=True) for seed in range(6)))
    assert sorted(len(story) for story in held(catalog)) == [1] * 6 + [8, 8]
    check_sound(catalog)


def test_a_chain_does_not_make_one_story_of_what_has_drifted(catalog: Catalog) -> None:
    """Each is one story with the next: the first leads the second, the third is too far, and leads the fourth."""
    chain = [drifting(at) for at in range(5)]
    texts = [Text.of(one) for one in chain]
    assert [is_one_story(texts[at], texts[at + 1]) for at in range(4)] == [True] * 4
    assert [is_one_story(texts[at], texts[at + 2]) for at in range(3)] == [False] * 3
    put(catalog, *chain)
    assert held(catalog) == {
        frozenset({"drift/0", "drift/1"}),
        frozenset({"drift/2", "drift/3"}),
        frozenset({"drift/4"}),
    }


def test_where_the_first_goes_the_others_are_settled_again(catalog: Catalog) -> None:
    """What it led is led by the next, which takes what is like it from the story after, and so on down the chain."""
    put(catalog, *(drifting(at) for at in range(5)))
    remove(catalog, drifting(0))
    assert held(catalog) == {frozenset({"drift/1", "drift/2"}), frozenset({"drift/3", "drift/4"})}
    put(catalog, drifting(0))
    assert held(catalog) == {
        frozenset({"drift/0", "drift/1"}),
        frozenset({"drift/2", "drift/3"}),
        frozenset({"drift/4"}),
    }
    check_sound(catalog)


def test_where_one_in_the_middle_goes_the_others_stay(catalog: Catalog) -> None:
    """It led nothing: each of the others is like the first by itself."""
    told = [variants.original("en"), *variants.variants("en").values()]
    put(catalog, *told)
    remove(catalog, *told[2:4])
    assert held(catalog) == {frozenset(one.key.path for one in (*told[:2], *told[4:]))}


def test_a_changed_article_leaves_its_story(catalog: Catalog) -> None:
    """And comes back when it is changed back; its story is found by what it says now."""
    first, copy = variants.original("en"), variants.variants("en")["byline"]
    put(catalog, first, copy)
    put(catalog, replace(copy, body=variants.original("ru").body))
    assert len(held(catalog)) == 2
    put(catalog, replace(first, body=variants.original("ru").body, title=copy.title))
    assert len(held(catalog)) == 1
    put(catalog, first, copy)
    assert len(held(catalog)) == 1
    check_sound(catalog)


OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from(POOL), st.sampled_from(POOL)),
        st.tuples(st.just("remove"), st.sampled_from(POOL), st.just(POOL[0])),
    ),
    min_size=4,
    max_size=24,
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(OPERATIONS)
def test_stories_follow_from_what_is_there(
    tmp_path_factory: pytest.TempPathFactory, operations: list[tuple[str, Article, Article]]
) -> None:
    """However articles came, changed into others and went: the stories are those that brute force finds.

    A change gives an article the text and the day of another, under its own key.
    """
    there: dict[str, Article] = {}
    with closing(Catalog.open(tmp_path_factory.mktemp("any") / "archive.db")) as catalog:
        catalog.connection.execute("PRAGMA synchronous = OFF")
        for what, one, other in operations:
            if what == "put":
                there[one.key.path] = replace(other, key=one.key)
                put(catalog, there[one.key.path])
            elif there.pop(one.key.path, None):
                remove(catalog, one)
        assert held(catalog) == expected(there.values())
        check_sound(catalog)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(POOL))
def test_the_order_of_coming_does_not_matter(tmp_path_factory: pytest.TempPathFactory, order: list[Article]) -> None:
    """All of the articles in any order, in one change, make the stories that brute force finds."""
    with closing(Catalog.open(tmp_path_factory.mktemp("order") / "archive.db")) as catalog:
        catalog.connection.execute("PRAGMA synchronous = OFF")
        with catalog.change() as seq:
            for one in order:
                catalog.put(one, one.key.path, [(0, 1)], [one.key.path.encode()], VECTOR, seq)
        assert held(catalog) == expected(POOL)


def test_the_newest_correct_version_is_shown_first(catalog: Catalog) -> None:
    """The correction, then the newest, of one day the longest, and last what has no day."""
    first, again = variants.original("en"), variants.variants("en")
    days = {"byline": 0, "updated": 2, "lead cut": 2, "corrected": 1, "two numbers": 3}
    told = [replace(again[name], published=variants.DAY + timedelta(days=day)) for name, day in days.items()]
    undated = replace(first, key=replace(first.key, path="undated"), published=None)
    put(catalog, first, *told, undated)
    (numbers,) = catalog.story_articles([catalog.places([1])[1].story]).values()
    paths = [one.key.path.rpartition("/")[2] for one in catalog.articles_by_id(numbers).values()]
    assert paths == ["corrected", "two numbers", "updated", "lead cut", "byline", "original", "undated"]


def test_an_article_without_a_story_yet_is_its_own(catalog: Catalog) -> None:
    """As in an archive that an older newsdesk wrote; of those it says which they are, by number."""
    put(catalog, *POOL[:4])
    with catalog.change():
        catalog.stories.clear()
    numbers = [number for (number,) in catalog.connection.execute("SELECT id FROM articles ORDER BY id")]
    assert {place.story for place in catalog.places(range(1, 9)).values()} == set(numbers)
    assert catalog.story_articles(numbers) == {number: (number,) for number in numbers}
    assert catalog.stories.missing(0, 3) == numbers[:3]
    assert catalog.stories.missing(numbers[2], 3) == numbers[3:]
    with catalog.change():
        catalog.find_stories(numbers)
    assert catalog.stories.missing(0, 3) == []
    assert held(catalog) == expected(POOL[:4])


def test_stories_by_another_version_of_signatures_are_forgotten(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the first article that is added by the new one; they would be compared with what cannot be compared."""
    put(catalog, *POOL[:3])
    monkeypatch.setattr("index.store.catalog.VERSION", "another")
    put(catalog, POOL[3])
    assert [each.article for each in catalog.stories.all()] == [4]
    assert catalog.stories.missing(0, 9) == [1, 2, 3]
    assert catalog.get("stories") == "another"


def test_nothing_is_left_of_what_is_removed(tmp_path: Path, catalog: Catalog) -> None:
    """Neither a row nor a bucket, nor the bytes of its signature in the file: they are made from its text."""
    put(catalog, *POOL[:3])
    (gone,) = [each for each in catalog.stories.all() if each.article == 2]
    remove(catalog, POOL[1])
    assert {each.article for each in catalog.stories.all()} == {1, 3}
    assert catalog.connection.execute("SELECT COUNT(*) FROM buckets WHERE article = 2").fetchone() == (0,)
    assert catalog.checkpoint()
    data = (tmp_path / "archive.db").read_bytes()
    assert gone.signature.minima not in data
    assert gone.signature.facts not in data
    assert next(catalog.stories.all()).signature.minima in data


def test_what_is_undone_leaves_nothing_behind(catalog: Catalog) -> None:
    """A number given in a change that failed is given again: what was held of it is not taken for the other."""
    fails = replace(variants.original("ru"), key=variants.original("en").key)
    with pytest.raises(ZeroDivisionError):
        put_in_vain(catalog, fails)
    assert catalog.count("articles") == 0
    put(catalog, variants.original("en"), variants.variants("en")["updated"])
    assert [len(story) for story in held(catalog)] == [2]


def test_a_damaged_story_is_told_where_it_is_read(catalog: Catalog) -> None:
    """A like article is added, or the story settled: the error names the article and the command that mends it."""
    put(catalog, POOL[0])
    catalog.connection.execute("UPDATE stories SET facts = zeroblob(4)")
    with pytest.raises(ArchiveDamaged, match=r"the story of article 1 in archive\.db is damaged; run: newsdesk repair"):
        put(catalog, POOL[2])
    assert catalog.count("articles") == 1


def test_a_story_of_no_article_is_told_where_its_text_is_read(catalog: Catalog) -> None:
    """Its row is sound, and the article's is gone."""
    put(catalog, POOL[0], drifting(0))
    catalog.stories._texts.clear()  # noqa: SLF001 - as in a process that has just begun
    for table in ("passages", "articles"):
        catalog.connection.execute(f"DELETE FROM {table} WHERE {'article' if table == 'passages' else 'id'} = 1")  # noqa: S608
    with pytest.raises(ArchiveDamaged, match=r"a story is of no article \(1\); run: newsdesk repair"):
        put(catalog, POOL[2])


def test_an_article_whose_story_is_damaged_can_be_removed(catalog: Catalog) -> None:
    """Its buckets are found by its number, where its signature does not say which they are."""
    put(catalog, POOL[0], drifting(0))
    catalog.connection.execute("UPDATE stories SET minima = zeroblob(384) WHERE article = 1")
    remove(catalog, POOL[0])
    check_sound(catalog)
    assert catalog.count("articles") == 1


def test_few_texts_are_held(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many articles there are; those that are compared again and again are read once."""
    monkeypatch.setattr(stories, "_HELD", 3)
    put(catalog, *POOL[:8])
    assert len(catalog.stories._texts) == 3  # noqa: SLF001 - memory is what this is about
    assert held(catalog) == expected(POOL[:8])


def test_a_season_of_one_template_is_not_read_side_by_side(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred results share buckets, and are told apart by their signatures: hardly any pair is read."""
    read: list[int] = []
    compare = near_duplicates.is_one_story

    def counting(one: Text, other: Text) -> bool:
        read.append(1)
        return compare(one, other)

    monkeypatch.setattr(stories, "is_one_story", counting)
    put(catalog, *(templates.article_from(0, "en", seed) for seed in range(100)))
    assert len(held(catalog)) == 100
    assert len(read) < 100 * 99 / 2 / 20


def test_days_are_compared_where_both_are_known(catalog: Catalog) -> None:
    """The same text a month later is another story; without a day it is of the first."""
    first = variants.original("en")
    later = replace(first, key=replace(first.key, path="later"), published=variants.DAY + timedelta(days=30))
    undated = replace(first, key=replace(first.key, path="undated"), published=None)
    put(catalog, undated, later, first)
    assert held(catalog) == {frozenset({"en/original", "undated"}), frozenset({"later"})}
    assert {each.day for each in catalog.stories.all()} == {
        UNDATED,
        variants.DAY.toordinal(),
        variants.DAY.toordinal() + 30,
    }
