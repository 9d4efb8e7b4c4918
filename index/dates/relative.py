"""Days that are told from the day of asking: "yesterday", "last week", "two months ago", "on Friday"."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from index.dates.interval import Interval, back, hull, months_before, years

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.dates.interval import Span

_NUMBERS = {
    word: count
    for count, words in enumerate(
        (
            "one a an один одну одного un una uno ein eine einem einer einen une",
            "two два две двух dos zwei deux дві двох",
            "three три трёх трех tres drei trois трьох",
            "four четыре четырёх чотири cuatro vier quatre",
            "five пять пяти cinco fünf cinq п'ять",
            "six шесть шести seis sechs шість",
            "seven семь siete sieben sept сім",
            "eight восемь ocho acht huit вісім",
            "nine девять nueve neun neuf дев'ять",
            "ten десять diez zehn dix",
        ),
        1,
    )
    for word in words.split()
}
_COUNT = "(?P<count>\\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
_DAY = r"days?|дн[ейяі]\w*|день|días?|tage?n?|jours?"
_WEEK = r"weeks?|недел\w+|тиж\w+|semanas?|wochen?|semaines?"
_MONTH = r"months?|месяц\w*|місяц\w*|mes(?:es)?|monate?n?|mois"
_YEAR = r"years?|год\w*|лет|рок\w*|рік|років|años?|jahre?n?|ans?|années?"
_UNIT = f"(?:(?P<day>{_DAY})|(?P<week>{_WEEK})|(?P<month>{_MONTH})|(?P<year>{_YEAR}))(?!\\w)"
_AGO = r"\s+(?:ago|earlier|назад|тому(?:\s+назад)?|atrás)(?!\w)"
_AGO_BEFORE = r"(?<!\w)(?:hace|vor|il\s+y\s+a)\s+"
_PAST = (
    r"(?<!\w)(?:(?:in|over|during|for|за|в|en|de|in\s+den|im)\s+)?(?:the\s+|los\s+|las\s+|les\s+|den\s+|die\s+|der\s+|ces\s+)?"
    r"(?:last|past|previous|последни\w+|останні\w*|últim[oa]s|letzten|vergangenen|derniers|dernières)\s+"
)
_WEEKDAYS = (
    r"mondays?|понедельник\w*|понеділ\w+|lunes|montag|lundi",
    r"tuesdays?|вторник\w*|вівтор\w+|martes|dienstag|mardi",
    r"wednesdays?|сред[уыае]|серед[уиа]|miércoles|mittwoch|mercredi",
    r"thursdays?|четверг\w*|четвер\w*|jueves|donnerstag|jeudi",
    r"fridays?|пятниц\w+|п'ятниц\w+|viernes|freitag|vendredi",
    r"saturdays?|суббот\w+|субот\w+|sábado|samstag|sonnabend|samedi",
    r"sundays?|воскресень\w+|неділ[юяі]|domingo|sonntag|dimanche",
)
_WEEKDAY = re.compile(
    r"(?<!\w)(?:(?:on|last|this|past|в|во|у|в\s+прошл\w+|минул\w+|el|el\s+pasado|am|letzten|ce|le)\s+)*(?:"
    + "|".join(f"(?P<w{at}>{words})" for at, words in enumerate(_WEEKDAYS))
    + r")(?:\s+(?:pasado|dernier))?(?!\w)",
    re.IGNORECASE,
)
_SEASONS = (
    (12, r"winter|зим(?:ой|у|а|ою|и)|invierno|hiver"),
    (3, r"spring|весн(?:ой|у|а|ою|и)|primavera|frühling|frühjahr|printemps"),
    (6, r"summer|лет(?:ом|о)|літ(?:о|ом|ку)|verano|sommer|été"),
    (9, r"autumn|fall|осень\w?|осенью|осін\w+|восени|otoño|herbst|automne"),
)
_LAST = r"(?:last|past|прошл\w+|минул\w+|letzte[nrsm]?|vergangene[nrsm]?|dernier|dernière)"
_THIS = r"(?:this|эт\w+|ц[ьієя]\w*|este|esta|diese[nrsm]?|cette|ce|cet)"
_SEASON = re.compile(
    rf"(?<!\w)(?:in\s+the\s+|in\s+)?(?P<which>{_LAST}|{_THIS})\s+(?:"
    + "|".join(f"(?P<s{first}>{words})" for first, words in _SEASONS)
    + r")(?!\w)",
    re.IGNORECASE,
)


def _of(before: int, after: int = 0) -> Callable[[date], Interval]:
    return lambda asked: Interval(first=back(asked, before), last=back(asked, after))


def _last_week(asked: date) -> Interval:
    monday = asked.weekday()
    return Interval(first=back(asked, monday + 7), last=back(asked, monday + 1))


def _weekend(asked: date) -> Interval:
    sunday = (asked.weekday() + 1) % 7
    return Interval(first=back(asked, sunday + 1), last=back(asked, sunday))


def _this_month(asked: date) -> Interval:
    return Interval(first=asked.replace(day=1), last=asked)


def _this_year(asked: date) -> Interval:
    return Interval(first=asked.replace(month=1, day=1), last=asked)


def _last_year(asked: date) -> Interval:
    return years(max(1, asked.year - 1), max(1, asked.year - 1))


_PHRASES: tuple[tuple[str, Callable[[date], Interval]], ...] = (
    (r"the day before yesterday|позавчера|позавчора|anteayer|vorgestern|avant-hier", _of(2, 2)),
    (r"yesterday|вчера|вчора|ayer|gestern|hier(?= )|(?<= )hier", _of(1, 1)),
    (r"today|tonight|this (?:morning|afternoon|evening)|сегодня|сьогодні|hoy|heute|aujourd['’]hui", _of(0)),
    (
        r"(?:in\s+|over\s+)?(?:the\s+)?(?:last|past)\s+(?:few|couple\s+of)\s+days|на\s+днях|in\s+den\s+letzten\s+tagen"
        r"|en\s+los\s+últimos\s+días|ces\s+derniers\s+jours|последние\s+дни|останні\s+дні",
        _of(7),
    ),
    (r"(?:in\s+|over\s+)?(?:the\s+)?(?:last|past)\s+(?:few|couple\s+of)\s+weeks", _of(28)),
    (r"(?:in\s+|over\s+)?(?:the\s+)?(?:last|past)\s+(?:few|couple\s+of)\s+months", _of(120)),
    (
        r"(?:earlier\s+)?this\s+week|на\s+этой\s+неделе|цього\s+тижня|esta\s+semana|diese\s+woche|cette\s+semaine",
        _of(7),
    ),
    (
        r"last\s+week|(?:на\s+)?прошлой\s+недел\w+|минулого\s+тижня|la\s+semana\s+pasada|letzte\s+woche|la\s+semaine\s+dernière",
        _last_week,
    ),
    (
        r"(?:over\s+|on\s+)?(?:the|this|last|past)\s+weekend|(?:am|letztes)\s+wochenende|ce\s+week-end|este\s+fin\s+de\s+semana",
        _weekend,
    ),
    (
        r"(?:earlier\s+)?this\s+month|в\s+этом\s+месяце|цього\s+місяця|este\s+mes|diesen\s+monat|ce\s+mois(?:-ci)?",
        _this_month,
    ),
    (
        r"last\s+month|(?:в\s+)?прошл\w+\s+месяц\w*|минулого\s+місяця|el\s+mes\s+pasado|letzten\s+monat|le\s+mois\s+dernier",
        lambda asked: months_before(asked, 1),
    ),
    (r"(?:earlier\s+)?this\s+year|в\s+этом\s+году|цього\s+року|este\s+año|dieses\s+jahr|cette\s+année", _this_year),
    (
        r"last\s+year|(?:в\s+)?прошл\w+\s+году?|минулого\s+року|торік|el\s+año\s+pasado|letztes\s+jahr|l['’]année\s+dernière",
        _last_year,
    ),
)
_KNOWN = tuple((re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), meaning) for words, meaning in _PHRASES)
_COUNTED = (
    re.compile(rf"(?<![\w.,]){_COUNT}\s+{_UNIT}{_AGO}", re.IGNORECASE),
    re.compile(rf"{_AGO_BEFORE}{_COUNT}\s+{_UNIT}", re.IGNORECASE),
)
_WITHIN = (
    re.compile(rf"{_PAST}{_COUNT}\s+{_UNIT}", re.IGNORECASE),
    re.compile(rf"(?<!\w)(?:за|в)\s+{_COUNT}\s+последни\w+\s+{_UNIT}", re.IGNORECASE),
)
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_NAMES = re.compile(r"(?:Black|Good|Ash|Super|Cyber|Bloody|Palm|Easter|Giving|Shrove|Fat)\s+$")
_TITLE = re.compile(r"\s+(?:Night|Times|Show|Today|Mirror|Post|Mail|Herald)\b")
_TODAY_NAMES = re.compile(r"(?:USA|The|Russia|Psychology|History)\s+$")


def relative_date(question: str, asked: date) -> tuple[Interval, Span] | None:
    """The first expression of a question that tells days from the day of asking, and where it stands."""
    found = [
        *_counted(question, asked),
        *_known(question, asked),
        *_seasons(question, asked),
        *_weekdays(question, asked),
    ]
    return min(found, key=lambda each: (each[1][0], -each[1][1])) if found else None


def _known(question: str, asked: date) -> list[tuple[Interval, Span]]:
    found = []
    for pattern, meaning in _KNOWN:
        match = pattern.search(question)
        if match and not _is_a_title(question, match):
            found.append((meaning(asked), match.span()))
    return found


def _counted(question: str, asked: date) -> list[tuple[Interval, Span]]:
    found = []
    for patterns, apart in ((_COUNTED, True), (_WITHIN, False)):
        for pattern in patterns:
            for match in pattern.finditer(question):
                days = _DAYS[_unit(match)] * _number(match["count"])
                slack = days // 7 if apart else days
                first = back(asked, days + slack) if apart else back(asked, days)
                last = back(asked, days - slack) if apart else asked
                found.append((Interval(first=first, last=last), match.span()))
    return found


def _seasons(question: str, asked: date) -> list[tuple[Interval, Span]]:
    found = []
    for match in _SEASON.finditer(question):
        start = next(first for first, _ in _SEASONS if match[f"s{first}"])
        year = asked.year if (asked.month >= start) else asked.year - 1
        if re.fullmatch(_LAST, match["which"], re.IGNORECASE) and year == asked.year and asked.month < start + 3:
            year -= 1
        middle = date(max(2, year), start, 1)
        whole = hull(months_before(middle, 0), months_before(middle, -2))
        found.append((Interval(first=min(whole.first, asked), last=min(whole.last, asked)), match.span()))
    return found


def _weekdays(question: str, asked: date) -> list[tuple[Interval, Span]]:
    found = []
    for match in _WEEKDAY.finditer(question):
        if _is_a_title(question, match) or (
            match.group().islower() and match.group().isascii() and " " not in match.group()
        ):
            continue
        wanted = next(at for at in range(7) if match[f"w{at}"])
        behind = (asked.weekday() - wanted) % 7
        found.append((Interval(first=back(asked, behind), last=back(asked, behind)), match.span()))
    return found


def _is_a_title(question: str, match: re.Match[str]) -> bool:
    """Whether the word is part of a name: USA Today, Black Friday, the Sunday Times."""
    before, after = question[: match.start()], question[match.end() :]
    return bool(
        _NAMES.search(before) or _TITLE.match(after) or (match.group()[0].isupper() and _TODAY_NAMES.search(before))
    )


def _unit(match: re.Match[str]) -> str:
    return next(name for name in _DAYS if match[name])


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word.casefold()]
