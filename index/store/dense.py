"""Dense search: the vectors of all passages, derived from the catalog; FAISS holds most of them.

A large immutable part (``Base``: an inverted file, mapped, compressed when large) and a small exact part of what came
since. Passages that were removed are passed over while searching, until the next folding makes a new base.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np

from index.store import manifest
from index.store.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from index.encoder import FloatMatrix

    Ids = npt.NDArray[np.int64]

FORMAT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a base holds vectors: in how many lists, how many of them are searched, and whether in 8 bits or 16."""

    lists: int
    probes: int
    compressed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """An inverted file of the passages up to change ``seq``; ``last`` is the largest id there was by then."""

    index: Any
    form: Form
    seq: int
    last: int
    count: int
    trained: int
    file: Path
    sha256: str

    @classmethod
    def open(cls, folder: Path, fingerprint: str, *, in_use: Base | None = None) -> Base | None:
        """Map the base kept in ``folder``; ``None`` where there is none of this encoder, or it is not as written.

        Where the base ``in_use`` is still the one that is kept, that one is given.
        """
        for _ in range(3):
            facts = manifest.read(_record(folder, fingerprint))
            if facts is None or facts.get("format") != FORMAT or facts.get("fingerprint") != fingerprint:
                return None
            if in_use is not None and facts.get("sha256") == in_use.sha256:
                return in_use
            try:
                return _opened(folder, facts)
            except FileNotFoundError:  # a folding has replaced it since: look again at what there is now
                continue
            except (OSError, ValueError, KeyError, TypeError, RuntimeError):
                return None
        return None

    @staticmethod
    def exists(folder: Path, fingerprint: str) -> bool:
        """Whether there is a base of this encoder, good or not."""
        return _record(folder, fingerprint).exists()

    def search(
        self, vector: FloatMatrix, k: int, gone: Gone | None = None, among: npt.NDArray[np.bool_] | None = None
    ) -> tuple[Ids, FloatMatrix]:
        """The ids and scores of the nearest, without those that are ``gone``; with ``among``, only where it is true."""
        selector: Any = gone.selector if gone else None
        if among is not None:
            kept = among.copy()
            if gone:
                kept[gone.ids[gone.ids < len(kept)]] = False
            bits = np.packbits(kept, bitorder="little")  # named: the selector only points to it
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg,arg-type]  # its Python form takes an array
        parameters = faiss.SearchParametersIVF(nprobe=self.form.probes, sel=selector)  # type: ignore[call-arg]
        scores, ids = self.index.search(vector[None, :], min(k, max(1, self.count)), params=parameters)
        return ids[0][ids[0] >= 0], scores[0][ids[0] >= 0]

    def is_sound(self) -> bool:
        """Whether every byte of the file is as it was written."""
        return manifest.sha256(self.file) == self.sha256

    def ids(self) -> Ids:
        """The passages in the base, in ascending order."""
        lists = self.index.invlists
        sizes = [lists.list_size(at) for at in range(lists.nlist)]
        parts = [faiss.rev_swig_ptr(lists.get_ids(at), size).copy() for at, size in enumerate(sizes) if size]
        return np.sort(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int64)


class Gone:
    """Ids that a search passes over."""

    def __init__(self, ids: Ids) -> None:
        self.ids = ids
        self._batch = faiss.IDSelectorBatch(ids)  # kept: the selector only points to it
        self.selector = faiss.IDSelectorNot(self._batch)


def build(
    before: Base | None,
    form: Form,
    sample: FloatMatrix,
    gone: Ids,
    chunks: Iterable[tuple[Ids, FloatMatrix]],
) -> faiss.Index:
    """An inverted file in memory.

    Args:
        before: the base whose lists are kept, with its vectors; without one, lists are made anew from the sample.
        form: how vectors are held.
        sample: vectors to make lists from, shape (n, dimension).
        gone: ids that are taken out of ``before``.
        chunks: ids and vectors that are added.

    """
    if before is not None:
        index = faiss.read_index(str(before.file))
        index.remove_ids(faiss.IDSelectorBatch(gone))
    else:
        index = _trained(form, sample)
    for ids, vectors in chunks:
        index.add_with_ids(vectors, ids)
    return index


def save(index: faiss.Index, folder: Path, form: Form, *, seq: int, last: int, trained: int, fingerprint: str) -> None:
    """Write a base beside the one before, flush it, then point the manifest to it in one rename."""
    file = folder / f"dense-{fingerprint[:8]}-{seq}.ivf"
    scratch = file.with_name(f"{file.name}.new")
    faiss.write_index(index, str(scratch))
    manifest.flush(scratch)
    digest = manifest.sha256(scratch)
    scratch.replace(file)
    facts = {
        "format": FORMAT,
        "file": file.name,
        "stamp": manifest.stamp(file),
        "sha256": digest,
        "dimension": index.d,
        "count": index.ntotal,
        "seq": seq,
        "last": last,
        "trained": trained,
        "fingerprint": fingerprint,
        "lists": form.lists,
        "probes": form.probes,
        "compressed": form.compressed,
    }
    manifest.write(_record(folder, fingerprint), facts)
    for old in folder.glob(f"dense-{fingerprint[:8]}-*.ivf*"):
        if old != file:
            old.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dense:
    """One moment of dense search, never changed: ``seq`` is the change it is applied up to."""

    base: Base | None
    recent: Recent
    gone: Gone | None
    seq: int
    fingerprint: str

    @classmethod
    def begin(cls, dimension: int, fingerprint: str, base: Base | None = None) -> Dense:
        """What a base holds, or nothing."""
        seq = base.seq if base else 0
        return cls(base=base, recent=Recent.empty(dimension), gone=None, seq=seq, fingerprint=fingerprint)

    def advanced(self, removed: Sequence[int], ids: Ids, vectors: FloatMatrix, seq: int) -> Dense:
        """The moment of change ``seq``. ``vectors``: shape (len(ids), dimension), unit norm."""
        recent, gone = self.recent, self.gone
        if removed:
            out = np.asarray(removed, dtype=np.int64)
            recent = recent.without(out)
            inside = out[out <= self.base.last] if self.base else out[:0]
            if len(inside):
                gone = Gone(np.union1d(gone.ids, inside) if gone else inside)
        recent = recent.extended(ids, vectors)
        return Dense(base=self.base, recent=recent, gone=gone, seq=seq, fingerprint=self.fingerprint)

    def search(
        self, vector: FloatMatrix, k: int, among: npt.NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` passages nearest to a unit vector of shape (dimension,): (id, cosine), best first.

        Exact while the base is not compressed; from a compressed one, as near as 8 bits tell. With ``among``, shape
        (any id + 1,), only passages whose place in it is true.
        """
        ids, scores = self.recent.search(vector, k, among)
        if self.base is not None:
            more, theirs = self.base.search(vector, k, self.gone, among)
            ids, scores = np.concatenate([ids, more]), np.concatenate([scores, theirs])
        order = np.argsort(-scores, kind="stable")[:k]
        return [(int(ids[at]), float(scores[at])) for at in order]

    def __len__(self) -> int:
        return self.recent.count + (self.base.count if self.base else 0) - (len(self.gone.ids) if self.gone else 0)


def forget_others(folder: Path, fingerprint: str) -> None:
    """Delete the bases of other encoders."""
    for old in folder.glob("dense-*"):
        if not old.name.startswith(f"dense-{fingerprint[:8]}"):
            old.unlink(missing_ok=True)


def _record(folder: Path, fingerprint: str) -> Path:
    """The manifest of an encoder's base: two lie side by side while an archive is encoded again."""
    return folder / f"dense-{fingerprint[:8]}.json"


def _trained(form: Form, sample: FloatMatrix) -> faiss.Index:
    dimension = sample.shape[1]
    kind = faiss.ScalarQuantizer.QT_8bit if form.compressed else faiss.ScalarQuantizer.QT_fp16
    quantizer: Any = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFScalarQuantizer(
        quantizer, dimension, form.lists, kind, faiss.METRIC_INNER_PRODUCT, form.compressed
    )
    index.own_fields = True
    quantizer.this.disown()
    index.cp.min_points_per_centroid = 1  # few vectors make few lists: no reason to warn
    index.cp.spherical = True
    index.train(sample)
    return index


def _opened(folder: Path, facts: dict[str, Any]) -> Base | None:
    file = folder / str(facts["file"])
    if manifest.stamp(file) != facts["stamp"] and manifest.sha256(file) != facts["sha256"]:
        return None
    index: Any = faiss.read_index(str(file), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
    if index.ntotal != facts["count"] or index.d != facts["dimension"]:
        return None
    lists: Any = faiss.downcast_InvertedLists(index.invlists)
    lists.prefetch_nthread = 0  # threads that read ahead cost more than reading
    return Base(
        index=index,
        form=Form(lists=int(facts["lists"]), probes=int(facts["probes"]), compressed=bool(facts["compressed"])),
        seq=int(facts["seq"]),
        last=int(facts["last"]),
        count=int(facts["count"]),
        trained=int(facts["trained"]),
        file=file,
        sha256=str(facts["sha256"]),
    )
