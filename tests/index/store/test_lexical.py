"""Lexical search: BM25 as computed by hand, kept by tantivy, one commit a change."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import article

from index.analysis import terms
from index.domain import Passage
from index.store.lexical import Lexical

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
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
    lexical = Lexical.open(folder)
    lexical.apply([], [passage(at, text) for at, text in texts.items()], seq)
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
    lexical = Lexical.open(tmp_path)
    lexical.apply([], [passage(3, "It sank.", title="Ferry lost"), passage(4, "All is well.", title="Harbour")], 1)
    assert [at for at, _ in lexical.search(["ferri"], 5)] == [3]


def test_a_day_may_be_any_or_none(tmp_path: Path) -> None:
    """Articles of any day, and of none, are taken in."""
    days = [None, date.min, date(1969, 12, 31), date.max]
    lexical = Lexical.open(tmp_path)
    lexical.apply([], [passage(at, "ferry", published=day) for at, day in enumerate(days, start=1)], 1)
    assert {at for at, _ in lexical.search(["ferri"], 9)} == {1, 2, 3, 4}


def test_the_share_of_passages_that_hold_a_term(tmp_path: Path) -> None:
    """Of four passages and the sequence number two hold a word: two fifths."""
    lexical = made(tmp_path, TEXTS)
    assert [lexical.share(term) for term in ("ferri", "quiet", "unheard")] == [0.4, 0.2, 0.0]


def test_a_new_index_holds_nothing(tmp_path: Path) -> None:
    """Before the first commit there are no passages, no hits, no shares, and the change is 0."""
    lexical = Lexical.open(tmp_path)
    assert (len(lexical), lexical.seq, lexical.share("ferri"), lexical.search(["ferri"], 5)) == (0, 0, 0.0, [])


def test_a_change_removes_and_adds_in_one_commit(tmp_path: Path) -> None:
    """What is removed is not found, what is added is; the number of the change is kept across openings."""
    lexical = made(tmp_path, TEXTS, seq=3)
    lexical.apply([7, 999], [passage(12, "ferry again")], 5)
    for each in (lexical, Lexical.open(tmp_path)):
        assert {at for at, _ in each.search(["ferri"], 10)} == {12, 2**40}
        assert (len(each), each.seq) == (4, 5)


def test_an_id_removed_and_added_is_there_once(tmp_path: Path) -> None:
    """In one change removal comes first."""
    lexical = made(tmp_path, TEXTS)
    lexical.apply([7], [passage(7, "volcano")], 2)
    assert [at for at, _ in lexical.search(["volcano"], 10)] == [7]
    assert {at for at, _ in lexical.search(["ferri"], 10)} == {2**40}


def test_afresh_drops_what_was_there(tmp_path: Path) -> None:
    """An index made afresh holds what is given and nothing else."""
    lexical = made(tmp_path, TEXTS, seq=9)
    lexical.apply([], [passage(1, "ferry")], 4, afresh=True)
    assert [at for at, _ in lexical.search(["ferri"], 10)] == [1]
    assert (len(lexical), lexical.seq, lexical.search(["storm"], 10)) == (1, 4, [])


def test_another_reader_sees_a_commit_when_it_reloads(tmp_path: Path) -> None:
    """An open index stays at its moment until told to reload."""
    writer = made(tmp_path, TEXTS)
    reader = Lexical.open(tmp_path)
    writer.apply([], [passage(12, "volcano")], 2)
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
        lexical.apply([7], broken(), 2)
    lexical.reload()
    assert (lexical.seq, len(lexical), lexical.search(["volcano"], 5)) == (1, 4, [])
    assert {at for at, _ in lexical.search(["ferri"], 5)} == {7, 2**40}
    lexical.apply([7], [], 2)
    assert (lexical.seq, len(lexical)) == (2, 3)


@pytest.mark.parametrize("damage", ["missing", "cut", "zeros"])
@pytest.mark.parametrize("pattern", ["meta.json", ".managed.json", "*.term", "*.idx", "*.store", "*.fast"])
def test_a_damaged_index_is_begun_again(tmp_path: Path, damage: str, pattern: str) -> None:
    """A file that is gone, cut or empty of sense gives an empty index of change 0, or a whole one, never an error."""
    made(tmp_path, TEXTS, seq=3)
    for file in (tmp_path / "lexical-1").glob(pattern):
        data = file.read_bytes()
        file.unlink() if damage == "missing" else file.write_bytes(
            data[: len(data) // 2] if damage == "cut" else bytes(len(data))
        )
    lexical = Lexical.open(tmp_path)
    whole = {7, 2**40} if lexical.seq else set()
    assert (lexical.seq, len(lexical)) == ((3, 4) if whole else (0, 0))
    assert {at for at, _ in lexical.search(["ferri"], 5)} == whole
    lexical.apply([], [passage(1, "volcano")], 4, afresh=True)
    assert [at for at, _ in lexical.search(["volcano"], 5)] == [1]


def test_an_index_of_other_fields_is_begun_again(tmp_path: Path) -> None:
    """A tantivy index with a schema that is not ours is replaced."""
    meta = tmp_path / "lexical-1" / "meta.json"
    made(tmp_path, TEXTS, seq=3)
    meta.write_text(meta.read_text().replace('"terms"', '"tokens"', 1))
    assert Lexical.open(tmp_path).seq == 0


def test_a_place_that_cannot_be_had_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a fresh index cannot be opened either, the error names the place."""
    monkeypatch.setattr("index.store.lexical.tantivy.Index", _unusable)
    with pytest.raises(OSError, match=r"lexical-1 cannot be made"):
        Lexical.open(tmp_path)


def _unusable(*_: object, **__: object) -> None:
    raise ValueError("no")
