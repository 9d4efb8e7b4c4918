"""A light stemmer for Ukrainian, for which Snowball has none (pure).

In the manner of Savoy's light stemmers ("Light stemming approaches for the French, Portuguese, German and Hungarian
languages", SAC 2006; Dolamic and Savoy, "Indexing and stemming approaches for the Czech language", IPM 2009): the
longest ending of declension or conjugation goes, here those of the Ukrainian orthography of 2019 (Український
правопис, § 82-121), and what alternates at the end of a root is made one: рік and року, Київ and Києва, Прага and
Празі, вересень and вересня.
"""

from __future__ import annotations

import re

_REFLEXIVE = re.compile("(?<=[аеиіоуюяїєвть])с[яь]$")
_CASES = (
    "а я о е є и і ї у ю ь й ий ій ої ім им їм ою ею єю их іх їх"
    " ом ем єм ам ям ах ях ів їв ей ію ія ії іє ую юю ая яя єє її"
)
_LONGER_CASES = "ого ому ими іми його йому ього ьому ьою ьої ами ями ові еві єві ією ієм іям іях іями"
_VERBS = (
    "ати яти ити іти їти увати ювати ав яв ив ував ював ала яла ила іла їла увала ювала ало яло ило іло їло увало ювало"
    " али яли или іли їли ували ювали ає яє ує ює аю яю аєш ає уєш уємо уєте ують юють ають яють"
    " ить їть ять ать уть ють"
    " иш їш имо їмо ите їте еш єш емо ємо ете єте име атиме уватиме имуть атимуть уватимуть итиме итимуть"
    " уючи аючи яючи ючи учи ачи ячи вши авши ивши увавши уйте айте"
    " ано ено єно увано ований ована оване овані ованого ованої ованому ованим ованих ованими овану"
)


def _any(endings: str) -> re.Pattern[str]:
    """A search with it finds the longest: the one that begins first."""
    return re.compile(f"(?:{'|'.join(endings.split())})$")


_LONG, _SHORT = _any(f"{_CASES} {_LONGER_CASES} {_VERBS}"), _any(f"{_CASES} ами ями")
_SOFT = re.compile("ь(?=к?$)")
_DOUBLED = re.compile("([^аеиіоуюяїє])\\1$")
_SUFFIX = re.compile("(?<=..)(?:[оеєії]в|(?<=[ая]н)ин)$")
_LAST_VOWEL = re.compile("[іїє](?=[^аеиіоуюяїє]{1,2}$)")
_FLEETING = re.compile("(?<=.)[еоє](?=[кцнл]$)")
_ALTERNATING = str.maketrans({"ц": "к", "з": "г", "с": "х"})


def stem_ukrainian(word: str) -> str:
    """A word, in lower case, without its endings; at least two letters stay, three before a long ending."""
    bare = _REFLEXIVE.sub("", word)
    if found := _LONG.search(bare, 3) or _SHORT.search(bare, 2):
        bare = bare[: found.start()]
    bare = _SUFFIX.sub("", _DOUBLED.sub(r"\1", _SOFT.sub("", bare)))
    bare = _FLEETING.sub("", _LAST_VOWEL.sub("о", _FLEETING.sub("", bare)))
    return bare[:-1] + bare[-1:].translate(_ALTERNATING)
