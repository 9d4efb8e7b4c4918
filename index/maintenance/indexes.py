"""What is wrong with the derived indexes: their bytes, and whether they hold what the truth holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.analysis import terms
from index.domain import Damage
from index.store.folding import DERIVED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.store.catalog import Catalog
    from index.store.dense import Base
    from index.store.lexical import Lexical

SAMPLE = 64
"""Passages that are looked for in the indexes."""
_NEAR = 0.98
"""Cosine, over the vector's own length, at which a base holds a vector: 8 bits keep more than that."""


def lexical_damages(catalog: Catalog, lexical: Lexical) -> Iterator[Damage]:
    """Every damage of a lexical index; called inside ``catalog.snapshot()``, with which it is in step."""
    for what in _lexical(catalog, lexical):
        yield Damage(where=f"{DERIVED}, the index of words", what=what, derived=True)


def dense_damages(catalog: Catalog, base: Base) -> Iterator[Damage]:
    """Every damage of a base of dense search; called inside ``catalog.snapshot()``."""
    for what in _dense(catalog, base):
        yield Damage(where=f"{DERIVED}/{base.file.name}", what=what, derived=True)


def sample(catalog: Catalog, count: int) -> list[int]:
    """Passages from all over the archive, the same at every call."""
    last = catalog.connection.execute("SELECT COALESCE(MAX(id), 0) FROM passages").fetchone()[0]
    places = np.unique(np.linspace(1, max(int(last), 1), count, dtype=np.int64)).tolist()
    return [at for at in places if at in catalog.places([at])]


def _lexical(catalog: Catalog, lexical: Lexical) -> Iterator[str]:
    wanted = (row[0] for row in catalog.connection.execute("SELECT id FROM passages ORDER BY id"))
    if not _alike(wanted, lexical.ids()):
        yield "it holds other passages than archive.db"
    for passage in catalog.passages(sample(catalog, SAMPLE)).values():
        article = passage.article
        words = terms(f"{article.title}\n{passage.text}", article.language)
        if words and passage.id not in lexical.score(list(dict.fromkeys(words))[:8], [passage.id]):
            yield f"passage {passage.id} is not found by its words"


def _dense(catalog: Catalog, base: Base) -> Iterator[str]:
    if not base.is_sound():
        yield "its bytes are not as they were written"
        return
    gone = set(catalog.removed_since(base.seq))
    query = "SELECT id FROM passages WHERE seq <= ? ORDER BY id"
    wanted = [row[0] for row in catalog.connection.execute(query, (base.seq,))]
    if [at for at in base.ids().tolist() if at not in gone] != wanted:
        yield "it holds other passages than archive.db"
    some = [at for at in sample(catalog, SAMPLE) if at <= base.last]
    for passage, vector in catalog.vectors.of(some).items():
        _, scores = base.search(vector, 1)
        if not len(scores) or scores[0] < _NEAR * float(vector @ vector):
            yield f"passage {passage} is not found by its vector"


def _alike(wanted: Iterator[int], held: Iterator[int]) -> bool:
    """Whether two ascending runs of ids are the same."""
    last = object()
    while True:
        one, other = next(wanted, last), next(held, last)
        if one != other:
            return False
        if one is last:
            return True
