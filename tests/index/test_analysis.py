"""Terms: one word, one term, however it is inflected, accented or written; the same in articles and questions."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import fold, question_terms, terms

LANGUAGES = st.sampled_from(
    "ar ca cs da de el en es fa fi fr hi hu hy id it ja ko lt nb pl ru ta th tr uk und zh".split()
)
WRITTEN = st.text(alphabet=st.characters(codec="utf-8", categories=["L", "M", "N", "P", "Z"]), max_size=60)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "mayor Mayors mayor's MAYOR’S"),
        ("en", "opening opened opens"),
        ("ru", "президент президента Президентом президентов"),
        ("ru", "ёлка ЁЛКА елка елки"),
        ("es", "elección elecciones eleccion ELECCION"),
        ("de", "Bürgermeister burgermeister Bürgermeisters BÜRGERMEISTER"),
        ("de", "Straße Strasse STRASSE Straßen"),
        ("fr", "école Écoles ecole"),
        ("fr", "cœur coeur CŒUR"),
        ("uk", "об'єднання об’єднання Обʼєднання"),
        ("uk", "Україна УКРАЇНА україна"),
        ("pl", "Łódź łódź Lodz LODZ"),
        ("pl", "miasto miasta Miast"),
        ("cs", "město města mesto Městě"),
        ("tr", "İstanbul istanbul İstanbul'da"),
        ("tr", "Isparta ISPARTA ısparta"),
        ("tr", "şehir sehir Şehir"),
        ("ar", "مدينة المدينة"),
        ("ar", "مُدِيرٌ مدير"),
        ("el", "Αθήνα ΑΘΗΝΑ αθηνα"),
        ("sr", "Đoković Dokovic đoković"),
        ("hi", "हिन्दी हिन्दी"),
        ("he", "שָׁלוֹם שלום"),
        ("und", "Müller MULLER muller mu\u0308ller"),
    ],
)
def test_forms_of_a_word_are_one_term(language: str, words: str) -> None:
    """Case, endings and diacritics, typed or not, in either form of Unicode, make no difference."""
    assert len(set(terms(words, language))) == 1
    assert len(terms(words, language)) == len(words.split())


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "The mayor, 64, of Ashford.", ["the", "mayor", "64", "of", "ashford"]),
        ("en", "a well-known e-mail_list", ["a", "well", "known", "e", "mail", "list"]),
        ("en", "Rock'n'Roll", ["rock'n'rol"]),
        ("en", "COVID-19 and G7", ["covid", "19", "and", "g", "7"]),
        ("fr", "L'école d’Orsay", ["l", "ecol", "d", "orsay"]),
        ("it", "l'acqua dell’Elba", ["l", "acqua", "dell", "elba"]),
        ("fa", "کتاب‌ها", ["کتاب", "ها"]),
        ("zh", "北京市长", ["北京", "京市", "市长"]),
        ("zh", "市 2024年", ["市", "2024", "年"]),
        ("ja", "東京タワー", ["東京", "京タ", "タワ", "ワー"]),
        ("ja", "ﾀﾜｰ", ["タワ", "ワー"]),
        ("ko", "서울시 시장", ["서울", "울시", "시장"]),
        ("th", "กรุง", ["กร", "รุ", "ุง"]),
        ("zh", "NATO的", ["nato", "的"]),
        ("und", "…!? — 🙂 _", []),
        ("xx", "Unknown languages", ["unknown", "languages"]),
    ],
)
def test_terms_stand_in_the_order_of_the_words(language: str, text: str, found: list[str]) -> None:
    """Words, parts of words with hyphens, elided words, and pairs of neighbours where a script has no spaces."""
    assert terms(text, language) == found


@pytest.mark.parametrize("text", ["U.S.", "US", "us", "u.s.", "U.S.,"])
def test_an_acronym_is_one_term_with_dots_and_without(text: str) -> None:
    """Dots between single letters do not count."""
    assert terms(f"in the {text}", "en")[-1] == "us"


def test_initials_of_any_script_are_an_acronym() -> None:
    """The dots of С.Ш.А. do not count either; one letter with a dot is that letter."""
    assert terms("в С.Ш.А. и США", "ru") == ["в", "сша", "и", "сша"]
    assert terms("J. Smith", "en") == ["j", "smith"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,000", "1000"),
        ("1.000", "1000"),
        ("1\u00a0000", "1000"),
        ("1\u202f000", "1000"),
        ("1\u2009000", "1000"),
        ("1000", "1000"),
        ("$1,000,000", "1000000"),
        ("12\u00a0345\u00a0678", "12345678"),
        ("2,500.75", "2500.75"),
        ("3.14", "3.14"),
        ("3,14", "3,14"),
        ("１０", "10"),
        ("64%", "64"),
    ],
)
def test_a_number_is_without_its_separators(text: str, number: str) -> None:
    """Whatever parts its thousands; decimals stay."""
    assert terms(text, "en") == [number]


def test_numbers_parted_by_a_plain_space_are_two() -> None:
    """A year and a number beside it are not taken for one; neither are a number and a longer one."""
    assert terms("In 2020 500 people", "en")[1:3] == ["2020", "500"]
    assert terms("5\u00a01234", "en") == ["5", "1234"]


def test_a_long_run_of_letters_is_cut_to_64() -> None:
    """What no one types cannot fill the index."""
    assert terms("x" * 500, "und") == ["x" * 64]


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=80), language=LANGUAGES)
def test_any_text_has_terms_without_spaces(text: str, language: str) -> None:
    """Nothing raises; a term is never empty, spaced, longer than 64, or in capitals."""
    for term in terms(text, language):
        assert term.split() == [term]
        assert len(term) <= 64
        assert term == term.casefold() or fold(term) == term


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet="aäéßñøzбёйïZÖЖ北市京7 .'-", max_size=60))
def test_terms_of_terms_are_the_same_without_a_stemmer(text: str) -> None:
    """What is cleaned once stays as it is, but for dots and marks in numbers."""
    once = [term for term in terms(text, "und") if term.isalpha()]
    assert terms(" ".join(once), "und") == once


@settings(max_examples=150, deadline=None)
@given(text=WRITTEN, language=LANGUAGES)
def test_the_form_of_unicode_makes_no_difference(text: str, language: str) -> None:
    """Composed and decomposed letters give the same terms."""
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert terms(composed, language) == terms(decomposed, language)


@settings(max_examples=150, deadline=None)
@given(text=WRITTEN, language=LANGUAGES)
def test_a_question_in_an_articles_words_has_its_terms(text: str, language: str) -> None:
    """In an archive of one language, a text asked is the text indexed, each word once."""
    asked = [term for word in question_terms(text, [language]) for term in word]
    assert set(asked) == set(terms(text, language))
    assert len(question_terms(text, [language])) == len(set(question_terms(text, [language])))


def test_each_language_of_an_archive_has_its_say() -> None:
    """A word of a question is each of its stems, those that are alike once; a repeated word counts once."""
    assert question_terms("elections elections", ["en", "es"]) == [("elect", "elections")]
    assert question_terms("NATO", ["de", "en", "ru"]) == [("nato",)]
    assert question_terms("Nothing known", []) == [("nothing",), ("known",)]


def test_pairs_of_a_question_are_words_of_their_own() -> None:
    """A run without spaces asks for each of its pairs, not for any one of them."""
    assert question_terms("北京市", ["zh", "en"]) == [("北京",), ("京市",)]


def test_a_question_without_words_asks_for_nothing() -> None:
    """Signs alone have no terms."""
    assert question_terms("?! 🙂", ["en"]) == []


@pytest.mark.parametrize(("word", "folded"), [("Ærø", "aero"), ("ŁÓDŹ", "lodz"), ("Straße", "strasse"), ("Ёж", "еж")])
def test_folding_leaves_the_bare_letters(word: str, folded: str) -> None:
    """Letters that Unicode does not take apart are folded as they are typed without their keys."""
    assert fold(word) == folded
