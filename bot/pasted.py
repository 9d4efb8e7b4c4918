"""What an admin pastes or forwards, as the file that a sync reads (pure)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

_HEADLINE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post of a channel that was forwarded: who published it, where and when."""

    source: str
    url: str | None
    published: date


def file_of_text(text: str, post: Post | None) -> tuple[bytes, str]:
    """A text as the content of a file, and the file's suffix; of a post, with what is known of it.

    A first line that may be a headline is one.
    """
    if post is None:
        return text.encode("utf-8", "replace"), ".txt"
    first, _, rest = text.strip().partition("\n")
    title, body = (first, rest) if rest.strip() and len(first) <= _HEADLINE else ("", text)
    fields = {"title": title, "text": body, "source": post.source, "date": post.published.isoformat(), "url": post.url}
    row = {name: value for name, value in fields.items() if value}
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "replace"), ".json"
