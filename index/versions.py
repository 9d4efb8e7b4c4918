"""The versions of a story among what was found: the newest correct one is shown, the others are named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from index.domain import Article, Hit
    from index.store.catalog import Catalog, Place


def one_a_story(
    hits: Sequence[Hit],
    places: Mapping[int, Place],
    catalog: Catalog,
    today: date,
    best_of: Callable[[int], Hit | None],
    k: int,
) -> tuple[Hit, ...]:
    """The ``k`` best stories, best first, each by the best passage of the version that is shown.

    A story stands where the best passage of any of its versions puts it; articles of days after today are none.

    Args:
        hits: passages, the best first.
        places: where each stands.
        catalog: knows the versions of a story, the one to show first.
        today: the day on which this is shown.
        best_of: the best passage of an article that is not among the hits.
        k: how many stories.

    """
    best: dict[int, Hit] = {}
    own: dict[int, Hit] = {}
    for hit in hits:
        place = places[hit.passage.id]
        best.setdefault(place.story, hit)
        own.setdefault(place.article, hit)
    stories = list(best)[:k]
    told = catalog.story_articles(stories)
    articles = catalog.articles_by_id([each for versions in told.values() if len(versions) > 1 for each in versions])
    shown = []
    for story in stories:
        versions = [each for each in told.get(story, ()) if each in articles and _is_out(articles[each], today)]
        if len(versions) < 2:
            shown.append(best[story])
            continue
        first = own.get(versions[0]) or best_of(versions[0]) or best[story]
        also = tuple(article for article in map(articles.__getitem__, versions) if article.key != first.article.key)
        shown.append(replace(first, score=best[story].score, also=also))
    return tuple(shown)


def _is_out(article: Article, today: date) -> bool:
    return article.published is None or article.published <= today
