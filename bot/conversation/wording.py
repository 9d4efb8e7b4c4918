"""Whether a text is a question, or words to look for (pure)."""

from __future__ import annotations

import re

_MARKS = frozenset("?؟？;՞⁇")
_WORD = re.compile(r"\w+(?:[’']\w+)*")
_ASKING = frozenset(
    "who whom whose what which when where why how is are was were am be do does did has have had will would"
    " can could should"
    " may might must shall isn't aren't didn't doesn't won't what's who's where's how's tell show find explain"
    " describe give"
    " list name say summarize summarise i me my you your please wanna want anything something"
    " кто кого кому кем ком что чего чему чем какой какая какое какие каком каким какого какую каких какими"
    " когда где куда"
    " откуда почему зачем сколько скольких как ли чей чья чьё чьи был была было были есть будет расскажи"
    " расскажите покажи"
    " покажите найди найдите назови назовите скажи скажите объясни объясните опиши я мне мы ты вы правда верно"
    " quién quiénes qué cuál cuáles cuándo dónde adónde cómo cuánto cuánta cuántos cuántas quien quienes cual"
    " cuando donde"
    " es son era eran fue fueron está están hay había ha han dime dígame cuéntame explica muestra busca yo"
    " من ما ماذا متى أين كيف لماذا كم هل أي أية لمن بماذا"
    " wer wen wem wessen was welche welcher welches wann wo wohin warum wie ist sind war waren hat haben"
    " qui quoi quel quelle quels quelles quand où pourquoi combien comment est sont était"
    " хто який яка яке які коли де куди чому навіщо скільки як чи".split()
)
_FEWEST, _MOST = 1, 20


def is_question(text: str) -> bool:
    """Whether a text asks something; words to look for, and headlines, do not: no question mark, no word that asks.

    A text in a script or language whose asking words are not known is taken for a question.
    """
    words = [match.group().casefold().replace("’", "'") for match in _WORD.finditer(text)]
    if not _MARKS.isdisjoint(text) or any(word in _ASKING for word in words):
        return True
    if not _FEWEST <= len(words) <= _MOST:
        return True
    return not any(_known(word) for word in words)


def _known(word: str) -> bool:
    """Whether a word is of a script in which asking words are known: Latin, Cyrillic, Arabic."""
    return any("a" <= char <= "ɏ" or "а" <= char <= "ӿ" or "\u0600" <= char <= "\u06ff" for char in word)
