"""An article that corrects says so in its headline, or where its body begins or ends; news about errors does not."""

from __future__ import annotations

import pytest
from toys import article

from index.near_duplicates import is_correction

BODY = "The council chose a mayor on Monday.\n\nShe takes office in June.\n\nThe vote was 12 to 7."


@pytest.mark.parametrize(
    "title",
    [
        "Correction: Council chooses Hale",
        "CORRECTED - Council chooses Hale",
        "Council chooses Hale (corrected)",
        "Council chooses Hale — correction",
        "Retraction: A report on the harbour fund",
        "Исправление: совет избрал Седову",
        "Совет избрал Седову (исправлено)",
        "ОПРОВЕРЖЕНИЕ: совет никого не избирал",
        "Corrección: el consejo elige a Salcedo",
        "El consejo elige a Salcedo (corregido)",
        "Fe de errores: el consejo elige a Salcedo",
        "Korrektur: Der Rat wählt Hale",
        "Der Rat wählt Hale (berichtigt)",
        "Rectificatif : le conseil élit Hale",
        "Le conseil élit Hale (corrigé)",
        "Виправлення: рада обрала Седову",
        "Спростування: рада нікого не обирала",
        "更正：议会选出新市长",
        "议会选出新市长（更正）",
    ],
)
def test_a_headline_says_so(title: str) -> None:
    """Before a colon or a dash, or in brackets at its end, in each language served."""
    assert is_correction(article(BODY, title=title))


@pytest.mark.parametrize(
    "note",
    [
        "Correction: An earlier version gave the wrong number of votes.",
        "CORRECTIONS & CLARIFICATIONS: A previous version of this article misstated the number of votes.",
        "This article has been corrected to give the right number of votes.",
        "This story was amended on 3 June: the vote was 12 to 7.",
        "An earlier version of this story incorrectly said that the vote was 7 to 12.",
        "This report has been withdrawn because it could not be confirmed.",
        "Исправление: в тексте было неверно указано число голосов.",
        "В предыдущей версии статьи было неверно указано число голосов.",
        "Статья была исправлена: голосов было 12.",
        "Corrección: el resultado fue de 12 a 7.",
        "Una versión anterior de esta noticia daba otro resultado.",
        "Este artículo ha sido corregido para dar el resultado exacto.",
        "Korrektur: Das Ergebnis war 12 zu 7.",
        "In einer früheren Version dieses Artikels stand ein anderes Ergebnis.",
        "Dieser Text wurde nachträglich korrigiert.",
        "Rectificatif : le résultat était de 12 à 7.",
        "Une précédente version de cet article donnait un autre résultat.",
        "Cet article a été corrigé le 3 juin.",
        "Виправлення: у тексті було неправильно вказано кількість голосів.",
        "У попередній версії цієї статті було вказано іншу кількість голосів.",
        "更正：投票结果为12比7。",
        "本文已更正投票结果。",
    ],
)
@pytest.mark.parametrize("place", ["beginning", "end", "only line"])
def test_a_note_says_so(note: str, place: str) -> None:
    """Where the body begins or ends; also at the end of a body without paragraphs."""
    long = "The council met again. " * 60
    bodies = {"beginning": f"{note}\n\n{BODY}\n\n{long}", "end": f"{BODY}\n\n{long}\n\n{note}", "only line": note}
    assert is_correction(article(bodies[place]))


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Council chooses Hale", BODY),
        ("Correctional officers strike in Linden", BODY),
        ("Market correction wipes out gains", BODY),
        ("Corrected figures show a smaller deficit", BODY),
        ("Корректировка бюджета", BODY),
        ("Council chooses Hale", f"{BODY}\n\nThe minister retracted his statement and corrected the figures."),
        ("Council chooses Hale", f"{BODY}\n\nThe earlier version of the bill incorrectly named the fund."),
        ("Совет избрал Седову", "Суд исправил ошибку. Уточнения внесут в пятницу."),
        ("议会选出新市长", "修正案在星期一获得通过。"),
        ("", ""),
    ],
)
def test_news_about_errors_is_no_correction(title: str, body: str) -> None:
    """A correction of prices, of a bill, of what a minister said; nor is nothing at all."""
    assert not is_correction(article(body, title=title))


def test_a_note_in_the_middle_is_of_something_else() -> None:
    """Only where an editor would put it."""
    lines = [f"Line {at} of a long article about the harbour." for at in range(9)]
    lines[4] = "Correction: the fund is the county's."
    assert not is_correction(article("\n\n".join(lines)))
