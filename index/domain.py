"""What newsdesk speaks of: articles, their passages, and answers that stand in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

Span = tuple[int, int]
"""Half-open character offsets ``(start, end)`` into an article's body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleKey:
    """Where an article came from; equal keys mean the same article, perhaps changed.

    ``root`` is the synced path (absolute), ``path`` the file below it with ``/`` between folders and ``!`` before
    a member of an archive (empty when the root is the file), ``id`` the article within a file that holds many.
    """

    root: str
    path: str
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One cleaned article. ``language`` is an ISO 639-1 code, or ``und`` where it could not be told."""

    key: ArticleKey
    title: str
    body: str
    published: date | None = None
    author: str | None = None
    source: str | None = None
    url: str | None = None
    language: str = "und"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A few whole sentences of an article: exactly ``article.body[start:end]``."""

    id: int
    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        """The passage as it stands in the article."""
        return self.article.body[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage found for a question.

    ``score`` is the fused score in [0, 1], larger is better; ``cosine`` the similarity of the vectors in [-1, 1];
    ``bm25`` the lexical score as a share, in [0, 1], of the most that the question's words could give. ``also`` are
    the other articles that tell the same story, as far as they are in the archive: earlier versions, wire copies.
    """

    passage: Passage
    score: float
    cosine: float
    bm25: float
    also: tuple[Article, ...] = ()

    @property
    def article(self) -> Article:
        """The article that the passage stands in."""
        return self.passage.article


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A quote that answers a question: exactly ``hit.article.body[start:end]``.

    ``highlights`` are the spans of the body, inside the quote, that matter most; ``confidence`` is the estimated
    probability, in [0, 1], that the quote answers the question.
    """

    hit: Hit
    start: int
    end: int
    highlights: tuple[Span, ...]
    confidence: float

    @property
    def quote(self) -> str:
        """The answer as it stands in the article: one sentence, or two where the first says who "he" is."""
        return self.hit.article.body[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the archive says to a question: an answer or ``None``, and the best passages, one an article, best first.

    Where there is an answer, ``hits[0]`` is of the answer's article. ``asked`` is the day the question was asked on.
    """

    question: str
    answer: Answer | None
    hits: tuple[Hit, ...]
    asked: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A file, or an article in one, that was not taken in, and why, in words for an editor."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncProgress:
    """How far a sync is. Counts: files looked at and in all, articles added or changed, passages encoded."""

    files_done: int
    files_total: int
    articles: int
    passages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What a sync did, in articles; ``seconds`` is wall-clock time."""

    added: int
    changed: int
    unchanged: int
    removed: int
    refused: tuple[Refusal, ...]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """An archive in figures. ``sources`` are (name, articles), most articles first; ``disk`` is in bytes."""

    articles: int
    passages: int
    sources: tuple[tuple[str, int], ...]
    first: date | None
    last: date | None
    encoder: str
    disk: int
    last_sync: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """Something of an archive that is not as it was written: where, what, and the command that mends it.

    ``derived`` damage costs nothing: what is wrong is made again from the truth.
    """

    where: str
    what: str
    derived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What was found when every byte of an archive was read; ``encoded`` passages were encoded again and compared."""

    articles: int
    passages: int
    damages: tuple[Damage, ...]
    encoded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What mending did: ``lost`` names what could not be kept, as far as its name can still be read.

    ``encoded`` articles had passages or vectors that were made again from their text; ``kept`` is where the damaged
    database lies, ``None`` where only derived files were made anew or nothing was to be done.
    """

    damages: tuple[Damage, ...]
    lost: tuple[str, ...] = ()
    encoded: int = 0
    kept: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReencodeProgress:
    """How far a re-encoding is, in passages."""

    done: int
    total: int
