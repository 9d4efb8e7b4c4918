"""Web addresses: which of them Telegram links, and which it takes for a button."""

from __future__ import annotations

import pytest

from bot.links import linked, opens
from bot.markup import pieces


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "ftp://a.example/b",
        "javascript:alert(1)",
        "https://",
        "//a.example",
        "https://a.example/ b",
        "https://a.example/\n",
        "http://[::1",
        "https://a.example/" + "x" * 2000,
        "https://a.example/\ud800",
    ],
)
def test_only_web_addresses_become_links(address: str | None) -> None:
    """What Telegram would not link stays text."""
    assert linked("here", address) == "here"


def test_an_address_is_escaped() -> None:
    """Quotes and ampersands in an address stay in it."""
    html = linked("x", 'https://a.example/?q="&b=<>')
    assert html == '<a href="https://a.example/?q=&quot;&amp;b=&lt;&gt;">x</a>'
    assert pieces(html)[0].href == 'https://a.example/?q="&b=<>'


@pytest.mark.parametrize(
    ("address", "takes"),
    [
        ("https://a.example/b?c=d", True),
        ("http://192.0.2.1/", True),
        ("http://localhost/a", False),
        ("http://localhost./a", False),
        ("http://reader@a.example/", False),
        ("ftp://a.example/b", False),
        ("/articles/a.txt", False),
        ("", False),
    ],
)
def test_a_button_opens_what_telegram_would_open(address: str, takes: bool) -> None:  # noqa: FBT001
    """A file, a host of this network, and an address with somebody's name are none."""
    assert opens(address) is takes
