"""Dates that are written out: days, months, years, decades, and what stands before, after or between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from index.dates.interval import Interval, Lean, day, hull, month, years

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.dates.interval import Span

_MONTHS = (
    r"jan(?:uary|\.)?|январ\w+|янв\.?|січ(?:ень|ня|ні)|enero|ene\.|j[aä]n(?:uar|ner)|janvier|janv\.",
    r"feb(?:ruary|\.)?|феврал\w+|фев\.|лют(?:ий|ого|ому)|febrero|februar|février|févr\.",
    r"mar(?:ch|\.)?|март\w*|берез(?:ень|ня|ні)|marzo|märz|mars",
    r"apr(?:il|\.)?|апрел\w+|апр\.|квіт(?:ень|ня|ні)|abril|avril",
    r"may|ма[йяе]|трав(?:ень|ня|ні)|mayo|mai",
    r"june?\.?|июн[ьяе]|черв(?:ень|ня|ні)|junio|juni|juin",
    r"july?\.?|июл[ьяе]|лип(?:ень|ня|ні)|julio|juli|juillet",
    r"aug(?:ust|\.)?|август\w*|авг\.|серп(?:ень|ня|ні)|agosto|août",
    r"sept?(?:ember|\.)?|сентябр\w+|сент\.|верес(?:ень|ня|ні)|septiembre|setiembre|septembre",
    r"oct(?:ober|\.)?|октябр\w+|окт\.|жовт(?:ень|ня|ні)|octubre|okt(?:ober|\.)|octobre",
    r"nov(?:ember|\.)?|ноябр\w+|листопад\w*|noviembre|novembre",
    r"dec(?:ember|\.)?|декабр\w+|дек\.|груд(?:ень|ня|ні)|diciembre|dez(?:ember|\.)|décembre|déc\.",
)
_MONTH = "(?:" + "|".join(f"(?P<m{at}>{words})" for at, words in enumerate(_MONTHS, 1)) + r")(?!\w)"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)(?!\d)"
_DAY = r"(?P<day>[0-3]?\d)"
_OF = r"(?:\s+of|\s+de|\.)?\s+"
_YEAR_WORD = r"(?:\s*(?:года|году|год|р\.|року|рік|г\.)(?!\w))?"
_BEFORE = (
    r"(?<!\w)(?P<word>before|until|до|перед|antes\s+del?|hasta|vor|bis|avant|jusqu'en)\s+(?:the\s+|dem\s+|el\s+|le\s+)?"
)
_AFTER = r"(?<!\w)(?P<word>after|после|після|después\s+del?|nach|après)\s+(?:the\s+|dem\s+|el\s+|le\s+)?"
_SINCE = r"(?<!\w)(?P<word>since|с|со|з|із|desde|seit|depuis)\s+(?:the\s+|dem\s+|el\s+|le\s+)?"
_LEADS = r"(?:(?<!\w)(?:on|in|by|of|during|for|im|am|en|el|le|du|del?|в|во|у|на|за|den|die|the)\s+)*"
_DECADE = re.compile(
    rf"{_LEADS}(?<!\w)(?:(?:19|20)?(?P<tens>\d)0(?:['’]?s|er|-х|-е|-ті|-их)(?:\s+(?:годах|годы|годов|роках|роки|jahren?))?"
    r"|(?:años|années)\s+(?:19|20)?(?P<diez>\d)0)(?!\w)",
    re.IGNORECASE,
)
_CENTURY = re.compile(r"(?<!\w)(?P<century>20|19)(?=\d0)")
_ISO = re.compile(rf"{_LEADS}(?<!\d)(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)", re.IGNORECASE)
_DOTTED = re.compile(rf"{_LEADS}(?<!\d)(?P<day>\d?\d)[./](?P<month>\d?\d)[./](?P<year>\d{{4}})(?!\d)", re.IGNORECASE)
_DAY_MONTH = re.compile(
    rf"{_LEADS}(?<![\w.,]){_DAY}(?:st|nd|rd|th|er|º)?{_OF}{_MONTH}(?:,?(?:\s+del?)?\s+{_YEAR}{_YEAR_WORD})?",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(rf"{_LEADS}(?<!\w){_MONTH}\s+{_DAY}(?:st|nd|rd|th)?(?![\d:])(?:,?\s+{_YEAR})?", re.IGNORECASE)
_BETWEEN = re.compile(
    r"(?<!\w)(?:between|from|entre|desde|zwischen|von|entre|de|между|с|між|з)\s+(?P<first>[^\W\d_]{3,12})"
    rf"\s+(?:and|to|y|a|und|bis|et|à|и|по|і|до|та)\s+{_MONTH}(?:\s+del?)?\s+{_YEAR}{_YEAR_WORD}",
    re.IGNORECASE,
)
_SEASON = timedelta(90)
_NAMES = tuple(re.compile(words, re.IGNORECASE) for words in _MONTHS)
_SEASONS = (
    (3, re.compile(r"spring|весн|primavera|frühling|frühjahr|printemps", re.IGNORECASE)),
    (6, re.compile(r"summer|лет|літ|verano|sommer|été", re.IGNORECASE)),
    (9, re.compile(r"autumn|fall|осен|осін|восени|otoño|herbst|automne", re.IGNORECASE)),
    (12, re.compile(r"winter|зим|invierno|hiver", re.IGNORECASE)),
)
_SEASON_YEAR = re.compile(
    rf"{_LEADS}(?<!\w)(?P<season>spring|summer|autumn|fall|winter|весной|летом|осенью|зимой|весну|лето|осень|зиму|навесні"
    r"|весни|влітку|літа|восени|взимку|primavera|verano|otoño|invierno|frühling|frühjahr|sommer|herbst|printemps|été|automne|hiver)"
    rf"(?:\s+(?:of|del?|des\s+jahres))?\s+{_YEAR}{_YEAR_WORD}",
    re.IGNORECASE,
)
_MONTH_YEAR = re.compile(rf"{_LEADS}(?<!\w){_MONTH},?(?:\s+of|\s+del?)?\s+{_YEAR}{_YEAR_WORD}", re.IGNORECASE)
_MONTH_ALONE = re.compile(
    r"(?<!\w)(?:(?:in|since|during|by|last|early|late|mid|until|this|before|after|en|im|seit|nach|vor|depuis"
    rf"|desde|в|во|у|с|со|з|із|до)[\s-]+){_MONTH}(?!\s+\d)",
    re.IGNORECASE,
)
_YEAR_ALONE = re.compile(
    r"(?<!\w)(?:in|since|during|before|after|until|en|antes\s+de|después\s+de|hasta|desde|im\s+jahre?|im|seit|vor|nach|depuis|avant|après|"
    rf"в|во|у|с|со|з|до|после|після|за)\s+{_YEAR}(?:\s*(?:году|года|год|році|року|рік)(?!\w))?",
    re.IGNORECASE,
)
_YEAR_NAMED = re.compile(
    rf"(?<!\w)(?:(?:the|a|an|this|le|la|el|der|die|das)\s+{_YEAR}\s+(?=[^\W\d_])"
    r"|(?:of|from|by|to|and|y|und|et|и|і|по|к)\s+(?P<named>(?:1[5-9]|20)\d\d)(?!\d))",
    re.IGNORECASE,
)
_BOUNDS = tuple(
    (kind, re.compile(rf"{word}$", re.IGNORECASE))
    for kind, word in (("before", _BEFORE), ("after", _AFTER), ("since", _SINCE))
)
_OWN_BOUND = re.compile(
    r"^(?P<before>before|until|до|перед|antes|hasta|vor|bis|avant)\b|^(?P<after>after|после|після|después|nach|après)\b"
    r"|^(?P<since>since|со?|із|з|desde|seit|depuis)\b",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"(?<!\w)(?:may|mai|march|mars|mar|jan|dec|juli|april|august|june)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A date that was found: what it means, where it stands, whether its words say nothing else."""

    interval: Interval
    span: Span
    droppable: bool = True
    lean: Lean = Lean.NONE


def written_dates(question: str, asked: date) -> list[Written]:
    """The dates that are written out in a question, in their order."""
    found: list[Written] = []
    for each in _all(question, asked):
        if not any(each.span[0] < other.span[1] and other.span[0] < each.span[1] for other in found):
            found.append(_bounded(question, each, asked))
    return sorted(found, key=lambda each: each.span)


def joined(dates: list[Written]) -> Interval | None:
    """One interval of all dates: from the earliest to the latest."""
    whole: Interval | None = None
    for each in dates:
        whole = each.interval if whole is None else hull(whole, each.interval)
    return whole


def _all(question: str, asked: date) -> Iterator[Written]:
    """Every reading of every date, the most exact first: what overlaps an earlier one is passed over."""
    yield from _days(question, asked)
    yield from _months(question, asked)
    for match in _YEAR_ALONE.finditer(question):
        yield from _if(match, years(int(match["year"]), int(match["year"])))
    for match in _YEAR_NAMED.finditer(question):
        year = int(match["year"] or match["named"])
        yield Written(interval=years(year, year), span=match.span(), droppable=False)


def _days(question: str, asked: date) -> Iterator[Written]:
    for pattern in (_ISO, _DOTTED):
        for match in pattern.finditer(question):
            yield from _if(match, day(int(match["year"]), int(match["month"]), int(match["day"])))
    for match in _DECADE.finditer(question):
        yield _decade(match, asked)
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        for match in pattern.finditer(question):
            yield from _if(match, _day_of(match, asked))


def _months(question: str, asked: date) -> Iterator[Written]:
    for match in _BETWEEN.finditer(question):
        first = next((at for at, name in enumerate(_NAMES, 1) if name.fullmatch(match["first"])), None)
        if first is not None:
            yield from _if(match, hull(month(int(match["year"]), first), month(int(match["year"]), _number(match))))
    for match in _SEASON_YEAR.finditer(question):
        start = next((at for at, name in _SEASONS if name.match(match["season"])), 3)
        whole = month(int(match["year"]), start)
        yield from _if(match, Interval(first=whole.first, last=min(date.max - whole.first, _SEASON) + whole.first))
    for match in _MONTH_YEAR.finditer(question):
        yield from _if(match, month(int(match["year"]), _number(match)))
    for match in _MONTH_ALONE.finditer(question):
        if _is_a_month(question, match):
            yield from _if(match, _latest_month(_number(match), asked))


def _if(match: re.Match[str], interval: Interval | None) -> Iterator[Written]:
    if interval is not None:
        yield Written(interval=interval, span=match.span())


def _number(match: re.Match[str]) -> int:
    return next(at for at in range(1, 13) if match[f"m{at}"])


def _is_a_month(question: str, match: re.Match[str]) -> bool:
    """Whether a word that is also something else is written as a month is."""
    word = match[f"m{_number(match)}"]
    follows = question[match.end() :].lstrip()
    return not _CAPITALS.fullmatch(word) or (word[0].isupper() and not follows[:1].isupper())


def _day_of(match: re.Match[str], asked: date) -> Interval | None:
    number, month_number = int(match["day"]), _number(match)
    if match["year"]:
        return day(int(match["year"]), month_number, number)
    this = day(asked.year, month_number, number)
    return this if this and this.first <= asked else day(asked.year - 1, month_number, number)


def _latest_month(number: int, asked: date) -> Interval:
    return month(asked.year if number <= asked.month else max(1, asked.year - 1), number)


def _decade(match: re.Match[str], asked: date) -> Written:
    century = _CENTURY.search(match.group())
    tens = int(match["tens"] or match["diez"])
    base = int(century["century"]) * 100 if century else 2000 if 2000 + tens * 10 <= asked.year else 1900
    first = base + tens * 10
    lean = Lean.PAST if first + 9 < asked.year else Lean.NONE
    return Written(interval=years(first, first + 9), span=match.span(), lean=lean)


def _bounded(question: str, each: Written, asked: date) -> Written:
    """What a date means with "before", "after" or "since" at its head or in front of it."""
    start = each.span[0]
    kind = next((name for name, pattern in _BOUNDS if (match := pattern.search(question[:start])) and match), None)
    if kind is not None:
        start = next(match.start() for _, pattern in _BOUNDS if (match := pattern.search(question[:start])))
    own = _OWN_BOUND.match(question[slice(*each.span)])
    kind = kind or (own.lastgroup if own else None)
    if kind is None:
        return each
    first, last = each.interval.first, each.interval.last
    if kind == "before":
        interval = Interval(first=date.min, last=first - timedelta(1) if first > date.min else first)
    elif kind == "after":
        interval = Interval(first=min(last, asked), last=max(last, asked))
    else:
        interval = Interval(first=min(first, asked), last=max(first, asked))
    return Written(interval=interval, span=(start, each.span[1]), droppable=each.droppable, lean=each.lean)
