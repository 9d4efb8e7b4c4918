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
ONE_WAY = {("Wal-Mart", "Walmart"), ("D'Ambrosio", "Ambrosio")}
"""An article that joins what a question parts, or lacks what it adds, has only some of its words."""
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
        ("he", "יְרוּשָׁלַיִם ירושלים"),
        ("und", "Müller MULLER muller mu\u0308ller"),
        ("de", "Müller Mueller Muller"),
        ("en", "Ångström angstrom ÅNGSTRÖM"),
        ("tr", "Çatalhöyük catalhoyuk ÇATALHÖYÜK"),
        ("tr", "Erdoğan erdogan Erdoğan'ın ERDOĞAN’ın"),
        ("ru", "Щорс ЩОРС Щорса Щорсом"),
        ("uk", "Ґудзь Гудзь гудзя"),
        ("uk", "Київ Києва КИЄВІ києвом"),
        ("pl", "Wałęsa Walesa WAŁĘSY"),
        ("cs", "Škoda skoda ŠKODY"),
        ("it", "città citta CITTÀ"),
        ("is", "Þórshöfn thorshofn"),
        ("ar", "الأسد أسد اسد والأسد بالأسد"),
        ("ar", "مدرسة مدرسه المدرسة مـدرسـة"),
        ("ar", "ألمانيا المانيا والمانيا"),
        ("ar", "الأسواني أسواني"),
        ("ar", "إيمان ايمان أيمان"),
        ("fa", "ایران ايران"),
        ("fa", "کتاب كتاب کتابها کتابهای"),
        ("he", "ירושלים בירושלים לירושלים ומירושלים שבירושלים"),
        ("he", 'צה״ל צה"ל צהל'),
        ("hi", "मोदी मोदी"),
        ("en", "Ｔｏｋｙｏ Tokyo"),
        ("en", "don't don’t dont"),
        ("en", "N.A.T.O. NATO Nato nato"),
        ("en", "Nasa’s NASA N.A.S.A."),
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
        ("en", "a well-known e-mail_list", ["a", "well", "known", "e", "mail", "email", "list"]),
        ("en", "Rock'n'Roll", ["rocknrol"]),
        ("en", "COVID-19 and G7", ["covid", "covid19", "19", "and", "g", "g7", "7"]),
        ("fr", "L'école d’Orsay", ["ecol", "orsay", "dorsay"]),
        ("it", "l'acqua dell’Elba", ["acqua", "elba", "dellelb"]),
        ("fa", "کتاب‌ها", ["كتاب", "ها"]),
        ("zh", "北京市长", ["北京", "京市", "市长", "北", "京", "市", "长"]),
        ("zh", "市 2024年", ["市", "2024", "年"]),
        ("ja", "東京タワー", ["东京", "京タ", "タワ", "ワー", "东", "京"]),
        ("ja", "ﾀﾜｰ", ["タワ", "ワー"]),
        ("ko", "서울시 시장", ["서울", "울시", "시장"]),
        ("th", "กรุงเก่า", ["กรุ", "รุง", "งเก่า"]),
        ("zh", "NATO的", ["nato", "的"]),
        ("und", "…!? — 🙂 _", []),
        ("en", "e-mail from Wal-Mart", ["e", "mail", "email", "from", "wal", "mart", "walmart"]),
        ("en", "D'Ambrosio of O’Brien", ["dambrosio", "ambrosio", "of", "obrien", "brien"]),
        ("fr", "aujourd’hui", ["aujourdhui"]),
        ("en", "we'll say I’ve", ["we", "say", "i"]),
        ("en", "20-for-1", ["20", "for", "1"]),
        ("en", "$19bn, 5G", ["19", "19bn", "billion", "5", "5g", "g"]),
        ("ru", "19 млн", ["19", "миллион"]),
        ("ja", "コンピューター", ["コン", "ンピ", "ピュ", "ュー", "ータ"]),
        ("ja", "ドナ・トラ", ["ドナ", "トラ"]),
        ("zh", "臺灣", ["台湾", "台", "湾"]),
        ("ja", "ヴェネ", ["ベネ"]),
        ("ko", "핵은 또", ["핵은", "핵", "또"]),
        ("xx", "Unknown languages", ["unknown", "languages"]),
    ],
)
def test_terms_stand_in_the_order_of_the_words(language: str, text: str, found: list[str]) -> None:
    """Words, parts of words with hyphens, elided words, and pairs of neighbours where a script has no spaces."""
    assert terms(text, language) == found


@pytest.mark.parametrize("text", ["U.S.", "U.S", "US", "U. S.", "U.S.,", "U.S.'s"])
def test_an_acronym_that_is_also_a_word_is_none(text: str) -> None:
    """Capitals or dots tell the country from us; typed small, it may be either."""
    assert terms(f"in the {text}", "en")[-1] == "u.s."
    assert question_terms("us", ["en"]) == [("us", "u.s.")]
    assert terms("with us", "en") == ["with", "us"]


@pytest.mark.parametrize("text", ["J.K. Rowling", "JK Rowling", "J. K. Rowling", "J K Rowling", "J.K.Rowling"])
def test_initials_are_one_term(text: str) -> None:
    """With dots, with spaces, with both and with neither."""
    assert terms(f"by {text}", "en") == ["by", "jk", "rowl"]


def test_initials_of_any_script_are_an_acronym() -> None:
    """The dots of С.Ш.А. do not count either; one letter with a dot is that letter."""
    assert terms("в С.Ш.А. и США", "ru") == ["в", "сша", "и", "сша"]
    assert terms("В. В. Путин", "ru") == terms("В.В. Путин", "ru") == ["вв", "путин"]
    assert set(terms("НАТО", "ru")) <= set(terms("Н.А.Т.О.", "ru"))
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
        ("3,14", "3.14"),
        ("2.500,75", "2500.75"),
        ("1 000", "1000"),
        ("12 345 678", "12345678"),
        ("1'000", "1000"),
        ("1’000", "1000"),
        ("1,00,000", "100000"),
        ("١٬٠٠٠", "1000"),
        ("३", "3"),
        ("2nd", "2"),
        ("2º", "2"),
        ("2-го", "2"),
        ("1990s", "1990"),
        ("1990’s", "1990"),
        ("$19", "19"),
        ("１０", "10"),
        ("64%", "64"),
    ],
)
def test_a_number_is_without_its_separators(text: str, number: str) -> None:
    """Whatever parts its thousands; decimals stay."""
    assert terms(text, "en") == [number]


def test_numbers_beside_each_other_are_two() -> None:
    """A year and a number beside it are not taken for one; nor are COVID-19 and a hundred."""
    assert terms("In 2020 500 people", "en")[1:3] == ["2020", "500"]
    assert terms("5\u00a01234", "en") == ["5", "1234"]
    assert terms("COVID-19 100", "en")[-2:] == ["19", "100"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("F-16", "F16"),
        ("COVID-19", "Covid19"),
        ("Sars‑CoV‑2", "SARS-CoV-2"),
        ("e-mail", "email"),
        ("Wal-Mart", "Walmart"),
        ("Kuala-Lumpur", "Kuala Lumpur"),
        ("Al-Assad", "al Assad"),
        ("Al-Assad", "Alassad"),
        ("Jean-Luc", "Jean Luc"),
        ("O'Brien", "OBrien"),
        ("O’Brien", "obrien"),
        ("Oʼbrien", "O`Brien"),
        ("O´Brien", "O'Brien"),
        ("Xi’an", "Xian"),
        ("D'Ambrosio", "Ambrosio"),
        ("l’Élysée", "Elysee"),
        ("L'Oréal", "LOreal"),
        ("São", "sao"),
        ("presidência", "presidencia"),
        ("Łódź", "Lodz"),
        ("Çatalhöyük", "Catalhoyuk"),
        ("Müller", "Mueller"),
        ("Mueller", "Müller"),
        ("Århus", "Aarhus"),
        ("Løkke", "Loekke"),
        ("1,000", "1 000"),
        ("Hawaiʻi", "Hawaii"),
        ("$19bn", "19 billion"),
    ],
)
@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it", "pl", "pt", "tr"])
def test_each_word_asked_is_found_as_it_is_otherwise_written(one: str, other: str, language: str) -> None:
    """Every word of the question has a term in the article, whichever of the two the article has."""
    if (one == "$19bn" and language != "en") or (one in {"Xi’an", "Oʼbrien"} and language == "tr"):
        pytest.skip("billion is a word of English; what follows an apostrophe in Turkish is an ending")
    for question, text in ((other, one), (one, other)):
        if (one, other) in ONE_WAY and text == other:
            continue
        held = set(terms(f"the {text} was", language))
        words = question_terms(question, [language])
        assert words
        assert any(not held.isdisjoint(word) for word in words)
        assert all(not held.isdisjoint(word) for word in words if len(word[0]) > 2)


def test_a_long_run_of_letters_is_cut_to_64() -> None:
    """What no one types cannot fill the index."""
    assert terms("x" * 500, "und") == ["x" * 64]


@pytest.mark.parametrize("part", ["a", "a-", "a'", "1,", "1 000 ", "A ", "A. ", "a.", "ก", "漢", "न्"])
def test_odd_texts_are_read_to_their_end(part: str) -> None:
    """A long run of anything has terms, none too long; were the time not proportional, it would not end."""
    found = terms(part * 20_000, "en")
    assert found
    assert max(map(len, found)) <= 64


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=80), language=LANGUAGES)
def test_any_text_has_terms_without_spaces(text: str, language: str) -> None:
    """Nothing raises; a term is never empty, spaced, longer than 64, or in capitals."""
    for term in terms(text, language):
        assert term.split() == [term]
        assert len(term) <= 64
        assert term == term.casefold() or fold(term) == term


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet="aäéßñøzбёйïZÖЖはひふ7 .'-", max_size=60))
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
    held = set(terms(text, language))
    for word in question_terms(text, [language]):
        assert not held.isdisjoint(word)
    assert len(question_terms(text, [language])) == len(set(question_terms(text, [language])))


def test_each_language_of_an_archive_has_its_say() -> None:
    """A word of a question is each of its stems, those that are alike once; a repeated word counts once."""
    assert question_terms("elections elections", ["en", "es"]) == [("elect", "elections")]
    assert question_terms("NATO", ["de", "en", "ru"]) == [("nato",)]
    assert question_terms("Nothing known", []) == [("nothing",), ("known",)]
    assert question_terms("Mueller", ["en"]) == [("mueller", "muller")]


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


def test_an_acronym_is_no_question_word() -> None:
    """WHO is asked for in capitals, unless all is in capitals."""
    assert question_terms("Who runs the WHO?", ["en"], {"who", "the"}) == [("run",), ("w.h.o.",)]
    assert question_terms("WHO RUNS IT?", ["en"], {"who", "it"}) == [("run",)]


def test_question_words_of_scripts_without_spaces_are_passed_over() -> None:
    """And so are particles: what is left are the pairs of what is asked about."""
    assert question_terms("北京市长是谁？", ["zh"]) == [("北京",), ("京市",), ("市长",)]
    assert question_terms("東京都知事は誰ですか", ["ja"]) == [("东京",), ("京都",), ("都知",), ("知事",)]
    assert question_terms("서울시장은 누구인가요?", ["ko"]) == [("서울",), ("울시",), ("시장",)]
    assert question_terms("ใครคือนายก", ["th"]) == [("นาย",), ("ยก",)]
    assert question_terms("猫", ["zh"]) == question_terms("猫是什么", ["zh"]) == [("猫",)]
    assert question_terms("NATO的", ["zh"]) == [("nato",)]
    assert question_terms("핵은", ["ko"]) == [("핵",)]
    assert question_terms("핵은왜", ["ko"]) == []
