"""Decoding, plain text, days and languages."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sources.dates import day_of, days_in
from index.sources.languages import language_of
from index.sources.text import decode, one_line, paragraphs, plain

if TYPE_CHECKING:
    from collections.abc import Callable

RUSSIAN = "Паром снова вышел в море в понедельник, сообщил журналистам начальник порта Игорь Самохвалов."
JAPANESE = (
    "フェリーは月曜日に再び出航した。二年間の修理を終え、島の人々は港で船を迎えた。議会は修理に三百万を支払った。"
)
CHINESE = "渡轮星期一再次启航，这是两年维修之后的首次航行。岛上居民在码头迎接它的到来，议会为维修支付了三百万。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_decodes(encoding: str) -> None:
    """Text is read in UTF-8, UTF-16 with its mark, and in an encoding that has to be guessed."""
    assert decode(RUSSIAN.encode(encoding)) == RUSSIAN


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-16", RUSSIAN),
        ("utf-16-le", RUSSIAN),
        ("utf-16-be", RUSSIAN),
        ("utf-32", RUSSIAN),
        ("utf-32-le", RUSSIAN),
        ("utf-32-be", RUSSIAN),
        ("utf-16-be", "The ferry sailed."),
        ("utf-32-le", "It sailed."),
        ("koi8-r", RUSSIAN),
        ("cp1251", RUSSIAN),
        ("iso8859-5", RUSSIAN),
        ("cp1252", "Zurück nach Köln fährt die Fähre am Montag, sagte der Bürgermeister – für fünf Euro je Überfahrt."),
        ("shift_jis", JAPANESE),
        ("euc_jp", JAPANESE),
        ("gb18030", CHINESE),
        ("big5", "渡輪週一再次出航，這是兩年維修之後的首航。島上居民在碼頭迎接它的到來，議會為維修支付了三百萬。"),
        ("euc_kr", "연락선이 월요일에 다시 출항했다. 2년간의 수리 끝에 섬 주민들은 부두에서 배를 맞이했다."),
    ],
)
def test_encodings_are_told(encoding: str, text: str) -> None:
    """Text in any encoding in use is read as it was written, wide ones with a mark or without."""
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("data", [b"\x7fELF\0\0", "a\0b".encode("utf-16"), bytes(range(1, 256)) * 9])
def test_what_is_no_text_is_refused(take: Callable, data: bytes) -> None:
    """Bytes that no text has are refused as that."""
    _, (refusal,) = take("a.txt", data)
    assert refusal.reason.startswith("not text")


@given(st.text())
def test_plain_text_can_be_shown(text: str) -> None:
    """No control character, direction override, lone surrogate or private character is left, and all is NFC."""
    clean = plain(text)
    kinds = {unicodedata.category(character) for character in clean} - {"Cf"}
    assert not kinds & {"Cs", "Co"}
    assert {character for character in clean if unicodedata.category(character) in {"Cc", "Cf"}} <= set(
        "\n\u200c\u200d"
    )
    assert unicodedata.is_normalized("NFC", clean)


@given(st.text())
def test_paragraphs_are_normal(text: str) -> None:
    """Paragraphs are lines without space around them, one empty line apart; to normalise again changes nothing."""
    body = paragraphs(text)
    assert all(part == part.strip() and part for part in body.split("\n\n")) or body == ""
    assert "\n" not in body.replace("\n\n", "")
    assert plain(body) == body
    assert one_line(body) == body.replace("\n\n", " ")


def test_invisible_marks_go() -> None:
    """Zero-width spaces, soft hyphens, overrides and marks of order go; joiners within words and emoji stay."""
    assert one_line("a\u200bb\u00adc\ufeff\u202ed\u00a0e\u200df") == "abcd ef"
    assert one_line("می\u200cشود 👩\u200d🚀") == "می\u200cشود 👩\u200d🚀"
    assert plain("e\u200b\u0301\r\n\x0bx\t y ") == "é\n\nx     y"


def test_wrapped_lines_are_joined() -> None:
    """Lines wrapped at a column are one paragraph; lines that end sentences, or are short, stay apart."""
    wrapped = "The ferry sailed again on Monday, two years after it was laid\nup for repairs at the pier.\n\nIt is so."
    assert paragraphs(wrapped) == wrapped.replace("laid\nup", "laid up")
    assert paragraphs("- one\n- two") == "- one\n\n- two"


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2024-03-14", date(2024, 3, 14)),
        ("2024-03-14T23:59:00-08:00", date(2024, 3, 14)),
        ("2024/3/14 10:00", date(2024, 3, 14)),
        ("Thu, 14 Mar 2024 10:00:00 +0100", date(2024, 3, 14)),
        ("14.03.2024", date(2024, 3, 14)),
        ("14/03/2024", date(2024, 3, 14)),
        ("03/14/2024", date(2024, 3, 14)),
        ("04/04/2024", date(2024, 4, 4)),
        ("March 14, 2024", date(2024, 3, 14)),
        ("14 марта 2024", date(2024, 3, 14)),
        ("14 de marzo de 2024", date(2024, 3, 14)),
        ("14. März 2024", date(2024, 3, 14)),
        ("20240314", date(2024, 3, 14)),
        (20240314, date(2024, 3, 14)),
        (1710406800, date(2024, 3, 14)),
        ("1710406800", date(2024, 3, 14)),
        (1710406800123, date(2024, 3, 14)),
        (1710406800.5, date(2024, 3, 14)),
        (date(2024, 3, 14), date(2024, 3, 14)),
        (datetime(2024, 3, 14, 23), date(2024, 3, 14)),  # noqa: DTZ001 - as YAML gives them
        ("03/04/2024", None),
        ("1066-10-14", None),
        ("2024-02-31", None),
        ("14 foo 2024", None),
        ("yesterday", None),
        ("", None),
        (2024, None),
        (float("nan"), None),
        (10**400, None),
        (True, None),
        (None, None),
    ],
)
def test_days(value: object, day: date | None) -> None:
    """A day is read where it is certain, and is none where it is not."""
    assert day_of(value) == day


def test_days_in_a_line() -> None:
    """All days that a line names in full are found."""
    assert days_in("Published 2 May 2024, updated 2024-05-03; see 1.1") == {date(2024, 5, 2), date(2024, 5, 3)}


@pytest.mark.parametrize(
    ("declared", "text", "code"),
    [
        ("pt-BR", "", "pt"),
        ("English", RUSSIAN, "ru"),
        (None, "Le bac a repris la mer lundi, deux ans après avoir été mis en réparation.", "fr"),
        (None, "12345", "und"),
    ],
)
def test_languages(declared: str | None, text: str, code: str) -> None:
    """A declared code is believed; else the text is asked; numbers are in no language."""
    assert language_of(declared, text) == code
