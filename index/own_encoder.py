"""The encoder that an archive was built with: loaded when first needed, and never taken for another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index import encoder as encoders
from index.errors import EncoderMismatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.encoder import Encoder
    from index.store.catalog import Catalog


class OwnEncoder:
    """Follows the archive: after it was re-encoded, the next question loads the new encoder, unless one was named."""

    def __init__(self, wanted: str | Encoder | None, load: Callable[[str], Encoder]) -> None:
        self._wanted = wanted
        self._load = load
        self._loaded: tuple[str, Encoder] | None = None

    def of(self, catalog: Catalog) -> Encoder:
        """The encoder for an archive.

        Raises:
            EncoderMismatch: the archive was built with another than the one that was named.
            EncoderError: it cannot be found, loaded or trusted.

        """
        built, theirs = catalog.get("encoder"), catalog.get("encoder_name")
        name = self.name(catalog)
        if self._loaded is None or self._loaded[0] != name:
            self._loaded = name, self._load(name) if not self._wanted or isinstance(self._wanted, str) else self._wanted
        encoder = self._loaded[1]
        if built not in {None, encoder.fingerprint}:
            raise EncoderMismatch(
                f"{catalog.path.parent} was built with the encoder {theirs}, not {name}; set NEWSDESK_ENCODER={theirs},"
                f" or have it encoded again with: newsdesk reencode {name}"
            )
        return encoder

    def named(self, name: str | None) -> Encoder:
        """An encoder by name; the one that was asked for where that is an encoder itself, or no name is known."""
        if self._wanted is not None and not isinstance(self._wanted, str):
            return self._wanted
        return self._load(name or self._wanted or encoders.DEFAULT_ENCODER)

    def follow(self, wanted: str | Encoder) -> None:
        """Use another encoder from now on, as an archive that was encoded again asks for."""
        self._wanted, self._loaded = wanted, None

    def name(self, catalog: Catalog) -> str:
        """The encoder's name: the one that was named, else the archive's own, else the default."""
        if self._wanted is None:
            return catalog.get("encoder_name") or encoders.DEFAULT_ENCODER
        return self._wanted if isinstance(self._wanted, str) else type(self._wanted).__name__

    def check(self, catalog: Catalog) -> None:
        """Refuse an archive of another encoder, loading none where the names tell.

        Raises:
            EncoderMismatch: as ``of``.

        """
        if catalog.get("encoder") is not None and self.name(catalog) != catalog.get("encoder_name"):
            self.of(catalog)

    def claim(self, catalog: Catalog) -> Encoder:
        """The encoder, which an archive of none is henceforth built with."""
        encoder = self.of(catalog)
        if catalog.get("encoder") is None:
            with catalog.note():
                catalog.set("encoder", encoder.fingerprint)
                catalog.set("encoder_name", self.name(catalog))
                catalog.set("dimension", str(encoder.dimension))
        return encoder
