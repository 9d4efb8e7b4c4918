"""Questions that an archive can answer, drawn from its newest articles and tried before they are offered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.passages import sentences
from index.questions import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from index.domain import Article, ArticleKey, Reply
    from index.store.catalog import Catalog

_ARTICLES = 40
_TRIALS = 40
_SENTENCES = 4
_FEWEST, _MOST = 4, 14
_CLAUSE = re.compile(
    r"[,:](?!\d)|[;—–(]|\s-\s|\.\s|[.!?…]+$|\s(?:after|because|while|when|который|после|porque|tras|cuando)\s|"
    r"\s(?:on\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|tonight|(?:this|last|next)\s(?:week|month|year)|"
    r"во?\s(?:понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье)|вчера|сегодня|"
    r"el\s(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)|ayer|hoy)\b"
)
"""Where the first clause ends, or what tells a day that has passed when the question is asked."""
_APPOSITION = re.compile(r"^,[^,.]{1,80},")
_ENGLISH = re.compile(
    r"(?:will|has|have|had|was|were|is|are|won|led|met|told|took|made|built|broke|fell|rose|beat|began|left|lost|paid|sold|"
    r"bought|found|held|gave|became|\w{2,}ed)\b"
)
_RUSSIAN = re.compile(r"(\w*[аеиоуыяюё]л)(?:[аои])?(сь|ся)?\b")
_SPANISH = re.compile(r"(?:\w+ó|fue|hizo|puso|dijo|ganó|será|ha|\w+rá)\b")


def suggest(catalog: Catalog, ask: Callable[[str], Reply], count: int, until: date) -> tuple[str, ...]:
    """At most ``count`` questions, each of another article and answered from it.

    Args:
        catalog: where the articles are.
        ask: asks a question of the same archive.
        count: how many are wanted.
        until: the day of the newest article that is shown.

    """
    articles = [passage.article for passage in catalog.newest(_ARTICLES, until)]
    tried = [*_drafts(articles, from_sentences), *_drafts(articles, from_headline)]
    found: dict[ArticleKey, str] = {}
    for article, question in tried[:_TRIALS]:
        if len(found) == count:
            break
        if article.key not in found and question not in found.values() and _answered(question, article, ask):
            found[article.key] = question
    return tuple(found.values())


def from_sentences(article: Article) -> Iterator[str]:
    """Questions that an article's first sentences answer."""
    for start, end in sentences(article.body, article.language)[:_SENTENCES]:
        question = question_from(article.body[start:end], article.language)
        if question is not None:
            yield question


def from_headline(article: Article) -> Iterator[str]:
    """The headline as a question, for languages and articles that give no better one."""
    title = article.title.strip().rstrip(".!?… ")
    if title:
        yield f"{title}?"


def question_from(sentence: str, language: str) -> str | None:
    """Ask for the name that opens a sentence: "Ada Lind opened the hall." becomes "Who opened the hall?"."""
    subject = next(names(sentence), None)
    if subject is None or subject[0] > 0 or " " not in sentence[slice(*subject)]:
        return None  # a word alone that opens a sentence may be no name
    predicate = _APPOSITION.sub("", sentence[subject[1] :]).strip()
    rest = _CLAUSE.split(predicate, maxsplit=1)[0].strip()
    if not _FEWEST <= len(rest.split()) <= _MOST:
        return None
    return _who(rest, language)


def _who(rest: str, language: str) -> str | None:
    if language == "en" and _ENGLISH.match(rest):
        return f"Who {rest}?"
    if language == "es" and _SPANISH.match(rest):
        return f"¿Quién {rest}?"
    if language == "ru" and (verb := _RUSSIAN.match(rest)):
        return f"Кто {verb[1]}{'ся' if verb[2] else ''}{rest[verb.end() :]}?"
    return None


def _drafts(articles: Iterable[Article], draft: Callable[[Article], Iterator[str]]) -> Iterator[tuple[Article, str]]:
    return ((article, question) for article in articles for question in draft(article))


def _answered(question: str, article: Article, ask: Callable[[str], Reply]) -> bool:
    answer = ask(question).answer
    return answer is not None and answer.hit.article.key == article.key
