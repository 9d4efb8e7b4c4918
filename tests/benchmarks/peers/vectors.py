"""Vectors kept by text, so that each distinct text is encoded once for all peers, and an interrupted run goes on."""

from __future__ import annotations

import hashlib
import itertools
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.encoder import Encoder, FloatMatrix

_AT_ONCE = 256
"""Texts encoded between two commits: some seconds of work."""
_LOOKED_UP = 500
"""Keys of one query; SQLite takes 999 parameters where it is oldest."""


class KeptVectors:
    """newsdesk's own encoder behind a file of vectors.

    A question is encoded each time it is asked: that is a part of its latency.
    """

    def __init__(self, encoder: Encoder, file: Path) -> None:
        self._encoder = encoder
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        with closing(self._open()) as database, database:
            database.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")

    def encode_passages(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of shape (len(texts), dimension), unit norm; new ones are kept as soon as they are made."""
        keys = [self._key(text) for text in texts]
        with closing(self._open()) as database:
            found = self._found(database, keys)
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
            for part in _parts(list(missing), _AT_ONCE):
                made = self._encoder.encode_passages([missing[key] for key in part])
                rows = [(key, vector.astype("<f4").tobytes()) for key, vector in zip(part, made, strict=True)]
                with database:
                    database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
                found.update(zip(part, made, strict=True))
        if not keys:
            return np.empty((0, self._encoder.dimension), dtype=np.float32)
        return np.ascontiguousarray([found[key] for key in keys], dtype=np.float32)

    def encode_question(self, text: str) -> FloatMatrix:
        """One vector of shape (dimension,), unit norm."""
        return self._encoder.encode_question(text)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=60)

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._encoder.fingerprint}\n{text}".encode("utf-8", "surrogatepass")).digest()

    def _found(self, database: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, FloatMatrix]:
        found: dict[bytes, FloatMatrix] = {}
        for part in _parts(keys, _LOOKED_UP):
            marks = ",".join("?" * len(part))
            rows = database.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part)  # noqa: S608 - marks
            found.update((key, np.frombuffer(vector, dtype="<f4")) for key, vector in rows)
        return found


def _parts(keys: Sequence[bytes], size: int) -> list[list[bytes]]:
    walk = iter(dict.fromkeys(keys))
    return list(iter(lambda: list(itertools.islice(walk, size)), []))
