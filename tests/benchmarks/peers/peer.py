"""What a peer is: something that takes articles in and finds them again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from index.encoder import FloatMatrix

CHUNKS = 50
"""Chunks that a peer takes from each of its searches, enough for ten different articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A text to be found. ``title`` is the headline."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked on a day, and the ids of the articles that answer it.

    ``linked`` are those of them that the organisers themselves name; none where they name none.
    """

    text: str
    asked: date
    relevant: frozenset[str]
    linked: frozenset[str] = frozenset()


class Encode(Protocol):
    """The encoder that all peers share."""

    def encode_passages(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of shape (len(texts), dimension), unit norm."""

    def encode_question(self, text: str) -> FloatMatrix:
        """One vector of shape (dimension,), unit norm."""


class Peer(Protocol):
    """A way to find articles, as its own documentation recommends it."""

    def index(self, articles: Sequence[Article]) -> None:
        """Take in all articles, once."""

    def search(self, question: Question) -> list[str]:
        """Ids of articles, the best first; one may stand there once for each of its chunks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a peer is made with.

    ``encoder`` is the shared one; without it, the peer takes the model in ``model`` by its own wrapper, as its users
    would. ``language`` is that of the articles of the ``collection``, for the peers that ask for it: "english" or
    "russian".
    """

    encoder: Encode | None
    model: str
    collection: str
    language: str = "english"
