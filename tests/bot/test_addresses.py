"""Addresses of the bot's server and of its webhook."""

from __future__ import annotations

import pytest

from bot.addresses import Endpoint, webhook_path


@pytest.mark.parametrize(
    ("text", "host", "port", "local"),
    [
        ("127.0.0.1:8088", "127.0.0.1", 8088, True),
        ("localhost:1", "localhost", 1, True),
        ("0.0.0.0:65535", "0.0.0.0", 65_535, False),  # noqa: S104 - an address to read
        ("[::1]:0", "::1", 0, True),
        ("[fe80::2]:80", "fe80::2", 80, False),
        ("news.example:80", "news.example", 80, False),
    ],
)
def test_an_endpoint_is_read_and_written_alike(text: str, host: str, port: int, *, local: bool) -> None:
    """Host and port are told apart, version 6 in brackets; what only this machine reaches is known."""
    endpoint = Endpoint.parse(text)
    assert (endpoint.host, endpoint.port, endpoint.local) == (host, port, local)
    assert str(endpoint) == text


@pytest.mark.parametrize(
    "text", ["", "8088", ":8088", "host:", "host:-1", "host:65536", "host:80a", "host:٣", "::1:80", "[::1]", "[h]:80"]
)
def test_what_is_no_endpoint_is_refused(text: str) -> None:
    """A host, a colon and a port in ASCII digits are needed."""
    with pytest.raises(ValueError, match=r"."):
        Endpoint.parse(text)


def test_a_webhook_has_a_path_of_its_own() -> None:
    """It is the path of the public address, as a proxy passes it on."""
    assert webhook_path("https://news.example/bots/desk") == "/bots/desk"
    assert webhook_path("https://news.example:8443/w/") == "/w/"


@pytest.mark.parametrize(
    "address",
    [
        "http://news.example/w",
        "news.example/w",
        "https:///w",
        "https://news.example",
        "https://news.example/",
        "https://news.example/metrics",
        "https://news.example/w?a=1",
        "https://news.example/w#a",
    ],
)
def test_what_telegram_cannot_post_to_is_refused(address: str) -> None:
    """Only https, and no path that would show the server's own pages to everyone."""
    with pytest.raises(ValueError, match=r"."):
        webhook_path(address)
