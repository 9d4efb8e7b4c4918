"""Bringing an archive in step with files: what is new is added, what changed replaced, what vanished removed."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING

from index.domain import Refusal, SyncProgress, SyncReport
from index.encoder import FloatMatrix
from index.errors import RemovalRefused
from index.passages import Chunking
from index.preparing import Batch, Prepared, prepare
from index.seen import Seen
from index.sources import CLEANING_VERSION, Candidate, FieldMapping, Limits, read
from index.store.checksums import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from index.domain import Article, ArticleKey
    from index.encoder import Encoder
    from index.store.catalog import Catalog
    from index.store.files import File, Stamp

BATCH_PASSAGES = 256
"""Passages encoded and committed together: some eight seconds of work that an interruption can cost."""
BATCH_STORIES = 1024
"""Articles whose stories are found and committed together: a few seconds of work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _UnderWay:
    """A batch whose passages are being encoded, and the files that are read whole once it is committed."""

    batch: Batch
    files: tuple[tuple[Candidate, bytes | None], ...]
    vectors: Future[FloatMatrix]


class Sync:
    """One run over some paths. What it has committed stays, however it ends."""

    def __init__(
        self,
        catalog: Catalog,
        encoder: Callable[[], Encoder],
        *,
        committed: Callable[[], None],
        mapping: FieldMapping | None,
        limits: Limits,
        progress: Callable[[SyncProgress], None] | None,
    ) -> None:
        self._catalog = catalog
        self._load = encoder
        self._committed = committed
        self._mapping = mapping
        self._limits = limits
        self._progress = progress
        self._reading = f"{CLEANING_VERSION} {mapping}"
        self._counts: Counter[str] = Counter()
        self._refused: list[Refusal] = []
        self._waiting: list[Prepared] = []
        self._under_way: _UnderWay | None = None
        self._read_whole: list[tuple[Candidate, bytes | None]] = []
        self._shrunk: list[tuple[Candidate, bytes | None]] = []
        self._vanished: list[ArticleKey] = []
        self._unread: list[File] = []
        self._encoded = 0
        self._files = (0, 0)

    def run(
        self, candidates: Iterable[Candidate], total: int, scope: Iterable[File], *, allow_removal: bool
    ) -> SyncReport:
        """Take in all candidates, then remove what is no longer there.

        Args:
            candidates: the files that are there.
            total: how many they are, to tell how far this is.
            scope: roots and prefixes of paths below them that the candidates are all of.
            allow_removal: remove even more than a third.

        Raises:
            RemovalRefused: more than a third would go; everything else has been done and stays.

        """
        began = time.monotonic()
        self._find_stories()
        there = Seen()
        for at, candidate in enumerate(candidates):
            self._files = (at, max(at + 1, total))
            file = (candidate.root, candidate.path)
            there.add(file)
            if self._is_unchanged(candidate, self._catalog.files.stamp_of(*file)):
                self._counts["unchanged"] += self._catalog.files.count(*file)
            else:
                self._take(candidate)
            self._files = (at + 1, max(at + 1, total))
            self._tell()
        self._flush()
        self._commit()
        gone = [file for file in there.missing(self._catalog.files.all()) if _within(file, scope)]
        gone = [file for file in gone if not _within(file, self._unread)]
        self._remove(gone, allow_removal=allow_removal)
        return self._report(began)

    def _find_stories(self) -> None:
        """Find the stories of articles that an older newsdesk took in."""
        with self._catalog.note():
            self._catalog.renew_stories()
        last = 0
        while found := self._catalog.stories.missing(last, BATCH_STORIES):
            last = found[-1]
            with self._catalog.change():
                self._catalog.find_stories(found)
            self._committed()

    def _report(self, began: float) -> SyncReport:
        return SyncReport(
            added=self._counts["added"],
            changed=self._counts["changed"],
            unchanged=self._counts["unchanged"],
            removed=self._counts["removed"],
            refused=tuple(self._refused),
            seconds=time.monotonic() - began,
        )

    def _is_unchanged(self, candidate: Candidate, known: tuple[Stamp, bytes | None] | None) -> bool:
        """Whether a file has the stamp it had when it was read, or at least its bytes."""
        if known is None:
            return False
        stamp, mark = known
        now = self._stamp(candidate)
        if stamp == now:
            return True
        same = mark is not None and (stamp[0], stamp[3]) == (now[0], now[3]) and hash_of(candidate) == mark
        if same:
            self._read_whole.append((candidate, mark))
        return same

    def _take(self, candidate: Candidate) -> None:
        mark = hash_of(candidate)
        seen = Seen()
        refusals = 0
        for item in read(candidate, mapping=self._mapping, limits=self._limits):
            if isinstance(item, Refusal):
                refusals += 1
                self._refused.append(item)
                continue
            seen.add(item.key)
            self._weigh(item, candidate)
        if refusals:  # a file keeps what it gave before, a folder all below it, and is read again next time
            self._unread.append((candidate.root, candidate.path))
            return
        vanished = list(seen.missing(self._catalog.files.keys_of(candidate.root, candidate.path)))
        (self._shrunk if vanished else self._read_whole).append((candidate, mark))
        self._vanished += vanished

    def _weigh(self, article: Article, candidate: Candidate) -> None:
        kept = self._catalog.digest_of(article.key)
        if kept == digest(article):
            self._counts["unchanged"] += 1
            return
        if self._catalog.files.is_withdrawn(article):
            reason = "was removed with newsdesk remove and stays out; to take it in again: newsdesk remove --undo"
            self._refused.append(Refusal(path=article.key.path or article.key.root, reason=reason))
            return
        self._counts["added" if kept is None else "changed"] += 1
        encoder = self._load()
        self._waiting.append(prepare(article, candidate.path, encoder, Chunking.for_encoder(encoder.max_tokens)))
        if sum(len(each.spans) for each in self._waiting) >= BATCH_PASSAGES:
            self._flush()

    def _flush(self) -> None:
        """Begin to encode what waits, and commit what was being encoded until now: reading goes on beside encoding."""
        if not self._waiting and not self._read_whole:
            return
        batch = Batch.of(self._waiting, self._catalog, self._load()) if self._waiting else _NOTHING
        files = tuple(self._read_whole)
        self._waiting.clear()
        self._read_whole.clear()
        self._commit()
        vectors = _beside(self._load().encode_passages, batch.texts) if batch.prepared else Future[FloatMatrix]()
        self._under_way = _UnderWay(batch=batch, files=files, vectors=vectors)

    def _commit(self) -> None:
        """Wait for the batch that is being encoded, and commit it."""
        done, self._under_way = self._under_way, None
        if done is None:
            return
        if done.batch.prepared:
            vectors = done.vectors.result()
            with self._catalog.change() as seq:
                done.batch.put(self._catalog, vectors, seq)
                self._stamp_files(done.files)
            self._committed()
        else:
            with self._catalog.note():
                self._stamp_files(done.files)
        self._encoded += sum(len(each.spans) for each in done.batch.prepared)
        self._tell()

    def _stamp_files(self, files: Sequence[tuple[Candidate, bytes | None]]) -> None:
        for candidate, mark in files:
            self._catalog.files.stamp(candidate.root, candidate.path, self._stamp(candidate), mark)

    def _remove(self, gone: Sequence[File], *, allow_removal: bool) -> None:
        files = self._catalog.files
        keys = [*self._vanished, *(key for file in gone for key in files.keys_of(*file))]
        if not keys and not gone:
            return
        if not allow_removal:
            _guard(keys, files.counts())
        with self._catalog.change() as seq:
            self._catalog.remove(self._catalog.article_ids(keys), seq)
            self._stamp_files(self._shrunk)
            for file in gone:
                files.forget(*file)
        self._committed()
        self._counts["removed"] += len(keys)

    def _stamp(self, candidate: Candidate) -> tuple[int, int, int, str]:
        return candidate.size, candidate.mtime_ns, candidate.inode, self._reading

    def _tell(self) -> None:
        if self._progress is not None:
            done, total = self._files
            articles = self._counts["added"] + self._counts["changed"]
            self._progress(SyncProgress(files_done=done, files_total=total, articles=articles, passages=self._encoded))


_NOTHING = Batch(prepared=(), known={}, prints=(), texts=())


def hash_of(candidate: Candidate) -> bytes | None:
    """A digest of a file's bytes, or ``None`` of what is no plain file or cannot be read."""
    try:
        if not candidate.file.is_file():
            return None
        with candidate.file.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).digest()
    except OSError:
        return None


def _beside(encode: Callable[[Sequence[str]], FloatMatrix], texts: Sequence[str]) -> Future[FloatMatrix]:
    """Encode in a thread of its own, which does not keep an interrupted process from ending."""
    future: Future[FloatMatrix] = Future()

    def run() -> None:
        try:
            future.set_result(encode(texts))
        except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future


def _within(file: File, scope: Iterable[File]) -> bool:
    root, path = file
    return any(
        root == base and (path == prefix or path.startswith(f"{prefix}/") or not prefix) for base, prefix in scope
    )


def _guard(keys: Sequence[ArticleKey], given: Mapping[str, int]) -> None:
    """Refuse to remove more than a third of the archive, or of what a root gave before this sync."""
    whole = sum(given.values())
    if len(keys) * 3 > whole:
        raise RemovalRefused(_too_many(len(keys), whole, "in the archive"))
    for root, count in Counter(key.root for key in keys).items():
        if count * 3 > given[root]:
            raise RemovalRefused(_too_many(count, given[root], f"that came from {root}"))


def _too_many(count: int, whole: int, where: str) -> str:
    return (
        f"{count} of the {whole} articles {where} are no longer there; nothing was removed, the rest was taken in. "
        "If they should go: newsdesk sync --allow-removal"
    )
