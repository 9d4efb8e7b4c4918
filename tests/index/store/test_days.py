"""Which passages are of which days, and where articles begin."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from toys import ToyEncoder, ToyReader, article

from index import Archive
from index.store.catalog import Catalog
from index.store.days import Calendar, first_passages

if TYPE_CHECKING:
    from pathlib import Path

LONG = " ".join(f"The harbour of Orle was dredged again in year {year}, they said." for year in range(1900, 1960))


def days_of(folder: Path, calendar: Calendar) -> tuple[Calendar, dict[str, set[date | None]]]:
    """The calendar brought up to date, and what it says of each article's passages."""
    catalog = Catalog.open(folder / "archive.db")
    calendar = calendar.followed(catalog.connection, catalog.seq)
    found: dict[str, set[date | None]] = {}
    for passage in catalog.added_since(0):
        day = int(calendar.days[passage.id])
        found.setdefault(passage.article.key.path, set()).add(date.fromordinal(day) if day else None)
    catalog.close()
    return calendar, found


def test_every_passage_has_its_articles_day(tmp_path: Path) -> None:
    """Also after articles were added, changed and removed; what has no date has none."""
    first, second = date(2018, 1, 30), date(2024, 2, 29)
    with Archive.open(tmp_path, encoder=ToyEncoder(), reader=ToyReader(), create=True) as archive:
        archive.add([article(LONG, path="long", published=first), article("No day.", path="none")])
        calendar, found = days_of(tmp_path, Calendar.empty())
        assert found == {"long": {first}, "none": {None}}
        archive.add([article("Later.", path="later", published=second), article(LONG, path="long", published=second)])
        archive.remove("none")
        calendar, found = days_of(tmp_path, calendar)
        assert found == {"later": {second}, "long": {second}}
        assert days_of(tmp_path, Calendar.empty())[1] == found
        again, _ = days_of(tmp_path, calendar)
        assert again is calendar
        archive.remove("later")
        assert days_of(tmp_path, calendar)[1] == {"long": {second}}


def test_days_within_an_interval() -> None:
    """Both ends belong to it; what has no day is in none."""
    calendar = Calendar(days=np.array([0, 5, 6, 7, 8], dtype=np.int32), seq=1)
    assert calendar.within(6, 7).tolist() == [False, False, True, True, False]
    assert calendar.within(-9, 5).tolist() == [False, True, False, False, False]


def test_where_articles_begin(tmp_path: Path) -> None:
    """The first passage of each article, and how many it has, as reading all of them gives."""
    with Archive.open(tmp_path, encoder=ToyEncoder(), reader=ToyReader(), create=True) as archive:
        archive.add([article(LONG, path="a"), article("Short.", path="b"), article(LONG, path="c")])
    catalog = Catalog.open(tmp_path / "archive.db")
    numbers = catalog.article_ids([passage.article.key for passage in catalog.added_since(0)])
    expected = catalog.passages_of(numbers)
    found = first_passages(catalog.connection, numbers)
    assert {each: tuple(range(first, first + count)) for each, (first, count) in found.items()} == expected
    assert first_passages(catalog.connection, []) == {}
    catalog.close()
