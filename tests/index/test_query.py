"""A question, understood: which of its words are mended, and which are left as they are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from toys import ToyEncoder, ToyReader, article

from index import Archive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = date(2026, 6, 1)
BODIES = {
    "ferry.txt": "The ferry Kittiwake hit the pier at Saltpan Point. Captain Holm was unhurt.",
    "talks.txt": "Zeev Elkin accompanied Netanyahu to the talks on Monday.",
    "mayor.txt": "The mayor of Ashford opened the library. Marlow was not there.",
    "river.txt": "The river Marlow rose. Marlow bridge was closed.",
    "music.txt": "Marton played the violin for an hour.",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Five short articles."""
    folder: Path = tmp_path_factory.mktemp("archive")
    with Archive.open(folder, encoder=ToyEncoder(), reader=ToyReader(), create=True) as opened:
        opened.add([article(body, title=f"Article {name[:-4]}", path=name) for name, body in BODIES.items()])
        yield opened


@pytest.mark.parametrize(
    ("typed", "meant", "path"),
    [
        ("which pier did the Kitiwake hit?", "which pier did the Kittiwake hit?", "ferry.txt"),
        ("who accompanied Netanyahy?", "who accompanied Netanyahu?", "talks.txt"),
        ("who opened the library of Ashfrod?", "who opened the library of Ashford?", "mayor.txt"),
    ],
)
def test_a_name_with_one_letter_wrong_is_found_as_if_it_were_right(
    archive: Archive, typed: str, meant: str, path: str
) -> None:
    """The article that has the name is first, with nearly the score of its words: as a sound they may be rarer."""
    found, spelled = archive.find(typed, asked=DAY), archive.find(meant, asked=DAY)
    assert found.hits[0].article.key.path == path
    assert found.hits[0].bm25 > 0.8 * spelled.hits[0].bm25
    assert len(found.rarity) == len(spelled.rarity)


def test_of_several_the_commonest_is_meant(archive: Archive) -> None:
    """Marlow stands in two articles, Marton in one; a word that does stand there is not mended."""
    assert "river.txt" in {hit.article.key.path for hit in archive.search("Marlov?", asked=DAY, k=1)}
    terms = {term for word in archive.find("Marton?", asked=DAY).rarity for term in word}
    assert "marlow" not in terms


def test_what_is_far_from_every_word_stays_unknown(archive: Archive) -> None:
    """Two letters off, short, or a number: nothing is put in its place."""
    for question in ("who is Nitanyakov?", "what is Holn?", "what happened in 20277?"):
        words = archive.find(question, asked=DAY).rarity
        known = {term for word in words for term in word if not term.startswith("~")}
        assert known.isdisjoint({"netanyahu", "holm", "2027"}), question
    assert archive.ask("who is Nitanyakov?", asked=DAY).answer is None


def test_not_more_than_a_few_words_are_mended(archive: Archive) -> None:
    """A text of which the archive knows nothing costs no more than four look-ups."""
    nonsense = " ".join(f"qwx{letter}zvk" for letter in "abcdefgh")
    assert archive.search(f"{nonsense} Netanyahy?", asked=DAY, k=1)[0].bm25 < 0.5
