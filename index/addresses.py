"""The ways in which one web address is written (pure)."""

from __future__ import annotations

import itertools
from urllib.parse import urlsplit, urlunsplit

_TRACKING = ("utm_", "at_", "mc_")
_TRACKERS = frozenset({"fbclid", "gclid", "yclid", "igshid", "ref", "ref_src", "smid", "cmpid"})


def spellings(address: str) -> tuple[str, ...]:
    """An address as it is, and as it may be written elsewhere, each once.

    With and without TLS, ``www``, a slash at the end, a place on the page, and what counts those who follow a link.
    None of the address of a whole site, which is no article's.
    """
    try:
        parts = urlsplit(address if "//" in address else f"https://{address}")
    except ValueError:
        return (address,)
    host = parts.netloc.casefold().removeprefix("www.")
    path = parts.path.rstrip("/")
    if not path and not parts.query:
        return ()
    telling = "&".join(each for each in parts.query.split("&") if not _counts(each.partition("=")[0].casefold()))
    ways = itertools.product(("https", "http"), (host, f"www.{host}"), (path, f"{path}/"), (parts.query, telling))
    return tuple(dict.fromkeys([address, *(urlunsplit((*way, "")) for way in ways)]))


def _counts(name: str) -> bool:
    """Whether a parameter of an address only counts who follows it."""
    return name in _TRACKERS or name.startswith(_TRACKING)
