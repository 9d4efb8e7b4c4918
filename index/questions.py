"""What kind of thing a question asks for, and the spans of a text that could be it (pure).

Question words are those of English, Russian, Spanish, German, French and Ukrainian; a question in none of these asks
for anything.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.domain import Span


class Asks(Enum):
    """What a question asks for."""

    NAME = "name"
    NUMBER = "number"
    DATE = "date"
    ANYTHING = "anything"


_NUMBER_WORDS = (
    r"how (?:many|much|old|long|far|fast|tall|big|large|high|often|deep|heavy|wide)|(?:what|which) (?:percent\w*|share|"
    r"number|amount|age|score|price|proportion|fraction|margin)|by (?:what|which) margin"
    r"|сколько|скольк\w+|какое количество|какую сумму|какая доля|какой процент|скільки"
    r"|cu[aá]nt[oa]s?|qu[eé] (?:porcentaje|cantidad|n[uú]mero|edad)"
    r"|wie ?(?:viele?n?|alt|lange?|hoch|weit|groß|schnell)|combien|quel (?:pourcentage|montant|nombre|âge)"
)
_DATE_WORDS = (
    r"when|(?:what|which|on what|in what|from what|since what) (?:year|day|date|month|century|time)"
    r"|когда|в каком (?:году|месяце|веке)|какого числа|коли|cu[aá]ndo|en qu[eé] (?:a[nñ]o|fecha|mes|d[ií]a)"
    r"|wann|in welchem jahr|quand|en quelle année|à quelle date"
)
_NAME_WORDS = (
    r"who|whom|whose|where|(?:what|which) (?:\w+ ){0,2}(?:name|person|man|woman|country|city|town|state|company|team|"
    r"actor|actress|singer|player|president|minister|party|group|nation|university|celebrity|politician|leader|brand|film|movie)"
    r"|кто|кого|кому|кем|ком|чей|чья|чьи|где|куда|хто|кого|де"
    r"|qui[eé]n(?:es)?|d[oó]nde|ad[oó]nde|wer|wen|wem|wessen|wo|wohin|qui|où|à qui"
)
_KINDS = tuple(
    (kind, re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE))
    for kind, words in ((Asks.NUMBER, _NUMBER_WORDS), (Asks.DATE, _DATE_WORDS), (Asks.NAME, _NAME_WORDS))
)
_MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?|(?:янв|февр)ар\w+|март[ае]?|апрел\w+|ма[йяе]|ию[нл][ьяе]|август[ае]?|(?:сент|окт|но|дек)ябр\w+"
    r"|січ(?:ень|н[яі])|лют(?:ий|ого|ому)|берез(?:ень|н[яі])|квіт(?:ень|н[яі])|трав(?:ень|н[яі])|черв(?:ень|н[яі])"
    r"|лип(?:ень|н[яі])|серп(?:ень|н[яі])|верес(?:ень|н[яі])|жовт(?:ень|н[яі])|листопад[аі]?|груд(?:ень|н[яі])"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    r"|januar|februar|märz|mai|juni|juli|oktober|dezember|okt|dez"
    r"|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|janv|févr|juil|déc"
)
_DAYS = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|понедельник\w*|вторник\w*|сред[уыае]|четверг\w*|пятниц\w+|суббот\w+"
    r"|воскресень\w+|понеділ(?:ок|к\w+)|вівтор(?:ок|к\w+)|серед[уиаі]|четвер\w*|п['’ʼ]ятниц\w+|субот\w+|неділ\w+"
    r"|lunes|martes|miércoles|jueves|viernes|sábados?|domingos?"
    r"|(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)s?|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
)
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}\.?\s+(?:de\s+)?)?(?:{_MONTHS})\b\.?(?:\s+(?:de\s+)?\d{{1,2}}\b(?!\d))?(?:,?\s+(?:de\s+)?\d{{4}}\b)?"
    rf"|\b(?:{_DAYS})\b|\b(?:1[5-9]|20)\d\d\b|\b\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}\b",
    re.IGNORECASE,
)
_SPELLED = (
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|half|twice"
    r"|дв[ае]|три|четыре|пять|шесть|семь|восемь|девять|десять|сто|тысяч\w*|миллион\w*|dos|tres|cuatro|cinco|seis|siete|ocho"
    r"|nueve|diez|mil|millones"
)
_NUMBER = re.compile(
    rf"(?:[$€£¥₽]?(?:\d{{1,3}}(?:[ \u00a0\u2009\u202f]\d{{3}})+(?!\d)|\d(?:[\d.,\u00a0]*\d)?)(?:\s*%)?"
    rf"|(?<!\w)(?:{_SPELLED}))(?:[ -](?:{_SPELLED}))*(?!\w)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w(?:[\w’'.&-]*\w)?")
_JOINING = frozenset({"of", "the", "de", "del", "la", "von", "van", "der", "bin", "al", "da", "do"})
_ADJECTIVE = re.compile(r"-(?:born|based|led|made|backed|owned|style|era|speaking|held|run|trained|educated)$")
_OPENING = frozenset(
    "a an the this that these those it he she they we i you in on at by for from with and but or as if when while after"
    " before there his her its their our what who how why where is was are were not no so to of"
    " в на и но а по с из за к у о от до он она они мы это этот эта как что если когда после"
    " el la los las un una en de con por para y pero no se su lo al del es que como"
    " der die das ein eine in im am und aber es er sie wir mit von le les une et mais il elle ils".split()
)


_PRONOUNS = frozenset(
    "he she it they his her its their him them this these those hers theirs"
    " он она оно они его её ее их ему ей им это этот эта эти"
    " él ella ello ellos ellas su sus este esta estos estas eso esto"
    " er sie es ihr ihre ihr sein seine dieser diese dieses il elle ils elles son sa ses leur leurs"
    " він вона воно вони його її їх їхній це".split()
)


ASKING_WORDS = frozenset(
    "who whom whose what which when where why how many much is are was were be been do does did has have had"
    " the a an of"
    " кто кого кому кем что чего чему чем какой какая какое какие каком когда где куда почему зачем сколько как ли"
    " quién quiénes qué cuál cuáles cuándo dónde adónde cómo cuánto cuánta cuántos cuántas"
    " wer wen wem wessen welche welcher welches wann wo wohin warum wie"
    " qui quoi quel quelle quels quelles quand où pourquoi combien"
    " хто що який яка яке які коли де куди чому навіщо скільки як чи".split()
)
"""Words that make a question one, and say nothing in another language of those that newsdesk knows best."""


def asks(question: str) -> Asks:
    """What a question asks for, by the first of its question words."""
    found = [(match.start(), at, kind) for at, (kind, words) in enumerate(_KINDS) if (match := words.search(question))]
    return min(found, key=lambda each: each[:2])[2] if found else Asks.ANYTHING


def spans(kind: Asks, text: str) -> Iterator[Span]:
    """Spans of a text that could be what is asked for; where anything is, its names and numbers."""
    if kind in {Asks.NAME, Asks.ANYTHING}:
        yield from names(text)
    if kind in {Asks.NUMBER, Asks.ANYTHING}:
        yield from (match.span() for match in _NUMBER.finditer(text))
    if kind is Asks.DATE:
        yield from (match.span() for match in _DATE.finditer(text))


def names(text: str) -> Iterator[Span]:
    """Runs of capitalised words, without one that only opens the sentence, or describes: Danish-born."""
    run: Span | None = None
    for match in _WORD.finditer(text):
        word = match.group()
        if not word[0].isupper() or (match.start() == 0 and word.casefold() in _OPENING) or _ADJECTIVE.search(word):
            continue
        if run is not None and _JOINING.issuperset(text[run[1] : match.start()].split()):
            run = (run[0], match.end())
            continue
        if run is not None:
            yield run
        run = match.span()
    if run is not None:
        yield run


def opens_with_pronoun(sentence: str) -> bool:
    """Whether a sentence begins with a word that only the sentence before it explains."""
    first = _WORD.search(sentence)
    return first is not None and first.group().casefold() in _PRONOUNS
