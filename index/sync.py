"""Bringing an archive in step with files: what is new is added, what changed replaced, what vanished removed."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.domain import Refusal, SyncProgress, SyncReport
from index.errors import RemovalRefused
from index.passages import Chunking, encoder_text, split
from index.sources import CLEANING_VERSION, Candidate, FieldMapping, Limits, read
from index.store.catalog import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from index.domain import Article, ArticleKey, Span
    from index.encoder import Encoder
    from index.store.catalog import Catalog

BATCH_PASSAGES = 256
"""Passages encoded and committed together: some eight seconds of work that an interruption can cost."""

File = tuple[str, str]
"""A root and the path of a file below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An article cut into passages, with what the encoder reads of each and a fingerprint of that."""

    article: Article
    file: str
    spans: tuple[Span, ...]
    texts: tuple[str, ...]
    prints: tuple[bytes, ...]


def prepare(article: Article, file: str, encoder: Encoder, chunking: Chunking) -> Prepared:
    """Cut an article into passages."""
    spans = tuple(split(article, encoder.count_tokens, chunking))
    texts = tuple(encoder_text(article, start, end) for start, end in spans)
    prints = tuple(hashlib.blake2b(f"{encoder.fingerprint} {text}".encode(), digest_size=16).digest() for text in texts)
    return Prepared(article=article, file=file, spans=spans, texts=texts, prints=prints)


def store(prepared: Sequence[Prepared], catalog: Catalog, encoder: Encoder, seq: int) -> None:
    """Put articles into the catalog, encoding those passages that were never encoded before."""
    wanted = {mark: text for each in prepared for mark, text in zip(each.prints, each.texts, strict=True)}
    vectors = catalog.vectors_by_print(list(wanted), encoder.dimension)
    new = [mark for mark in wanted if mark not in vectors]
    vectors.update(zip(new, encoder.encode_passages([wanted[mark] for mark in new]), strict=True))
    for each in prepared:
        rows = [vectors[mark] for mark in each.prints]
        matrix = np.vstack(rows) if rows else np.empty((0, encoder.dimension), dtype=np.float32)
        catalog.put(each.article, each.file, each.spans, each.prints, matrix, seq)


class Sync:
    """One run over some paths. What it has committed stays, however it ends."""

    def __init__(
        self,
        catalog: Catalog,
        encoder: Encoder,
        *,
        chunking: Chunking,
        mapping: FieldMapping | None,
        limits: Limits,
        progress: Callable[[SyncProgress], None] | None,
    ) -> None:
        self._catalog = catalog
        self._encoder = encoder
        self._chunking = chunking
        self._mapping = mapping
        self._limits = limits
        self._progress = progress
        self._reading = f"{CLEANING_VERSION} {mapping}"
        self._counts: Counter[str] = Counter()
        self._refused: list[Refusal] = []
        self._waiting: list[Prepared] = []
        self._read_whole: list[Candidate] = []
        self._shrunk: list[Candidate] = []
        self._vanished: list[ArticleKey] = []
        self._unread: list[File] = []
        self._encoded = 0
        self._files = (0, 0)

    def run(self, candidates: Sequence[Candidate], scope: Iterable[File], *, allow_removal: bool) -> SyncReport:
        """Take in all candidates, then remove what is no longer there.

        Args:
            candidates: the files that are there.
            scope: roots and prefixes of paths below them that the candidates are all of.
            allow_removal: remove even more than a third.

        Raises:
            RemovalRefused: more than a third would go; everything else has been done and stays.

        """
        began = time.monotonic()
        known = self._catalog.files.stamps()
        held = self._catalog.files.articles()
        for at, candidate in enumerate(candidates):
            self._files = (at, len(candidates))
            file = (candidate.root, candidate.path)
            if known.get(file) == self._stamp(candidate):
                self._counts["unchanged"] += held.get(file, 0)
            else:
                self._take(candidate)
            self._files = (at + 1, len(candidates))
            self._tell()
        self._flush()
        there = {(candidate.root, candidate.path) for candidate in candidates}
        gone = [file for file in {*held, *known} if file not in there and _within(file, scope)]
        gone = [file for file in gone if not _within(file, self._unread)]
        self._remove(gone, held, allow_removal=allow_removal)
        return SyncReport(
            added=self._counts["added"],
            changed=self._counts["changed"],
            unchanged=self._counts["unchanged"],
            removed=self._counts["removed"],
            refused=tuple(self._refused),
            seconds=time.monotonic() - began,
        )

    def _take(self, candidate: Candidate) -> None:
        seen: set[ArticleKey] = set()
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
        vanished = [key for key in self._catalog.files.keys_of(candidate.root, candidate.path) if key not in seen]
        (self._shrunk if vanished else self._read_whole).append(candidate)
        self._vanished += vanished

    def _weigh(self, article: Article, candidate: Candidate) -> None:
        kept = self._catalog.digest_of(article.key)
        if kept == digest(article):
            self._counts["unchanged"] += 1
            return
        if self._catalog.files.is_withdrawn(article.key):
            reason = "was removed with newsdesk remove and stays out; to take it in again: newsdesk remove --undo"
            self._refused.append(Refusal(path=article.key.path or article.key.root, reason=reason))
            return
        self._counts["added" if kept is None else "changed"] += 1
        self._waiting.append(prepare(article, candidate.path, self._encoder, self._chunking))
        if sum(len(each.spans) for each in self._waiting) >= BATCH_PASSAGES:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting and not self._read_whole:
            return
        with self._catalog.change() as seq:
            store(self._waiting, self._catalog, self._encoder, seq)
            for candidate in self._read_whole:
                self._catalog.files.stamp(candidate.root, candidate.path, self._stamp(candidate))
        self._encoded += sum(len(each.spans) for each in self._waiting)
        self._waiting.clear()
        self._read_whole.clear()
        self._tell()

    def _remove(self, gone: Sequence[File], held: Mapping[File, int], *, allow_removal: bool) -> None:
        files = self._catalog.files
        keys = [*self._vanished, *(key for file in gone for key in files.keys_of(*file))]
        if not keys and not gone:
            return
        if not allow_removal:
            _guard(keys, held)
        with self._catalog.change() as seq:
            self._catalog.remove(self._catalog.article_ids(keys), seq)
            for candidate in self._shrunk:
                files.stamp(candidate.root, candidate.path, self._stamp(candidate))
            for file in gone:
                files.forget(*file)
        self._counts["removed"] += len(keys)

    def _stamp(self, candidate: Candidate) -> tuple[int, int, int, str]:
        return candidate.size, candidate.mtime_ns, candidate.inode, self._reading

    def _tell(self) -> None:
        if self._progress is not None:
            done, total = self._files
            articles = self._counts["added"] + self._counts["changed"]
            self._progress(SyncProgress(files_done=done, files_total=total, articles=articles, passages=self._encoded))


def _within(file: File, scope: Iterable[File]) -> bool:
    root, path = file
    return any(
        root == base and (path == prefix or path.startswith(f"{prefix}/") or not prefix) for base, prefix in scope
    )


def _guard(keys: Sequence[ArticleKey], held: Mapping[File, int]) -> None:
    """Refuse to remove more than a third of the archive, or of what a root gave before this sync."""
    whole = sum(held.values())
    if len(keys) * 3 > whole:
        raise RemovalRefused(_too_many(len(keys), whole, "in the archive"))
    given: Counter[str] = Counter()
    for (root, _), count in held.items():
        given[root] += count
    for root, count in Counter(key.root for key in keys).items():
        if count * 3 > given[root]:
            raise RemovalRefused(_too_many(count, given[root], f"that came from {root}"))


def _too_many(count: int, whole: int, where: str) -> str:
    return (
        f"{count} of the {whole} articles {where} are no longer there; nothing was removed, the rest was taken in. "
        "If they should go: newsdesk sync --allow-removal"
    )
