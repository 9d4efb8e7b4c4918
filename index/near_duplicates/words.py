"""A body as tokens, and which of them say who, where and how many (pure)."""

from __future__ import annotations

import re
import unicodedata

_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_TOKEN = re.compile(rf"\d+(?:[.,:]\d+)*|[{_UNSPACED}]|[^\W\d_{_UNSPACED}]+|[.!?…]+[\"'”’»)]*(?=\s)|[。！？\n]")
_ENDS = frozenset(".!?…。！？\n")
_SHINGLE = 4
_DAYS = frozenset(
    "понедельник понедельника вторник вторника среда среду среды четверг четверга пятница пятницу пятницы суббота "
    "субботу"
    " субботы воскресенье воскресенья понеділок понеділка вівторок вівторка середа середу середи четвер четверга"
    " ятниця ятницю ятниці субота суботу суботи неділя неділю неділі"
    " lunes martes miércoles jueves viernes sábado domingo lundi mardi mercredi jeudi vendredi samedi dimanche"
    " января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
    " січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня"
    " enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    " janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)
"""Days of the week and months, in the languages that write them without a capital."""

Sentence = tuple[str, ...]
"""Tokens as they are written: a word, a number, or one character of a script without spaces."""


def sentences_of(text: str) -> list[Sentence]:
    """The sentences of a text that have a token, as tokens."""
    found: list[Sentence] = []
    tokens = _TOKEN.findall(unicodedata.normalize("NFKC", text))
    start = 0
    for at, token in enumerate((*tokens, "\n")):
        if token[0] in _ENDS:
            if at > start:
                found.append(tuple(tokens[start:at]))
            start = at + 1
    return found


def shingles_of(tokens: list[str]) -> set[str]:
    """Every run of four tokens; the whole of a shorter text."""
    if len(tokens) <= _SHINGLE:
        return {" ".join(tokens)}
    return {" ".join(tokens[at : at + _SHINGLE]) for at in range(len(tokens) - _SHINGLE + 1)}


def facts_of(sentences: list[Sentence]) -> set[str]:
    """Numbers, days, and words that always have a capital: what tells a story from the next of its kind.

    A script without capitals has only its numbers here.
    """
    tokens = {token for sentence in sentences for token in sentence}
    plain = {token for token in tokens if token[0].isdigit() or token in _DAYS}
    return plain | {token.casefold() for token in tokens if token[0].isupper() and token.lower() not in tokens}


def is_unspaced(token: str) -> bool:
    """Whether a token is a character of a script without spaces, in which nothing tells a name."""
    return len(token) == 1 and re.match(f"[{_UNSPACED}]", token) is not None


def tolerance(*, corrects: bool) -> float:
    """The share of facts that may stand for others in one story: where one says that it corrects, twice as many."""
    return 0.14 if corrects else 0.07


def most_conflicts(facts: int, *, corrects: bool) -> float:
    """How many of its facts, of so many, the one that has fewer may have alone."""
    return 1 + 1.5 * tolerance(corrects=corrects) * facts
