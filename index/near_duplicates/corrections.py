"""Articles that say themselves that they correct, or take back, what was said before (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.domain import Article

_MARKS = (
    "correction|corrections|corrected|clarification|retraction|retracted",
    "исправление|исправлено|исправленная версия|поправка|уточнение|уточнено|опровержение",
    "corrección|correccion|corregido|corregida|rectificación|rectificacion|fe de errores|fe de erratas|aclaración",
    "korrektur|korrigiert|berichtigung|berichtigt|richtigstellung|klarstellung",
    "correctif|corrigé|corrigée|rectificatif|rectifié|erratum",
    "виправлення|виправлено|поправка|уточнення|уточнено|спростування",
    "更正|勘误|订正|澄清",
)
"""What stands before a colon or in brackets, in English, Russian, Spanish, German, French, Ukrainian and Chinese."""

_PHRASES = (
    r"this (?:article|story|report|piece|page|version|headline|item) (?:has been|was|is|has since been)"
    r" (?:\w+ ){0,3}(?:correct(?:ed)?\b|amended|retracted|withdrawn)",
    r"(?:earlier|previous|original) versions? of this (?:\w+ )?(?:article|story|report|piece|headline)"
    r" (?:\w+ )?(?:incorrectly|erroneously|wrongly|mistakenly|mis\w+|gave|stated|said)",
    r"(?:стать[яюи]|текст|новость|материал|сообщение) (?:\w+ )?(?:был[аио]? )?(?:исправлен|отозван|уточнен)",
    r"в (?:предыдущей|более ранней|первоначальной|ранней) версии (?:этой |этого )?(?:\w+ "
    r")?(?:был|ошибочно|неверно|неправильно)",
    r"(?:este|esta|el|la) (?:artículo|noticia|texto|información|nota) (?:ha sido|fue|se ha) "
    r"(?:corregid|rectificad|enmendad|retirad)",
    r"(?:una )?versión (?:anterior|previa) de (?:este|esta) (?:artículo|noticia|texto|información|nota)",
    r"(?:dieser|diesen|der) (?:artikel|text|beitrag) wurde (?:\w+ ){0,3}(?:korrigiert|berichtigt|zurückgezogen)",
    r"in einer (?:früheren|ersten|vorherigen) (?:version|fassung) (?:dieses|des) (?:artikels|textes|beitrags)",
    r"(?:cet article|ce texte|cette dépêche) a été (?:\w+ ){0,2}(?:corrigé|rectifié|retiré)",
    r"une (?:première|précédente) version de (?:cet article|ce texte|cette dépêche)",
    r"(?:стаття|статтю|текст|новину|матеріал) (?:\w+ )?(?:був |була |було )?(?:виправлен|відкликан|уточнен)",
    r"у (?:попередній|ранішій|первісній) версії (?:цієї |цього )?(?:статті|тексту|матеріалу|новини)",
    r"本(?:文|报道|稿|新闻)(?:已|已经|曾)(?:被)?(?:更正|修正|订正|撤回|撤销)",
    r"(?:此前|先前|早前)(?:的)?(?:版本|报道|稿件)(?:有误|误|错误)",
)
"""What an editor says of the article itself, in the same languages."""

_MARK = f"(?:{'|'.join(_MARKS)})"
_OPENING = re.compile(rf"\W*{_MARK}(?:\s*[:：—–|)\]】]|\s+[-—–]|\s*\(|\s*\d|\W*$)", re.IGNORECASE)
_CLOSING = re.compile(rf".*[(\[（【—–|:：-]\s*{_MARK}\s*[)\]）】]?\W*$", re.IGNORECASE | re.DOTALL)
_PHRASE = re.compile("|".join(_PHRASES), re.IGNORECASE)
_STEMS = tuple(
    "correct clarif retract amend withdr versi испр попр уточ опров отоз верс correc correg rectif errat errores aclara"
    " enmend retir korr berich richtig klarst fassung zurück corrig випр спрост відкл 更 勘 订 澄 修 撤 误".split()
)
"""One of them stands in all that the marks and phrases match: to look for them takes a tenth of the time."""
_ENDS = 400


def is_correction(article: Article) -> bool:
    """Whether the headline, or the beginning or the end of the body, says that this is a correction or a retraction."""
    if _OPENING.match(article.title) or _CLOSING.match(article.title):
        return True
    lines = [line for line in article.body.splitlines() if line.strip()]
    ends = [part for line in (*lines[:2], *lines[2:][-3:]) for part in _ends(line) if _may_say_so(part)]
    return any(_OPENING.match(part) or _PHRASE.search(part) for part in ends)


def _ends(line: str) -> tuple[str, ...]:
    """The beginning and the end of a line: of a short one, the whole."""
    return (line,) if len(line) <= 2 * _ENDS else (line[:_ENDS], line[-_ENDS:])


def _may_say_so(part: str) -> bool:
    lower = part.lower()
    return any(stem in lower for stem in _STEMS)
