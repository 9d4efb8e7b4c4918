"""Sync: what is new, changed, unchanged and gone; what is kept when files fail; what is encoded, and what is not."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from contextlib import closing
from dataclasses import replace
from threading import Condition, get_ident
from typing import TYPE_CHECKING, Any

import pytest
import variants
from toys import ToyEncoder, ToyReader, article

from index import Archive, FieldMapping, RemovalRefused, SyncReport, sources
from index.errors import ArchiveBusy, PathEmpty, PathMissing
from index.passages import Chunking, encoder_text
from index.preparing import prepare
from index.store.catalog import Catalog
from index.store.lock import writing
from index.sync import BATCH_PASSAGES, hash_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from index import Article, Refusal, SyncProgress
    from index.encoder import FloatMatrix
    from index.sources import Candidate

PLACES = ("Ashford", "Barrow", "Carlow", "Dundee", "Exeter", "Falkirk", "Girvan", "Harwich", "Irvine")


@pytest.fixture
def encoder() -> ToyEncoder:
    """An encoder that keeps what it encoded."""
    return ToyEncoder()


@pytest.fixture
def archive(tmp_path: Path, encoder: ToyEncoder) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.open(tmp_path / "archive", encoder=encoder, reader=ToyReader(), create=True) as opened:
        yield opened


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder of nine articles, each a file that names its place."""
    folder = tmp_path / "news"
    for place in PLACES:
        write(folder / f"{place}.json", place)
    return folder


def record(place: str, text: str = "The council met in {} on Monday.", **rest: str) -> dict[str, str]:
    """An article as JSON has it."""
    return {"id": place, "title": f"News of {place}", "text": text.format(place), "language": "en", **rest}


def write(file: Path, *places: str, text: str = "The council met in {} on Monday.") -> None:
    """Write an article, or for .jsonl one a line."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(json.dumps(record(place, text)) for place in places))


def counts(report: SyncReport) -> tuple[int, int, int, int]:
    """Added, changed, unchanged, removed."""
    return report.added, report.changed, report.unchanged, report.removed


def titles(archive: Archive) -> list[str]:
    """The titles of all articles, sorted; each passage is also found by search."""
    found = [passage.article.title for passage in archive.all_passages()]
    hits = archive.search("council met Monday", k=100) if found else ()
    assert sorted(hit.article.title for hit in hits) == sorted(found)
    return sorted(title.removeprefix("News of ") for title in found)


def test_a_sync_adds_then_has_nothing_to_do(archive: Archive, encoder: ToyEncoder, news: Path) -> None:
    """The first sync adds every article; the second reads no file and encodes nothing."""
    assert counts(archive.sync([news])) == (9, 0, 0, 0)
    assert titles(archive) == list(PLACES)
    encoder.encoded.clear()
    assert counts(archive.sync([news])) == (0, 0, 9, 0)
    assert encoder.encoded == []


def test_a_sync_finds_stories_that_are_not_known_yet(
    tmp_path: Path, archive: Archive, encoder: ToyEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of an archive whose signatures are of another version, some at a time, and nothing is encoded or changed."""
    monkeypatch.setattr("index.sync.BATCH_STORIES", 3)
    told = [variants.original("en"), *variants.variants("en").values()]
    for each in told:
        path = tmp_path / "wire" / f"{each.key.path}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        day = each.published and each.published.isoformat()
        path.write_text(json.dumps({"title": each.title, "text": each.body, "date": day, "language": "en"}))
    archive.sync([tmp_path / "wire"])
    encoder.encoded.clear()

    def stories() -> list[tuple[int, int]]:
        with closing(Catalog.open(tmp_path / "archive" / "archive.db")) as catalog:
            return [(each.article, each.story) for each in catalog.stories.all()]

    before = stories()
    assert len(before) == 8
    assert len({story for _, story in before}) == 1
    monkeypatch.setattr("index.store.catalog.VERSION", "another")
    assert counts(archive.sync([tmp_path / "wire"])) == (0, 0, 8, 0)
    assert stories() == before
    assert encoder.encoded == []
    assert archive.verify().damages == ()


def test_one_sync_tells_all_kinds_of_change(archive: Archive, encoder: ToyEncoder, news: Path) -> None:
    """New, changed, unchanged and vanished files are counted, and only what is new to the encoder is encoded."""
    archive.sync([news])
    encoder.encoded.clear()
    write(news / "Jura.json", "Jura")
    write(news / "Ashford.json", "Ashford", text="The council of {} did not meet.")
    (news / "Barrow.json").unlink()
    report = archive.sync([news])
    assert counts(report) == (1, 1, 7, 1)
    assert report.refused == ()
    assert report.seconds > 0
    assert sorted(encoder.encoded) == [
        "News of Ashford\nThe council of Ashford did not meet.",
        "News of Jura\nThe council met in Jura on Monday.",
    ]
    stored = {passage.article.key.path: passage.text for passage in archive.all_passages()}
    assert stored["Ashford.json"] == "The council of Ashford did not meet."
    assert "Barrow.json" not in stored
    assert archive.stats().articles == 9


def test_a_file_that_was_only_touched_is_not_read_again(
    archive: Archive, encoder: ToyEncoder, news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With another time, or as a copy in another inode, its bytes are compared once and its new stamp is kept."""
    archive.sync([news])
    before = [passage.id for passage in archive.all_passages()]
    encoder.encoded.clear()
    os.utime(news / "Ashford.json", (1, 1))
    shutil.copy(news / "Barrow.json", tmp_path / "copy")
    (tmp_path / "copy").replace(news / "Barrow.json")
    read, hashed = list[str](), list[str]()

    def reading(candidate: Candidate, **facts: Any) -> Iterator[Article | Refusal]:  # noqa: ANN401 - as read
        read.append(candidate.path)
        return sources.read(candidate, **facts)

    def hashing(candidate: Candidate) -> bytes | None:
        hashed.append(candidate.path)
        return hash_of(candidate)

    monkeypatch.setattr("index.sync.read", reading)
    monkeypatch.setattr("index.sync.hash_of", hashing)
    assert counts(archive.sync([news])) == (0, 0, 9, 0)
    assert (read, hashed, encoder.encoded) == ([], ["Ashford.json", "Barrow.json"], [])
    assert counts(archive.sync([news])) == (0, 0, 9, 0)
    assert (read, len(hashed)) == ([], 2)
    assert [passage.id for passage in archive.all_passages()] == before
    text = (news / "Ashford.json").read_text().replace("Monday", "Friday")
    (news / "Ashford.json").write_text(text)
    assert counts(archive.sync([news])) == (0, 1, 8, 0)
    assert read == ["Ashford.json"]


def test_a_sync_that_changes_nothing_loads_no_encoder(
    archive: Archive, news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that only removes: the model is loaded when there is a passage to encode, and not before."""
    archive.sync([news])
    archive.close()

    def load(name: str, **_: object) -> ToyEncoder:
        raise TimeoutError(name)

    monkeypatch.setattr("index.encoder.load", load)
    with closing(Catalog.open(tmp_path / "archive" / "archive.db")) as catalog, catalog.note():
        catalog.set("encoder_name", "some/model")
    for name in (None, "some/model"):
        with Archive.open(tmp_path / "archive", encoder=name) as again:
            assert counts(again.sync([news])) == (0, 0, 9 if name is None else 8, 0)
            os.utime(news / "Irvine.json", (1, 1))
            (news / f"{'Ashford' if name is None else 'Barrow'}.json").unlink()
            assert counts(again.sync([news])) == (0, 0, 8 if name is None else 7, 1)
            write(news / "Jura.json", "Jura")
            with pytest.raises(TimeoutError, match="some/model"):
                again.sync([news])
            (news / "Jura.json").unlink()


class Beside(ToyEncoder):
    """An encoder that waits, while it encodes, until so many texts were prepared after what it is given."""

    def __init__(self, ahead: int, limit: int) -> None:
        super().__init__()
        self._ahead = ahead
        self._limit = limit
        self._counted = Counter[str]()
        self._more = Condition()
        self.threads: set[int] = set()
        self.waited: list[bool] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """What preparing asks for."""
        with self._more:
            self._counted.update(place for place in PLACES if any(place in text for text in texts))
            self._more.notify_all()
        return super().count_tokens(texts)

    def encode_passages(self, texts: Sequence[str]) -> FloatMatrix:
        """Wait, then encode."""
        self.threads.add(get_ident())
        with self._more:
            wanted = min(len(self.encoded) + len(texts) + self._ahead, self._limit)
            self.waited.append(self._more.wait_for(lambda: len(self._counted) >= wanted, timeout=5))
        return super().encode_passages(texts)


def test_reading_goes_on_while_a_batch_is_encoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next batch is prepared meanwhile, and only that: of two batches at most the texts are held."""
    monkeypatch.setattr("index.sync.BATCH_PASSAGES", 3)
    for place in PLACES:
        write(tmp_path / "news" / f"{place}.json", place)
    beside = Beside(ahead=3, limit=len(PLACES))
    with Archive.open(tmp_path / "archive", encoder=beside, reader=ToyReader(), create=True) as archive:
        assert counts(archive.sync([tmp_path / "news"])) == (9, 0, 0, 0)
        assert beside.waited == [True, True, True]
        assert get_ident() not in beside.threads
        assert len(beside.encoded) == 9
        assert titles(archive) == list(PLACES)


class Failing(ToyEncoder):
    """An encoder that fails at one of the texts."""

    def encode_passages(self, texts: Sequence[str]) -> FloatMatrix:
        """Fail, or encode."""
        if any("Falkirk" in text for text in texts):
            raise MemoryError("no memory for Falkirk")
        return super().encode_passages(texts)


def test_an_encoder_that_fails_beside_fails_the_sync(
    archive: Archive, news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own error comes out of the sync; what was committed before stays, and the next sync does the rest."""
    monkeypatch.setattr("index.sync.BATCH_PASSAGES", 2)
    archive.close()
    with (
        Archive.open(tmp_path / "archive", encoder=Failing(), reader=ToyReader()) as failing,
        pytest.raises(MemoryError, match="no memory for Falkirk"),
    ):
        failing.sync([news])
    with Archive.open(tmp_path / "archive", encoder=ToyEncoder(), reader=ToyReader()) as again:
        assert titles(again) == list(PLACES[:4])
        assert counts(again.sync([news])) == (5, 0, 4, 0)
        assert titles(again) == list(PLACES)


def test_each_batch_can_be_asked_for_at_once(
    archive: Archive, news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another instance finds what was committed while the sync goes on."""
    monkeypatch.setattr("index.sync.BATCH_PASSAGES", 3)
    with Archive.open(tmp_path / "archive", encoder=ToyEncoder(), reader=ToyReader()) as reader:
        seen: list[tuple[int, int]] = []

        def look(done: SyncProgress) -> None:
            seen.append((done.passages, len(reader.search("council met Monday", k=100))))

        archive.sync([news], progress=look)
    assert {passages for passages, _ in seen} == {0, 3, 6, 9}
    assert all(found == passages for passages, found in seen)


def test_metadata_that_is_not_encoded_encodes_nothing(archive: Archive, encoder: ToyEncoder, news: Path) -> None:
    """A changed address makes the article a changed one, with the vector it had."""
    archive.sync([news])
    encoder.encoded.clear()
    (news / "Ashford.json").write_text(json.dumps(record("Ashford", url="https://example.org/a")))
    assert counts(archive.sync([news])) == (0, 1, 8, 0)
    assert encoder.encoded == []
    assert [passage.article.url for passage in archive.all_passages() if passage.article.url] == [
        "https://example.org/a"
    ]


def test_a_changed_title_encodes_only_its_article(archive: Archive, encoder: ToyEncoder, tmp_path: Path) -> None:
    """In a file of many articles the others are not encoded again."""
    wire = tmp_path / "wire.jsonl"
    write(wire, *PLACES)
    archive.sync([wire])
    encoder.encoded.clear()
    lines = wire.read_text().splitlines()
    lines[4] = json.dumps({**record("Exeter"), "title": "Corrected"})
    wire.write_text("\n".join(lines))
    assert counts(archive.sync([wire])) == (0, 1, 8, 0)
    assert encoder.encoded == ["Corrected\nThe council met in Exeter on Monday."]


def test_a_moved_folder_encodes_nothing(archive: Archive, encoder: ToyEncoder, news: Path) -> None:
    """Articles at a new place are new, those at the old place are gone, and every vector is used again."""
    archive.sync([news])
    before = {passage.article.title: vector_of(archive, passage.id) for passage in archive.all_passages()}
    encoder.encoded.clear()
    (news / "2018").mkdir()
    for file in list(news.glob("*.json")):
        file.rename(news / "2018" / file.name)
    assert counts(archive.sync([news], allow_removal=True)) == (9, 0, 0, 9)
    assert encoder.encoded == []
    after = {passage.article.title: vector_of(archive, passage.id) for passage in archive.all_passages()}
    assert after == before
    assert titles(archive) == list(PLACES)


def vector_of(archive: Archive, passage: int) -> list[float]:
    """The cosines of a passage with all words that the articles use: as good as its vector."""
    questions = [*PLACES, "council", "Monday", "News", "met"]
    return [
        hit.cosine for question in questions for hit in archive.search(question, k=100) if hit.passage.id == passage
    ]


def test_equal_articles_are_encoded_once(archive: Archive, encoder: ToyEncoder, tmp_path: Path) -> None:
    """Two files that say the same under different names are two articles and one call."""
    for name in "ab":
        write(tmp_path / "news" / f"{name}.json", "Ashford")
    assert counts(archive.sync([tmp_path / "news"])) == (2, 0, 0, 0)
    assert encoder.encoded == ["News of Ashford\nThe council met in Ashford on Monday."]


def test_a_vanished_row_is_removed(archive: Archive, tmp_path: Path) -> None:
    """An article that is no longer in a file of many goes; the file is then unchanged."""
    wire = tmp_path / "wire.jsonl"
    write(wire, *PLACES)
    archive.sync([wire])
    write(wire, *PLACES[1:])
    assert counts(archive.sync([wire])) == (0, 0, 8, 1)
    assert titles(archive) == list(PLACES[1:])
    assert counts(archive.sync([wire])) == (0, 0, 8, 0)


def test_a_file_is_known_once_its_vanished_rows_are_removed(archive: Archive, tmp_path: Path) -> None:
    """Until then it is read at every sync; a refused removal is found again, not forgotten."""
    wire = tmp_path / "wire.jsonl"
    write(wire, *PLACES)
    archive.sync([wire])
    write(wire, *PLACES[4:])
    assert size_known(tmp_path) != wire.stat().st_size
    with pytest.raises(RemovalRefused):
        archive.sync([wire])
    assert size_known(tmp_path) != wire.stat().st_size
    archive.sync([wire], allow_removal=True)
    assert size_known(tmp_path) == wire.stat().st_size


def size_known(folder: Path) -> int:
    """The size, in bytes, that the only file of the archive was known by when it was read whole."""
    with closing(Catalog.open(folder / "archive" / "archive.db")) as catalog:
        ((root, path),) = catalog.files.all()
        known = catalog.files.stamp_of(root, path)
    assert known
    return known[0][0]


def test_a_file_that_comes_back_is_taken_in_again(archive: Archive, encoder: ToyEncoder, news: Path) -> None:
    """Moved away and back, with the same time and inode, it is as new."""
    archive.sync([news])
    (news / "Ashford.json").rename(news.parent / "Ashford.json")
    assert counts(archive.sync([news])) == (0, 0, 8, 1)
    (news.parent / "Ashford.json").rename(news / "Ashford.json")
    encoder.encoded.clear()
    assert counts(archive.sync([news])) == (1, 0, 8, 0)
    assert encoder.encoded == ["News of Ashford\nThe council met in Ashford on Monday."]


def test_a_file_that_became_unreadable_keeps_what_it_gave(archive: Archive, news: Path) -> None:
    """Broken JSON is refused by name; its article stays, and is unchanged once the file is whole again."""
    archive.sync([news])
    whole = (news / "Ashford.json").read_bytes()
    (news / "Ashford.json").write_bytes(whole[:-5])
    for _ in range(2):
        report = archive.sync([news])
        assert counts(report) == (0, 0, 8, 0)
        assert [refusal.path for refusal in report.refused] == ["Ashford.json"]
        assert titles(archive) == list(PLACES)
    (news / "Ashford.json").write_bytes(whole)
    assert counts(archive.sync([news])) == (0, 0, 9, 0)


def test_a_folder_that_cannot_be_read_keeps_all_it_gave(
    archive: Archive, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is refused as a whole loses no article below it; one beside it, of a longer name, does."""
    for place in ("isles/Jura", "isles/far/Kirkwall", "isles and more/Leith"):
        write(news / f"{place}.json", place)
    archive.sync([news])
    (news / "isles and more" / "Leith.json").unlink()

    def walk(paths: Sequence[Path]) -> list[Candidate]:
        found = sources.walk(paths)
        kept = [candidate for candidate in found if not candidate.path.startswith("isles/")]
        return [*kept, replace(kept[0], path="isles", file=news / "isles")]

    monkeypatch.setattr("index.archive.walk", walk)
    report = archive.sync([news])
    assert counts(report) == (0, 0, 9, 1)
    assert [refusal.path for refusal in report.refused] == ["isles"]
    assert titles(archive) == [*PLACES, "isles/Jura", "isles/far/Kirkwall"]


def test_a_broken_row_takes_nothing_away(archive: Archive, tmp_path: Path) -> None:
    """A line that cannot be read is refused; the others count, and what is missing from the file stays for now."""
    wire = tmp_path / "wire.jsonl"
    write(wire, *PLACES)
    archive.sync([wire])
    lines = wire.read_text().splitlines()
    wire.write_text("\n".join(["{broken", *lines[2:], json.dumps(record("Jura"))]))
    report = archive.sync([wire])
    assert counts(report) == (1, 0, 7, 0)
    assert len(report.refused) == 1
    assert titles(archive) == [*PLACES, "Jura"]
    wire.write_text("\n".join([*lines[1:], json.dumps(record("Jura"))]))
    assert counts(archive.sync([wire])) == (0, 0, 9, 1)


@pytest.mark.parametrize("form", ["files", "rows"])
def test_more_than_a_third_is_not_removed_unasked(archive: Archive, tmp_path: Path, form: str) -> None:
    """The rest is taken in, the error says how many and what to type, and a second sync that allows it removes."""
    source = tmp_path / "news" if form == "files" else tmp_path / "wire.jsonl"

    def lay(*places: str) -> None:
        if form == "rows":
            write(source, *places)
            return
        shutil.rmtree(source, ignore_errors=True)
        for place in places:
            write(source / f"{place}.json", place)

    lay(*PLACES)
    archive.sync([source])
    lay(*PLACES[4:], "Jura")
    for _ in range(2):
        with pytest.raises(RemovalRefused, match=r"^4 of the (9|10) articles in the archive .+ sync --allow-removal$"):
            archive.sync([source])
        assert titles(archive) == [*PLACES, "Jura"]
    report = archive.sync([source], allow_removal=True)
    assert (report.added, report.removed) == (0, 4)
    assert titles(archive) == [*PLACES[4:], "Jura"]
    assert counts(archive.sync([source])) == (0, 0, 6, 0)


def test_a_third_may_go(archive: Archive, news: Path) -> None:
    """Three of nine are removed without asking."""
    archive.sync([news])
    for place in PLACES[:3]:
        (news / f"{place}.json").unlink()
    assert counts(archive.sync([news])) == (0, 0, 6, 3)


def test_the_guard_is_for_each_root(archive: Archive, news: Path, tmp_path: Path) -> None:
    """Half of a small root is refused even where it is little of the archive; the error names the root."""
    small = tmp_path / "small"
    write(small / "one.json", "Jura")
    write(small / "two.json", "Kirkwall")
    archive.sync([news, small])
    (small / "one.json").unlink()
    with pytest.raises(RemovalRefused, match=f"1 of the 2 articles that came from {small} are no longer there"):
        archive.sync([news, small])
    assert counts(archive.sync([small], allow_removal=True)) == (0, 0, 1, 1)


def test_a_path_that_is_not_synced_is_left_alone(archive: Archive, news: Path, tmp_path: Path) -> None:
    """A sync of one path removes nothing that came from another."""
    other = tmp_path / "other"
    write(other / "one.json", "Jura")
    archive.sync([news, other])
    shutil.rmtree(news)
    assert counts(archive.sync([other])) == (0, 0, 1, 0)
    assert archive.stats().articles == 10


@pytest.mark.parametrize(("state", "error"), [("gone", PathMissing), ("empty", PathEmpty)])
def test_a_path_without_files_is_an_error(archive: Archive, news: Path, state: str, error: type[Exception]) -> None:
    """A missing folder (a disk that is not mounted) or an empty one removes nothing, also when it may."""
    archive.sync([news])
    shutil.rmtree(news)
    if state == "empty":
        news.mkdir()
    with pytest.raises(error, match=str(news)):
        archive.sync([news], allow_removal=True)
    assert titles(archive) == list(PLACES)


def test_a_folder_then_a_folder_in_it(archive: Archive, encoder: ToyEncoder, news: Path) -> None:
    """The inner folder is part of the outer one: nothing is there twice, and what vanished inside goes."""
    for place in ("Jura", "Kirkwall", "Leith"):
        write(news / "isles" / f"{place}.json", place)
    archive.sync([news])
    encoder.encoded.clear()
    (news / "isles" / "Leith.json").unlink()
    (news / "Ashford.json").unlink()
    assert counts(archive.sync([news / "isles"])) == (0, 0, 2, 1)
    assert titles(archive) == [*PLACES, "Jura", "Kirkwall"]
    assert counts(archive.sync([news / "isles" / "Jura.json"])) == (0, 0, 1, 0)
    assert counts(archive.sync([news, news / "isles"])) == (0, 0, 10, 1)
    assert encoder.encoded == []


def test_a_folder_in_it_then_the_folder(archive: Archive, encoder: ToyEncoder, news: Path) -> None:
    """The outer folder takes over what the inner one and a single file gave."""
    for place in ("Jura", "Kirkwall"):
        write(news / "isles" / f"{place}.json", place)
    archive.sync([news / "isles"])
    archive.sync([news / "Ashford.json"])
    encoder.encoded.clear()
    assert counts(archive.sync([news])) == (8, 0, 3, 0)
    assert titles(archive) == [*PLACES, "Jura", "Kirkwall"]
    assert len(encoder.encoded) == 8
    (news / "isles" / "Jura.json").unlink()
    assert counts(archive.sync([news])) == (0, 0, 10, 1)


@pytest.mark.parametrize("turned", [False, True])
def test_nested_paths_in_one_sync(archive: Archive, news: Path, turned: bool) -> None:  # noqa: FBT001
    """In any order, also where the inner one was synced before."""
    write(news / "isles" / "Jura.json", "Jura")
    paths = [news / "isles", news]
    assert counts(archive.sync(paths[::-1] if turned else paths)) == (10, 0, 0, 0)
    assert counts(archive.sync(paths)) == (0, 0, 10, 0)
    assert titles(archive) == [*PLACES, "Jura"]


def test_withdrawn_articles_stay_out(archive: Archive, news: Path) -> None:
    """What was removed by hand is refused by name while its file is read, and comes in after being readmitted."""
    archive.sync([news])
    assert archive.remove("Ashford.json") == 1
    assert counts(archive.sync([news])) == (0, 0, 8, 0)
    write(news / "Ashford.json", "Ashford", text="Once more: {} council.")
    report = archive.sync([news])
    assert counts(report) == (0, 0, 8, 0)
    assert [refusal.path for refusal in report.refused] == ["Ashford.json"]
    assert "newsdesk remove --undo" in report.refused[0].reason
    assert archive.sync([news]).refused == ()
    assert archive.readmit() == 1
    assert counts(archive.sync([news])) == (1, 0, 8, 0)


def test_a_withdrawn_article_does_not_come_back_under_another_name(archive: Archive, news: Path) -> None:
    """The same text in another file, and another text at its address, are refused by name; other articles come in."""
    address = "https://example.org/ashford"
    (news / "Ashford.json").write_text(json.dumps(record("Ashford", url=address)))
    archive.sync([news])
    assert archive.remove(address) == 1
    (news / "Ashford.json").rename(news / "moved.json")
    (news / "again.json").write_text(json.dumps({**record("Ashford", url=address), "title": "New", "text": "New."}))
    (news / "copy.json").write_text(json.dumps(record("Ashford")))
    write(news / "Jura.json", "Jura")
    for added in (1, 0):
        report = archive.sync([news])
        assert counts(report) == (added, 0, 9 - added, 0)
    assert titles(archive) == [*PLACES[1:], "Jura"]
    assert archive.readmit() == 1
    assert counts(archive.sync([news])) == (3, 0, 9, 0)


def test_a_single_file_that_is_withdrawn_is_named(archive: Archive, tmp_path: Path) -> None:
    """A refusal of an article from a path that is a file says which."""
    wire = tmp_path / "wire.jsonl"
    write(wire, "Ashford", "Barrow")
    archive.sync([wire])
    assert archive.remove("Ashford") == 1
    wire.write_text(wire.read_text() + "\n\n")
    assert [refusal.path for refusal in archive.sync([wire]).refused] == [str(wire)]


def test_an_interrupted_sync_keeps_what_it_committed(
    archive: Archive, encoder: ToyEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C between two batches leaves whole articles that can be found, and the next sync does only the rest."""
    monkeypatch.setattr("index.sync.BATCH_PASSAGES", 2)
    news = tmp_path / "news"
    for place in PLACES:
        write(news / f"{place}.json", place)
    with pytest.raises(KeyboardInterrupt):
        archive.sync([news], progress=_interrupt_after(4))
    kept = titles(archive)
    assert kept == list(PLACES[:4])
    assert archive.stats().last_sync is None
    encoder.encoded.clear()
    assert counts(archive.sync([news])) == (5, 0, 4, 0)
    assert len(encoder.encoded) == 5
    assert titles(archive) == list(PLACES)


def test_an_interruption_inside_a_large_file(
    archive: Archive, encoder: ToyEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of which a part was committed is read again, but its committed articles are not encoded again."""
    monkeypatch.setattr("index.sync.BATCH_PASSAGES", 2)
    wire = tmp_path / "wire.jsonl"
    write(wire, *PLACES)
    with pytest.raises(KeyboardInterrupt):
        archive.sync([wire], progress=_interrupt_after(6))
    assert titles(archive) == list(PLACES[:6])
    encoder.encoded.clear()
    assert counts(archive.sync([wire])) == (3, 0, 6, 0)
    assert len(encoder.encoded) == 3


def _interrupt_after(passages: int) -> Callable[[SyncProgress], None]:
    def progress(done: SyncProgress) -> None:
        if done.passages >= passages:
            raise KeyboardInterrupt

    return progress


def test_progress_grows_to_the_end(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told after each batch and file, never goes back, and ends with every file, article and passage."""
    monkeypatch.setattr("index.sync.BATCH_PASSAGES", 4)
    told: list[SyncProgress] = []
    write(tmp_path / "news" / "wire.jsonl", *PLACES)
    write(tmp_path / "news" / "last.json", "Jura")
    archive.sync([tmp_path / "news"], progress=told.append)
    numbers = [(each.files_done, each.articles, each.passages) for each in told]
    assert numbers == sorted(numbers)
    assert {each.files_total for each in told} == {2}
    assert {each.passages for each in told} == {0, 4, 8, 10}
    assert numbers[-1] == (2, 10, 10)


def test_a_batch_is_many_passages(archive: Archive, tmp_path: Path) -> None:
    """Passages are committed in batches of 256: one small sync is one batch."""
    told: list[SyncProgress] = []
    write(tmp_path / "wire.jsonl", *PLACES)
    archive.sync([tmp_path / "wire.jsonl"], progress=told.append)
    assert BATCH_PASSAGES == 256
    assert {each.passages for each in told} == {0, 9}


def test_another_mapping_reads_the_files_again(archive: Archive, tmp_path: Path) -> None:
    """With other names for the fields the same file says something else."""
    wire = tmp_path / "wire.jsonl"
    wire.write_text(json.dumps({**record("Ashford"), "hed": "From the wire"}))
    archive.sync([wire])
    mapping = FieldMapping.parse("title=hed")
    assert counts(archive.sync([wire], mapping=mapping)) == (0, 1, 0, 0)
    assert [passage.article.title for passage in archive.all_passages()] == ["From the wire"]
    assert counts(archive.sync([wire], mapping=mapping)) == (0, 0, 1, 0)


def test_a_second_writer_is_refused(archive: Archive, news: Path, tmp_path: Path) -> None:
    """While one process changes the archive another is told so, and nothing is changed."""
    with writing(tmp_path / "archive"):
        for change in (
            lambda: archive.sync([news]),
            lambda: archive.add([article("Text.")]),
            lambda: archive.remove("a.txt"),
            archive.readmit,
        ):
            with pytest.raises(ArchiveBusy, match="wait for it to end and try again"):
                change()
    assert archive.stats().articles == 0
    assert counts(archive.sync([news])) == (9, 0, 0, 0)


def test_a_file_with_only_known_gaps_is_forgotten_when_it_goes(archive: Archive, news: Path) -> None:
    """A file whose articles were all removed by hand may vanish: nothing is counted, and nothing refused."""
    archive.sync([news])
    archive.remove("Ashford.json")
    (news / "Ashford.json").unlink()
    assert counts(archive.sync([news])) == (0, 0, 8, 0)


def test_what_is_encoded_names_the_headline() -> None:
    """A passage's fingerprint depends on the headline, the text and the encoder, and on nothing else."""

    def prints(encoder: ToyEncoder, **fields: str) -> tuple[bytes, ...]:
        return prepare(article("One. Two.", **fields), "a", encoder, Chunking()).prints

    base = prints(ToyEncoder())
    assert base == prints(ToyEncoder(), path="b.txt", root="/b", url="https://example.org")
    assert len({base, prints(ToyEncoder(), title="Other"), prints(ToyEncoder("other"))}) == 3


def test_a_prepared_article_is_its_passages() -> None:
    """Spans, texts to encode and fingerprints go together, one a passage."""
    body = " ".join(f"Sentence number {at} says little." for at in range(120))
    one = article(body)
    prepared = prepare(one, "a.txt", ToyEncoder(), Chunking())
    assert prepared.texts == tuple(encoder_text(one, *span) for span in prepared.spans)
    assert len(set(prepared.prints)) == len(prepared.spans) > 2
