"""The catalogues: every sentence in every language, complete, with the same placeholders and tags as in English."""

from __future__ import annotations

import logging
import re
from collections import Counter
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest
from babel import Locale
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from journeys.telegram_html import visible_text

import bot
from bot.gate import Gate
from bot.memory.people import Forgotten
from bot.menus import ADMINS, READERS
from bot.texts import Languages, Texts

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(bot.__file__).parent / "texts"
LANGUAGES = Languages.load()
OTHERS = [code for code in LANGUAGES.codes if code != "en"]
SIGNS = "\u200f\u2066\u2067\u2068\u2069"

FORMS = {
    code: {
        message.id if isinstance(message.id, str) else message.id[0]: message.string
        for message in read_po(BytesIO((FOLDER / f"{code}.po").read_bytes()), locale=code)
        if message.id
    }
    for code in LANGUAGES.codes
}
"""What stands in the files: a text, or the plural forms of one, by name."""

SAME_AS_IN_ENGLISH = {"date"}
"""What may be as it is in English, although there are letters in it."""
LATIN = {"Telegram", "NEWSDESK_SOURCES", "newsdesk eval feedback.csv"}
"""What is written in Latin letters everywhere, beside commands and placeholders."""
LETTERS = {"ar": r"[\u0600-\u06ff]", "ru": r"[\u0400-\u04ff]"}
NOTICES = {
    "already",
    "ask_reason",
    "draft_not_yours",
    "draft_over",
    "language_chosen",
    "not_noted",
    "reason_noted",
    "reindex_over",
    "say_reason",
    "thanks",
    "withdraw_over",
}
"""Labels that are shown in answer to a press; the others stand on buttons and in menus."""


def forms_of(code: str, name: str) -> list[str]:
    """The text of a name, or every plural form of it."""
    said = FORMS[code][name]
    return [said] if isinstance(said, str) else list(said)


def fields(text: str) -> set[str]:
    """The names of what is filled in."""
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def tags(text: str) -> Counter[str]:
    """How often each tag begins and ends."""
    return Counter(re.findall(r"<[^>]*>", text))


def words(text: str) -> str:
    """What is to be translated of a text: without tags, placeholders and commands."""
    return re.sub(r"<[^>]*>|\{\w+\}|/\w+|@", "", text)


def in_every_language(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test for every language but English."""
    return pytest.mark.parametrize("code", OTHERS)(test)


def test_every_sentence_is_used_and_every_one_used_is_there() -> None:
    """The names in the code and in the English file are the same."""
    code = "\n".join(path.read_text() for path in FOLDER.parent.rglob("*.py"))
    used = set(re.findall(r'(?:\.html|\bsay|\basked|NotTaken)\(\s*["\'](\w+)["\']', code))
    used |= set(re.findall(r'(?:\b_say\([\w, ]*|name=)"(\w+)"', code)) & set(FORMS["en"])
    used |= {f"{name}_label" for name in re.findall(r'\.label\(\s*["\'](\w+)["\']', code)}
    used |= {f"forgot_{kind}" for kind in Forgotten.__dataclass_fields__}
    used |= {f"command_{name}_label" for name in (*READERS, *ADMINS)}
    used |= {Gate(mode="listed").closed, Gate(mode="invited").closed}
    quoted = set(re.findall(r'["\'](\w+)["\']', code))
    assert used - set(FORMS["en"]) == set()
    assert {name for name in set(FORMS["en"]) - used if name.removesuffix("_label") not in quoted} == set()


def test_there_is_a_file_for_each_of_the_languages() -> None:
    """Each catalogue in the folder is a language, and there is nothing else to do for one."""
    assert LANGUAGES.codes == tuple(sorted(path.stem for path in FOLDER.glob("*.po")))
    assert {"ar", "en", "es", "ru"} <= set(LANGUAGES.codes)


@in_every_language
def test_a_language_has_every_sentence_and_no_other(code: str) -> None:
    """The names are those of the English file."""
    assert set(FORMS["en"]) - set(FORMS[code]) == set()
    assert set(FORMS[code]) - set(FORMS["en"]) == set()


@in_every_language
def test_a_translation_takes_the_same_values(code: str) -> None:
    """Placeholders are those of the English sentence; a plural form may do without its count."""
    for name in FORMS["en"]:
        english = set().union(*map(fields, forms_of("en", name)))
        for form in forms_of(code, name):
            found = fields(form)
            assert (found if isinstance(FORMS[code][name], str) else found | {"count"}) == english, name


@in_every_language
def test_a_translation_has_the_same_tags(code: str) -> None:
    """What is bold, quoted or code in English is so in the other language, and as often."""
    for name in FORMS["en"]:
        expected = tags(forms_of("en", name)[0])
        assert all(tags(form) == expected for form in forms_of(code, name)), name


@pytest.mark.parametrize("code", LANGUAGES.codes)
def test_plurals_have_every_form_of_the_language(code: str) -> None:
    """Each number takes the form that Unicode's rules give it, and none is missing; what English counts, others do."""
    rule, index = Locale.parse(code).plural_form, LANGUAGES.of(code).catalogue.translations.plural
    chosen = {number: index(number) for number in range(1001)}
    pairs = {(rule(number), form) for number, form in chosen.items()}
    assert len(pairs) == len({form for _, form in pairs}) == len({category for category, _ in pairs})
    for name, said in FORMS[code].items():
        if not isinstance(said, str):
            assert len(said) == len(pairs), name
        assert isinstance(FORMS["en"][name], str) or not isinstance(said, str), name


@pytest.mark.parametrize("code", LANGUAGES.codes)
def test_nothing_is_left_out_when_a_file_is_read(code: str, caplog: pytest.LogCaptureFixture) -> None:
    """No sentence is empty, marked as doubtful, or otherwise not fit to be said."""
    with caplog.at_level(logging.WARNING):
        texts = Texts.load(code)
    assert caplog.messages == []
    assert texts.catalogue.single | texts.catalogue.plural == set(FORMS[code])
    assert "fuzzy" not in (FOLDER / f"{code}.po").read_text("utf-8")


@in_every_language
def test_nothing_is_left_in_english(code: str) -> None:
    """No sentence of words is the English one, and other scripts hold no Latin words but names."""
    same = {name for name, said in FORMS[code].items() if said == FORMS["en"][name]}
    assert {name for name in same if re.search(r"\w", words(forms_of("en", name)[0]))} <= SAME_AS_IN_ENGLISH
    for name in FORMS[code] if code in LETTERS else ():
        for form in map(words, forms_of(code, name)) if name != "date" else ():
            own = re.search("[A-Za-z]", words(forms_of("en", name)[0])) is not None
            assert bool(re.search(LETTERS[code], form)) == own, name
            assert not re.search("[A-Za-z]", re.sub("|".join(LATIN), "", form)), name


@pytest.mark.parametrize("code", LANGUAGES.codes)
@pytest.mark.parametrize("name", sorted(FORMS["en"]))
def test_every_sentence_is_what_telegram_accepts(code: str, name: str) -> None:
    """Filled with anything, a sentence is valid HTML; a label fits a button, and a notice what a press shows."""
    texts, number = LANGUAGES.of(code), len(forms_of(code, name))
    for count in (0, 1, 2, 5, 11, 100)[: 6 if number > 1 else 1]:
        values = dict.fromkeys(set().union(*map(fields, forms_of(code, name))) - {"count"}, "<&>") | {"count": count}
        if name.endswith("_label"):
            label = name.removesuffix("_label")
            assert 0 < len(texts.label(label, **values)) <= (200 if label in NOTICES else 40)
        else:
            assert visible_text(texts.html(name, **values))


@given(
    code=st.sampled_from(LANGUAGES.codes),
    name=st.sampled_from([name for name in FORMS["en"] if not name.endswith("_label")]),
    typed=st.text(min_size=1, max_size=40),
    count=st.integers(0, 10**6),
)
def test_no_value_breaks_out_of_a_sentence(code: str, name: str, typed: str, count: int) -> None:
    """Whatever a reader typed stands in the text as typed, and the tags are those of the sentence."""
    forms = forms_of(code, name)
    names = set().union(*map(fields, forms)) - {"count"}
    said = LANGUAGES.of(code).html(name, count=count, **dict.fromkeys(names, f"a{typed}z"))
    assert tags(said) == tags(forms[0])
    if names:
        assert without_signs(f"a{typed}z") in without_signs(visible_text(said))


def without_signs(text: str) -> str:
    """A text without the marks of direction."""
    return text.translate(dict.fromkeys(map(ord, SIGNS)))
