"""What is said of a sync while it runs and when it has ended (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.csv_tables import csv_table
from bot.markup import Button, Message, cut
from bot.reindexing import RemovalHeld, SyncCancelled, SyncStopped
from index.domain import SyncReport

if TYPE_CHECKING:
    from bot.reindexing import Ended
    from bot.texts import Texts
    from index.domain import Refusal, SyncProgress

CANCEL, REMOVE = "cancel", "remove"
"""What the buttons of a sync's message ask for."""
BUTTON = "sync"
"""What their data begins with; then what is asked for, then the key of the sync."""

_FILES_NAMED = 5
_LONGEST_REASON = 300


def progress_message(progress: SyncProgress | None, key: str, texts: Texts) -> Message:
    """How far the sync of a key is, with a button that cancels it."""
    if progress is None:
        html = texts.html("reindex_started")
    else:
        counts = {"files_done": progress.files_done, "files_total": progress.files_total}
        html = texts.html("reindex_progress", **counts, articles=progress.articles, passages=progress.passages)
    return Message(html=html, buttons=_row(texts.label("reindex_cancel"), CANCEL, key))


def ended_message(ended: Ended, key: str, texts: Texts) -> Message:
    """What came of the sync of a key; where it held removals back, with a button that does them."""
    if isinstance(ended, SyncReport):
        return Message(html=summary(ended, texts))
    if isinstance(ended, SyncCancelled):
        return Message(html=texts.html("reindex_cancelled"))
    if isinstance(ended, SyncStopped):
        return Message(html=texts.html("reindex_stopped"))
    if isinstance(ended, RemovalHeld):
        html = texts.html("reindex_held", reason=_short(str(ended)))
        return Message(html=html, buttons=_row(texts.label("reindex_remove"), REMOVE, key))
    return Message(html=texts.html("reindex_failed", reason=_short(str(ended))))


def summary(report: SyncReport, texts: Texts) -> str:
    """What a sync did, with the first of the refused files named."""
    lines = [
        texts.html(
            "reindex_done",
            added=report.added,
            changed=report.changed,
            unchanged=report.unchanged,
            removed=report.removed,
            seconds=f"{report.seconds:.0f}",
        )
    ]
    if report.refused:
        lines.append(texts.html("reindex_refused", count=len(report.refused)))
    lines += [
        texts.html("reindex_refused_file", path=_short(refusal.path), reason=_short(refusal.reason))
        for refusal in report.refused[:_FILES_NAMED]
    ]
    if rest := len(report.refused[_FILES_NAMED:]):
        lines.append(texts.html("reindex_refused_rest", count=rest))
    return "\n".join(lines)


def refused_csv(ended: Ended) -> bytes | None:
    """Every refused file with its reason, where the summary does not say all that is to be said of them."""
    refused = ended.refused if isinstance(ended, SyncReport) else ()
    if len(refused) <= _FILES_NAMED and not any(_is_cut(refusal) for refusal in refused):
        return None
    return csv_table(("file", "reason"), ((refusal.path, refusal.reason) for refusal in refused))


def in_a_line(ended: Ended) -> str:
    """What came of a sync, as it is kept for admins to read: plain English."""
    if isinstance(ended, SyncReport):
        counts = f"added {ended.added}, changed {ended.changed}, removed {ended.removed}"
        return f"{counts}, refused {len(ended.refused)}, {ended.seconds:.0f} s"
    if isinstance(ended, RemovalHeld):
        return f"held back: {_short(str(ended))}"
    return _short(str(ended)) if isinstance(ended, SyncStopped) else f"failed: {_short(str(ended))}"


def _row(label: str, action: str, key: str) -> tuple[tuple[Button, ...], ...]:
    return ((Button(label=label, data=f"{BUTTON}:{action}:{key}"),),)


def _is_cut(refusal: Refusal) -> bool:
    return _short(refusal.path).endswith("…") or _short(refusal.reason).endswith("…")


def _short(text: str) -> str:
    line = " ".join(text.split())
    end = cut(line, _LONGEST_REASON)
    return line[:end] + ("…" if end < len(line) else "")
