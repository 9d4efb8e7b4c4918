"""The derived indexes: in step with the truth or not answered from, whatever became of their files; nothing encoded."""

from __future__ import annotations

import logging
import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from toys import ToyEncoder, article

from index.passages import Chunking
from index.preparing import Batch, prepare
from index.store import derived as derived_module
from index.store import folding
from index.store.catalog import Catalog
from index.store.dense import Base
from index.store.derived import Derived
from index.store.lexical import Lexical
from index.store.lock import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENCODER = ToyEncoder()
KEY = b"k" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive's folder."""
    (tmp_path / "archive").mkdir()
    return tmp_path / "archive"


@pytest.fixture
def catalog(folder: Path) -> Iterator[Catalog]:
    """A catalog of three articles, in two changes."""
    with closing(Catalog.open(folder / "archive.db")) as opened:
        with opened.note():
            opened.set("encoder", "toy")
            opened.set("dimension", "64")
        put(opened, ["ferry", "harbour"])
        put(opened, ["volcano"])
        yield opened


def put(catalog: Catalog, words: list[str]) -> None:
    """Keep an article a word, in one change."""
    with catalog.change() as seq:
        prepared = [prepare(article(f"A {word}.", path=word), word, ENCODER, Chunking()) for word in words]
        batch = Batch.of(prepared, catalog, ENCODER)
        batch.put(catalog, ENCODER.encode_passages(batch.texts), seq)


def remove(catalog: Catalog, word: str) -> None:
    """Remove an article."""
    with catalog.change() as seq:
        catalog.remove(catalog.article_ids([article("", path=word).key]), seq)


def opened(folder: Path, fingerprint: str = "toy", *, key: bytes = KEY, begun: list[int] | None = None) -> Derived:
    """The derived indexes as a process opens them; what it would begin beside itself is only counted."""
    counted = begun if begun is not None else []
    return Derived(
        folder, dimension=64, fingerprint=fingerprint, key=key, background=lambda: counted.append(len(counted))
    )


def follow(derived: Derived, catalog: Catalog) -> bool:
    """Follow as a question does."""
    with catalog.snapshot():
        return derived.follow(catalog)


def followed(folder: Path, catalog: Catalog, fingerprint: str = "toy", *, key: bytes = KEY) -> Derived:
    """The derived indexes, opened and brought in step."""
    derived = opened(folder, fingerprint, key=key)
    assert follow(derived, catalog)
    return derived


def is_in_step(derived: Derived, catalog: Catalog) -> bool:
    """Whether both indexes find each passage of the catalog by its own word, and hold no other."""
    for passage in catalog.added_since(0):
        word = passage.article.key.path
        dense = derived.dense.search(ENCODER.encode_question(f"A headline A {word}."), 1)
        lexical = derived.lexical.search([ENCODED[word]], 5)
        if [at for at, _ in dense] != [passage.id] or [at for at, _ in lexical] != [passage.id]:
            return False
    counts = {len(derived.dense), len(derived.lexical), catalog.count()}
    return len(counts) == 1 and derived.dense.seq == derived.lexical.seq == catalog.seq


ENCODED = {"ferry": "ferri", "harbour": "harbour", "volcano": "volcano", "glacier": "glacier", "bridge": "bridg"}
"""Each word and its stem."""


def test_indexes_are_made_from_the_catalog(folder: Path, catalog: Catalog) -> None:
    """Without any file there are none until they are followed; then they hold what the catalog holds."""
    derived = opened(folder)
    for part in ("dense", "lexical"):
        with pytest.raises(RuntimeError, match="follow first"):
            getattr(derived, part)
    assert follow(derived, catalog)
    assert is_in_step(derived, catalog)


def test_indexes_take_in_only_what_changed(folder: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Added and removed passages reach indexes that were opened before, and those that are opened after."""
    derived = followed(folder, catalog)
    put(catalog, ["glacier"])
    remove(catalog, "ferry")
    asked: list[int] = []
    added_since = Catalog.added_since

    def added(self: Catalog, seq: int) -> Iterator[object]:
        asked.append(seq)
        return added_since(self, seq)

    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "added_since", added)
        assert follow(derived, catalog)
        assert follow(derived, catalog)
    assert asked == [2]
    assert is_in_step(derived, catalog)
    assert is_in_step(followed(folder, catalog), catalog)


def test_an_article_added_and_removed_between_two_looks(folder: Path, catalog: Catalog) -> None:
    """What came and went unseen is in no index."""
    derived = followed(folder, catalog)
    put(catalog, ["glacier"])
    remove(catalog, "glacier")
    put(catalog, ["volcano"])
    assert follow(derived, catalog)
    assert is_in_step(derived, catalog)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _overwrite(path: Path) -> None:
    path.write_bytes(b"\x00garbage" * (path.stat().st_size // 8 + 1))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


SPOIL: dict[str, Callable[[Path], object]] = {
    "deleted": Path.unlink,
    "cut": _cut,
    "garbage": _overwrite,
    "emptied": _empty,
}


def with_base(folder: Path, catalog: Catalog) -> list[Path]:
    """Derived files with a base among them, and something beside it; gives the files."""
    followed(folder, catalog)
    assert folding.fold(folder, catalog=catalog)
    put(catalog, ["glacier"])
    remove(catalog, "harbour")
    followed(folder, catalog)
    return sorted(path for path in (folder / "derived").rglob("*") if path.is_file())


def test_a_base_and_what_came_since_are_searched_together(folder: Path, catalog: Catalog) -> None:
    """What was folded, what was added after it and what was removed from it: all in step, as by brute force."""
    with_base(folder, catalog)
    derived = followed(folder, catalog)
    assert derived.dense.base is not None
    assert (derived.dense.base.seq, len(derived.dense)) == (2, 3)
    assert is_in_step(derived, catalog)


@pytest.mark.parametrize("damage", SPOIL)
def test_each_damaged_file_is_mended(folder: Path, catalog: Catalog, damage: str) -> None:
    """Gone, torn, overwritten or emptied, one file at a time: what is asked next is answered rightly, of everything."""
    for file in with_base(folder, catalog):
        if not file.exists():  # a rebuild has given it another name
            continue
        SPOIL[damage](file)
        assert is_in_step(followed(folder, catalog), catalog), file.name


@pytest.mark.parametrize("damage", SPOIL)
def test_all_damaged_files_are_mended(folder: Path, catalog: Catalog, damage: str) -> None:
    """All of them at once."""
    for file in with_base(folder, catalog):
        SPOIL[damage](file)
    assert is_in_step(followed(folder, catalog), catalog)


def test_another_encoders_base_is_not_searched(folder: Path, catalog: Catalog) -> None:
    """The stored vectors are, until there is one of this encoder."""
    with_base(folder, catalog)
    derived = followed(folder, catalog, "other")
    assert (derived.dense.base, derived.dense.fingerprint) == (None, "other")
    assert is_in_step(derived, catalog)


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("replaced", [False, True])
def test_indexes_ahead_of_the_truth_are_made_again(
    folder: Path, catalog: Catalog, *, replaced: bool, folded: bool
) -> None:
    """With the database of an earlier day, what came later is found by no index, also where counts are the same."""
    catalog.checkpoint()
    shutil.copy(folder / "archive.db", folder / "backup.db")
    put(catalog, ["glacier"])
    if replaced:
        remove(catalog, "ferry")
    followed(folder, catalog)
    if folded:
        folding.fold(folder, catalog=catalog)
    catalog.close()
    (folder / "backup.db").replace(folder / "archive.db")
    with closing(Catalog.open(folder / "archive.db")) as backup:
        derived = opened(folder)
        if follow(derived, backup):
            assert is_in_step(derived, backup)
            assert derived.lexical.search(["glacier"], 5) == []
        else:
            assert folded
        assert folding.fold(folder, catalog=backup)
        again = followed(folder, backup)
        assert is_in_step(again, backup)
        assert again.lexical.search(["glacier"], 5) == []


def test_indexes_that_hold_too_little_are_made_again(
    folder: Path, catalog: Catalog, caplog: pytest.LogCaptureFixture
) -> None:
    """An index that says it is in step, but has lost passages, is found out by its count at the next change."""
    derived = followed(folder, catalog)
    lost = [next(catalog.added_since(0)).id]
    none = np.empty(0, dtype=np.int64), np.empty((0, 64), dtype=np.float32)
    derived._dense = derived.dense.advanced(lost, *none, catalog.seq)  # noqa: SLF001 - to break it
    with derived.lexical.writing() as writer:
        writer.apply(lost, [], catalog.seq)
    put(catalog, ["glacier"])
    with caplog.at_level(logging.WARNING):
        assert follow(derived, catalog)
    assert "lexical search did not hold what the archive holds" in caplog.text
    assert "dense search did not hold what the archive holds" in caplog.text
    assert is_in_step(derived, catalog)


def test_what_is_made_anew_is_said(folder: Path, catalog: Catalog, caplog: pytest.LogCaptureFixture) -> None:
    """The log names the archive."""
    followed(folder, catalog)
    (folder / "derived" / "lexical-3" / "meta.json").write_text("{")
    with caplog.at_level(logging.WARNING):
        followed(folder, catalog)
    assert f"{folder}: the index of words was not as it was written; made anew" in caplog.text


def test_while_another_writes_nothing_is_answered_from_a_mismatched_pair(folder: Path, catalog: Catalog) -> None:
    """Between a writer's commit and its index's there is no answer; before and after there is."""
    derived = followed(folder, catalog)
    with writing(folder):
        assert follow(derived, catalog)
        put(catalog, ["glacier"])
        assert not follow(derived, catalog)
        assert not follow(opened(folder), catalog)
        with opened(folder).writing(catalog):
            assert follow(derived, catalog)
            assert is_in_step(derived, catalog)
    assert follow(derived, catalog)


def test_without_a_writer_a_reader_mends_what_is_behind(folder: Path, catalog: Catalog) -> None:
    """A writer was killed after its commit: the next question takes its work over."""
    derived = followed(folder, catalog)
    put(catalog, ["glacier"])
    assert follow(derived, catalog)
    assert is_in_step(derived, catalog)
    with writing(folder):
        assert is_in_step(followed(folder, catalog), catalog)


def test_a_writer_takes_in_each_change_as_it_comes(folder: Path, catalog: Catalog) -> None:
    """Readers, those that were open and new ones, follow after each."""
    reader, writer = followed(folder, catalog), opened(folder)
    with writing(folder), writer.writing(catalog) as step:
        for word in ("glacier", "bridge"):
            put(catalog, [word])
            assert not follow(reader, catalog)
            step.follow()
            step.follow()
            assert follow(reader, catalog)
            assert is_in_step(reader, catalog)
            assert is_in_step(followed(folder, catalog), catalog)


def test_a_reader_does_not_set_back_what_a_writer_has_done(folder: Path, catalog: Catalog) -> None:
    """A question that began before a change ended is not answered, and leaves the lexical index at the later change."""
    reader = followed(folder, catalog)
    late = opened(folder)
    with closing(Catalog.open(folder / "archive.db")) as earlier, earlier.snapshot():
        assert earlier.seq == 2
        put(catalog, ["glacier"])
        writer = followed(folder, catalog)
        assert not late.follow(earlier)
        assert reader.follow(earlier)  # it still has the moment that it is asked of
        assert is_in_step(reader, earlier)
        writer.lexical.reload()
        assert is_in_step(writer, catalog)
    assert follow(late, catalog)
    assert is_in_step(late, catalog)


def test_a_base_of_a_later_moment_is_not_mixed_in(folder: Path, catalog: Catalog) -> None:
    """A question's snapshot from before a folding has no answer from a base of after it; the next look has."""
    followed(folder, catalog)
    with closing(Catalog.open(folder / "archive.db")) as earlier, earlier.snapshot():
        assert earlier.seq == 2
        late = opened(folder)
        assert late.follow(earlier)
        put(catalog, ["glacier"])
        folding.fold(folder, catalog=catalog)
        assert late.follow(earlier)
        assert not opened(folder).follow(earlier)
    assert is_in_step(followed(folder, catalog), catalog)


def test_indexes_that_another_process_made_anew_are_taken_up(folder: Path, catalog: Catalog) -> None:
    """As after a repair: a reader that was open goes over to the new files."""
    reader = followed(folder, catalog)
    opened(folder).drop()
    assert not (folder / "derived").exists()
    put(catalog, ["glacier"])
    followed(folder, catalog)
    with writing(folder):
        assert follow(reader, catalog)
    assert is_in_step(reader, catalog)


def test_a_writer_goes_over_to_indexes_that_were_made_anew(folder: Path, catalog: Catalog) -> None:
    """It does not write into a folder that is gone."""
    writer = followed(folder, catalog)
    opened(folder).drop()
    followed(folder, catalog)
    put(catalog, ["glacier"])
    with writing(folder), writer.writing(catalog):
        pass
    with writing(folder):
        assert is_in_step(followed(folder, catalog), catalog)
    assert is_in_step(followed(folder, catalog), catalog)


def test_an_index_older_than_the_known_removals_is_made_again(
    folder: Path, catalog: Catalog, caplog: pytest.LogCaptureFixture
) -> None:
    """What was removed since is known no more: it is begun again at once, as is a base, not when counts differ."""
    with_base(folder, catalog)
    remove(catalog, "ferry")
    put(catalog, ["bridge"])
    catalog.trim(catalog.seq - 1)
    assert catalog.removals_after == 5
    derived = followed(folder, catalog)
    assert derived.dense.base is None
    assert is_in_step(derived, catalog)
    assert "did not hold" not in caplog.text


def test_a_reader_that_slept_over_the_known_removals_catches_up(
    folder: Path, catalog: Catalog, caplog: pytest.LogCaptureFixture
) -> None:
    """A process that asked nothing while removals were forgotten does not find what was removed."""
    reader = followed(folder, catalog)
    remove(catalog, "ferry")
    followed(folder, catalog)
    catalog.trim(catalog.seq)
    put(catalog, ["glacier"])
    assert follow(reader, catalog)
    assert is_in_step(reader, catalog)
    assert "did not hold" not in caplog.text


def test_removals_are_forgotten_once_every_index_has_them(folder: Path, catalog: Catalog) -> None:
    """Up to the change of the older of both: with a base, that is the base's."""
    derived = followed(folder, catalog)
    remove(catalog, "ferry")
    assert follow(derived, catalog)
    assert catalog.removed_since(0) != []
    derived.fold_if_due(catalog)
    assert (catalog.removals_after, catalog.removed_since(0)) == (3, [])
    folding.fold(folder, catalog=catalog)
    remove(catalog, "harbour")
    assert follow(derived, catalog)
    derived.fold_if_due(catalog)
    assert (catalog.removals_after, len(catalog.removed_since(3))) == (3, 1)
    assert is_in_step(followed(folder, catalog), catalog)


def test_folding_begins_when_there_is_enough(folder: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not before; and not again once it is done."""
    begun: list[int] = []
    derived = opened(folder, begun=begun)
    assert follow(derived, catalog)
    derived.fold_if_due(catalog)
    assert begun == []
    monkeypatch.setattr(folding, "SMALLEST", 2)
    derived.fold_if_due(catalog)
    assert begun == [0]
    folding.fold(folder, catalog=catalog)
    derived.fold_if_due(catalog)
    assert begun == [0]
    for word in ("ferry", "harbour", "volcano"):
        remove(catalog, word)
    assert follow(derived, catalog)
    derived.fold_if_due(catalog)
    assert begun == [0, 1]


def test_an_index_that_is_far_behind_is_left_to_a_process_of_its_own(
    folder: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question does not wait minutes: it has no answer yet, and begins that process once, then again much later."""
    monkeypatch.setattr(derived_module, "_MOST_INLINE", 2)
    begun: list[int] = []
    derived = opened(folder, begun=begun)
    assert [follow(derived, catalog) for _ in range(3)] == [False] * 3
    assert begun == [0]
    assert not (folder / "derived").exists()
    monkeypatch.setattr(derived_module, "_PATIENCE_SECONDS", 0.0)
    assert not follow(derived, catalog)
    assert begun == [0, 1]
    with writing(folder), opened(folder).writing(catalog):
        pass
    assert follow(derived, catalog)
    assert is_in_step(derived, catalog)


def test_more_than_fits_in_memory_is_not_searched_without_a_base(
    folder: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until there is one there is no answer."""
    monkeypatch.setattr(folding, "MOST_WITHOUT", 3)
    begun: list[int] = []
    derived = opened(folder, begun=begun)
    assert not follow(derived, catalog)
    assert begun == [0]
    assert folding.fold(folder, catalog=catalog)
    assert follow(derived, catalog)
    assert is_in_step(derived, catalog)


def lexical_inode(folder: Path) -> int:
    """Which folder the index of words is."""
    return (folder / "derived" / "lexical-3").stat().st_ino


def test_files_of_this_machine_are_opened(folder: Path, catalog: Catalog) -> None:
    """Not made anew: the tests below would else say nothing."""
    with_base(folder, catalog)
    before = lexical_inode(folder)
    put(catalog, ["bridge"])
    assert followed(folder, catalog).dense.base is not None
    assert lexical_inode(folder) == before


@pytest.mark.parametrize("how", ["copied", "another key", "forged owner", "no owner", "another archive's"])
def test_files_of_another_machine_are_never_opened(
    tmp_path: Path, folder: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Before anything of them is read they are deleted, and made anew from the truth."""
    with_base(folder, catalog)
    catalog.checkpoint()
    place, key, derived = folder, KEY, folder / "derived"
    match how:
        case "copied":
            place = tmp_path / "copy"
            shutil.copytree(folder, place)
        case "another key":
            key = b"o" * 32
        case "forged owner":
            (derived / "owner").write_bytes(b"0" * 64)
        case "no owner":
            (derived / "owner").unlink()
        case _:
            place = tmp_path / "other"
            place.mkdir()
            derived.rename(place / "derived")
    (place / "derived" / "trap").write_text("from elsewhere")
    foreign = lexical_inode(place)
    read: list[str] = []

    def spied(opening: Callable[..., object], *facts: object, **more: object) -> object:
        if (place / "derived" / "trap").exists():
            read.append("opened")
        return opening(*facts, **more)

    lexical_open, base_open = Lexical.open, Base.open
    monkeypatch.setattr(Lexical, "open", lambda *facts, **more: spied(lexical_open, *facts, **more))
    monkeypatch.setattr(Base, "open", lambda *facts, **more: spied(base_open, *facts, **more))
    with closing(Catalog.open(place / "archive.db")) as theirs:
        if how == "another archive's":
            put(theirs, ["ferry", "harbour"])
        ours = followed(place, theirs, key=key)
        assert is_in_step(ours, theirs)
    assert read == []
    assert not (place / "derived" / "trap").exists()
    assert lexical_inode(place) != foreign or how != "copied"


def test_files_of_the_older_format_are_deleted(folder: Path, catalog: Catalog) -> None:
    """What lay beside the database in format 1 goes once the indexes of this one are made; nothing else does."""
    (folder / "lexical-1").mkdir()
    for name in ("dense.json", "dense.json.new", "dense-7.faiss", "lexical-1/meta.json", "bot.db", "notes.json"):
        (folder / name).write_text("{}")
    followed(folder, catalog)
    left = {path.name for path in folder.iterdir()} - {"archive.db", "archive.db-wal", "archive.db-shm", "archive.lock"}
    assert left == {"bot.db", "notes.json", "derived"}


def test_a_takedown_leaves_no_word_in_the_index(folder: Path, catalog: Catalog) -> None:
    """Rewritten, it lists no term that only the removed article had, and none of its files is one from before."""
    derived = followed(folder, catalog)
    remove(catalog, "volcano")
    with writing(folder), derived.writing(catalog):
        pass
    before = {path.name for path in (folder / "derived" / "lexical-3").iterdir() if path.stem.isalnum()} - {"meta.json"}
    assert before
    assert derived.lexical.share("volcano") > 0  # found by nobody, but still written there
    with writing(folder):
        derived.rewrite(catalog)
    assert before.isdisjoint(path.name for path in (folder / "derived" / "lexical-3").iterdir())
    again = followed(folder, catalog)
    assert (again.lexical.share("volcano"), again.lexical.share("ferri")) == (0.0, 0.5)
    assert is_in_step(again, catalog)


def test_nothing_is_encoded_again(folder: Path, catalog: Catalog) -> None:
    """All of this reads stored vectors: an index made anew has what was encoded once, as float16."""
    before = len(ENCODER.encoded)
    derived = followed(folder, catalog)
    ids, vectors = catalog.vectors.since(0, 64)
    assert len(ENCODER.encoded) == before
    for at, vector in zip(ids, vectors, strict=True):
        wanted = float(vector @ vector)
        assert derived.dense.search(vector, 1) == [(int(at), pytest.approx(wanted, abs=1e-6))]
