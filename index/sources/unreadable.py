"""Why something could not be read: raised by the readers, turned into a refusal in one place."""

from __future__ import annotations


class Unreadable(Exception):
    """``str(error)`` is the reason, in words for an editor. It never leaves ``index.sources``."""
