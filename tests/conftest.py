"""What every part of the tests may start from."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from index import Archive, encoder
from index.reader import load_reader

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def newsdesk_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache, as ``NEWSDESK_CACHE`` names it, in which both models lie exported: made once a run."""
    cache = tmp_path_factory.mktemp("cache")
    encoder.load(cache=cache)
    load_reader(cache)
    return cache


@pytest.fixture(scope="session")
def sample_archive(newsdesk_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a real archive over the sample that comes with newsdesk: not to be changed."""
    folder = tmp_path_factory.mktemp("sample") / "archive"
    with Archive.open(folder, cache=newsdesk_cache, create=True) as archive:
        archive.sync([str(files("index") / "sample")])
    return folder
