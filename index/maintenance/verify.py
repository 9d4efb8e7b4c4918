"""Reading every byte of an archive, and comparing what is derived with the truth."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from index.domain import Damage, Health
from index.maintenance import indexes, truth
from index.passages import encoder_text
from index.store.folding import DERIVED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from index.encoder import Encoder
    from index.store.catalog import Catalog
    from index.store.derived import Derived

_AGREEMENT = 0.99
"""Cosine of a stored vector and one made again: float16 and other batches cost less than that."""


def verify(catalog: Catalog, derived: Callable[[], Derived], encoder: Callable[[], Encoder] | None = None) -> Health:
    """Find every damage.

    Args:
        catalog: the truth.
        derived: gives what is derived from it.
        encoder: gives what encodes a sample of passages again, to compare; without it none is.

    """
    with catalog.snapshot():
        found = list(truth.damages(catalog))
        encoded = 0
        if not found:
            found += _derived(catalog, derived())
        if not found and encoder is not None and catalog.get("encoder"):
            passages = indexes.sample(catalog, indexes.SAMPLE)
            encoded = len(passages)
            found += _unlike(catalog, encoder(), passages)
        try:
            articles, count = catalog.count("articles"), catalog.count("passages")
        except sqlite3.DatabaseError:
            articles = count = 0
        return Health(articles=articles, passages=count, damages=tuple(found), encoded=encoded)


def _derived(catalog: Catalog, derived: Derived) -> Iterator[Damage]:
    lexical, base, wrong = derived.on_disk(catalog)
    yield from (Damage(where=DERIVED, what=what, derived=True) for what in wrong)
    if lexical is not None:
        yield from indexes.lexical_damages(catalog, lexical)
    if base is not None:
        yield from indexes.dense_damages(catalog, base)


def _unlike(catalog: Catalog, encoder: Encoder, passages: list[int]) -> Iterator[Damage]:
    """Passages whose stored vector is not the one that the encoder makes of their text."""
    whole = catalog.passages(passages)
    texts = [encoder_text(each.article, each.start, each.end) for each in whole.values()]
    stored = catalog.vectors.of(list(whole))
    for passage, made in zip(whole, encoder.encode_passages(texts), strict=True):
        if float(made @ stored[passage]) < _AGREEMENT:
            yield Damage(where=catalog.path.name, what=f"the vector of passage {passage} is not what its text gives")
