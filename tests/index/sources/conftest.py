"""Files made in a folder, and what is read from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.domain import Article, Refusal
from index.sources import FieldMapping, Limits, read, walk
from index.sources.documents import drafts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def take(tmp_path: Path) -> Callable[..., tuple[list[Article], list[Refusal]]]:
    """Write one file into a folder, walk the folder and read it, parsed in this process: articles and refusals."""

    def _take(
        name: str, data: bytes | str, mapping: str | None = None, limits: Limits | None = None
    ) -> tuple[list[Article], list[Refusal]]:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data.encode() if isinstance(data, str) else data)
        fields = FieldMapping.parse(mapping) if mapping else None
        items = [
            item
            for found in walk([tmp_path])
            for item in read(found, mapping=fields, limits=limits or Limits(), parse=drafts)
        ]
        return [each for each in items if isinstance(each, Article)], [
            each for each in items if isinstance(each, Refusal)
        ]

    return _take
