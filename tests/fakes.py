"""Stand-ins that fail, hang and remember when told to, made of real domain objects."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from index.domain import Answer, Article, ArticleKey, Hit, Passage, Reply, Stats

if TYPE_CHECKING:
    from collections.abc import Sequence


def article(title: str, body: str, **fields: object) -> Article:
    """An article of an invented newspaper."""
    url = "https://harbour.example/a?b=1&c=2"
    known = {"published": date(2018, 1, 30), "source": "Harbour Post", "url": url}
    return Article(key=ArticleKey(root="/articles", path=f"{title}.txt"), title=title, body=body, **(known | fields))


ARTICLES = (
    article(
        "Talks in Moscow", "Leaders met on Monday. Zeev Elkin accompanied Netanyahu to Moscow. They spoke for hours."
    ),
    article("Museum opens", "The mayor opened the exhibition on Friday. Netanyahu sent a letter.", url=None),
    article("Ferry delayed", "The ferry to Kittiwake was late. Netanyahu was not aboard.", published=None),
    article("Tram approved", "The council approved the tram. Netanyahu is not a councillor.", source=None),
    article("Mill burns", "The mill burned down. Netanyahu had visited it once."),
    article("Harvest", "The harvest was good. Netanyahu likes apples."),
)


@dataclass
class FakeArchive:
    """Answers with the first sentence that shares two long words with the question; every shared word is a hit.

    A call waits for ``gate``, and raises ``failure`` where there is one; ``asked`` are the questions it was asked,
    ``afters`` what they followed on, ``days`` the days they were asked on, which a reply tells where it ``tells_age``.
    """

    articles: Sequence[Article] = ARTICLES
    suggestions: tuple[str, ...] = ("Who accompanied Netanyahu?", "Who opened the exhibition?", "What was late?")
    gate: threading.Event = field(default_factory=threading.Event)
    failure: Exception | None = None
    confidence: float = 0.9
    asked: list[str] = field(default_factory=list)
    days: list[date | None] = field(default_factory=list)
    afters: list[str] = field(default_factory=list)
    tells_age: bool = False
    threads: set[int] = field(default_factory=set)
    closed: bool = False

    def __post_init__(self) -> None:
        """Open the gate."""
        self.gate.set()

    def ask(self, question: str, *, asked: date | None = None, k: int = 5, after: str = "") -> Reply:
        """Answer, or not, from the articles."""
        self._called()
        self.asked.append(question)
        self.days.append(asked)
        self.afters.append(after)
        hits = self._hits(f"{after} {question}")
        answer = self._answer(question, hits)
        if answer:
            hits = (answer.hit, *(hit for hit in hits if hit.article != answer.hit.article))
        return Reply(question=question, answer=answer, hits=hits[:k], asked=asked if self.tells_age else None)

    def search(self, question: str, *, asked: date | None = None, k: int = 10) -> tuple[Hit, ...]:
        """Find the articles that share a word."""
        self._called()
        self.days.append(asked)
        return self._hits(question)[:k]

    def passages(self, ids: Sequence[int]) -> tuple[Passage, ...]:
        """Give whole articles, numbered from 1."""
        self._called()
        known = {hit.passage.id: hit.passage for hit in self._all()}
        return tuple(known[number] for number in ids if number in known)

    def suggest(self, n: int = 3) -> tuple[str, ...]:
        """Offer what there is to offer."""
        self._called()
        return self.suggestions[:n]

    def stats(self) -> Stats:
        """Count the articles."""
        self._called()
        count = len(self.articles)
        return Stats(
            articles=count, passages=count, sources=(), first=None, last=None, encoder="fake", disk=0, last_sync=None
        )

    def coverage(self, text: str, passages: Sequence[int]) -> tuple[float, ...]:
        """The share of a text's long words that stand in each article; all of it where there are none."""
        self._called()
        words = _words(text)
        known = {hit.passage.id: _words(f"{hit.article.title} {hit.article.body}") for hit in self._all()}
        shares = (len(words & known.get(each, set())) / len(words) if words else 1.0 for each in passages)
        return tuple(shares)

    def headline(self, address: str) -> str | None:
        """That of the article whose address is this to the letter."""
        self._called()
        return next((hit.article.title for hit in self._all() if hit.article.url == address), None)

    @property
    def encoder(self) -> object:
        """Nothing that encodes; loading it fails as a call does."""
        self._called()
        return self

    @property
    def reader(self) -> object:
        """Nothing that reads."""
        return self

    def encode_question(self, text: str) -> np.ndarray:
        """Count the long words: a direction of its own for each that was seen, without overlaps in chance."""
        vector = np.zeros(_DIRECTIONS, dtype=np.float32)
        for word in sorted(_words(text)):
            vector[_known.setdefault(word, len(_known) % _DIRECTIONS)] += 1
        return vector / max(1.0, float(np.linalg.norm(vector)))

    def close(self) -> None:
        """Remember being closed."""
        self.threads.add(threading.get_ident())
        self.closed = True

    def _called(self) -> None:
        self.threads.add(threading.get_ident())
        self.gate.wait(10)
        if self.failure is not None:
            raise self.failure

    def _all(self) -> list[Hit]:
        return [
            Hit(
                passage=Passage(id=number, article=found, start=0, end=len(found.body)), score=0.5, cosine=0.5, bm25=1.0
            )
            for number, found in enumerate(self.articles, start=1)
        ]

    def _hits(self, question: str) -> tuple[Hit, ...]:
        return tuple(hit for hit in self._all() if _words(question) & _words(hit.article.body))

    def _answer(self, question: str, hits: Sequence[Hit]) -> Answer | None:
        for hit in hits:
            for sentence in re.finditer(r"[^.]+\.", hit.article.body):
                start = sentence.end() - len(sentence[0].lstrip())
                shared = _words(question) & _words(sentence[0])
                if len(shared) >= 2:
                    spans = tuple(
                        (word.start(), word.end())
                        for word in re.finditer(r"\w+", hit.article.body)
                        if start <= word.start() < sentence.end() and word[0].lower() in shared
                    )
                    return Answer(
                        hit=hit, start=start, end=sentence.end(), highlights=spans, confidence=self.confidence
                    )
        return None


_DIRECTIONS = 256
_known: dict[str, int] = {}


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 3}
