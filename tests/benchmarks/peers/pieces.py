"""A text cut into pieces of whole sentences (pure)."""

from __future__ import annotations

import re

_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")


def pieces(text: str, size: int) -> list[str]:
    """Pieces of at most ``size`` characters, but for a sentence that is longer; one empty piece of an empty text."""
    done: list[str] = []
    piece = ""
    for sentence in filter(None, map(str.strip, _ENDS.split(text))):
        if piece and len(piece) + 1 + len(sentence) > size:
            done.append(piece)
            piece = sentence
        else:
            piece = f"{piece} {sentence}".strip()
    return [*done, piece] if piece or not done else done
