"""The archive's own encoder: found by what the archive says, loaded late and once, never taken for another."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from toys import ToyEncoder

from index.encoder import DEFAULT_ENCODER
from index.errors import EncoderMismatch
from index.own_encoder import OwnEncoder
from index.store.catalog import Catalog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.encoder import Encoder


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """The catalog of an archive that was built with no encoder yet."""
    with closing(Catalog.open(tmp_path / "archive.db")) as opened:
        yield opened


class Shelf:
    """Encoders by name, whose fingerprint is the name; which were loaded is kept."""

    def __init__(self) -> None:
        self.loaded: list[str] = []

    def __call__(self, name: str) -> Encoder:
        """Load one."""
        self.loaded.append(name)
        return ToyEncoder(name)


def built(catalog: Catalog, fingerprint: str, name: str) -> None:
    """Make an archive one of an encoder, as a sync or a re-encoding does."""
    with catalog.note():
        catalog.set("encoder", fingerprint)
        catalog.set("encoder_name", name)


def test_a_new_archive_gets_the_default(catalog: Catalog) -> None:
    """Where none is named, and the archive has none."""
    shelf = Shelf()
    own = OwnEncoder(None, shelf)
    assert (own.name(catalog), shelf.loaded) == (DEFAULT_ENCODER, [])
    assert own.of(catalog).fingerprint == DEFAULT_ENCODER
    assert catalog.get("encoder") is None


def test_without_a_name_it_is_the_archives_own(catalog: Catalog) -> None:
    """It is loaded by the name it was built with, once."""
    built(catalog, "old/model", "old/model")
    shelf = Shelf()
    own = OwnEncoder(None, shelf)
    assert own.of(catalog) is own.of(catalog) is own.claim(catalog)
    assert shelf.loaded == ["old/model"]


def test_it_follows_a_re_encoding(catalog: Catalog) -> None:
    """Once another process has encoded the archive again, the next look loads the new one."""
    built(catalog, "old/model", "old/model")
    shelf = Shelf()
    own = OwnEncoder(None, shelf)
    own.of(catalog)
    built(catalog, "new/model", "new/model")
    assert own.of(catalog).fingerprint == "new/model"
    assert shelf.loaded == ["old/model", "new/model"]


def test_a_named_encoder_is_that_or_an_error(catalog: Catalog) -> None:
    """An archive of another says which it is of, which was named, what to set, and how to have it encoded again."""
    built(catalog, "old/model", "old/model")
    own = OwnEncoder("new/model", Shelf())
    told = (
        rf"{catalog.path.parent} was built with the encoder old/model, not new/model; "
        r"set NEWSDESK_ENCODER=old/model, or have it encoded again with: newsdesk reencode new/model"
    )
    for use in (own.of, own.check, own.claim):
        with pytest.raises(EncoderMismatch, match=told):
            use(catalog)
    assert (catalog.get("encoder"), catalog.get("encoder_name")) == ("old/model", "old/model")
    own.follow("old/model")
    assert own.of(catalog).fingerprint == "old/model"


def test_the_same_name_with_other_vectors_is_another_encoder(catalog: Catalog) -> None:
    """A model that was replaced under its name is found out when it is loaded: the fingerprint decides."""
    built(catalog, "old/model of last year", "old/model")
    own = OwnEncoder("old/model", Shelf())
    own.check(catalog)
    with pytest.raises(EncoderMismatch, match="was built with the encoder old/model"):
        own.of(catalog)


def test_a_check_by_name_loads_nothing(catalog: Catalog) -> None:
    """A sync that changes nothing needs no model to know that it is the right archive; nor does an empty one."""
    shelf = Shelf()
    for wanted in (None, "old/model"):
        own = OwnEncoder(wanted, shelf)
        own.check(catalog)
        built(catalog, "old/model", "old/model")
        own.check(catalog)
        with catalog.note():
            catalog.forget("encoder")
    assert shelf.loaded == []


def test_an_archive_is_claimed_once(catalog: Catalog) -> None:
    """The first encoder to change it gives it fingerprint, name and dimension; that is no change of what is found."""
    toy = ToyEncoder("mine")
    own = OwnEncoder(toy, Shelf())
    assert own.claim(catalog) is toy
    facts = [catalog.get(name) for name in ("encoder", "encoder_name", "dimension")]
    assert facts == ["mine", "ToyEncoder", "64"]
    assert own.claim(catalog) is toy
    assert catalog.seq == 0
    with pytest.raises(EncoderMismatch):
        OwnEncoder(ToyEncoder("other"), Shelf()).claim(catalog)
    assert catalog.get("encoder") == "mine"


def test_an_encoder_that_was_given_is_used(catalog: Catalog) -> None:
    """It is never loaded by a name, and its name is its kind."""
    shelf, toy = Shelf(), ToyEncoder()
    own = OwnEncoder(toy, shelf)
    assert own.of(catalog) is own.named("old/model") is own.named(None) is toy
    assert (own.name(catalog), shelf.loaded) == ("ToyEncoder", [])


def test_an_encoder_by_name(catalog: Catalog) -> None:
    """The one asked for, else the one that was wanted, else the default."""
    shelf = Shelf()
    names = [
        OwnEncoder(wanted, shelf).named(name) for wanted, name in ((None, "a"), ("b", None), ("b", "c"), (None, None))
    ]
    assert [each.fingerprint for each in names] == ["a", "b", "c", DEFAULT_ENCODER]
    assert catalog.get("encoder") is None
