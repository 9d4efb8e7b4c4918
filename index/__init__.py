"""A news archive that can be asked: articles in, quotes with their sources out."""

from index.archive import Archive
from index.domain import (
    Answer,
    Article,
    ArticleKey,
    Damage,
    Health,
    Hit,
    Passage,
    ReencodeProgress,
    Refusal,
    Repair,
    Reply,
    Stats,
    SyncProgress,
    SyncReport,
)
from index.encoder import DEFAULT_ENCODER, Encoder
from index.errors import NewsdeskError, RemovalRefused
from index.sources import FieldMapping, Limits

__all__ = [
    "DEFAULT_ENCODER",
    "Answer",
    "Archive",
    "Article",
    "ArticleKey",
    "Damage",
    "Encoder",
    "FieldMapping",
    "Health",
    "Hit",
    "Limits",
    "NewsdeskError",
    "Passage",
    "ReencodeProgress",
    "Refusal",
    "RemovalRefused",
    "Repair",
    "Reply",
    "Stats",
    "SyncProgress",
    "SyncReport",
]
