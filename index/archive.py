"""The one door to an archive: open, sync, add, remove, search, ask, and keep it whole."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from index import encoder as encoders
from index import maintenance
from index.addresses import spellings
from index.candidates import STORIES
from index.domain import Reply, Stats
from index.errors import ArchiveDamaged, ArchiveError, ArchiveMissing, RemovalRefused
from index.moments import Moments
from index.own_encoder import OwnEncoder
from index.passages import Chunking
from index.preparing import Batch, prepare
from index.query import worth_of
from index.ranking import Weights
from index.reader import load_reader
from index.reading import AHEAD_AFTER, read_answer
from index.retrieval import Retrieval
from index.roots import adopt, settle
from index.second_stage import second_stage
from index.sources import FieldMapping, Limits, walk
from index.store.catalog import Catalog
from index.store.days import first_passages
from index.store.lock import writing
from index.suggestions import suggest
from index.sync import Sync

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import TracebackType

    from index.domain import Article, Health, Hit, Passage, ReencodeProgress, Repair, SyncProgress, SyncReport
    from index.encoder import Device, Encoder
    from index.reader import Reader
    from index.retrieval import Found
    from index.store.derived import Derived

_DATABASE = "archive.db"


class Archive:
    """An archive of articles in a folder. For one thread; any number of processes may have it open.

    A sync by another process is seen by the next call.
    """

    def __init__(
        self, folder: Path, catalog: Catalog, encoder: OwnEncoder, cache: Path, reader: Reader | None = None
    ) -> None:
        self._folder = folder
        self._own_encoder = encoder
        self._reader = reader
        self._moments = Moments(folder, catalog, encoder, cache)
        self._cache = cache
        self._suggested: tuple[tuple[object, ...], tuple[str, ...]] | None = None

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        encoder: str | Encoder | None = None,
        reader: Reader | None = None,
        cache: Path | None = None,
        device: Device = "auto",
        create: bool = False,
    ) -> Self:
        """Open the archive in a folder.

        Args:
            path: the archive's folder.
            encoder: a sentence-transformers model by name or path, or one that is loaded; where none is given, the one
                that the archive was built with. Loaded when first needed.
            reader: what points at answers; where none is given, the model that newsdesk has. Loaded when first needed.
            cache: where the models' exports and this machine's key are kept; the user's cache folder where none is
                given.
            device: what the encoder runs on: ``cpu``, ``cuda``, or a card where there is one.
            create: begin an empty archive where there is none.

        Raises:
            ArchiveMissing: there is none, and ``create`` is false.
            ArchiveFormat: a newer newsdesk wrote it, or it is no archive.
            ArchiveError: it cannot be opened.

        """
        folder = Path(path)
        if not (folder / _DATABASE).is_file():
            if not create:
                raise ArchiveMissing(
                    f"no archive in {folder}; make one with: newsdesk sync PATH (or name it: --archive DIR)"
                )
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ArchiveError(
                    f"{folder} cannot be made: {error.strerror}; choose another with --archive"
                ) from error
        load = partial(encoders.load, cache=cache, device=device)
        own = OwnEncoder(encoder, load)
        if not create and not (folder / _DATABASE).stat().st_size:
            raise ArchiveDamaged(
                f"{folder / _DATABASE} is empty: put the archive.db of a backup there, or delete it and sync again"
            )
        return cls(folder, Catalog.open(folder / _DATABASE), own, cache or encoders.default_cache(), reader)

    @property
    def encoder(self) -> Encoder:
        """The archive's encoder, loaded when first needed.

        Raises:
            EncoderMismatch: the archive was built with another.
            EncoderError: it cannot be found, loaded or trusted.

        """
        return self._own_encoder.of(self._catalog)

    @cached_property
    def reader(self) -> Reader:
        """The model that points at answers, loaded when first needed.

        Raises:
            EncoderError, ReaderError: it cannot be found, trusted or exported.

        """
        return self._reader or load_reader(self._cache)

    @property
    def _catalog(self) -> Catalog:
        return self._moments.catalog

    def close(self) -> None:
        """Close the archive."""
        self._catalog.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def sync(
        self,
        paths: Sequence[Path | str],
        *,
        mapping: FieldMapping | None = None,
        limits: Limits | None = None,
        allow_removal: bool = False,
        progress: Callable[[SyncProgress], None] | None = None,
    ) -> SyncReport:
        """Bring the archive in step with files and folders.

        Args:
            paths: files or folders; what vanished from them is removed.
            mapping: where the fields of an article stand in JSON, JSON lines and CSV.
            limits: how large a file may be, and what it may unpack to.
            allow_removal: remove even more than a third of the archive, or of what came from a path.
            progress: called after every file and every batch.

        Raises:
            PathMissing, PathEmpty: nothing was changed.
            ArchiveBusy: another process is changing the archive; nothing was changed.
            EncoderMismatch: the archive was built with another encoder; nothing was changed.
            RemovalRefused: too much would be removed; all else was done.

        """
        candidates = walk([Path(path) for path in paths])
        self._moments.refresh()
        self._own_encoder.check(self._catalog)
        with self._moments.changing() as follow:
            scope = adopt([Path(path).resolve() for path in paths], self._catalog)
            run = Sync(
                self._catalog,
                partial(self._own_encoder.claim, self._catalog),
                committed=follow,
                mapping=mapping,
                limits=limits or Limits(),
                progress=progress,
            )
            try:
                settled = (settle(each, scope) for each in candidates)
                report = run.run(settled, len(candidates), scope, allow_removal=allow_removal)
            except RemovalRefused:
                self._note_sync()
                raise
            self._note_sync()
        return report

    def add(self, articles: Iterable[Article]) -> int:
        """Add articles, or replace those of the same keys; gives how many. All are there, or none."""
        with self._moments.changing() as follow:
            encoder = self._own_encoder.claim(self._catalog)
            chunking = Chunking.for_encoder(encoder.max_tokens)
            prepared = [prepare(article, article.key.path, encoder, chunking) for article in articles]
            batch = Batch.of(prepared, self._catalog, encoder)
            vectors = encoder.encode_passages(batch.texts)
            with self._catalog.change() as seq:
                batch.put(self._catalog, vectors, seq)
            follow()
        return len(prepared)

    def remove(self, what: str) -> int:
        """Remove the articles of this address, id or file for good, and keep them out of later syncs.

        They are found by no question from the moment they are gone, and nothing of their text stays in the archive's
        files; ``backups`` says where else they may be. Gives how many went.
        """
        with self._moments.changing() as follow:
            whole = self._catalog.find(what) or self._catalog.find(str(Path(what).resolve()))
            keys = whole or self._catalog.find_named(what)
            if keys:
                articles = self._catalog.articles(keys)
                with self._catalog.change() as seq:
                    self._catalog.remove(self._catalog.article_ids(keys), seq)
                    for article in articles:
                        self._catalog.files.withdraw(article)
                follow()
        if keys:
            self._moments.purge()
        return len(keys)

    def readmit(self) -> int:
        """Let all articles removed by hand in again at the next sync; gives how many."""
        with writing(self._folder):
            self._moments.refresh()
            with self._catalog.change():
                return self._catalog.files.readmit()

    def verify(self, *, deep: bool = False) -> Health:
        """Read every byte of the archive, and compare what is derived with the truth; nothing is changed.

        Args:
            deep: encode a sample of passages again too, and compare the vectors.

        """
        self._moments.refresh()
        encoder = partial(self._own_encoder.of, self._catalog) if deep else None
        return maintenance.verify(self._catalog, partial(self._moments.derived, None), encoder)

    def repair(self) -> Repair:
        """Mend what can be mended; see ``index.maintenance.repair``."""
        self._moments.refresh()
        report, catalog = maintenance.repair(self._folder, self._catalog, self._own_encoder.named)
        self._moments.replace(catalog)
        with self._moments.changing() as follow:
            with self._catalog.change():  # processes that have the archive open look at its files again
                pass
            follow()
        return report

    def backup(self, place: Path | str) -> None:
        """Copy the truth into a folder while the archive is in use; see ``index.maintenance.backup``."""
        self._moments.refresh()
        maintenance.backup(self._catalog, Path(place))

    def reencode(self, name: str | Encoder, *, progress: Callable[[ReencodeProgress], None] | None = None) -> int:
        """Encode all passages again with another encoder, beside the vectors in use, then switch in one step.

        Gives how many passages there are; see ``index.maintenance.reencode``.
        """
        self._moments.refresh()
        encoder = self._own_encoder.named(name) if isinstance(name, str) else name
        label = name if isinstance(name, str) else type(name).__name__
        count = maintenance.reencode(self._folder, self._catalog, encoder, label, progress=progress)
        self._own_encoder.follow(name)
        with self._moments.changing():
            pass
        return count

    def backups(self) -> tuple[tuple[str, datetime], ...]:
        """The folders that backups were made in, and when each was made last."""
        return tuple((place, datetime.fromisoformat(made)) for place, made in self._catalog.backups())

    def search(self, question: str, *, asked: date | None = None, k: int = 10) -> tuple[Hit, ...]:
        """The best passages for a question asked on a day (today), at most one an article, best first."""
        found = self.find(question, asked=asked or _today(), k=max(k, STORIES))
        return self.read(found).hits[:k]

    def ask(self, question: str, *, asked: date | None = None, k: int = 5, after: str = "") -> Reply:
        """Answer a question by a quote, or say that nothing in the archive answers it.

        Args:
            question: in the reader's words; any text will do.
            asked: the day it is asked on, today where none is given; among like articles the newer go first.
            k: how many passages to give, at most one an article.
            after: what the question follows on, such as the headline of the article that was spoken of. Passages are
                found by both texts, the answer among them by the question alone: what went before stands all over them.

        """
        with self._moments.moment() as (encoder, derived):
            return self._ask(self._retrieval(encoder, derived), question, asked or _today(), k, after)

    def find(self, question: str, *, asked: date, k: int = 10, weights: Weights | None = None) -> Found:
        """All that both searches find: every candidate passage, and the best of each story; none is read."""
        with self._moments.moment() as (encoder, derived):
            return self._retrieval(encoder, derived, weights).find(question, asked=asked, k=k)

    def read(self, found: Found, *, weights: Weights | None = None) -> Found:
        """What a search found, read and in the order that this gives: see ``index.second_stage``."""
        return second_stage(found, self.reader, (weights or Weights()).read)

    def all_passages(self) -> Iterator[Passage]:
        """Every passage, an article's together, in the order they were added; not across a change."""
        return self._catalog.added_since(0)

    def passages(self, ids: Sequence[int]) -> tuple[Passage, ...]:
        """Passages by id, in this order, without those that are gone."""
        self._moments.refresh()
        with self._catalog.snapshot():
            found = self._catalog.passages(ids)
        return tuple(found[passage] for passage in ids if passage in found)

    def coverage(self, text: str, passages: Sequence[int]) -> tuple[float, ...]:
        """How much of what a text speaks of stands in the articles of these passages, in headline or body.

        Each is a share, in [0, 1], of the inverse document frequencies of its words; 0 where a passage is gone, and 1
        everywhere where the text has no word that tells anything.
        """
        with self._moments.moment() as (_, derived):
            worth = worth_of(text, derived.lexical, self._catalog.languages())
            if not worth:
                return (1.0,) * len(passages)
            places = self._catalog.places(list(passages))
            firsts = first_passages(self._catalog.connection, [place.article for place in places.values()])
            held = derived.lexical.coverage(worth, [first for first, _ in firsts.values()], often=0.0)
        shares = {each: held.get(firsts[place.article][0], 0.0) for each, place in places.items()}
        return tuple(min(1.0, shares.get(each, 0.0)) for each in passages)

    def headline(self, address: str) -> str | None:
        """The headline of the article at a web address, however that is written; ``None`` where there is none."""
        with self._moments.moment():
            return self._catalog.headline(spellings(address), _today())

    def suggest(self, n: int = 3) -> tuple[str, ...]:
        """Questions drawn from the newest articles, each asked and answered before it is given; at most ``n``."""
        with self._moments.moment() as (encoder, derived):
            today = _today()
            state = (self._catalog.identity, self._catalog.seq, n, today)
            if self._suggested is None or self._suggested[0] != state:
                retrieval = self._retrieval(encoder, derived)
                found = suggest(self._catalog, lambda question: self._ask(retrieval, question, today, 1), n, today)
                self._suggested = state, found
            return self._suggested[1]

    def stats(self) -> Stats:
        """The archive in figures."""
        self._moments.refresh()
        with self._catalog.snapshot():
            first, last = self._catalog.dates()
            moment = self._catalog.get("last_sync")
            return Stats(
                articles=self._catalog.count("articles"),
                passages=self._catalog.count("passages"),
                sources=tuple(self._catalog.sources()),
                first=first,
                last=last,
                encoder=self._catalog.get("encoder_name") or "",
                disk=_size(self._folder),
                last_sync=datetime.fromisoformat(moment) if moment else None,
            )

    def _ask(self, retrieval: Retrieval, question: str, asked: date, k: int, after: str = "") -> Reply:
        found = retrieval.find(f"{after}\n{question}" if after else question, asked=asked, k=max(k, STORIES))
        found = self.read(retrieval.seen_by(question, found, asked) if after else found)
        answer = read_answer(found, most_ahead=AHEAD_AFTER if after else math.inf)
        hits = found.hits
        if answer is not None:
            also = next((hit.also for hit in hits if hit.article.key == answer.hit.article.key), ())
            answer = replace(answer, hit=replace(answer.hit, also=also))
            hits = (answer.hit, *(hit for hit in hits if hit.article.key != answer.hit.article.key))
        return Reply(question=question, answer=answer, hits=hits[:k], asked=asked)

    def _retrieval(self, encoder: Encoder, derived: Derived, weights: Weights | None = None) -> Retrieval:
        return Retrieval(self._catalog, derived, encoder, weights=weights or Weights(), today=_today())

    def _note_sync(self) -> None:
        with self._catalog.note():
            self._catalog.set("last_sync", datetime.now(UTC).isoformat(timespec="seconds"))


def _size(folder: Path) -> int:
    """Bytes of the files in a folder; one that a sync takes away meanwhile counts nothing."""
    total = 0
    for file in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += file.stat().st_size if file.is_file() else 0
    return total


def _today() -> date:
    """The day where this machine is: what is dated later is not shown yet."""
    return datetime.now().astimezone().date()
