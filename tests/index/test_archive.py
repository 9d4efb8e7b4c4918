"""The archive: opened, changed, asked; followed across instances and processes; restored, damaged and mended."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toys import ToyEncoder, ToyReader, article

from index import Archive, NewsdeskError
from index.candidates import STORIES
from index.errors import ArchiveBusy, ArchiveDamaged, ArchiveError, ArchiveFormat, ArchiveMissing, EncoderMismatch
from index.store import background, folding
from index.store.catalog import Catalog
from index.store.derived import Writer
from index.store.lock import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from index import Article

TODAY = date(2026, 6, 1)
CHILD = """
import sys
from toys import ToyEncoder, ToyReader
from index import Archive
with Archive.open(sys.argv[1], encoder=ToyEncoder(), reader=ToyReader()) as archive:
    for line in sys.stdin:
        print(*(hit.article.key.path for hit in archive.search(line, k=1)), flush=True)
"""


def articles() -> list[Article]:
    """Three articles, of other days and sources."""
    return [
        article(
            "Ada Lind opened the new ferry terminal in Ashford. It cost 40 million.",
            title="Ferry terminal opens",
            path="ferry.txt",
            published=date(2024, 5, 1),
            source="Wire",
            url="https://example.org/ferry",
        ),
        article(
            "Storm Hesper closed the harbour of Barrow for two days. Nobody was hurt.",
            title="Storm closes harbour",
            path="storm.txt",
            published=date(2023, 2, 3),
            source="Wire",
        ),
        article("The library of Carlow will stay open.", title="Library saved", path="library.txt", source="Echo"),
    ]


@pytest.fixture
def encoder() -> ToyEncoder:
    """An encoder that keeps what it encoded."""
    return ToyEncoder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the archive lies."""
    return tmp_path / "archive"


@pytest.fixture
def archive(folder: Path, encoder: ToyEncoder) -> Iterator[Archive]:
    """An archive of three articles."""
    with Archive.open(folder, encoder=encoder, reader=ToyReader(), create=True) as opened:
        assert opened.add(articles()) == 3
        encoder.encoded.clear()
        yield opened


def found(archive: Archive, question: str, k: int = 10) -> list[str]:
    """The files of the hits."""
    return [hit.article.key.path for hit in archive.search(question, asked=TODAY, k=k)]


def best(archive: Archive, question: str) -> str | None:
    """The file of a hit that holds a word of the question."""
    return next((hit.article.key.path for hit in archive.search(question, asked=TODAY) if hit.bm25 > 0), None)


def test_there_is_an_archive_or_an_error(tmp_path: Path) -> None:
    """Opening does not make one unasked: the error says where, and how to make one; nothing is left behind."""
    with pytest.raises(ArchiveMissing, match=f"no archive in {tmp_path}/none; make one with: newsdesk sync PATH"):
        Archive.open(tmp_path / "none", encoder=ToyEncoder(), reader=ToyReader())
    assert list(tmp_path.iterdir()) == []


def test_a_new_archive_is_empty(folder: Path) -> None:
    """It may be made in folders that are not there yet, and opened by text."""
    with Archive.open(str(folder / "deep"), encoder=ToyEncoder(), reader=ToyReader(), create=True) as archive:
        stats = archive.stats()
    assert (stats.articles, stats.passages, stats.sources, stats.first, stats.last) == (0, 0, (), None, None)
    assert (stats.encoder, stats.last_sync) == ("", None)


def test_a_place_that_cannot_hold_an_archive(tmp_path: Path) -> None:
    """Below a file, and where archive.db is a folder, the error is one for a person."""
    (tmp_path / "file").touch()
    with pytest.raises(ArchiveError, match="cannot be made: Not a directory; choose another with --archive"):
        Archive.open(tmp_path / "file" / "archive", encoder=ToyEncoder(), reader=ToyReader(), create=True)
    (tmp_path / "odd" / "archive.db").mkdir(parents=True)
    with pytest.raises(ArchiveError, match="cannot be opened"):
        Archive.open(tmp_path / "odd", encoder=ToyEncoder(), reader=ToyReader(), create=True)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    """A text file and a newer archive are refused on opening."""
    (tmp_path / "archive.db").write_text("not a database, whatever its name says\n" * 99)
    with pytest.raises(ArchiveFormat, match="not a newsdesk archive"):
        Archive.open(tmp_path, encoder=ToyEncoder(), reader=ToyReader())


def test_a_newer_archive_is_refused(archive: Archive, folder: Path) -> None:
    """An archive of a later format says so."""
    archive.close()
    with closing(sqlite3.connect(folder / "archive.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(ArchiveFormat, match="upgrade"):
        Archive.open(folder, encoder=ToyEncoder(), reader=ToyReader())


def test_the_archive_in_figures(archive: Archive, folder: Path, tmp_path: Path) -> None:
    """Stats are what was put in, and the bytes that the folder takes."""
    stats = archive.stats()
    assert (stats.articles, stats.passages) == (3, 3)
    assert stats.sources == (("Wire", 2), ("Echo", 1))
    assert (stats.first, stats.last) == (date(2023, 2, 3), date(2024, 5, 1))
    assert (stats.encoder, stats.last_sync) == ("ToyEncoder", None)
    assert stats.disk == sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    (tmp_path / "news.json").write_text('{"title": "T", "text": "A new article."}')
    before = datetime.now(UTC).replace(microsecond=0)
    archive.sync([tmp_path / "news.json"])
    last = archive.stats().last_sync
    assert last is not None
    assert before <= last <= datetime.now(UTC)


def test_figures_while_files_come_and_go(archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that a sync takes away while its size is asked for is no error, and counts nothing."""
    before = archive.stats().disk
    (folder / "dense-9.faiss").write_bytes(b"gone at the next look")
    is_file = Path.is_file

    def look(path: Path) -> bool:
        there = is_file(path)
        if path.name == "dense-9.faiss":
            path.unlink()
        return there

    monkeypatch.setattr(Path, "is_file", look)
    assert archive.stats().disk == before


def test_a_search_finds_the_articles_own_words(archive: Archive) -> None:
    """Each article is first for its words; hits are one an article, best first, at most k."""
    assert [best(archive, word) for word in ("ferry", "harbours", "library")] == [
        "ferry.txt",
        "storm.txt",
        "library.txt",
    ]
    hits = archive.search("the open ferry terminal of Ashford", asked=TODAY)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert sorted(hit.article.key.path for hit in hits) == ["ferry.txt", "library.txt", "storm.txt"]
    assert found(archive, "ferry", k=1) == ["ferry.txt"]
    read = archive.read(archive.find("ferry", asked=TODAY, k=STORIES))
    assert read.hits[:1] == archive.search("ferry", asked=TODAY, k=1)


def test_an_answer_is_a_slice_of_its_article(archive: Archive) -> None:
    """A quote stands in the article, its article is the first hit, and there are at most k hits."""
    reply = archive.ask("Who opened the new ferry terminal in Ashford?", asked=TODAY, k=2)
    assert reply.answer is not None
    one = articles()[0]
    assert reply.answer.quote == "Ada Lind opened the new ferry terminal in Ashford."
    assert one.body[reply.answer.start : reply.answer.end] == reply.answer.quote
    assert reply.hits[0].article == one
    assert len({hit.article.key for hit in reply.hits}) == len(reply.hits) == 2
    assert reply.question == "Who opened the new ferry terminal in Ashford?"


def test_the_day_it_is_asked_on_may_be_left_out(archive: Archive) -> None:
    """Without a day it is today."""
    before = datetime.now(UTC).date()
    hits, reply = archive.search("ferry terminal"), archive.ask("ferry terminal")
    days = {before, datetime.now(UTC).date()}
    assert hits in [archive.search("ferry terminal", asked=day) for day in days]
    assert reply in [archive.ask("ferry terminal", asked=day) for day in days]
    assert hits != archive.search("ferry terminal", asked=date(2060, 1, 1))


def test_a_question_that_follows_on_something_is_found_with_it_and_read_alone(archive: Archive) -> None:
    """What it cost says nothing of itself; after the headline it is answered from that article."""
    alone = archive.ask("what did it cost?", asked=TODAY, k=3)
    after = archive.ask("what did it cost?", asked=TODAY, k=3, after="Ferry terminal opens")
    assert after.hits[0].article.key.path == "ferry.txt"
    assert after.question == "what did it cost?"
    assert after.answer is not None
    assert after.answer.quote == "Ada Lind opened the new ferry terminal in Ashford. It cost 40 million."
    assert after.hits[0].score > alone.hits[0].score


def test_coverage_is_the_share_of_a_text_that_stands_in_an_article(archive: Archive) -> None:
    """Words of like rarity count alike, also in the headline; what is gone holds nothing."""
    (ferry,), (storm,) = archive.search("ferry", k=1), archive.search("storm", k=1)
    places = [ferry.passage.id, storm.passage.id, 10_000]
    assert archive.coverage("Ashford ferry opens", places) == pytest.approx((1.0, 0.0, 0.0))
    assert archive.coverage("Ashford Barrow", places) == pytest.approx((0.5, 0.5, 0.0))
    assert archive.coverage("Ashford Nowhere", places)[0] < 0.5
    assert archive.coverage("who was the", places) == (1.0, 1.0, 1.0)
    assert archive.coverage("Ashford", []) == ()


def test_an_answer_names_who_else_reported_it(archive: Archive) -> None:
    """The wire copy of the article that it is quoted from."""
    lines = " ".join(f"The {word} of the terminal was shown to visitors from the town." for word in "abcdefghijkl")
    body = f"Ada Lind opened the tidal terminal in Ashford. {lines}"
    copies = [
        article(body, title="Tidal terminal opens", path=f"tidal-{source}.txt", source=source)
        for source in ("Wire", "Echo")
    ]
    archive.add(copies)
    answer = archive.ask("who opened the tidal terminal in Ashford?", asked=TODAY).answer
    assert answer is not None
    assert {answer.hit.article.source, *(each.source for each in answer.hit.also)} == {"Wire", "Echo"}
    assert len(answer.hit.also) == 1


def test_what_the_archive_does_not_say_is_no_answer(archive: Archive) -> None:
    """A question about something else has no answer, though there are passages to show."""
    reply = archive.ask("Quel est le prix du pain?", asked=TODAY)
    assert reply.answer is None
    assert len(reply.hits) == 3


ODD = [
    "",
    "   \n\t ",
    "🙂🙂🙂",
    "👩‍👩‍👧‍👦?",
    "\ud800\udfff lone \udc00",
    "\ud800",
    "\0\x01\x1b[31m\x7f",
    "word " * 2_000,
    "x" * 10_000,
    "'; DROP TABLE articles; --",
    '" OR 1=1 * AND NOT (title:x)',
    "passage:1 AND seq:[0 TO *]",
    "ferry " * 3 + "^2 ~ + - && || ! ( ) { } [ ] : \\",
    "\u202eyrref\u202c",
    "何ですか",
]


@pytest.mark.parametrize("question", ODD, ids=range(len(ODD)))
def test_any_text_may_be_asked(archive: Archive, question: str) -> None:
    """Nothing that can be typed is an error or changes the archive."""
    reply = archive.ask(question, asked=TODAY)
    assert reply.question == question
    assert len(archive.search(question, asked=TODAY)) == (3 if question.encode(errors="ignore").strip() else 0)
    assert archive.stats().articles == 3
    assert best(archive, "ferry") == "ferry.txt"


@pytest.mark.parametrize("question", ["Who opened the ferry?", *ODD], ids=range(len(ODD) + 1))
def test_an_empty_archive_answers_nothing(folder: Path, question: str) -> None:
    """Before the first article there are no hits, no answers and no suggestions."""
    with Archive.open(folder, encoder=ToyEncoder(), reader=ToyReader(), create=True) as archive:
        reply = archive.ask(question)
        assert (reply.answer, reply.hits, archive.search(question), archive.suggest()) == (None, (), (), ())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(st.characters(), max_size=80))
def test_hits_are_in_order_for_any_question(archive: Archive, question: str) -> None:
    """Scores lie in [0, 1] and fall; a quote is a slice; every passage is a slice."""
    reply = archive.ask(question, asked=TODAY)
    hits = archive.search(question, asked=TODAY)
    assert all(0 <= hit.score <= 1 for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.passage.text in hit.article.body for hit in hits)
    assert reply.answer is None or reply.answer.quote in reply.hits[0].article.body


def test_passages_come_in_the_order_asked_for(archive: Archive) -> None:
    """By id, repeated ones too, without those that are gone."""
    ids = [passage.id for passage in archive.all_passages()]
    wanted = [ids[2], 999, ids[0], ids[2]]
    assert [passage.id for passage in archive.passages(wanted)] == [ids[2], ids[0], ids[2]]
    archive.remove("ferry.txt")
    assert [passage.id for passage in archive.passages(ids)] == ids[1:]
    assert archive.passages([]) == ()


def test_suggestions_are_answered_from_their_article(archive: Archive) -> None:
    """Each suggested question has an answer; they are of other articles, newest first, at most n."""
    suggested = archive.suggest(3)
    answers = [archive.ask(question).answer for question in suggested]
    keys = [answer.hit.article.key.path for answer in answers if answer is not None]
    assert len(keys) == len(suggested) == len(set(keys)) > 0
    assert keys[0] == "ferry.txt"
    assert archive.suggest(1) == suggested[:1]
    assert archive.suggest(0) == ()


def test_suggestions_follow_the_archive(archive: Archive, encoder: ToyEncoder) -> None:
    """They are kept until something changes, then drawn anew."""
    first = archive.suggest(1)
    encoder.encoded.clear()
    assert archive.suggest(1) is first
    assert encoder.encoded == []
    archive.remove("ferry.txt")
    assert archive.suggest(1) != first


def test_all_articles_are_added_or_none(archive: Archive, encoder: ToyEncoder) -> None:
    """Where one of several fails, none is there; a replaced article keeps its key."""

    def broken() -> Iterator[Article]:
        yield article("A new bridge.", path="bridge.txt")
        raise TimeoutError

    with pytest.raises(TimeoutError):
        archive.add(broken())
    with pytest.raises(UnicodeEncodeError):
        archive.add([article("A new bridge.", path="bridge.txt"), article("\ud800", path="odd.txt")])
    assert archive.stats().articles == 3
    assert archive.add([article("A tunnel instead.", path="ferry.txt")]) == 1
    assert archive.stats().articles == 3
    assert (best(archive, "tunnel"), best(archive, "Ashford")) == ("ferry.txt", None)
    encoder.encoded.clear()
    assert archive.add([article("A tunnel instead.", path="other.txt")]) == 1
    assert encoder.encoded == []


def test_an_article_without_text_is_kept(archive: Archive) -> None:
    """It has no passage, and is found by nothing."""
    assert archive.add([article("", title="Picture of the day", path="picture.txt"), *()]) == 1
    stats = archive.stats()
    assert (stats.articles, stats.passages) == (4, 3)


@pytest.mark.parametrize("what", ["https://example.org/ferry", "ferry.txt", "/articles/ferry.txt"])
def test_an_article_is_removed_by_what_it_is_called(archive: Archive, what: str) -> None:
    """By address, file or whole path: it is found no more, and what is unknown removes nothing."""
    assert archive.remove("unheard of") == 0
    assert archive.remove("") == 0
    assert archive.remove(what) == 1
    assert best(archive, "ferry terminal Ashford") is None
    assert archive.stats().articles == 2
    assert archive.remove(what) == 0


def test_articles_are_removed_by_id(archive: Archive) -> None:
    """All articles of an id go; what was removed is let in again when asked for."""
    archive.add([article("Row one.", path="w.jsonl", id="7"), article("Row two.", path="v.jsonl", id="7")])
    assert archive.remove("7") == 2
    assert archive.stats().articles == 3
    assert archive.readmit() == 2
    assert archive.readmit() == 0


def test_the_encoder_is_the_archives_own(archive: Archive, folder: Path) -> None:
    """Another encoder is refused for questions and for changes, with the name of the one to set."""
    archive.close()
    with Archive.open(folder, encoder=ToyEncoder("other"), reader=ToyReader()) as other:
        for use in (
            lambda: other.search("ferry"),
            lambda: other.ask("ferry"),
            other.suggest,
            lambda: other.encoder,
            lambda: other.add([article("Text.")]),
        ):
            with pytest.raises(EncoderMismatch, match=r"set NEWSDESK_ENCODER=ToyEncoder, or .* newsdesk reencode"):
                use()
        assert other.stats().articles == 3
        assert len(other.passages([1, 2, 3])) == 3


def test_an_archive_belongs_to_the_encoder_it_was_begun_with(folder: Path, encoder: ToyEncoder) -> None:
    """Asking an empty archive claims nothing; the first change does."""
    with Archive.open(folder, encoder=ToyEncoder("first"), reader=ToyReader(), create=True) as archive:
        assert archive.search("ferry") == ()
        assert archive.encoder.fingerprint == "first"
    with Archive.open(folder, encoder=encoder, reader=ToyReader()) as archive:
        archive.add(articles())
    with (
        Archive.open(folder, encoder=ToyEncoder("first"), reader=ToyReader()) as archive,
        pytest.raises(EncoderMismatch),
    ):
        archive.search("ferry")


def test_an_encoder_by_name_is_loaded_when_needed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures need no model; the first question loads the named one once, from the given cache."""
    loaded: list[tuple[str, Path | None]] = []

    def load(name: str, *, cache: Path | None = None, device: str = "auto") -> ToyEncoder:
        assert device == "auto"
        loaded.append((name, cache))
        return ToyEncoder()

    monkeypatch.setattr("index.encoder.load", load)
    with Archive.open(folder, encoder="some/model", cache=tmp_path, create=True) as archive:
        archive.stats()
        assert loaded == []
        archive.add(articles())
        archive.search("ferry")
        assert loaded == [("some/model", tmp_path)]
        assert archive.stats().encoder == "some/model"


def test_another_instance_sees_a_change_at_its_next_call(archive: Archive, folder: Path) -> None:
    """A reader that was open before finds what was added, and not what was removed."""
    with Archive.open(folder, encoder=ToyEncoder(), reader=ToyReader()) as reader:
        assert (best(reader, "ferry"), best(reader, "tunnel")) == ("ferry.txt", None)
        archive.add([article("A tunnel below the bay.", path="tunnel.txt")])
        assert best(reader, "tunnel") == "tunnel.txt"
        archive.remove("ferry.txt")
        assert best(reader, "ferry") is None
        archive.readmit()
        assert best(reader, "tunnel") == "tunnel.txt"


def test_another_process_sees_a_sync_at_its_next_call(archive: Archive, folder: Path, tmp_path: Path) -> None:
    """A process that answers follows a sync without a restart."""
    command = [sys.executable, "-c", CHILD, str(folder)]
    paths = {"PYTHONPATH": ":".join(sys.path)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=paths) as child:

        def ask(question: str) -> str:
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write(f"{question}\n")
            child.stdin.flush()
            return child.stdout.readline().strip()

        assert ask("ferry terminal in Ashford") == "ferry.txt"
        (tmp_path / "news").mkdir()
        (tmp_path / "news" / "tunnel.json").write_text('{"title": "Tunnel", "text": "A tunnel below the bay."}')
        archive.sync([tmp_path / "news"])
        assert ask("tunnel below the bay") == "tunnel.json"
        archive.remove("ferry.txt")
        assert ask("ferry terminal in Ashford") != "ferry.txt"


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _overwrite(path: Path) -> None:
    path.write_bytes(b"\x00garbage" * (path.stat().st_size // 8 + 1))


@pytest.mark.parametrize("spoil", [Path.unlink, _cut, _overwrite], ids=["deleted", "cut", "garbage"])
@pytest.mark.parametrize("use", ["ask", "change"])
def test_spoilt_indexes_are_mended(archive: Archive, folder: Path, spoil: Callable[[Path], None], use: str) -> None:
    """Whatever became of the derived files, the next question or change has them whole, and encodes nothing again."""
    archive.close()
    for path in [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("archive.")]:
        spoil(path)
    encoder = ToyEncoder()
    with Archive.open(folder, encoder=encoder, reader=ToyReader()) as again:
        if use == "change":
            assert again.remove("storm.txt") == 1
            assert encoder.encoded == []
            assert again.verify().damages == ()
        assert [best(again, word) for word in ("ferry", "library")] == ["ferry.txt", "library.txt"]
        assert encoder.encoded == []


@pytest.mark.parametrize("text", ["A tunnel below the bay.", "A viaduct over the bay."])
def test_a_restored_archive_is_not_searched_by_later_indexes(archive: Archive, folder: Path, text: str) -> None:
    """After a backup is put back and as many changes were made, indexes from before the restoring are not its own."""
    archive.close()
    shutil.copy(folder / "archive.db", folder / "backup")
    with Archive.open(folder, encoder=ToyEncoder(), reader=ToyReader()) as lost:
        lost.add([article("A glacier above the town.", path="glacier.txt")])
    (folder / "backup").rename(folder / "archive.db")
    with Archive.open(folder, encoder=ToyEncoder(), reader=ToyReader()) as restored:
        restored.add([article(text, path="bay.txt")])
        word = text.split()[1]
        assert (best(restored, word), best(restored, "glacier")) == ("bay.txt", None)
        assert len(found(restored, word)) == 4


def test_an_archive_begun_again_is_not_searched_by_old_indexes(archive: Archive, folder: Path) -> None:
    """Where only the database was deleted, what is left beside it finds nothing."""
    archive.close()
    (folder / "archive.db").unlink()
    with Archive.open(folder, encoder=ToyEncoder(), reader=ToyReader(), create=True) as again:
        again.add([article(f"{word} again.", path=word) for word in ("glacier", "tunnel", "viaduct")])
        assert [best(again, word) for word in ("glacier", "ferry", "tunnel")] == ["glacier", None, "tunnel"]


def test_a_change_that_failed_after_its_commit_is_caught_up(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the truth and the indexes, an archive has them in step at the next question."""
    commit_only(archive, article("A tunnel below the bay.", path="tunnel.txt"), monkeypatch)
    with Archive.open(folder, encoder=ToyEncoder(), reader=ToyReader()) as again:
        assert best(again, "tunnel") == "tunnel.txt"


def commit_only(archive: Archive, one: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    """Add an article as a process does that is killed right after it committed."""
    follow = Writer.follow

    def killed(writer: Writer) -> None:
        if archive.stats().articles == 4:
            raise KeyboardInterrupt
        follow(writer)

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "follow", killed)
        with pytest.raises(KeyboardInterrupt):
            archive.add([one])


def test_an_archive_can_be_asked_while_another_writes(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between a writer's commit and its indexes a reader waits a little, then says so: it never mixes two moments."""
    monkeypatch.setattr("index.moments._PATIENCE_SECONDS", 0.1)
    with Archive.open(folder, encoder=ToyEncoder(), reader=ToyReader()) as reader:
        assert best(reader, "ferry") == "ferry.txt"
        commit_only(archive, article("A tunnel below the bay.", path="tunnel.txt"), monkeypatch)
        with writing(folder), pytest.raises(ArchiveBusy, match="ask again in a moment"):
            best(reader, "ferry")
        assert best(reader, "tunnel") == "tunnel.txt"


def test_a_reader_waits_for_a_writer_that_is_about_to_end(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Held by another for a moment between truth and indexes, a question is answered as soon as that has ended."""
    with Archive.open(folder, encoder=ToyEncoder(), reader=ToyReader()) as reader:
        commit_only(archive, article("A tunnel below the bay.", path="tunnel.txt"), monkeypatch)
        with ExitStack() as held:
            held.enter_context(writing(folder))
            looks: list[float] = []

            def glance(seconds: float) -> None:
                looks.append(seconds)
                if len(looks) == 3:
                    held.close()

            monkeypatch.setattr("index.moments.time.sleep", glance)
            assert best(reader, "tunnel") == "tunnel.txt"
    assert len(looks) == 3


def test_an_archive_is_opened_with_its_own_encoder(
    archive: Archive, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where none is named, that which it was built with is loaded, by the name that the archive knows it by."""
    archive.close()
    loaded: list[str] = []

    def load(name: str, **_: object) -> ToyEncoder:
        loaded.append(name)
        return ToyEncoder()

    monkeypatch.setattr("index.encoder.load", load)
    with Archive.open(folder, cache=tmp_path) as again:
        assert again.stats().articles == 3
        assert loaded == []
        assert best(again, "ferry") == "ferry.txt"
        assert loaded == ["ToyEncoder"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE articles SET body = replace(body, 'Ada', 'Eve') WHERE id = 1",
            r"the article 1 \(/articles/ferry\.txt\)",
        ),
        ("UPDATE passages SET start = 4 WHERE id = 1", "the passage 1 "),
        ("UPDATE vectors_1 SET vector = zeroblob(128) WHERE passage = 1", "the vector of passage 1 "),
        ("UPDATE meta SET value = 'other' WHERE name = 'encoder'", "the fact encoder "),
    ],
)
def test_what_is_damaged_is_not_answered_from(archive: Archive, folder: Path, statement: str, said: str) -> None:
    """A question that would show it, or be answered by it, is refused, and says what is damaged and what mends it."""
    assert best(archive, "ferry") == "ferry.txt"
    with closing(sqlite3.connect(folder / "archive.db")) as connection, connection:
        connection.execute(statement)
    for ask in (archive.ask, archive.search):
        with pytest.raises(ArchiveDamaged, match=said) as caught:
            ask("Who opened the ferry terminal in Ashford?")
        assert "newsdesk repair" in str(caught.value)


def test_an_article_dated_tomorrow_is_found_tomorrow(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """By no question today, whatever day is asked for, nor in a suggestion; then by all, without a change."""
    today = {"is": date(2026, 6, 1)}
    monkeypatch.setattr("index.archive._today", lambda: today["is"])
    text = "Tom Roe closed the glacier museum in Orle."
    archive.add([article(text, title="Museum", path="museum.txt", published=date(2026, 6, 2))])
    question = "Who closed the glacier museum in Orle?"

    def shown() -> tuple[bool, ...]:
        reply = archive.ask(question)
        return (
            "museum.txt" in {hit.article.key.path for hit in reply.hits},
            reply.answer is not None and reply.answer.quote == text,
            "museum.txt" in {hit.article.key.path for hit in archive.search(question, asked=date(2030, 1, 1))},
            "museum.txt" in {hit.article.key.path for hit in archive.find("museum", asked=TODAY).passages},
            question in archive.suggest(5),
        )

    assert shown() == (False,) * 5
    today["is"] = date(2026, 6, 2)
    assert shown()[:4] == (True,) * 4
    archive.add([article("Nothing more.", path="more.txt")])
    assert shown() == (True,) * 5


def test_an_article_is_known_by_its_address(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its headline, however the address is written; not before its day, nor once it is removed."""
    monkeypatch.setattr("index.archive._today", lambda: date(2026, 6, 1))
    coming = article("Tom Roe closed it.", path="m.txt", published=date(2026, 6, 2), url="https://example.org/museum")
    archive.add([coming])
    assert archive.headline("http://www.example.org/ferry/?utm_source=post#top") == "Ferry terminal opens"
    assert archive.headline("https://example.org/ferry-2") is None
    assert archive.headline("https://example.org/museum") is None
    assert archive.remove("https://example.org/ferry") == 1
    assert archive.headline("https://example.org/ferry") is None


def test_suggestions_are_drawn_anew_on_another_day(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """An article that was of the future yesterday may be suggested from today on, though nothing changed."""
    today = {"is": date(2026, 6, 1)}
    monkeypatch.setattr("index.archive._today", lambda: today["is"])
    text = "Tom Roe closed the glacier museum in Orle."
    archive.add([article(text, title="Museum", path="museum.txt", published=date(2026, 6, 2))])
    assert "Who closed the glacier museum in Orle?" not in archive.suggest(1)
    today["is"] = date(2026, 6, 2)
    assert archive.suggest(1) == ("Who closed the glacier museum in Orle?",)


def holding(folder: Path, *words: str) -> set[str]:
    """The files below a folder whose bytes hold one of these words, as they are or in another case."""
    return {
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(word.casefold().encode() in path.read_bytes().lower() for word in words)
    }


@pytest.mark.parametrize("large", [False, True])
def test_a_takedown_leaves_nothing_of_the_text(
    archive: Archive, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, large: bool
) -> None:
    """No file of the archive holds a word of headline, text, author or source, also beside a reader that is open."""
    body = "Quibblewick Snorrason denied the accusation. " + "Quibblewick said more about it. " * (
        3_000 if large else 1
    )
    one = article(body, title="Zorblaxia trial", path="trial.txt", author="Fennimore", source="Glubwire")
    archive.add([one, article("A tunnel below the bay.", path="tunnel.txt")])
    folding.fold(folder, catalog=archive._catalog)  # noqa: SLF001 - an archive folds by itself only when it is large
    words = ("Quibblewick", "Zorblaxia", "Fennimore", "Glubwire", "quibblewick snorrason", "accusation")
    with Archive.open(folder, encoder=ToyEncoder(), reader=ToyReader()) as reader:
        assert best(reader, "Quibblewick") == "trial.txt"
        assert holding(folder, *words) != set()
        monkeypatch.chdir(tmp_path)
        assert archive.remove("trial.txt") == 1
        assert holding(folder, *words) == set()
        assert best(reader, "Quibblewick") is None
        lexical = reader._moments.derived(None).lexical  # noqa: SLF001 - what the index knows is asked of it directly
        assert [lexical.share(term) for term in ("quibblewick", "tunnel")] == [0.0, 0.25]
        assert best(reader, "tunnel") == "tunnel.txt"
    archive.close()
    assert holding(folder, *words) == set()


def test_a_takedown_beside_a_reader_in_the_middle_of_a_question(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one reads an older moment the log cannot be emptied; the next change empties it."""
    monkeypatch.setattr("index.moments._PATIENCE_SECONDS", 0.05)
    archive.add([article("Quibblewick denied it.", path="trial.txt")])
    with closing(Catalog.open(folder / "archive.db")) as reader:
        archive._catalog.connection.execute("PRAGMA busy_timeout = 10")  # noqa: SLF001 - else this takes a minute
        with reader.snapshot():
            assert reader.count("articles") == 4
            assert archive.remove("trial.txt") == 1
        archive.remove("storm.txt")
        assert holding(folder, "Quibblewick") == set()


def test_an_archive_folds_itself_when_it_grows(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a change that made it large enough, beside it; what is found is the same as before and after."""
    begun: list[tuple[Path, Path]] = []
    monkeypatch.setattr("index.moments.background.start", lambda *places: begun.append(places))
    monkeypatch.setattr(folding, "SMALLEST", 20)
    words = [5 * chr(97 + at) for at in range(26)]
    with Archive.open(
        folder, encoder=ToyEncoder(), reader=ToyReader(), cache=tmp_path / "cache", create=True
    ) as archive:
        for word in words:
            archive.add([article(f"Of {word}.", path=word)])
        assert set(begun) == {(folder, tmp_path / "cache")}
        assert len(begun) == 26 - 20
        exact = [found(archive, word, k=5) for word in words]
        background.run(*begun.pop())
        begun.clear()
        assert (folder / "derived" / "dense-toy.json").exists()
        assert [found(archive, word, k=5) for word in words] == exact
        archive.remove("ccccc")
        archive.add([article("Of zzzzz again.", path="again")])
        assert begun == []
        assert best(archive, "ccccc") is None
        assert [best(archive, word) for word in ("aaaaa", "again")] == ["aaaaa", "again"]
        assert archive.verify().damages == ()


def test_a_copied_archive_makes_its_indexes_anew(archive: Archive, folder: Path, tmp_path: Path) -> None:
    """Nothing of the copied derived files is opened, nothing is encoded again, and every article is found."""
    archive.close()
    shutil.copytree(folder, tmp_path / "copy")
    (tmp_path / "copy" / "derived" / "trap").write_text("from elsewhere")
    encoder = ToyEncoder()
    with Archive.open(tmp_path / "copy", encoder=encoder, reader=ToyReader()) as copy:
        assert [best(copy, word) for word in ("ferry", "harbours", "library")] == [
            "ferry.txt",
            "storm.txt",
            "library.txt",
        ]
    assert encoder.encoded == []
    assert not (tmp_path / "copy" / "derived" / "trap").exists()


def test_an_archive_of_the_older_format_is_asked_at_once(tmp_path: Path) -> None:
    """It is migrated when it is opened; nothing is encoded again, and the derived files of that format are deleted."""
    source = Path(__file__).parents[1] / "faults" / "format-1" / "archive.db"
    (tmp_path / "old" / "lexical-1").mkdir(parents=True)
    shutil.copy(source, tmp_path / "old" / "archive.db")
    for name in ("dense.json", "dense-4.faiss", "lexical-1/meta.json"):
        (tmp_path / "old" / name).write_text("{}")
    encoder = ToyEncoder()
    with Archive.open(tmp_path / "old", encoder=encoder, reader=ToyReader()) as old:
        assert old.stats().articles == 5
        assert best(old, "Amberley scored the winning goal") == "2018-06-11-wexcombe-rovers-cup.md"
        assert best(old, "мост через реку Тихую") == "2018-09-05-zalessk-most-otkryt.md"
        assert encoder.encoded == []
        assert old.verify().damages == ()
    assert {path.name for path in (tmp_path / "old").iterdir()} == {"archive.db", "archive.lock", "derived"}


def test_an_emptied_database_is_no_new_archive(archive: Archive, folder: Path) -> None:
    """It is refused, with what to do, unless an archive is to be begun."""
    archive.close()
    (folder / "archive.db").write_bytes(b"")
    with pytest.raises(
        ArchiveDamaged, match=r"archive\.db is empty: put the archive\.db of a backup there, or delete it"
    ):
        Archive.open(folder, encoder=ToyEncoder(), reader=ToyReader())


def test_every_error_of_an_archive_is_for_a_person() -> None:
    """What opening and changing raise is one family."""
    assert all(
        issubclass(each, NewsdeskError) for each in (ArchiveError, ArchiveFormat, ArchiveMissing, EncoderMismatch)
    )
