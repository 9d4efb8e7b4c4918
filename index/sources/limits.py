"""How much is read before a file is refused, so that none can exhaust the machine."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Most that is taken in; beyond it there is a refusal, never a cut article.

    ``seconds`` and ``memory_bytes`` hold for the process that parses, which is ended beyond them; what unpacks and
    hands on bytes is bounded by the rest: rows and members are streamed.
    """

    file_bytes: int = 64 * MIB
    """Bytes of one document that is read whole (all formats but JSON lines and CSV), after unpacking."""
    row_chars: int = 16 * MIB
    """Characters of one line of JSON lines, or of one field of CSV."""
    unpacked_bytes: int = 4096 * MIB
    """Bytes that one file may unpack to, all its members together."""
    ratio: int = 200
    """Times that a packed member may grow, once it has grown past ``ratio_floor_bytes``."""
    ratio_floor_bytes: int = MIB
    """Bytes that may be unpacked at any ratio."""
    depth: int = 2
    """Archives within one another: ``b.zip`` in ``a.zip``, or ``b.jsonl.gz`` in it, is two."""
    members: int = 100_000
    """Members of one zip, those of other formats too."""
    pages: int = 2_000
    """Pages of one PDF."""
    lines: int = 100_000
    """Lines, other than empty ones, of one text file."""
    body_chars: int = 5_000_000
    """Characters of one article."""
    refusals: int = 20
    """Refused rows of one file that are named one by one; the rest are counted."""
    seconds: float = 60.0
    """Wall-clock time for parsing one document, or one row of JSON lines or CSV."""
    memory_bytes: int = 1024 * MIB
    """Address space for parsing one document, beyond what the process that parses needs by itself."""
