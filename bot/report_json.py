"""What the commands print for programs: the objects of --json."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.domain import Article, Hit, Reply, Stats, SyncReport


def file_of(article: Article) -> str:
    """Where an article was read from."""
    return f"{article.key.root}/{article.key.path}" if article.key.path else article.key.root


def article_json(article: Article) -> dict[str, Any]:
    """An article without its body; ``file`` is where it was read from."""
    return {
        "title": article.title,
        "published": article.published and article.published.isoformat(),
        "source": article.source,
        "author": article.author,
        "url": article.url,
        "language": article.language,
        "file": file_of(article),
        "id": article.key.id,
    }


def hit_json(hit: Hit) -> dict[str, Any]:
    """A passage; ``start`` and ``end`` are character offsets into its article's body."""
    passage = hit.passage
    return {
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "score": round(hit.score, 4),
        "cosine": round(hit.cosine, 4),
        "bm25": round(hit.bm25, 4),
        "article": article_json(hit.article),
        "also": [article_json(article) for article in hit.also],
    }


def reply_json(reply: Reply) -> str:
    """The object that ``newsdesk ask --json`` prints; ``answer`` is null where nothing answers."""
    answer = reply.answer
    found = answer and {
        "quote": answer.quote,
        "start": answer.start,
        "end": answer.end,
        "highlights": [list(span) for span in answer.highlights],
        "confidence": round(answer.confidence, 4),
        "article": article_json(answer.hit.article),
    }
    passages = [hit_json(hit) for hit in reply.hits]
    asked = reply.asked and reply.asked.isoformat()
    return _dump({"question": reply.question, "asked": asked, "answer": found, "passages": passages})


def hits_json(question: str, hits: tuple[Hit, ...]) -> str:
    """The object that ``newsdesk search --json`` prints."""
    return _dump({"question": question, "passages": [hit_json(hit) for hit in hits]})


def sync_json(report: SyncReport) -> dict[str, Any]:
    """A sync's outcome, in articles."""
    return {
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "refused": [{"path": refusal.path, "reason": refusal.reason} for refusal in report.refused],
        "seconds": round(report.seconds, 2),
    }


def stats_json(stats: Stats) -> str:
    """The object that ``newsdesk stats --json`` prints; ``disk`` is in bytes."""
    return _dump(
        {
            "articles": stats.articles,
            "passages": stats.passages,
            "sources": [{"name": name, "articles": count} for name, count in stats.sources],
            "first": stats.first and stats.first.isoformat(),
            "last": stats.last and stats.last.isoformat(),
            "encoder": stats.encoder,
            "disk": stats.disk,
            "last_sync": stats.last_sync and stats.last_sync.isoformat(),
        }
    )


def _dump(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
