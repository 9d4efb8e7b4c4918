"""Which synced path a file belongs to, so that no article is there twice when synced paths hold one another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.sources import Candidate
    from index.store.catalog import Catalog

Scope = list[tuple[str, str]]
"""Roots, each with a prefix of paths below it; an empty prefix is all of it."""


def adopt(paths: Sequence[Path], catalog: Catalog) -> Scope:
    """Give what each absolute path covers: a part of a root synced before that holds it, or a root of its own.

    A path that becomes a root takes over what came from the roots below it.
    """
    scope = []
    for path in paths:
        known = [Path(root) for root in catalog.files.roots()]
        above = next((root for root in known if path.is_relative_to(root)), path)
        scope.append((str(above), "" if above == path else path.relative_to(above).as_posix()))
        below = [root for root in known if root != above and root.is_relative_to(above)]
        if below:
            with catalog.change():
                for root in below:
                    catalog.files.adopt(str(above), str(root), root.relative_to(above).as_posix())
    return scope


def settle(candidate: Candidate, scope: Iterable[tuple[str, str]]) -> Candidate:
    """A candidate as seen from the root of the scope that holds it."""
    for root, _ in scope:
        if candidate.root != root and PurePosixPath(candidate.root).is_relative_to(root):
            inner = PurePosixPath(candidate.root).relative_to(root) / candidate.path
            return replace(candidate, root=root, path=inner.as_posix())
    return candidate
