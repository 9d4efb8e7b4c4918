"""Texts: a language is found, plurals and dates are right, values stay inside and keep their direction."""

from __future__ import annotations

import logging
import re
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import Languages, Texts
from bot.texts.catalogue import Catalogue

LANGUAGES = Languages.load()
ENGLISH = LANGUAGES.of("en")
SIGNS = "\u200f\u2066\u2067\u2068\u2069"


def po(*messages: str, language: str = "ru") -> Catalogue:
    """A catalogue of these messages that translates a small English one."""
    english = (
        'msgid "link"\nmsgstr "See {link}."',
        'msgid "files"\nmsgid_plural "files"\nmsgstr[0] "{count} file"\nmsgstr[1] "{count} files"',
        'msgid "open_label"\nmsgstr "Open"',
    )
    otherwise = Catalogue.read(BytesIO("\n\n".join(english).encode()), "en")
    return Catalogue.read(BytesIO("\n\n".join(messages).encode()), language, otherwise)


@given(
    code=st.sampled_from(LANGUAGES.codes), typed=st.text(st.sampled_from("a א{}<&\u202e\u2067\u2068\u2069"), max_size=9)
)
def test_every_isolate_that_a_sentence_begins_it_ends(code: str, typed: str) -> None:
    """Text after a value that leaves directions open, or ends what it did not begin, runs as it did."""
    said, depth = LANGUAGES.of(code).html("found_about", question=typed), 0
    if not any(sign in SIGNS for sign in said):
        return
    for sign in said:
        depth += (sign in "\u2066\u2067\u2068") - (sign == "\u2069")
        assert depth >= 0
    assert depth == 0


def test_values_are_escaped_in_html_and_not_in_labels() -> None:
    """What a reader typed cannot become markup, nor a placeholder; a button shows it as it is."""
    assert ENGLISH.html("asked", question="<i>&{x}") == "<b>&lt;i&gt;&amp;{x}</b>"
    assert ENGLISH.label("invitations_withdraw", number="<i>&{x}") == "Withdraw <i>&{x}"


@pytest.mark.parametrize(
    ("code", "count", "said"),
    [
        ("en", 1, "So many people ask at the moment that I have to pause. Please come back in 1 minute."),
        ("en", 2, "So many people ask at the moment that I have to pause. Please come back in 2 minutes."),
        ("ru", 1, "через 1 минуту."),
        ("ru", 3, "через 3 минуты."),
        ("ru", 11, "через 11 минут."),
        ("ru", 21, "через 21 минуту."),
        ("ru", "1 022", "через 1 022 минуты."),
        ("es", 1, "dentro de 1 minuto, por favor."),
        ("es", 30, "dentro de 30 minutos, por favor."),
        ("ar", 1, "بعد دقيقة واحدة."),
        ("ar", 2, "بعد دقيقتين."),
        ("ar", 5, "بعد \u20685\u2069 دقائق."),
        ("ar", 15, "بعد \u206815\u2069 دقيقة."),
        ("ar", 100, "بعد \u2068100\u2069 دقيقة."),
    ],
)
def test_a_count_chooses_the_plural(code: str, count: object, said: str) -> None:
    """Each language has its forms; a count that was formatted for reading is understood."""
    assert LANGUAGES.of(code).html("limit_all", count=count).endswith(said)


@pytest.mark.parametrize(
    ("code", "day", "said"),
    [
        ("en", date(2018, 1, 30), "30 January 2018"),
        ("en", date(987, 12, 1), "1 December 987"),
        ("ru", date(2018, 1, 30), "30 января 2018"),
        ("ru", date(2026, 5, 9), "9 мая 2026"),
        ("ru", date(1999, 8, 31), "31 августа 1999"),
        ("es", date(2018, 1, 30), "30 de enero de 2018"),
        ("es", date(2024, 9, 2), "2 de septiembre de 2024"),
        ("ar", date(2018, 1, 30), "30 يناير 2018"),
        ("ar", date(2023, 11, 4), "4 نوفمبر 2023"),
    ],
)
def test_dates_read_as_people_write_them(code: str, day: date, said: str) -> None:
    """Day, month by name in the form that the language wants, year."""
    assert LANGUAGES.of(code).date(day) == said


@pytest.mark.parametrize(
    ("code", "said"),
    [("en", "1,234,567.8"), ("ru", "1\u00a0234\u00a0567,8"), ("es", "1.234.567,8"), ("ar", "1,234,567.8")],
)
def test_numbers_read_as_people_write_them(code: str, said: str) -> None:
    """Thousands and fractions are set off with the signs of the language."""
    assert LANGUAGES.of(code).number(1_234_567.8) == said


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("ru", "ru"),
        ("ru-RU", "ru"),
        ("RU_ru", "ru"),
        ("es-419", "es"),
        ("ar-Arab-EG", "ar"),
        (None, "en"),
        ("", "en"),
        ("xx", "en"),
        ("-", "en"),
        ("russian", "en"),
    ],
)
def test_a_language_is_found_by_what_telegram_says_of_it(code: str | None, language: str) -> None:
    """Region and case do not matter; English is for whom there is no other."""
    assert LANGUAGES.of(code).language == language


def test_who_speaks_none_of_them_is_spoken_to_in_the_one_that_is_set() -> None:
    """Also who has told none, and where that is a language with a region."""
    languages = Languages.load("ru")
    assert [languages.of(code).language for code in (None, "", "xx", "de-AT", "en", "es")] == [
        "ru", "ru", "ru", "ru", "en", "es",
    ]  # fmt: skip


def test_a_variety_of_a_language_goes_before_the_language() -> None:
    """Who sets Brazilian Portuguese gets it where there is such a file."""
    portuguese, brazilian = (Texts(catalogue=po(language=code)) for code in ("pt", "pt_BR"))
    languages = Languages(texts={"en": ENGLISH, "pt": portuguese, "pt_BR": brazilian})
    assert languages.of("pt-br") is brazilian
    assert languages.of("pt-PT") is portuguese
    assert brazilian.language == "pt_BR"


def test_languages_are_named_in_themselves() -> None:
    """Everybody finds their own."""
    names = {code: LANGUAGES.name(code) for code in ("ar", "en", "es", "ru")}
    assert names == {"ar": "العربية", "en": "English", "es": "Español", "ru": "Русский"}


@pytest.mark.parametrize(
    "message",
    [
        'msgid "link"\nmsgstr "Смотрите."',
        'msgid "link"\nmsgstr "{url}"',
        'msgid "link"\nmsgstr "{link.__class__}"',
        'msgid "link"\nmsgstr "{link!r}"',
        'msgid "link"\nmsgstr "{link:>9}"',
        'msgid "link"\nmsgstr "{}{link}"',
        'msgid "link"\nmsgstr "{link"',
        'msgid "link"\nmsgstr ""',
        '#, fuzzy\nmsgid "link"\nmsgstr "Смотрите {link}."',
        'msgid "link"\nmsgid_plural "link"\nmsgstr[0] "{link}"\nmsgstr[1] "{link}"\nmsgstr[2] "{link}"',
        'msgid "other"\nmsgstr "Другое"',
    ],
)
def test_a_translation_that_is_not_fit_is_left_out(message: str, caplog: pytest.LogCaptureFixture) -> None:
    """The English sentence is said instead, and who runs the bot can read which one is missing."""
    with caplog.at_level(logging.WARNING):
        texts = Texts(catalogue=po(message))
    assert texts.html("link", link="https://a.example") == "See https://a.example."
    assert re.fullmatch(r"ru\.po: (link|other) is left out: .*", caplog.messages[0])


def test_plurals_that_are_not_fit_are_left_out() -> None:
    """A form too few, an empty one, or one with another placeholder: the English plural is said."""
    beginning = 'msgid "files"\nmsgid_plural "files"\nmsgstr[0] "{count} файл"\nmsgstr[1] "{count} файла"\n'
    for last in ("", 'msgstr[2] ""', 'msgstr[2] "{number} файлов"'):
        texts = Texts(catalogue=po(beginning + last))
        assert [texts.html("files", count=count) for count in (1, 2, 21)] == ["1 file", "2 files", "21 files"]
    texts = Texts(catalogue=po(beginning + 'msgstr[2] "файлы"'))
    assert [texts.html("files", count=count) for count in (1, 2, 5)] == ["1 файл", "2 файла", "файлы"]


def test_a_sentence_that_there_is_not_is_a_mistake() -> None:
    """A wrong name, and a value that is missing, are found at once."""
    texts = Texts(catalogue=po())
    assert texts.label("open") == "Open"
    for name, values in (("nothing", {}), ("link", {}), ("files", {})):
        with pytest.raises(KeyError):
            texts.html(name, **values)


ISOLATED = [
    ('"للمزيد: {link}"', "https://a.example", "للمزيد: \u2068https://a.example\u2069"),
    ('"{link}"', "Straße", "Straße"),
    ('"<b>{link}</b>"', "Straße", "<b>Straße</b>"),
    ('"انظر {link} أو /help."', "a", "انظر \u2068a\u2069 أو \u2068/help\u2069."),
    ('"<b>اكتب</b> <code>/ask {link}</code>"', "سؤال", "<b>اكتب</b> \u2068<code>/ask سؤال</code>\u2069"),
    (
        '"/new – بداية\\nفي Telegram: {link}"',
        "1",
        "\u200f\u2068/new\u2069 – بداية\nفي \u2068Telegram\u2069: \u20681\u2069",
    ),
    ('"<b>{link}</b>: 1"', "x", "<b>\u200f\u2068x\u2069</b>: 1"),
    ('"يرى {link}."', "\u2069a\u2068b", "يرى \u2068a\u2068b\u2069\u2069."),
]


@pytest.mark.parametrize(("message", "value", "said"), ISOLATED)
def test_what_stands_in_arabic_keeps_its_direction(message: str, value: str, said: str) -> None:
    """Values, commands and Latin words are isolated; a line that begins with one runs from the right."""
    texts = Texts(catalogue=po(f'msgid "link"\nmsgstr {message}', language="ar"))
    assert texts.html("link", link=value) == said


def test_what_runs_from_the_right_is_isolated_in_other_languages() -> None:
    """A Hebrew headline does not turn the numbers behind it; sentences of one direction are left as they are."""
    said = ENGLISH.html("page_of", question="מי דיבר?", page=2, pages=5)
    assert said == "More on: <b>\u2068מי דיבר?\u2069</b> (\u20682\u2069/\u20685\u2069)"
    assert ENGLISH.html("page_of", question="Who?", page=2, pages=5) == "More on: <b>Who?</b> (2/5)"
    assert ENGLISH.html("asked", question="מי דיבר?") == "<b>מי דיבר?</b>"


def test_english_sentences_among_arabic_ones_run_from_the_left() -> None:
    """What is not translated is said as in English."""
    assert Texts(catalogue=po(language="ar")).html("link", link="/a") == "See /a."
