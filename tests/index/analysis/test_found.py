"""Articles are found in an archive by words and names that readers write otherwise, in each of nineteen languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from toys import ToyEncoder, ToyReader, article

from index import Archive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ARTICLES = {
    "en": "Senator Maeve O’Brien of the U.S. flew in an F-16 over Wal-Mart and paid $1,000.",
    "ru": "Академик Щербаков подарил ёлку детям Тобольска, 19 млн рублей ушло на дорогу.",
    "uk": "Мер Чернігова Ґудзь об’єднав громади біля Києва.",
    "es": "El alcalde Muñoz inauguró la estación de Cuéllar.",
    "de": "Oberbürgermeister Müller eröffnete die Straße nach Görlitz.",
    "fr": "L’Élysée a reçu l’écrivain Jean-Luc D’Aubigné à Saint-Étienne.",
    "it": "La città di Forlì ringrazia il maestro D'Ambrosio dell'università.",
    "pt": "A presidência de São Tomé anunciou eleições.",
    "pl": "Burmistrz Łodzi Wałęsa otworzył szkołę w Żywcu.",
    "tr": "Çatalhöyük kazısını Şahin'in ekibi yürütüyor, İstanbul'da sergi açıldı.",
    "cs": "Starosta Plzně Dvořák otevřel školu v Žďáru.",
    "ar": "زار المهندس الأسواني مدرسةً في القاهرة وافتتح المكتبة.",
    "he": "ראש העיר ביקר בירושלים ובחיפה ופתח את הספרייה.",
    "fa": "شهردار کرمان کتاب‌های تازه را در کتابخانه دید.",
    "zh": "杭州市长林小梅昨天为新的图书馆剪彩，一只猫走了进来。",
    "ja": "横浜の市長は新しいコンピューター博物館を開いた。ヴェネツィアの犬も来た。",
    "ko": "부산시장은 새로운 도서관을 열었다. 핵은 안전하다고 말했다.",
    "th": "นายกเทศมนตรีเชียงใหม่เปิดห้องสมุดแห่งใหม่เมื่อวานนี้",
    "hi": "महापौर शर्मा ने जयपुर में नए पुस्तकालय का उद्घाटन किया।",
}
OTHERS = {
    "en": "Rain fell on the harbour for two days and the ferry stayed away.",
    "ru": "Дождь шёл два дня, и паром не вышел в море.",
    "zh": "大雨下了两天，渡轮没有出海，北京很冷。",
    "ja": "雨が二日降り、船は出なかった。大阪は寒い。",
    "ko": "비가 이틀 동안 내려 배가 떠나지 못했다. 서울은 춥다.",
    "th": "ฝนตกสองวันและเรือไม่ออกจากท่า กรุงเทพอากาศเย็น",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An article in each language, and some that say other things."""
    path: Path = tmp_path_factory.mktemp("archive")
    with Archive.open(path, encoder=ToyEncoder(), reader=ToyReader(), create=True) as opened:
        opened.add(
            article(text, title="", path=f"{language}{kind}", language=language)
            for kind, texts in (("", ARTICLES), ("-other", OTHERS))
            for language, text in texts.items()
        )
        yield opened


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "where did obrien fly"),
        ("en", "what did O'Brien pay"),
        ("en", "F16"),
        ("en", "who flew over Walmart?"),
        ("en", "1000"),
        ("en", "1 000"),
        ("ru", "Щербакову"),
        ("ru", "елка"),
        ("ru", "Тобольск"),
        ("ru", "19 миллионов"),
        ("uk", "Чернігів"),
        ("uk", "гудзь"),
        ("uk", "Київ"),
        ("uk", "обʼєднали"),
        ("es", "munoz"),
        ("es", "estaciones de cuellar"),
        ("de", "Mueller"),
        ("de", "muller"),
        ("de", "strasse goerlitz"),
        ("fr", "elysee"),
        ("fr", "Jean Luc Daubigne"),
        ("fr", "saint etienne"),
        ("it", "dambrosio"),
        ("it", "D’Ambrosio a Forli"),
        ("it", "universita"),
        ("pt", "sao tome"),
        ("pt", "presidencia"),
        ("pl", "walesa lodz"),
        ("pl", "Żywiec szkoła"),
        ("tr", "catalhoyuk"),
        ("tr", "Şahin"),
        ("tr", "istanbul"),
        ("cs", "dvorak"),
        ("cs", "škola Plzeň"),
        ("ar", "مدرسه"),
        ("ar", "أسواني"),
        ("ar", "مكتبة"),
        ("he", "חיפה"),
        ("he", "מה קרה בחיפה"),
        ("he", "ירושלים"),
        ("he", "ספרייה"),
        ("fa", "كتاب كرمان"),
        ("fa", "کتابها"),
        ("zh", "杭州市长是谁？"),
        ("zh", "谁为图书馆剪彩了"),
        ("zh", "猫"),
        ("zh", "圖書館剪綵"),
        ("ja", "横浜の市長は誰ですか"),
        ("ja", "コンピュータ"),
        ("ja", "ｺﾝﾋﾟｭｰﾀｰ"),
        ("ja", "ベネツィア"),
        ("ko", "부산시장이 누구인가요?"),
        ("ko", "핵이 왜"),
        ("th", "ใครคือนายกเทศมนตรีเชียงใหม่"),
        ("th", "ห้องสมุด"),
        ("hi", "जयपुर"),
        ("hi", "शर्मा कौन"),
    ],
)
def test_a_word_written_otherwise_finds_the_article(archive: Archive, language: str, question: str) -> None:
    """Of all articles it shares most words with the question: the toy encoder's part of the score is left out."""
    best = max(archive.search(question, k=len(ARTICLES) + len(OTHERS)), key=lambda hit: hit.bm25)
    assert best.article.key.path == language
    assert best.bm25 > 0
