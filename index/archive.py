"""The one door to an archive: open, sync, add, remove, search, ask."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from index import encoder as encoders
from index.domain import Reply, Stats
from index.errors import ArchiveError, ArchiveMissing, EncoderMismatch
from index.passages import Chunking
from index.reading import ARTICLES, read_answer
from index.retrieval import Retrieval, Weights
from index.roots import adopt, settle
from index.sources import FieldMapping, Limits, walk
from index.store.catalog import Catalog
from index.store.derived import Derived
from index.store.lock import writing
from index.suggestions import suggest
from index.sync import Sync, prepare, store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import TracebackType

    from index.domain import Article, Hit, Passage, SyncProgress, SyncReport
    from index.encoder import Encoder
    from index.retrieval import Found

_DATABASE = "archive.db"


class Archive:
    """An archive of articles in a folder. For one thread; any number of processes may have it open.

    A sync by another process is seen by the next call.
    """

    def __init__(self, folder: Path, catalog: Catalog, *, encoder: str | Encoder, cache: Path | None) -> None:
        self._folder = folder
        self._catalog = catalog
        self._wanted = encoder
        self._cache = cache
        self._encoder: Encoder | None = None
        self._derived: Derived | None = None
        self._followed = -1
        self._suggested: tuple[int, int, tuple[str, ...]] | None = None

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        encoder: str | Encoder = encoders.DEFAULT_ENCODER,
        cache: Path | None = None,
        create: bool = False,
    ) -> Self:
        """Open the archive in a folder.

        Args:
            path: the archive's folder.
            encoder: a sentence-transformers model by name or path, or one that is loaded; loaded when first needed.
            cache: where the encoder's export is kept; the user's cache folder where none is given.
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
        return cls(folder, Catalog.open(folder / _DATABASE), encoder=encoder, cache=cache)

    @property
    def encoder(self) -> Encoder:
        """The archive's encoder, loaded when first needed.

        Raises:
            EncoderMismatch: the archive was built with another.
            EncoderError: it cannot be found, loaded or trusted.

        """
        return self._ready_encoder()

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
        with self._changing() as encoder:
            scope = adopt([Path(path).resolve() for path in paths], self._catalog)
            settled = [settle(candidate, scope) for candidate in candidates]
            run = Sync(
                self._catalog,
                encoder,
                chunking=Chunking.for_encoder(encoder.max_tokens),
                mapping=mapping,
                limits=limits or Limits(),
                progress=progress,
            )
            try:
                report = run.run(settled, scope, allow_removal=allow_removal)
                self._note_sync()
            finally:
                self._settle()
        return report

    def add(self, articles: Iterable[Article]) -> int:
        """Add articles, or replace those of the same keys; gives how many. All are there, or none."""
        with self._changing() as encoder:
            chunking = Chunking.for_encoder(encoder.max_tokens)
            prepared = [prepare(article, article.key.path, encoder, chunking) for article in articles]
            with self._catalog.change() as seq:
                store(prepared, self._catalog, encoder, seq)
            self._settle()
        return len(prepared)

    def remove(self, what: str) -> int:
        """Remove the articles of this address, id or file, and keep them out of later syncs; gives how many went."""
        with self._changing(claim=False):
            whole = self._catalog.find(what) or self._catalog.find(str(Path(what).resolve()))
            keys = whole or self._catalog.find_named(what)
            if keys:
                with self._catalog.change() as seq:
                    self._catalog.remove(self._catalog.article_ids(keys), seq)
                    for key in keys:
                        self._catalog.files.withdraw(key)
                self._settle()
        return len(keys)

    def readmit(self) -> int:
        """Let all articles removed by hand in again at the next sync; gives how many."""
        with writing(self._folder), self._catalog.change():
            return self._catalog.files.readmit()

    def search(self, question: str, *, asked: date | None = None, k: int = 10) -> tuple[Hit, ...]:
        """The best passages for a question asked on a day (today), at most one an article, best first."""
        return self.find(question, asked=asked or _today(), k=k).hits

    def ask(self, question: str, *, asked: date | None = None, k: int = 5) -> Reply:
        """Answer a question by a quote, or say that nothing in the archive answers it.

        Args:
            question: in the reader's words; any text will do.
            asked: the day it is asked on, today where none is given; among like articles the newer go first.
            k: how many passages to give, at most one an article.

        """
        encoder = self._ready_encoder()
        with self._catalog.snapshot():
            return self._ask(encoder, question, asked or _today(), k)

    def find(self, question: str, *, asked: date, k: int = 10, weights: Weights | None = None) -> Found:
        """All that a search finds, for measuring it: every candidate passage, and the best of each article."""
        encoder = self.encoder
        with self._catalog.snapshot():
            return self._retrieval(encoder, weights).find(question, asked=asked, k=k)

    def all_passages(self) -> Iterator[Passage]:
        """Every passage, an article's together, in the order they were added; not across a change."""
        return self._catalog.added_since(0)

    def passages(self, ids: Sequence[int]) -> tuple[Passage, ...]:
        """Passages by id, in this order, without those that are gone."""
        with self._catalog.snapshot():
            found = self._catalog.passages(ids)
        return tuple(found[passage] for passage in ids if passage in found)

    def suggest(self, n: int = 3) -> tuple[str, ...]:
        """Questions drawn from the newest articles, each asked and answered before it is given; at most ``n``."""
        encoder = self._ready_encoder()
        with self._catalog.snapshot():
            seq = self._catalog.seq
            if self._suggested is None or self._suggested[:2] != (seq, n):
                found = suggest(self._catalog, lambda question: self._ask(encoder, question, _today(), 1), n)
                self._suggested = (seq, n, found)
            return self._suggested[2]

    def stats(self) -> Stats:
        """The archive in figures."""
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

    def _ask(self, encoder: Encoder, question: str, asked: date, k: int) -> Reply:
        found = self._retrieval(encoder).find(question, asked=asked, k=max(k, ARTICLES))
        answer = read_answer(found, encoder)
        hits = found.hits
        if answer is not None:
            hits = (answer.hit, *(hit for hit in hits if hit.article.key != answer.hit.article.key))
        return Reply(question=question, answer=answer, hits=hits[:k])

    def _retrieval(self, encoder: Encoder, weights: Weights | None = None) -> Retrieval:
        derived = self._follow(encoder)
        return Retrieval(self._catalog, derived.dense, derived.lexical, encoder, weights or Weights())

    def _follow(self, encoder: Encoder, *, held: bool = False) -> Derived:
        if self._derived is None:
            self._derived = Derived(self._folder, dimension=encoder.dimension, fingerprint=encoder.fingerprint)
        seq = self._catalog.seq
        if self._followed != seq:
            self._derived.follow(self._catalog, held=held)
            self._followed = seq if self._derived.lexical.seq == seq else -1
        return self._derived

    @contextmanager
    def _changing(self, *, claim: bool = True) -> Iterator[Encoder]:
        """Hold the archive for writing.

        The derived indexes are brought in step first: those left by a later state of a restored archive would pass for
        its own, once it has seen as many changes as they have.
        """
        with writing(self._folder):
            encoder = self._ready_encoder(claim=claim)
            self._settle()
            yield encoder

    def _settle(self) -> None:
        """Bring the derived indexes in step with what was committed, and write them down; called by who may write."""
        with self._catalog.snapshot():
            derived = self._follow(self._ready_encoder(), held=True)
        derived.save()
        self._catalog.checkpoint()

    def _note_sync(self) -> None:
        with self._catalog.change():
            self._catalog.set("last_sync", datetime.now(UTC).isoformat(timespec="seconds"))

    def _ready_encoder(self, *, claim: bool = False) -> Encoder:
        """The encoder, loaded and found to be the archive's own; an archive of none is claimed for it."""
        if self._encoder is None:
            wanted = self._wanted
            self._encoder = encoders.load(wanted, cache=self._cache) if isinstance(wanted, str) else wanted
        name = self._wanted if isinstance(self._wanted, str) else type(self._encoder).__name__
        built = self._catalog.get("encoder")
        if built is None and claim:
            with self._catalog.change():
                self._catalog.set("encoder", self._encoder.fingerprint)
                self._catalog.set("encoder_name", name)
        elif built not in {None, self._encoder.fingerprint}:
            theirs = self._catalog.get("encoder_name")
            raise EncoderMismatch(
                f"{self._folder} was built with the encoder {theirs}, not {name}; set NEWSDESK_ENCODER={theirs}, "
                "or sync into another folder with --archive"
            )
        return self._encoder


def _size(folder: Path) -> int:
    """Bytes of the files in a folder; one that a sync takes away meanwhile counts nothing."""
    total = 0
    for file in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += file.stat().st_size if file.is_file() else 0
    return total


def _today() -> date:
    return datetime.now(UTC).date()
