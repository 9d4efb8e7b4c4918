"""How much a question leans on what came before it, by its words alone (pure).

Known for English, Russian and Spanish, whose closed classes are listed: pronouns and demonstratives, connectives that
open a sentence, words that carry a question and say nothing. In another language only shortness and the lack of names
can tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_ENDS = frozenset(".!?…:;")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """The closed classes of a language, in lower case.

    ``pronouns`` stand for what was said before; ``pointing`` may, and may also be articles or conjunctions;
    ``connectives`` go on from it where they open a question; ``carrying`` are words of any question.
    """

    pronouns: frozenset[str]
    pointing: frozenset[str]
    connectives: frozenset[str]
    carrying: frozenset[str]


TONGUES = {
    "en": Tongue(
        pronouns=_words("he she it they him her them his hers their theirs its himself herself themselves itself"),
        pointing=_words("this that these those there then one ones here such else other others another"),
        connectives=_words("and but so or also then no nope not actually sorry because ok okay well"),
        carrying=_words(
            "who whom whose what which when where why how many much long old far is are was were be been"
            " being am do does did"
            " done has have had will would can could should may might must the a an of in on at to for from by"
            " with about as"
            " into after before during than if i you we me my your our us mean meant there's what's who's it's"
            " tell say said"
            " says please more again still just any some all exactly yet now ever also too not no or and but so because"
            " anyone anybody someone somebody everyone everybody nobody anything something everything nothing"
        ),
    ),
    "ru": Tongue(
        pronouns=_words(
            "он она оно они его её ее их ему ей им него неё нее них нему ней ним ними нём нем этот эта это"
            " эти этого этой"
            " этом этому этих этим этими эту там туда оттуда тогда здесь"
        ),
        pointing=_words(
            "тот та то те того той том тех той такой такая такое такие свой своя свои сам сама сами другой другие"
        ),
        connectives=_words("а и но или тоже также ещё еще нет не точнее вернее потому ок ну"),
        carrying=_words(
            "кто кого кому кем ком что чего чему чем какой какая какое какие каком каким какого какую какой"
            " каких когда где"
            " куда откуда почему зачем сколько скольких как ли чей чья чьё чьи был была было были есть будет"
            " будут быть в во на"
            " из с со по к ко о об от до за у для при под над после перед через между без про ли же бы а и но"
            " или не нет"
            " я мы вы ты меня имею имел имела виду скажи скажите ещё еще всего именно там"
            " кто-то кто-нибудь кто-либо кого-то кого-нибудь никто никого что-то что-нибудь ничего все всё"
        ),
    ),
    "es": Tongue(
        pronouns=_words(
            "él ella ello ellos ellas su sus suyo suya suyos suyas eso esto aquello ese esa esos esas este"
            " esta estos estas"
            " aquel aquella aquellos aquellas ahí allí allá entonces"
        ),
        pointing=_words("lo la los las le les se otro otra otros otras mismo misma"),
        connectives=_words("y e pero o u también entonces no ni además pues bueno vale"),
        carrying=_words(
            "quién quiénes quien quienes qué que cuál cuáles cuándo cuando dónde donde adónde cómo como"
            " cuánto cuánta cuántos"
            " cuántas por para a al de del en con sin sobre desde hasta entre tras el la los las un una unos"
            " unas lo es son era"
            " eran fue fueron ser está están estaba ha han hay había si no y e o u me mi yo tú usted se le les"
            " más muy ya"
            " digo decir refiero quiero dime tal alguien nadie algo nada alguno alguna algunos algunas todos todo"
        ),
    ),
}
_CLITICS = _words("lo la los las le les")
_BEFORE_CLITICS = _words("quién quiénes cómo cuándo dónde qué no se")
_DEMONSTRATIVES = _words("this that these those")
_REPEATED = re.compile(
    r"^(?:what|how) about\b|^i mean|^i meant|^я имел|^я имею|^quiero decir|^me refiero|^qué tal|^qué hay de",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """What of a question leans on the one before.

    ``pronouns`` counts words that only what came before explains, ``pointing`` those that may; ``connected`` says that
    it opens as something that goes on; ``content`` are the words that say something of their own, in order, ``names``
    those of them that are written as names.
    """

    pronouns: int
    pointing: int
    connected: bool
    content: tuple[str, ...]
    names: tuple[str, ...]


def leaning(text: str, language: str = "en") -> Leaning:
    """Look at the words of a question.

    Args:
        text: the question, in one line.
        language: the reader's, where the words do not tell.
    """
    tongue = TONGUES.get(tongue_of(text, language))
    tokens = list(_WORD.finditer(text))
    words = [token.group().casefold().replace("’", "'") for token in tokens]
    connected = bool(words and tongue and words[0] in tongue.connectives) or bool(_REPEATED.match(text.strip(" ¿¡")))
    pronouns = pointing = 0
    content: list[str] = []
    names: list[str] = []
    for at, (token, word) in enumerate(zip(tokens, words, strict=True)):
        if tongue and word in tongue.pronouns and (len(content) <= _EXPLAINED and not names):
            pronouns += 1
        elif tongue and (word in tongue.pointing or word in tongue.pronouns):
            pointing += 1
            pronouns += _is_clitic(words, at) or _points_back(words, at)
        elif not (tongue and (word in tongue.carrying or (not at and word in tongue.connectives))):
            content.append(token.group())
            if _is_name(token.group(), first=_opens(text, token.start())):
                names.append(token.group())
    return Leaning(
        pronouns=pronouns, pointing=pointing, connected=connected, content=tuple(content), names=tuple(names)
    )


_EXPLAINED = 2
"""A pronoun behind more content than that, or behind a name, stands for something in the question itself."""


def tongue_of(text: str, language: str) -> str:
    """The language, of those that are known, that most words of a text are of; else the reader's."""
    words = {match.group().casefold() for match in _WORD.finditer(text)}
    counts = {name: len(words & _all_of(tongue)) for name, tongue in TONGUES.items()}
    best = max(counts.values())
    likely = [name for name, count in counts.items() if count == best]
    return language if not best or language in likely else likely[0]


def _all_of(tongue: Tongue) -> frozenset[str]:
    return tongue.pronouns | tongue.pointing | tongue.connectives | tongue.carrying


def _is_clitic(words: Sequence[str], at: int) -> bool:
    """Whether a Spanish lo, la, los, las stands before a verb: "¿quién los paga?"."""
    return words[at] in _CLITICS and at > 0 and words[at - 1] in _BEFORE_CLITICS


def _points_back(words: Sequence[str], at: int) -> bool:
    """Whether a demonstrative is no conjunction: "that one", "that company" at the end, "that" alone there."""
    rest = words[at + 1 :]
    return words[at] in _DEMONSTRATIVES and (not rest or rest[0] in {"one", "ones"} or len(rest) == 1)


def _is_name(word: str, *, first: bool) -> bool:
    """Whether a word is written as a name; at the beginning of a question any word may be."""
    return word[0].isupper() and (not first or (len(word) > 1 and word.isupper()))


def _opens(text: str, at: int) -> bool:
    before = text[:at].rstrip(" ¿¡\"'«(“")
    return not before or before[-1] in _ENDS
