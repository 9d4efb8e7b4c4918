"""Where the bot's own server listens, and where Telegram finds it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

NOWHERE = "off"
"""What an operator writes for no server at all."""
OWN_PATHS = ("/health", "/ready", "/metrics")
"""Paths of the server that cannot be the webhook's."""

_MOST = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A host, by name or number, and a port; port 0 is any that is free."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Endpoint:
        """Read ``host:port``, ``[::1]:port`` for version 6.

        Raises:
            ValueError: it is not of that form.

        """
        host, _, port = text.strip().rpartition(":")
        bare = host.removeprefix("[").removesuffix("]")
        if not bare or (":" in bare) != host.startswith("[") or not (port.isascii() and port.isdecimal()):
            raise ValueError("not an address and a port")
        if int(port) > _MOST:
            raise ValueError("no such port")
        return cls(host=bare, port=int(port))

    @property
    def local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def webhook_path(address: str) -> str:
    """The path below which Telegram's requests come in.

    Raises:
        ValueError: it is no https address, has no path, or the path is one of the server's own: a proxy that passes on
            that path alone keeps the others for this machine.

    """
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("not an https address")
    if parts.path in ("", "/", *OWN_PATHS):
        raise ValueError("no path of its own")
    return parts.path
