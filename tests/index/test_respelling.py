"""Respelling: a slip of the key is mended as the passages spell the word, names are left alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import ToyEncoder, ToyReader, article

from index import Archive, Hit, Passage
from index.analysis import terms
from index.candidates import sentences_to_weigh
from index.respelling import respelled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.reader import Spans

DAY = date(2026, 6, 1)
BODY = "The captain of the ferry was praised. Ferries of Captan Holm had two captains."


def hit(body: str, language: str = "en") -> Hit:
    """An article of one passage."""
    one = article(body, language=language)
    return Hit(passage=Passage(id=1, article=one, start=0, end=len(body)), score=0.5, cosine=0.5, bm25=0.5)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("who was the captin of the ferry?", "who was the captain of the ferry?"),
        ("Captin?", "captain?"),
        ("name of the captin's, captins", "name of the captain, captain"),
        ("who was the captain?", "who was the captain?"),
    ],
)
def test_a_slip_is_mended_as_the_passages_spell_the_word(typed: str, meant: str) -> None:
    """By its first form that is found; all else stays as it was typed."""
    assert respelled(typed, {"captin": "captain"}, [hit("Rain fell."), hit(BODY)]) == meant


def test_a_name_is_left_as_it_was_typed() -> None:
    """One letter away may be another person."""
    assert respelled("who is captin jonson?", {"jonson": "johnson"}, [hit("Lyndon Johnson spoke.")]) == (
        "who is captin jonson?"
    )


def test_each_passage_is_read_in_its_language() -> None:
    """The stem that was taken for the word is of that language."""
    slips = dict(zip(terms("капетаны", "ru"), terms("капитана", "ru"), strict=True))
    assert respelled("где капетаны?", slips, [hit(BODY), hit("Имя капитана забыли.", "ru")]) == "где капитана?"
    assert respelled("где капетаны?", slips, [hit(BODY)]) == "где капетаны?"


@given(st.text(max_size=60), st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3))
def test_any_question_keeps_what_is_not_mended(question: str, slips: dict[str, str]) -> None:
    """Where no passage has a word that is meant, nothing changes."""
    assert respelled(question, slips, []) == question
    assert respelled(question, {}, [hit(BODY)]) == question


def test_a_misspelled_question_is_read_as_it_was_meant(tmp_path: Path) -> None:
    """By the reader too."""
    asked: list[str] = []

    class Listening(ToyReader):
        def read(self, question: str, texts: Sequence[str]) -> list[Spans]:
            asked.append(question)
            return super().read(question, texts)

    with Archive.open(tmp_path, encoder=ToyEncoder(), reader=ToyReader(), create=True) as archive:
        archive.add([article("The captain of the ferry was praised.", path="a.txt")])
        typed = archive.find("who was the captin of the ferry?", asked=DAY)
    assert typed.slips == {"captin": "captain"}
    assert len(sentences_to_weigh(typed, Listening())) == 1
    assert asked == ["who was the captain of the ferry?"]
