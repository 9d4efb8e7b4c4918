"""Dense search: the vectors of all passages in FAISS, derived from the catalog."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import faiss
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from index.encoder import FloatMatrix

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a derived index was made from: the change it is applied up to, and the encoder of its vectors."""

    seq: int
    fingerprint: str


class Dense:
    """Exact inner-product search over unit vectors, by passage id."""

    def __init__(self, index: faiss.Index, stamp: Stamp) -> None:
        self._index = index
        self.stamp = stamp

    @classmethod
    def empty(cls, dimension: int, fingerprint: str) -> Dense:
        """An index of nothing, applied up to change 0."""
        return cls(faiss.IndexIDMap(faiss.IndexFlatIP(dimension)), Stamp(seq=0, fingerprint=fingerprint))

    @classmethod
    def load(cls, folder: Path, fingerprint: str) -> Dense | None:
        """Read the index kept in ``folder``; ``None`` where there is none of this encoder, or it is torn."""
        try:
            manifest = json.loads((folder / "dense.json").read_text("utf-8"))
            file = folder / str(manifest["file"])
            if manifest["format"] != FORMAT or manifest["fingerprint"] != fingerprint:
                return None
            if file.stat().st_size != manifest["size"]:
                return None
            index = faiss.read_index(str(file))
            if index.ntotal != manifest["count"]:
                return None
            return cls(index, Stamp(seq=int(manifest["seq"]), fingerprint=fingerprint))
        except (OSError, ValueError, KeyError, TypeError, RuntimeError):
            return None

    def save(self, folder: Path) -> None:
        """Write the index beside the one before, then point the manifest to it in one rename."""
        file = folder / f"dense-{self.stamp.seq}.faiss"
        faiss.write_index(self._index, str(file))
        manifest = {
            "format": FORMAT,
            "file": file.name,
            "size": file.stat().st_size,
            "count": self._index.ntotal,
            "seq": self.stamp.seq,
            "fingerprint": self.stamp.fingerprint,
        }
        _sync(file)
        scratch = folder / "dense.json.new"
        scratch.write_text(json.dumps(manifest), "utf-8")
        _sync(scratch)
        scratch.replace(folder / "dense.json")
        for old in folder.glob("dense-*.faiss"):
            if old != file:
                old.unlink(missing_ok=True)

    def apply(self, removed: Sequence[int], ids: npt.NDArray[np.int64], vectors: FloatMatrix, seq: int) -> None:
        """Take in the changes up to ``seq``. ``vectors``: shape (len(ids), dimension), unit norm."""
        if removed:
            self._index.remove_ids(faiss.IDSelectorBatch(np.asarray(removed, dtype=np.int64)))
        if len(ids):
            self._index.add_with_ids(vectors, ids)
        self.stamp = Stamp(seq=seq, fingerprint=self.stamp.fingerprint)

    def search(self, vector: FloatMatrix, k: int) -> list[tuple[int, float]]:
        """The ``k`` passages nearest to a unit vector of shape (dimension,): (id, cosine), best first."""
        scores, ids = self._index.search(vector[None, :], min(k, max(1, self._index.ntotal)))
        return [(int(at), float(score)) for at, score in zip(ids[0], scores[0], strict=True) if at >= 0]

    def __len__(self) -> int:
        return int(self._index.ntotal)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
