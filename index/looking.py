"""Looking into an archive before it is changed: what a name means, and whether a text is there already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from index.errors import ArchiveMissing
from index.near_duplicates import Text, signature_of
from index.store.catalog import Catalog

if TYPE_CHECKING:
    from types import TracebackType

    from index.domain import Article

_DATABASE = "archive.db"


class Look:
    """Reads an archive's truth; it changes nothing and loads no encoder."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    @classmethod
    def into(cls, folder: Path) -> Self:
        """Look into the archive in a folder.

        Raises:
            ArchiveMissing: there is none.
            ArchiveError: it cannot be opened.

        """
        if not (folder / _DATABASE).is_file():
            raise ArchiveMissing(
                f"no archive in {folder}; make one with: newsdesk sync PATH (or name it: --archive DIR)"
            )
        return cls(Catalog.open(folder / _DATABASE))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._catalog.close()

    def named(self, what: str) -> tuple[Article, ...]:
        """The articles that ``Archive.remove`` would remove: of this address or file, else of this id or path."""
        keys = self._catalog.find(what) or self._catalog.find(str(Path(what).resolve())) if what else []
        return tuple(self._catalog.articles(keys or self._catalog.find_named(what)))

    def same_text(self, article: Article) -> tuple[Article, ...]:
        """The articles whose text is this one's to the letter; equal texts have equal signatures."""
        band = signature_of(Text.of(article)).bands[0]
        rows = self._catalog.connection.execute("SELECT DISTINCT article FROM buckets WHERE band = ?", (band,))
        found = self._catalog.articles_by_id([int(row[0]) for row in rows])
        return tuple(each for each in found.values() if each.body == article.body)
