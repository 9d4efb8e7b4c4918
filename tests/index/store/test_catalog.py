"""The catalog: changes seen whole or not at all, ids used once, passages that are slices, vectors kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toys import article

from index import Article, ArticleKey
from index.errors import ArchiveDamaged, ArchiveError, ArchiveFormat, ArchiveFull
from index.store.catalog import Catalog
from index.store.checksums import digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from index.domain import Span
    from index.encoder import FloatMatrix

BODY = "Rain fell. Ice froze. Sun shone."
SPANS = [(0, 10), (11, 21), (22, 32)]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """An empty catalog."""
    with closing(Catalog.open(tmp_path / "archive.db")) as opened:
        yield opened


def vectors(count: int, seed: int = 0) -> FloatMatrix:
    """Unit vectors of dimension 4."""
    rows = np.random.default_rng(seed).normal(size=(count, 4))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def put(catalog: Catalog, one: Article, spans: Sequence[Span] = ((0, 4),), seed: int = 0) -> list[int]:
    """Keep an article in a change of its own; gives the ids of its passages."""
    prints = [f"{one.key.path} {seed} {at}".encode() for at in range(len(spans))]
    with catalog.change() as seq:
        catalog.put(one, one.key.path, spans, prints, vectors(len(spans), seed), seq)
    return [passage.id for passage in catalog.added_since(seq - 1)]


def test_an_article_comes_back_as_it_was_put(catalog: Catalog) -> None:
    """Every field of an article is kept, also those that are not there."""
    full = article(
        BODY,
        title="Ö 🙂",
        published=date(2020, 2, 29),
        author="Ann",
        source="Wire",
        url="https://example.org/1",
        language="ru",
        id="7",
    )
    bare = Article(key=ArticleKey(root="/r", path=""), title="", body="Text")
    ids = [*put(catalog, full), *put(catalog, bare)]
    found = catalog.passages(ids)
    assert [found[each].article for each in ids] == [full, bare]


def test_a_change_is_seen_whole_or_not_at_all(tmp_path: Path, catalog: Catalog) -> None:
    """Another connection sees nothing of a change until it is committed, then all of it."""
    with closing(Catalog.open(tmp_path / "archive.db")) as reader:
        with catalog.change() as seq:
            for name in ("a.txt", "b.txt"):
                catalog.put(article(BODY, path=name), name, SPANS, [b"1", b"2", b"3"], vectors(3), seq)
                assert (reader.count("articles"), reader.count(), reader.seq) == (0, 0, 0)
        assert (reader.count("articles"), reader.count(), reader.seq) == (2, 6, 1)


def test_a_snapshot_stays_at_its_moment(tmp_path: Path, catalog: Catalog) -> None:
    """What is committed meanwhile is seen after a read transaction, not inside it."""
    with closing(Catalog.open(tmp_path / "archive.db")) as reader:
        with reader.snapshot():
            assert reader.seq == 0
            assert not reader.is_behind()
            put(catalog, article(BODY))
            assert (reader.seq, reader.count()) == (0, 0)
            assert reader.is_behind()
        assert (reader.seq, reader.count()) == (1, 1)
        assert not reader.is_behind()


def _fail(catalog: Catalog, failure: type[BaseException]) -> None:
    with catalog.change() as seq:
        catalog.remove(catalog.article_ids([article(BODY).key]), seq)
        catalog.put(article(BODY, path="b.txt"), "b.txt", [(0, 4)], [b"1"], vectors(1), seq)
        raise failure


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_a_failed_change_leaves_nothing(catalog: Catalog, failure: type[BaseException]) -> None:
    """Whatever ends a change before its end, the archive and its number are as before, and the next change works."""
    put(catalog, article(BODY), SPANS)
    with pytest.raises(failure):
        _fail(catalog, failure)
    assert (catalog.seq, catalog.count("articles"), catalog.count()) == (1, 1, 3)
    assert catalog.removed_since(0) == []
    put(catalog, article(BODY, path="c.txt"))
    assert (catalog.seq, catalog.count("articles")) == (2, 2)


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    """Where there is no room for a change the archive is as before, and usable."""
    path = tmp_path / "archive.db"
    with closing(Catalog.open(path)) as catalog:
        put(catalog, article(BODY), SPANS)
        pages = catalog.connection.execute("PRAGMA page_count").fetchone()[0]
        catalog.connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(ArchiveFull, match=f"no space left for {path}: free some and run the command again"):
            put(catalog, article("long " * 20_000, path="b.txt"))
        assert (catalog.seq, catalog.count("articles"), catalog.count()) == (1, 1, 3)
        with catalog.change():
            catalog.set("encoder", "toy")
        assert (catalog.seq, catalog.get("encoder")) == (2, "toy")


def _orphan(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA defer_foreign_keys = ON")
    connection.execute("INSERT INTO passages VALUES (1, 99, 0, 1, 1, 0)")


def test_a_commit_that_fails_is_rolled_back(tmp_path: Path, catalog: Catalog) -> None:
    """A change that breaks a reference fails as a whole when it ends, and the next change works."""
    with closing(Catalog.open(tmp_path / "archive.db")) as other:
        with pytest.raises(ArchiveError, match="FOREIGN KEY constraint failed"), other.change():
            _orphan(other.connection)
        with other.change():
            other.set("encoder", "toy")
    assert (catalog.seq, catalog.get("encoder"), catalog.count()) == (1, "toy", 0)


def test_the_number_grows_with_every_change(catalog: Catalog) -> None:
    """Changes are numbered 1, 2, 3; facts are kept and replaced."""
    assert catalog.seq == 0
    for expected in (1, 2, 3):
        with catalog.change() as seq:
            assert seq == expected
            catalog.set("encoder", f"toy {seq}")
        assert catalog.seq == expected
    assert (catalog.get("encoder"), catalog.get("unheard of")) == ("toy 3", None)


def test_ids_are_never_used_again(catalog: Catalog) -> None:
    """After a removal, a replacement or an emptied archive, a new passage gets an id that none ever had."""
    ever: set[int] = set()
    for turn in range(4):
        ids = put(catalog, article(f"{BODY} {turn}"), SPANS, seed=turn)
        assert ever.isdisjoint(ids)
        ever.update(ids)
    with catalog.change() as seq:
        catalog.remove(catalog.article_ids([article("").key]), seq)
    assert catalog.count("articles") == catalog.count() == 0
    assert min(put(catalog, article(BODY))) > max(ever)
    assert catalog.passages(sorted(ever)) == {}


def test_an_article_of_the_same_key_is_replaced(catalog: Catalog) -> None:
    """There is one article of a key, with the passages of its last version; those of the first are removed."""
    first = put(catalog, article(BODY, title="Old"), SPANS)
    second = put(catalog, article("New text.", title="New"), [(0, 9)])
    assert (catalog.count("articles"), catalog.count()) == (1, 1)
    assert catalog.passages(second)[second[0]].text == "New text."
    assert sorted(catalog.removed_since(1)) == first
    assert catalog.removed_since(2) == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1), data=st.data()
)
def test_a_passage_is_exactly_its_slice(tmp_path: Path, body: str, data: st.DataObject) -> None:
    """Whatever the characters, a passage's text is the article's body between its offsets."""
    starts = st.integers(0, len(body) - 1)
    spans = data.draw(
        st.lists(starts.flatmap(lambda start: st.tuples(st.just(start), st.integers(start + 1, len(body)))))
    )
    with closing(Catalog.open(tmp_path / "archive.db")) as catalog:
        ids = put(catalog, article(body), spans)
        found = catalog.passages(ids)
        assert [(found[each].start, found[each].end) for each in ids] == spans
        assert [found[each].text for each in ids] == [body[start:end] for start, end in spans]


def test_vectors_are_kept_as_float16(tmp_path: Path, catalog: Catalog) -> None:
    """A vector takes two bytes a number and comes back as float32, by id, by change and by fingerprint."""
    wanted = vectors(3, 5).astype(np.float16).astype(np.float32)
    ids = put(catalog, article(BODY), SPANS, seed=5)
    with closing(sqlite3.connect(tmp_path / "archive.db")) as connection:
        assert [row[0] for row in connection.execute("SELECT LENGTH(vector) FROM vectors_1")] == [8, 8, 8]
    by_id = catalog.vectors.of([*ids, 999])
    assert list(by_id) == ids
    assert np.array_equal(np.stack([by_id[each] for each in ids]), wanted)
    since_ids, since = catalog.vectors.since(0, 4)
    assert (since_ids.tolist(), since.dtype) == (ids, np.float32)
    assert np.array_equal(since, wanted)
    by_print = catalog.vectors.by_print([b"a.txt 5 1", b"never"], 4)
    assert list(by_print) == [b"a.txt 5 1"]
    assert np.array_equal(by_print[b"a.txt 5 1"], wanted[1])


def test_a_vector_of_another_length_is_not_used_again(catalog: Catalog) -> None:
    """A fingerprint whose vector does not have the encoder's dimension counts as never encoded."""
    put(catalog, article(BODY))
    assert catalog.vectors.by_print([b"a.txt 0 0"], 8) == {}


def test_changes_since_a_number_are_those_after_it(catalog: Catalog) -> None:
    """Added and removed passages are listed by the change that added or removed them, in the order of ids."""
    first = put(catalog, article(BODY), SPANS)
    second = put(catalog, article("Text one. Text two.", path="b.txt"), [(0, 9), (10, 19)])
    with catalog.change() as seq:
        catalog.remove(catalog.article_ids([article("").key]), seq)
    assert [passage.id for passage in catalog.added_since(0)] == second
    assert [passage.text for passage in catalog.added_since(1)] == ["Text one.", "Text two."]
    assert list(catalog.added_since(2)) == []
    assert sorted(catalog.removed_since(2)) == first
    assert catalog.removed_since(3) == []
    ids, none = catalog.vectors.since(2, 4)
    assert (ids.tolist(), none.shape) == ([], (0, 4))


def test_passages_of_two_articles_are_not_mixed_up(catalog: Catalog) -> None:
    """Each passage that was added comes with its own article."""
    for name in ("a.txt", "b.txt", "c.txt"):
        put(catalog, article(f"{name} one. {name} two.", path=name), [(0, 10), (11, 21)], seed=ord(name[0]))
    found = [(passage.article.key.path, passage.text) for passage in catalog.added_since(0)]
    assert found == [(name, f"{name} {part}.") for name in ("a.txt", "b.txt", "c.txt") for part in ("one", "two")]


def test_more_ids_than_sqlite_takes_at_once(catalog: Catalog) -> None:
    """Thousands of ids in any order give every passage that exists, and no other."""
    ids = put(catalog, article(BODY), [(0, 4)] * 1203)
    wanted = [*reversed(ids), *range(10_000, 10_900)]
    assert set(catalog.passages(wanted)) == set(catalog.vectors.of(wanted)) == set(catalog.places(wanted)) == set(ids)


def test_the_place_of_a_passage(catalog: Catalog) -> None:
    """Passages have the number and the day of their article, or no day; one that is gone is left out."""
    dated = put(catalog, article(BODY, published=date(2021, 3, 4)), SPANS)
    bare = put(catalog, article(BODY, path="b.txt"))
    found = catalog.places([*dated, *bare, 999])
    days = {passage: place.published for passage, place in found.items()}
    assert days == {**dict.fromkeys(dated, date(2021, 3, 4)), **dict.fromkeys(bare)}
    assert len({found[passage].article for passage in dated}) == 1
    assert found[bare[0]].article != found[dated[0]].article


def test_removing_what_is_not_there_does_nothing(catalog: Catalog) -> None:
    """Unknown keys have no ids, and an unknown id removes nothing."""
    put(catalog, article(BODY))
    assert catalog.article_ids([ArticleKey(root="/articles", path="b.txt")]) == []
    with catalog.change() as seq:
        catalog.remove([99], seq)
    assert (catalog.count(), catalog.removed_since(0)) == (1, [])


def test_a_digest_is_of_all_an_article_says(catalog: Catalog) -> None:
    """Any other field makes another digest; another key does not; the kept one is found by key."""
    base = article(
        BODY, title="T", published=date(2020, 1, 1), author="A", source="S", url="https://example.org", language="en"
    )
    others = [
        replace(base, title="T2"),
        replace(base, body=f"{BODY} "),
        replace(base, published=date(2020, 1, 2)),
        replace(base, published=None),
        replace(base, author=None),
        replace(base, source="A", author="S"),
        replace(base, url=None),
        replace(base, language="de"),
    ]
    assert len({digest(base), *map(digest, others)}) == len(others) + 1
    assert digest(replace(base, key=ArticleKey(root="/x", path="y"))) == digest(base)
    put(catalog, base)
    assert catalog.digest_of(base.key) == digest(base)
    assert catalog.digest_of(ArticleKey(root="/x", path="y")) is None


def test_articles_are_found_by_what_an_editor_calls_them(catalog: Catalog) -> None:
    """An address, an id, a file, a path below the root, a whole path: each finds its articles, and no others."""
    one = article(BODY, path="2018/a.txt", url="https://example.org/a")
    in_zip = article(BODY, path="old.zip!b.txt")
    line = article(BODY, path="", root="/wire.jsonl", id="guid-7")
    with catalog.change() as seq:
        for each, file in ((one, "2018/a.txt"), (in_zip, "old.zip"), (line, "")):
            catalog.put(each, file, [], [], np.empty((0, 4), dtype=np.float32), seq)
    for what, expected in {
        "https://example.org/a": [one],
        "2018/a.txt": [one],
        "/articles/2018/a.txt": [one],
        "old.zip": [in_zip],
        "old.zip!b.txt": [in_zip],
        "guid-7": [line],
        "/wire.jsonl": [line],
        "/articles": [],
        "a.txt": [],
        "%": [],
        "": [],
    }.items():
        assert (catalog.find(what) or catalog.find_named(what)) == [each.key for each in expected], what
    assert catalog.find("/articles/old.zip") == [in_zip.key]
    assert catalog.find("2018/a.txt") == []


def test_the_archive_in_figures(catalog: Catalog) -> None:
    """Sources by number of articles, then by name; first and last day; languages; newest articles first."""
    assert (catalog.sources(), catalog.dates(), catalog.languages(), catalog.newest(5, date.max)) == (
        [],
        (None, None),
        frozenset(),
        [],
    )
    days = {"a": date(2020, 1, 1), "b": date(2022, 5, 6), "c": None, "d": date(2022, 5, 6)}
    for (name, day), source in zip(days.items(), ["Wire", "Echo", "Wire", None], strict=True):
        fields = {"source": source} if source else {}
        put(catalog, article(BODY, path=name, published=day, language="en" if day else "ru", **fields), SPANS)
    assert catalog.sources() == [("Wire", 2), ("", 1), ("Echo", 1)]
    assert catalog.dates() == (date(2020, 1, 1), date(2022, 5, 6))
    assert catalog.languages() == {"en", "ru"}
    newest = catalog.newest(3, date(2022, 5, 6))
    assert [(passage.article.key.path, passage.start) for passage in newest] == [("d", 0), ("b", 0), ("a", 0)]
    earlier = catalog.newest(3, date(2022, 5, 5))
    assert [passage.article.key.path for passage in earlier] == ["a", "c"]


def test_a_checkpoint_empties_the_log(tmp_path: Path, catalog: Catalog) -> None:
    """After a checkpoint the database file alone holds everything."""
    put(catalog, article(BODY), SPANS)
    assert (tmp_path / "archive.db-wal").stat().st_size > 0
    assert catalog.checkpoint()
    assert (tmp_path / "archive.db-wal").stat().st_size == 0
    (tmp_path / "copy.db").write_bytes((tmp_path / "archive.db").read_bytes())
    with closing(Catalog.open(tmp_path / "copy.db")) as copy:
        assert (copy.seq, copy.count()) == (1, 3)


def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    """A folder in the place of the file, or a folder that is not there, is an error for a person."""
    (tmp_path / "archive.db").mkdir()
    for path in (tmp_path / "archive.db", tmp_path / "gone" / "archive.db"):
        with pytest.raises(ArchiveError, match=r"archive\.db cannot be opened: .+ \(unable to open") as caught:
            Catalog.open(path)
        assert not isinstance(caught.value, ArchiveFormat)


def test_a_reader_hinders_a_checkpoint(tmp_path: Path, catalog: Catalog) -> None:
    """While another reads an older moment the log stays, and nobody is told that it is empty."""
    put(catalog, article(BODY))
    catalog.connection.execute("PRAGMA busy_timeout = 10")
    with closing(Catalog.open(tmp_path / "archive.db")) as reader, reader.snapshot():
        assert reader.seq == 1
        put(catalog, article(BODY, path="b.txt"))
        assert not catalog.checkpoint()
    assert catalog.checkpoint()


def test_a_note_is_no_change(catalog: Catalog) -> None:
    """A fact may be kept, or forgotten, without a new number; where that fails, nothing of it is there."""
    with catalog.note():
        catalog.set("last_sync", "now")
    assert (catalog.seq, catalog.get("last_sync")) == (0, "now")
    with pytest.raises(KeyError):
        _note_and_fail(catalog)
    assert catalog.get("last_sync") == "now"
    with catalog.note():
        catalog.forget("last_sync")
    assert catalog.get("last_sync") is None


def _note_and_fail(catalog: Catalog) -> None:
    with catalog.note():
        catalog.set("last_sync", "never")
        raise KeyError


def test_removals_are_forgotten_up_to_a_change(catalog: Catalog) -> None:
    """Later ones stay known; the change that removals are known after is remembered, and never goes back."""
    for name in ("a.txt", "b.txt"):
        put(catalog, article(BODY, path=name), SPANS)
        with catalog.change() as seq:
            catalog.remove(catalog.article_ids([article("", path=name).key]), seq)
    assert (catalog.removals_after, sorted(catalog.removed_since(0))) == (0, [1, 2, 3, 4, 5, 6])
    catalog.trim(1)
    assert (catalog.removals_after, len(catalog.removed_since(0))) == (0, 6)
    catalog.trim(2)
    assert (catalog.removals_after, sorted(catalog.removed_since(2))) == (2, [4, 5, 6])
    catalog.trim(1)
    assert (catalog.removals_after, sorted(catalog.removed_since(2))) == (2, [4, 5, 6])
    assert catalog.seq == 4


def test_an_archive_has_a_name_that_no_other_has(tmp_path: Path, catalog: Catalog) -> None:
    """Two archives are told apart; one keeps its name when it is opened again."""
    with (
        closing(Catalog.open(tmp_path / "archive.db")) as again,
        closing(Catalog.open(tmp_path / "other.db")) as other,
    ):
        assert again.identity == catalog.identity != other.identity


def test_a_database_that_was_put_in_its_place_is_noticed(tmp_path: Path, catalog: Catalog) -> None:
    """The open file counts as gone when its name leads to another, or to none."""
    assert catalog.is_there()
    (tmp_path / "archive.db").rename(tmp_path / "kept.db")
    assert not catalog.is_there()
    Catalog.open(tmp_path / "archive.db").close()
    assert not catalog.is_there()


def test_backups_are_remembered(catalog: Catalog) -> None:
    """Each place once, with the moment of the last."""
    with catalog.note():
        for place, made in (("/a", "2026-01-01"), ("/b", "2026-01-02"), ("/a", "2026-01-03")):
            catalog.note_backup(place, made)
    assert catalog.backups() == [("/a", "2026-01-03"), ("/b", "2026-01-02")]


def test_a_passage_of_no_article_is_no_answer(tmp_path: Path, catalog: Catalog) -> None:
    """Where an article's row is gone, its passages are not given by id, and an index made anew says what to do."""
    put(catalog, article(BODY), SPANS)
    with closing(sqlite3.connect(tmp_path / "archive.db")) as connection, connection:
        connection.execute("DELETE FROM articles")
    assert catalog.passages([1, 2, 3]) == {}
    with pytest.raises(ArchiveDamaged, match="passage 1 is of no article; run: newsdesk repair"):
        list(catalog.added_since(0))


def test_removed_text_leaves_no_bytes(tmp_path: Path, catalog: Catalog) -> None:
    """A removed article is overwritten in the database, and after a checkpoint nowhere beside it."""
    put(catalog, article(f"{BODY} Quibblewick." * 2000), SPANS)
    put(catalog, article(BODY, path="b.txt"), SPANS)
    catalog.checkpoint()
    assert b"Quibblewick" in (tmp_path / "archive.db").read_bytes()
    with catalog.change() as seq:
        catalog.remove(catalog.article_ids([article("").key]), seq)
    catalog.checkpoint()
    assert all(b"Quibblewick" not in file.read_bytes() for file in tmp_path.iterdir())
