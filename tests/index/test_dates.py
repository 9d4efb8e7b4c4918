"""The time that a question speaks of, in six languages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import Interval, Lean, Time, time_of

ASKED = date(2022, 6, 23)  # a Thursday
EXAMPLES = """
what happened today? | 2022-06-23 2022-06-23 | today
who won yesterday? | 2022-06-22 2022-06-22 | yesterday
what did he say the day before yesterday? | 2022-06-21 2022-06-21 | the day before yesterday
what happened this week? | 2022-06-16 2022-06-23 | this week
what happened last week? | 2022-06-13 2022-06-19 | last week
who died over the weekend? | 2022-06-18 2022-06-19 | over the weekend
who resigned in the past few days? | 2022-06-16 2022-06-23 | in the past few days
who resigned in the last 10 days? | 2022-06-13 2022-06-23 | in the last 10 days
what closed last month? | 2022-05-01 2022-05-31 | last month
what opened this month? | 2022-06-01 2022-06-23 | this month
what opened this year? | 2022-01-01 2022-06-23 | this year
what opened last year? | 2021-01-01 2021-12-31 | last year
what burned last summer? | 2021-06-01 2021-08-31 | last summer
who came two weeks ago? | 2022-06-07 2022-06-11 | two weeks ago
who spoke on Monday? | 2022-06-20 2022-06-20 | on Monday
who spoke last Friday? | 2022-06-17 2022-06-17 | last Friday
In January 2018, who went to Moscow? | 2018-01-01 2018-01-31 | In January 2018
who resigned in March? | 2022-03-01 2022-03-31 | in March
who resigned in August? | 2021-08-01 2021-08-31 | in August
who landed on 30 January 2018? | 2018-01-30 2018-01-30 | on 30 January 2018
who landed on June 5, 2019? | 2019-06-05 2019-06-05 | on June 5, 2019
who landed on the 5th of May? | 2022-05-05 2022-05-05 | on the 5th of May
how large was it as of Aug. 14? | 2021-08-14 2021-08-14 | of Aug. 14
what about 2019-05-04? | 2019-05-04 2019-05-04 | 2019-05-04
what about 04.05.2019? | 2019-05-04 2019-05-04 | 04.05.2019
who ruled in 2018? | 2018-01-01 2018-12-31 | in 2018
who won before 2019? | 0001-01-01 2018-12-31 | before 2019
what was built since March? | 2022-03-01 2022-06-23 | since March
what was built after the 5th of May? | 2022-05-05 2022-06-23 | after the 5th of May
who left between March and May 2019? | 2019-03-01 2019-05-31 | between March and May 2019
who left in the spring of 2020? | 2020-03-01 2020-05-30 | in the spring of 2020
who sang in the 1990s? | 1990-01-01 1999-12-31 | in the 1990s
who won the 2018 World Cup? | 2018-01-01 2018-12-31 |
who was player of 2021? | 2021-01-01 2021-12-31 |
who spoke last week about January 2018? | 2018-01-01 2018-01-31 | January 2018
что было вчера? | 2022-06-22 2022-06-22 | вчера
что было сегодня? | 2022-06-23 2022-06-23 | сегодня
что открыли на прошлой неделе? | 2022-06-13 2022-06-19 | на прошлой неделе
что открыли на этой неделе? | 2022-06-16 2022-06-23 | на этой неделе
что закрыли в прошлом месяце? | 2022-05-01 2022-05-31 | в прошлом месяце
кто приехал в январе 2018 года? | 2018-01-01 2018-01-31 | в январе 2018 года
кто приехал 30 января 2018 года? | 2018-01-30 2018-01-30 | 30 января 2018 года
кто приехал в мае? | 2022-05-01 2022-05-31 | в мае
кто правил в 2018 году? | 2018-01-01 2018-12-31 | в 2018 году
кто ушёл две недели назад? | 2022-06-07 2022-06-11 | две недели назад
кто пел в 90-х годах? | 1990-01-01 1999-12-31 | в 90-х годах
что было в понедельник? | 2022-06-20 2022-06-20 | в понедельник
что сгорело прошлым летом? | 2021-06-01 2021-08-31 | прошлым летом
¿qué pasó ayer? | 2022-06-22 2022-06-22 | ayer
¿qué pasó hoy? | 2022-06-23 2022-06-23 | hoy
¿qué pasó la semana pasada? | 2022-06-13 2022-06-19 | la semana pasada
¿qué pasó esta semana? | 2022-06-16 2022-06-23 | esta semana
¿quién llegó el mes pasado? | 2022-05-01 2022-05-31 | el mes pasado
¿quién llegó el año pasado? | 2021-01-01 2021-12-31 | el año pasado
¿quién llegó el 3 de mayo de 2020? | 2020-05-03 2020-05-03 | el 3 de mayo de 2020
¿quién llegó en enero? | 2022-01-01 2022-01-31 | en enero
¿quién llegó en enero de 2018? | 2018-01-01 2018-01-31 | en enero de 2018
¿quién llegó en 2018? | 2018-01-01 2018-12-31 | en 2018
¿quién llegó hace dos semanas? | 2022-06-07 2022-06-11 | hace dos semanas
¿quién cantaba en los años 90? | 1990-01-01 1999-12-31 | años 90
was geschah gestern? | 2022-06-22 2022-06-22 | gestern
was geschah heute? | 2022-06-23 2022-06-23 | heute
was geschah letzte Woche? | 2022-06-13 2022-06-19 | letzte Woche
was geschah diese Woche? | 2022-06-16 2022-06-23 | diese Woche
wer kam letzten Monat? | 2022-05-01 2022-05-31 | letzten Monat
wer kam letztes Jahr? | 2021-01-01 2021-12-31 | letztes Jahr
wer kam am 3. Mai 2020? | 2020-05-03 2020-05-03 | am 3. Mai 2020
wer kam im Januar 2019? | 2019-01-01 2019-01-31 | im Januar 2019
wer kam im Januar? | 2022-01-01 2022-01-31 | im Januar
wer regierte seit 2018? | 2018-01-01 2022-06-23 | seit 2018
wer ging vor zwei Wochen? | 2022-06-07 2022-06-11 | vor zwei Wochen
wer sang in den 1990er Jahren? | 1990-01-01 1999-12-31 | in den 1990er Jahren
qui est venu hier ? | 2022-06-22 2022-06-22 | hier
qui est venu aujourd'hui ? | 2022-06-23 2022-06-23 | aujourd'hui
qui est venu la semaine dernière ? | 2022-06-13 2022-06-19 | la semaine dernière
qui est venu cette semaine ? | 2022-06-16 2022-06-23 | cette semaine
qui est venu le mois dernier ? | 2022-05-01 2022-05-31 | le mois dernier
qui est venu l'année dernière ? | 2021-01-01 2021-12-31 | l'année dernière
qui est venu le 3 mai 2020 ? | 2020-05-03 2020-05-03 | le 3 mai 2020
qui est venu en janvier 2018 ? | 2018-01-01 2018-01-31 | en janvier 2018
qui est venu en janvier ? | 2022-01-01 2022-01-31 | en janvier
qui régnait en 2018 ? | 2018-01-01 2018-12-31 | en 2018
qui règne depuis 2018 ? | 2018-01-01 2022-06-23 | depuis 2018
qui est parti il y a deux semaines ? | 2022-06-07 2022-06-11 | il y a deux semaines
що було вчора? | 2022-06-22 2022-06-22 | вчора
що було сьогодні? | 2022-06-23 2022-06-23 | сьогодні
що було минулого тижня? | 2022-06-13 2022-06-19 | минулого тижня
що було цього тижня? | 2022-06-16 2022-06-23 | цього тижня
що було минулого місяця? | 2022-05-01 2022-05-31 | минулого місяця
що було торік? | 2021-01-01 2021-12-31 | торік
хто приїхав у січні 2018 року? | 2018-01-01 2018-01-31 | у січні 2018 року
хто приїхав 30 січня 2018 року? | 2018-01-30 2018-01-30 | 30 січня 2018 року
хто приїхав у травні? | 2022-05-01 2022-05-31 | у травні
хто правив у 2018 році? | 2018-01-01 2018-12-31 | у 2018 році
хто пішов два тижні тому? | 2022-06-07 2022-06-11 | два тижні тому
що було в понеділок? | 2022-06-20 2022-06-20 | в понеділок
"""
NO_DATE = """
who may win? | when did they march on the capital? | what came second? | who is May? | what did Theresa May say?
did 2000 people die? | what did USA Today report? | who reads the Sunday Times? | how was Black Friday?
what is Friday Night Lights? | who is person of the year? | who won before the election? | what did mars look like?
how much is one second? | was it 46,000 years ago? | what will happen in 2030? | what was on the Fourth of July?
who is August Strindberg? | how old was April O'Neil? | как зовут мэра? | wer ist Bürgermeister? | ¿quién es el alcalde?
"""
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
}
FORMS = {"es": "{day} de {month} de {year}", "de": "{day}. {month} {year}"}


def words(question: str, time: Time) -> str:
    """The words of a question that say when."""
    return " ".join(question[start:end].strip() for start, end in time.spans)


@pytest.mark.parametrize("line", EXAMPLES.strip().splitlines())
def test_a_question_speaks_of_these_days(line: str) -> None:
    """Worked by hand for a question asked on Thursday, 23 June 2022; the words that only say when are told."""
    question, days, said = (part.strip() for part in line.split("|"))
    first, last = map(date.fromisoformat, days.split())
    time = time_of(question, ASKED)
    assert time.interval == Interval(first=first, last=last)
    assert words(question, time).casefold().endswith(said.casefold()) if said else not time.spans


@pytest.mark.parametrize("question", [each.strip() for each in NO_DATE.replace("\n", "|").split("|") if each.strip()])
def test_words_that_are_no_dates_do_not_become_ones(question: str) -> None:
    """Verbs, people, names of papers and shows, counts, and what lies ahead."""
    assert time_of(question, ASKED).interval is None


@pytest.mark.parametrize(
    ("question", "lean"),
    [
        ("what is the latest on the strike?", Lean.PRESENT),
        ("who is currently mayor?", Lean.PRESENT),
        ("кто сейчас мэр?", Lean.PRESENT),
        ("¿quién es actualmente alcalde?", Lean.PRESENT),
        ("wer ist derzeit Bürgermeister?", Lean.PRESENT),
        ("qui est maintenant maire ?", Lean.PRESENT),
        ("хто зараз мер?", Lean.PRESENT),
        ("who owned it back then?", Lean.PAST),
        ("who sang in the 1970s?", Lean.PAST),
        ("wem gehörte es damals?", Lean.PAST),
        ("who opened the exhibition?", Lean.NONE),
    ],
)
def test_a_question_leans_to_the_present_or_to_history(question: str, lean: Lean) -> None:
    """Where it names no days."""
    assert time_of(question, ASKED).lean is lean


def test_what_is_written_out_is_explicit() -> None:
    """A month with its year is, last week is not."""
    assert time_of("who came in May 2019?", ASKED).explicit
    assert not time_of("who came last week?", ASKED).explicit


@given(st.dates(date(1900, 1, 1), ASKED), st.sampled_from(sorted(MONTHS)))
def test_every_day_is_read_in_every_language(day: date, language: str) -> None:
    """However it is written out, it is that day."""
    month = MONTHS[language].split()[day.month - 1]
    written = FORMS.get(language, "{day} {month} {year}").format(day=day.day, month=month, year=day.year)
    for text in (f"? {written} ?", f"{day.isoformat()}", f"{day.day}.{day.month}.{day.year}"):
        assert time_of(text, ASKED).interval == Interval(first=day, last=day)


@given(st.text() | st.sampled_from(EXAMPLES.splitlines()), st.dates())
def test_any_text_has_a_time_of_sound_days(question: str, asked: date) -> None:
    """No text and no day fails; what is found lies in the text, and begins before it ends."""
    time = time_of(question, asked)
    assert all(0 <= start < end <= len(question) for start, end in time.spans)
    assert time.interval is None or time.interval.first <= time.interval.last


@given(st.integers(1, 999), st.sampled_from(["days", "weeks", "months", "years"]))
def test_so_long_ago_is_so_long_ago(count: int, unit: str) -> None:
    """The day that many units before lies within, where the calendar reaches that far."""
    days = count * {"days": 1, "weeks": 7, "months": 30, "years": 365}[unit]
    interval = time_of(f"who left {count} {unit} ago?", ASKED).interval
    assert interval is not None
    assert interval.first <= ASKED - timedelta(min(days, ASKED.toordinal() - 1)) <= interval.last
