"""Web addresses, as Telegram takes them: in a text, and behind a button (pure)."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

_LONGEST = 2000


def linked(html: str, address: str | None) -> str:
    """The HTML as a link to a web address; as it is where the address is none that Telegram links."""
    return f'<a href="{escape(address)}">{html}</a>' if address and _host(address) else html


def opens(address: str) -> bool:
    """Whether Telegram takes a web address for a button: its host has a dot, and nobody's name before it."""
    return "." in _host(address).strip(".") and "@" not in urlsplit(address).netloc


def _host(address: str) -> str:
    """The host of a web address; empty where it is none."""
    if len(address) > _LONGEST or not address.isprintable() or " " in address:
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
