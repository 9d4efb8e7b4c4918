"""What of a question leans on the one before, by its words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.leaning import leaning, tongue_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("what did she say about the bridge?", "en"),
        ("who repaired it?", "en"),
        ("when was that?", "en"),
        ("why that one?", "en"),
        ("who runs that company?", "en"),
        ("что он ответил?", "ru"),
        ("кто их построил?", "ru"),
        ("когда это было?", "ru"),
        ("¿qué dijo ella?", "es"),
        ("¿y quién los vende?", "es"),
        ("¿por qué hizo eso?", "es"),
    ],
)
def test_pronouns_stand_for_what_was_said_before(text: str, language: str) -> None:
    """In three languages, whatever the reader's texts are in."""
    assert leaning(text, language).pronouns
    assert leaning(text, "ar").pronouns


@pytest.mark.parametrize(
    "text",
    [
        "which harbour master resigned when he was found out?",
        "did Adela Brandt keep her seat?",
        "which volcano that erupted last spring is near a city?",
        "кто построил мост в Залесске?",
        "¿quién ganó la copa?",
        "¿cuánto cuestan los billetes?",
    ],
)
def test_a_pronoun_that_the_question_explains_leans_on_nothing(text: str) -> None:
    """Behind a name, or behind what the question speaks of; an article or a conjunction is no pronoun."""
    assert not leaning(text).pronouns


@pytest.mark.parametrize(
    ("text", "connected"),
    [
        ("and the tickets?", True),
        ("what about lorries?", True),
        ("no, I mean the old one", True),
        ("а билеты?", True),
        ("¿y las multas?", True),
        ("who paid?", False),
        ("сколько стоил билет?", False),
        ("¿quién pagó?", False),
    ],
)
def test_connectives_go_on(text: str, *, connected: bool) -> None:
    """Where they open the question."""
    assert leaning(text).connected is connected


def test_content_and_names_are_what_a_question_says_of_its_own() -> None:
    """A capital at the beginning makes no name, an acronym does."""
    look = leaning("And who did Mayor Adela Brandt meet in the NATO tent?")
    assert look.content == ("Mayor", "Adela", "Brandt", "meet", "NATO", "tent")
    assert look.names == ("Mayor", "Adela", "Brandt", "NATO")
    assert leaning("NATO when?").names == ("NATO",)
    assert leaning("Tickets?").names == ()
    assert leaning("why?").content == ()


@pytest.mark.parametrize(
    ("text", "reader", "told"),
    [
        ("who was it?", "ru", "en"),
        ("кто это был?", "en", "ru"),
        ("¿quién fue ella?", "en", "es"),
        ("Kowalczyk", "es", "es"),
        ("wer war es?", "de", "es"),
        ("no", "es", "es"),
    ],
)
def test_the_words_tell_the_language(text: str, reader: str, told: str) -> None:
    """Where they do not, it is the reader's; of a language that is not listed another may be taken, or none."""
    assert tongue_of(text, reader) in {told, reader}
    if told in {"en", "ru"} or reader == told:
        assert tongue_of(text, reader) == told


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    """Names are content, and content stands in the text."""
    look = leaning(text, "xx")
    assert set(look.names) <= set(look.content)
    assert all(word in text for word in look.content)
