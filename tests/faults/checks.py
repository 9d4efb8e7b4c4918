"""What must hold of an archive of the corpus, whatever has happened to it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faults.corpus import Story

    from index import Archive


def held(archive: Archive) -> dict[str, str]:
    """The word of every article in an archive, by path; each is there once, and the first that is found by its word."""
    archive.search("bridge")  # whoever asks first mends what is derived, also where nothing is there to be found
    passages = list(archive.all_passages())
    twice = [
        place for place, times in Counter((each.article.key, each.start) for each in passages).items() if times > 1
    ]
    assert twice == []
    articles = {passage.article for passage in passages}
    words = {article.key.path: article.title.split()[1] for article in articles}
    assert len(words) == len(articles) == archive.stats().articles
    for path, word in words.items():
        found = [hit.article.key.path for hit in archive.search(word)]
        assert found[0] == path, f"{word} is found in {found}, not in {path}"
        assert found.count(path) == 1
    return words


def check(archive: Archive, *allowed: Mapping[str, Story]) -> dict[str, str]:
    """Every file is as in one of the states allowed, and the archive finds no damage in itself; gives what it holds."""
    words = held(archive)
    check_words(words, *allowed)
    if hasattr(archive, "verify"):
        damages = archive.verify().damages
        assert damages == (), str(damages)
    return words


def check_words(words: Mapping[str, str], *allowed: Mapping[str, Story]) -> None:
    """Every file is as in one of the states allowed."""
    for path in set(words).union(*allowed):
        possible = {state[path].word if path in state else None for state in allowed}
        assert words.get(path) in possible, f"{path} holds {words.get(path)}, not one of {possible}"
