"""What the fault tests start from: a corpus that has changed since the archive of it was made."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from faults import corpus, tracing
from faults.checks import check
from faults.work import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from faults.corpus import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A folder of articles, changed since the archive beside it was synced, and what it held before and holds now."""

    archive: Path
    articles: Path
    before: Mapping[str, Story]
    after: Mapping[str, Story]

    def check_goes_on(self, *allowed: Mapping[str, Story]) -> None:
        """What was committed is there whole; the next sync completes, and everything is found, once."""
        with opened(self.archive, create=True) as archive:
            check(archive, *(allowed or (self.before, self.after)))
        with opened(self.archive) as archive:
            archive.sync([self.articles], allow_removal=True)
            check(archive, self.after)


@pytest.fixture(scope="session", name="long_form")
def _long_form() -> bool:
    """Whether every point is to be tried, as in ``make faults``, not one of each kind."""
    return os.environ.get("NEWSDESK_FAULTS") == "all"


@pytest.fixture(scope="session", name="traced")
def _traced() -> None:
    """Skips where no process can be traced."""
    if reason := tracing.unavailable():
        pytest.skip(reason)


@pytest.fixture(scope="session", name="template")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """An archive of the corpus as it was; not to be changed."""
    folder = tmp_path_factory.mktemp("faults")
    ground = Ground(
        archive=folder / "archive", articles=folder / "articles", before=corpus.before(), after=corpus.after()
    )
    corpus.write(ground.articles, ground.before)
    with opened(ground.archive, create=True) as archive:
        archive.sync([ground.articles])
        check(archive, ground.before)
    corpus.write(ground.articles, ground.after)
    return ground


@pytest.fixture(name="fresh")
def _fresh(template: Ground, tmp_path: Path) -> Iterator[Callable[[], Ground]]:
    """Gives a copy of the archive, its derived files brought in step by a first question; one is there at a time."""
    folder = tmp_path / "archive"

    def make() -> Ground:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(template.archive, folder)
        with opened(folder) as archive:
            archive.search("bridge")
        return Ground(archive=folder, articles=template.articles, before=template.before, after=template.after)

    yield make
    shutil.rmtree(folder, ignore_errors=True)
