"""Lexical search: BM25 as computed by hand, kept by tantivy, one commit a change."""

from __future__ import annotations

import math
import os
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import pytest
import tantivy
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import article

from index.analysis import terms
from index.domain import Passage
from index.errors import ArchiveError, IndexDamaged
from index.store.lexical import Lexical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

K1, B = 1.2, 0.75
TEXTS = {
    7: "ferry ferry storm",
    8: "storm in the harbour tonight and tomorrow",
    11: "quiet day",
    2**40: "harbour ferry",
}


def passage(at: int, text: str, title: str = "", **rest: date | None) -> Passage:
    """A passage that is the whole of its article."""
    one = article(text, title=title, path=str(at), published=rest.get("published"))
    return Passage(id=at, article=one, start=0, end=len(text))


def made(folder: Path, texts: Mapping[int, str], seq: int = 1) -> Lexical:
    """An index of these texts."""
    lexical = Lexical.begin(folder)
    apply(lexical, [], [passage(at, text) for at, text in texts.items()], seq)
    return lexical


def apply(
    lexical: Lexical, removed: Iterable[int], added: Iterable[Passage], seq: int, *, afresh: bool = False
) -> None:
    """One change, by a writer that comes and goes."""
    with lexical.writing() as writer:
        writer.apply(removed, added, seq, afresh=afresh)


def reopened(folder: Path) -> Lexical:
    """The index as another process opens it."""
    lexical = Lexical.open(folder)
    assert lexical is not None
    return lexical


def bm25(texts: Mapping[int, str], question: Sequence[str]) -> dict[int, float]:
    """BM25 (Robertson and Zaragoza, 2009) as tantivy has it.

    idf = ln(1 + (N - n + 0.5) / (n + 0.5)). The document that holds the sequence number counts among the N, with a
    length of 0.
    """
    held = {at: terms(text, "en") for at, text in texts.items()}
    count = len(texts) + 1
    average = sum(map(len, held.values())) / count
    found: dict[int, float] = {}
    for term in question:
        n = sum(term in words for words in held.values())
        idf = math.log(1 + (count - n + 0.5) / (n + 0.5))
        for at, words in held.items():
            if tf := words.count(term):
                norm = K1 * (1 - B + B * len(words) / average)
                found[at] = found.get(at, 0.0) + idf * tf * (K1 + 1) / (tf + norm)
    return found


def test_a_score_worked_out_by_hand(tmp_path: Path) -> None:
    """Two passages, of 1 and 3 terms, with the sequence number: N = 3, mean length 4/3."""
    lexical = made(tmp_path, {1: "ferry", 2: "ferry ferry storm"})
    ferry = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    one = ferry * 1 * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 1 / (4 / 3)))
    two = ferry * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / (4 / 3)))
    assert dict(lexical.search(["ferri"], 10)) == pytest.approx({1: one, 2: two}, rel=1e-5)


def test_passages_come_best_first(tmp_path: Path) -> None:
    """A search gives the best k by score, and ids of any size."""
    lexical = made(tmp_path, TEXTS)
    wanted = bm25(TEXTS, ["ferri", "harbour"])
    best = sorted(wanted, key=lambda at: -wanted[at])
    found = lexical.search(["ferri", "harbour"], 10)
    assert [at for at, _ in found] == best
    assert set(best) == {7, 8, 2**40}
    assert dict(found) == pytest.approx(wanted, rel=1e-5)
    assert lexical.search(["ferri", "harbour"], 2) == found[:2]


@settings(max_examples=12, deadline=None)
@given(
    texts=st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=30).map(" ".join), min_size=1, max_size=12),
    question=st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=4, unique=True),
)
def test_scores_are_bm25(
    tmp_path_factory: pytest.TempPathFactory, texts: Sequence[str], question: Sequence[str]
) -> None:
    """For any texts and question, found and asked-for scores are those computed by hand."""
    numbered = dict(enumerate(texts, start=1))
    lexical = made(tmp_path_factory.mktemp("lexical"), numbered)
    wanted = bm25(numbered, question)
    assert dict(lexical.search(question, 50)) == pytest.approx(wanted, rel=1e-4)
    assert lexical.score(question, list(numbered)) == pytest.approx(wanted, rel=1e-4)


def test_the_score_of_these_very_passages(tmp_path: Path) -> None:
    """Asked for by id, a passage has the score it is found with; one without the terms, or not there, is left out."""
    lexical = made(tmp_path, TEXTS)
    wanted = bm25(TEXTS, ["ferri", "storm"])
    assert lexical.score(["ferri", "storm"], [7, 11, 999]) == pytest.approx({7: wanted[7]}, rel=1e-5)
    assert lexical.score(["ferri"], []) == {}


def test_a_question_without_known_terms_finds_nothing(tmp_path: Path) -> None:
    """Terms that no passage holds, no terms, and the words of the index's own bookkeeping find nothing."""
    lexical = made(tmp_path, TEXTS)
    for question in (["unheard"], [], ["seq"], ["passage:7"], ['"'], ["*"], [""]):
        assert lexical.search(question, 10) == [], question


def test_a_headline_counts_as_text(tmp_path: Path) -> None:
    """A word of the headline finds each passage of its article."""
    lexical = Lexical.begin(tmp_path)
    apply(lexical, [], [passage(3, "It sank.", title="Ferry lost"), passage(4, "All is well.", title="Harbour")], 1)
    assert [at for at, _ in lexical.search(["ferri"], 5)] == [3]


def test_a_search_among_days(tmp_path: Path) -> None:
    """Both ends belong to them; what has no day is in none; scores are those of a search in all."""
    days = {1: date(2018, 1, 1), 2: date(2018, 1, 31), 3: date(2018, 2, 1), 4: None}
    lexical = Lexical.begin(tmp_path)
    apply(lexical, [], [passage(at, "ferry storm", published=day) for at, day in days.items()], 1)
    january = (date(2018, 1, 1).toordinal(), date(2018, 1, 31).toordinal())
    found = dict(lexical.search(["ferri", "ferry"], 9, january))
    assert set(found) == {1, 2}
    assert found.items() <= dict(lexical.search(["ferri", "ferry"], 9)).items()
    assert lexical.search(["ferry"], 9, (-5, 0)) == []


def test_how_much_of_a_question_stands_anywhere_in_an_article(tmp_path: Path) -> None:
    """A word that stands there once counts .65 of its worth, one that stands there twice all; headlines are text."""
    body = "The ferry came late. The harbour was shut. The ferry left."
    one, other = article(body, title="Storm", path="1"), article("Quiet day.", path="2")
    ends = (20, 42, len(body))
    parts = [Passage(id=7 + at, article=one, start=0 if not at else ends[at - 1] + 1, end=ends[at]) for at in range(3)]
    lexical = Lexical.begin(tmp_path)
    apply(lexical, [], [*parts, Passage(id=20, article=other, start=0, end=10)], 1)
    words = {("ferri",): 0.5, ("storm", "stormi"): 0.3, ("zorblax",): 0.2}
    assert lexical.coverage(words, [7, 20]) == {7: pytest.approx(0.5 + 0.65 * 0.3)}
    assert lexical.coverage(words, [8]) == {}
    assert lexical.coverage({}, [7]) == lexical.coverage(words, []) == {}
    assert lexical.articles == 2
    assert (lexical.article_share("ferri"), lexical.article_share("zorblax")) == (0.5, 0.0)


def test_a_day_may_be_any_or_none(tmp_path: Path) -> None:
    """Articles of any day, and of none, are taken in."""
    days = [None, date.min, date(1969, 12, 31), date.max]
    lexical = Lexical.begin(tmp_path)
    apply(lexical, [], [passage(at, "ferry", published=day) for at, day in enumerate(days, start=1)], 1)
    assert {at for at, _ in lexical.search(["ferri"], 9)} == {1, 2, 3, 4}


def test_the_share_of_passages_that_hold_a_term(tmp_path: Path) -> None:
    """Of four passages two hold a word: a half; what the index keeps for itself counts for none."""
    lexical = made(tmp_path, TEXTS)
    assert [lexical.share(term) for term in ("ferri", "quiet", "unheard")] == [0.5, 0.25, 0.0]


def test_a_new_index_holds_nothing(tmp_path: Path) -> None:
    """Where none was begun there is none; before the first commit it has no passages, hits or shares, and change 0."""
    assert Lexical.open(tmp_path) is None
    assert not Lexical.exists(tmp_path)
    lexical = Lexical.begin(tmp_path)
    assert Lexical.exists(tmp_path)
    assert (len(lexical), lexical.seq, lexical.share("ferri"), lexical.search(["ferri"], 5)) == (0, 0, 0.0, [])


def test_a_change_removes_and_adds_in_one_commit(tmp_path: Path) -> None:
    """What is removed is not found, what is added is; the number of the change is kept across openings."""
    lexical = made(tmp_path, TEXTS, seq=3)
    apply(lexical, [7, 999], [passage(12, "ferry again")], 5)
    for each in (lexical, reopened(tmp_path)):
        assert {at for at, _ in each.search(["ferri"], 10)} == {12, 2**40}
        assert (len(each), each.seq) == (4, 5)


def test_an_id_removed_and_added_is_there_once(tmp_path: Path) -> None:
    """In one change removal comes first."""
    lexical = made(tmp_path, TEXTS)
    apply(lexical, [7], [passage(7, "volcano")], 2)
    assert [at for at, _ in lexical.search(["volcano"], 10)] == [7]
    assert {at for at, _ in lexical.search(["ferri"], 10)} == {2**40}


def test_afresh_drops_what_was_there(tmp_path: Path) -> None:
    """An index made afresh holds what is given and nothing else."""
    lexical = made(tmp_path, TEXTS, seq=9)
    apply(lexical, [], [passage(1, "ferry")], 4, afresh=True)
    assert [at for at, _ in lexical.search(["ferri"], 10)] == [1]
    assert (len(lexical), lexical.seq, lexical.search(["storm"], 10)) == (1, 4, [])


def test_another_reader_sees_a_commit_when_it_reloads(tmp_path: Path) -> None:
    """An open index stays at its moment until told to reload."""
    writer = made(tmp_path, TEXTS)
    reader = reopened(tmp_path)
    apply(writer, [], [passage(12, "volcano")], 2)
    assert (reader.search(["volcano"], 5), reader.seq, len(reader)) == ([], 1, 4)
    reader.reload()
    assert ([at for at, _ in reader.search(["volcano"], 5)], reader.seq, len(reader)) == ([12], 2, 5)


def test_a_failure_while_adding_commits_nothing(tmp_path: Path) -> None:
    """Where the passages to add end in an error, the index is as before, and can be written again."""
    lexical = made(tmp_path, TEXTS)

    def broken() -> Iterator[Passage]:
        yield passage(12, "volcano")
        raise KeyError

    with pytest.raises(KeyError):
        apply(lexical, [7], broken(), 2)
    lexical.reload()
    assert (lexical.seq, len(lexical), lexical.search(["volcano"], 5)) == (1, 4, [])
    assert {at for at, _ in lexical.search(["ferri"], 5)} == {7, 2**40}
    apply(lexical, [7], [], 2)
    assert (lexical.seq, len(lexical)) == (2, 3)


def test_a_writer_takes_in_many_changes(tmp_path: Path) -> None:
    """Each is a commit of its own, seen at once by the index that writes, and by others when they reload."""
    lexical = made(tmp_path, TEXTS)
    reader = reopened(tmp_path)
    with lexical.writing() as writer:
        for at in range(20, 25):
            writer.apply([at - 1], [passage(at, f"volcano {at}")], at)
            assert [each for each, _ in lexical.search(["volcano"], 9)] == [at]
            reader.reload()
            assert (reader.seq, len(reader)) == (lexical.seq, len(lexical)) == (at, 5)
    assert [each for each, _ in reopened(tmp_path).search(["volcano"], 9)] == [24]


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    """While one writes another gets an error for a person; afterwards it may write."""
    lexical = made(tmp_path, TEXTS)
    with (
        lexical.writing() as writer,
        pytest.raises(ArchiveError, match="cannot be written"),
        reopened(tmp_path).writing(),
    ):
        pass
    with pytest.raises(KeyError):
        _apply_and_fail(lexical)
    with reopened(tmp_path).writing() as writer:
        writer.apply([], [passage(2, "volcano")], 3)
    lexical.reload()
    assert ({at for at, _ in lexical.search(["volcano"], 9)}, lexical.seq) == ({1, 2}, 3)


def _apply_and_fail(lexical: Lexical) -> None:
    with lexical.writing() as writer:
        writer.apply([], [passage(1, "volcano")], 2)
        raise KeyError


def test_the_passages_in_the_index_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All ids, ascending, whatever order they came in and however many are read at a time; not the bookkeeping's."""
    monkeypatch.setattr("index.store.lexical._MANY", 3)
    lexical = Lexical.begin(tmp_path)
    assert list(lexical.ids()) == []
    ids = [9, 2, 2**40, 4, 1, 7, 30, 31, 32]
    apply(lexical, [], [passage(at, "ferry") for at in ids[:5]], 1)
    apply(lexical, [4], [passage(at, "ferry") for at in ids[5:]], 2)
    assert list(lexical.ids()) == sorted(set(ids) - {4})


def test_an_index_that_was_made_anew_is_noticed(tmp_path: Path) -> None:
    """Its folder is another; the one that was open goes on with what it had."""
    lexical = made(tmp_path, TEXTS)
    assert lexical.is_there()
    (tmp_path / "lexical-3").rename(tmp_path / "old")
    assert not lexical.is_there()
    made(tmp_path, {1: "ferry"})
    assert not lexical.is_there()
    assert {at for at, _ in lexical.search(["ferri"], 5)} == {7, 2**40}


def test_beginning_replaces_what_was_there(tmp_path: Path) -> None:
    """Nothing of an index that was begun again is found, nor left in its folder."""
    made(tmp_path, TEXTS, seq=9)
    before = {path.name for path in (tmp_path / "lexical-3").iterdir() if path.suffix in {".idx", ".term", ".store"}}
    lexical = Lexical.begin(tmp_path)
    assert (len(lexical), lexical.seq, lexical.search(["ferri"], 5)) == (0, 0, [])
    assert before.isdisjoint(path.name for path in (tmp_path / "lexical-3").iterdir())


def test_beginning_is_not_hindered_by_a_reader_that_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tantivy makes a file of a lock whenever anybody looks, also while the folder is being deleted."""
    made(tmp_path, TEXTS)
    unlink = os.unlink

    def slow(*path: object, **more: object) -> None:
        with suppress(FileNotFoundError):
            (tmp_path / "lexical-3" / ".tantivy-meta.lock").touch()
        unlink(*path, **more)  # type: ignore[call-overload]

    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", slow)
        lexical = Lexical.begin(tmp_path)
    assert (len(lexical), lexical.seq) == (0, 0)


def test_the_text_itself_is_not_kept(tmp_path: Path) -> None:
    """Only stems and numbers are: no sentence can be read from the files."""
    made(tmp_path, {1: "Anselm Kottke rowed across the quiet harbour."})
    data = b"".join(path.read_bytes() for path in (tmp_path / "lexical-3").rglob("*") if path.is_file())
    assert b"Kottke rowed" not in data
    assert b"kottke rowed" not in data


@pytest.mark.parametrize("damage", ["missing", "cut", "zeros", "emptied"])
@pytest.mark.parametrize("pattern", ["meta.json", "*.term", "*.idx", "*.store", "*.fast", "*.fieldnorm"])
def test_a_damaged_index_is_not_opened(tmp_path: Path, damage: str, pattern: str) -> None:
    """A file that is gone, cut or empty of sense gives none, and one that is begun again works."""
    made(tmp_path, TEXTS, seq=3)
    files = list((tmp_path / "lexical-3").glob(pattern))
    assert files
    for file in files:
        data = file.read_bytes()
        new = {"cut": data[: len(data) // 2], "zeros": bytes(len(data)), "emptied": b""}
        file.unlink() if damage == "missing" else file.write_bytes(new[damage])
    assert Lexical.open(tmp_path) is None
    assert Lexical.exists(tmp_path)
    lexical = Lexical.begin(tmp_path)
    apply(lexical, [], [passage(1, "volcano")], 4)
    assert [at for at, _ in lexical.search(["volcano"], 5)] == [1]


@pytest.mark.parametrize("damage", ["missing", "zeros"])
def test_without_tantivys_list_of_files_an_index_is_whole(tmp_path: Path, damage: str) -> None:
    """What it keeps to clean up by is no part of the index: it opens whole, or not at all."""
    made(tmp_path, TEXTS, seq=3)
    file = tmp_path / "lexical-3" / ".managed.json"
    file.unlink() if damage == "missing" else file.write_bytes(bytes(99))
    lexical = Lexical.open(tmp_path)
    assert lexical is None or {at for at, _ in lexical.search(["ferri"], 5)} == {7, 2**40}


def test_an_index_of_other_fields_is_not_opened(tmp_path: Path) -> None:
    """A whole tantivy index with a schema that is not ours is none."""
    (tmp_path / "lexical-3").mkdir()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("headline", stored=True)
    writer = tantivy.Index(builder.build(), path=str(tmp_path / "lexical-3")).writer(heap_size=15_000_000)
    writer.add_document(tantivy.Document(headline="Ferry lost"))
    writer.commit()
    writer.wait_merging_threads()
    assert Lexical.exists(tmp_path)
    assert Lexical.open(tmp_path) is None


def test_a_flipped_bit_in_the_list_of_segments_is_harmless_or_told(tmp_path: Path) -> None:
    """Wherever it is, the index opens and finds what it held, is none, or holds another number, which is compared."""
    made(tmp_path, TEXTS, seq=3)
    wanted = bm25(TEXTS, ["ferri", "harbour"])
    meta = tmp_path / "lexical-3" / "meta.json"
    data = meta.read_bytes()
    none = 0
    for at in range(0, 8 * len(data), 7):
        spoilt = bytearray(data)
        spoilt[at // 8] ^= 1 << at % 8
        meta.write_bytes(spoilt)
        lexical = Lexical.open(tmp_path)
        if lexical is None or len(lexical) != 4:
            none += 1
            continue
        assert lexical.seq == 3, at
        try:
            found = dict(lexical.search(["ferri", "harbour"], 10))
        except IndexDamaged:
            none += 1
            continue
        assert found == pytest.approx(wanted, rel=1e-5), at
    assert none > len(data) // 2


def test_a_place_that_cannot_be_had_is_an_error(tmp_path: Path) -> None:
    """Where a fresh index cannot be begun, the error names the place."""
    (tmp_path / "derived").write_text("a file")
    with pytest.raises(ArchiveError, match=r"lexical-3 cannot be written"):
        Lexical.begin(tmp_path / "derived")


def spoil_unseen(folder: Path) -> None:
    """Change a byte of the terms as a disk does that rots: size and time stay."""
    (file,) = (folder / "lexical-3").glob("*.term")
    status, data = file.stat(), bytearray(file.read_bytes())
    data[len(data) // 3] ^= 4
    with file.open("r+b") as stream:
        stream.write(data)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_every_byte_is_read_when_asked(tmp_path: Path) -> None:
    """A byte that changed with its file's size and time as they were is told by reading all."""
    made(tmp_path, TEXTS)
    assert Lexical.open(tmp_path, deep=True) is not None
    spoil_unseen(tmp_path)
    assert Lexical.open(tmp_path, deep=True) is None


def test_an_index_that_is_distrusted_is_read_whole(tmp_path: Path) -> None:
    """The next opening believes no record; what is whole is opened, also where there is no record."""
    made(tmp_path, TEXTS)
    Lexical.distrust(tmp_path)
    Lexical.distrust(tmp_path)
    assert Lexical.open(tmp_path) is not None
    spoil_unseen(tmp_path)
    assert Lexical.open(tmp_path) is None
