"""Courtesy, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.small_talk import small_talk
from bot.conversation.wording import is_question


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Thanks!", "thanks"),
        ("thank you so much", "thanks"),
        ("спасибо большое", "thanks"),
        ("¡Muchas gracias!", "thanks"),
        ("شكرا جزيلا", "thanks"),
        ("🙏", "thanks"),
        ("Hello", "greeting"),
        ("good evening", "greeting"),
        ("Добрый день!", "greeting"),
        ("buenos días", "greeting"),
        ("¡hola! ¿qué tal?", "greeting"),
        ("السلام عليكم", "greeting"),
        ("hi, who won the regatta?", None),
        ("thanks to whom was the library saved?", None),
        ("Good Morning Calder Bay, the radio show", None),
        ("thanks?", None),
        ("👍 👎", None),
        ("", None),
    ],
)
def test_courtesy_is_told_from_questions(text: str, kind: str | None) -> None:
    """In the languages of the texts; whatever asks something besides is no courtesy."""
    assert small_talk(text) == kind


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("who opened the exhibition", True),
        ("lighthouse logs how many volumes", True),
        ("tell me about the tram", True),
        ("ferry collision?", True),
        ("расскажи про мост", True),
        ("что с мостом", True),
        ("dime quién ganó", True),
        ("من افتتح المعرض", True),
        ("市長は誰", True),
        ("🙂", True),
        ("word " * 30, True),
        ("ferry collision Kittiwake", False),
        ("Council approves tram line to the harbour", False),
        ("паводок Залесск", False),
        ("restricciones de agua Montealba", False),
    ],
)
def test_keywords_and_headlines_ask_nothing(text: str, *, asks: bool) -> None:
    """When unsure, it is a question."""
    assert is_question(text) is asks


@given(st.text(max_size=200))
def test_any_text_is_one_or_the_other(text: str) -> None:
    """Nothing raises; what ends in a question mark is a question."""
    small_talk(text)
    assert is_question(f"{text}?")
