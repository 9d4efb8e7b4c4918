"""All peers by name; one is imported when it is made, so that each runs without the others."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from tests.benchmarks.peers.peer import Peer, Setting

NEWSDESK = "newsdesk"
_MADE_BY: dict[str, tuple[str, dict[str, bool]]] = {
    "BM25, whole articles": ("plain.PlainBM25", {"whole": True}),
    "BM25, headline + passage": ("plain.PlainBM25", {"whole": False}),
    "LangChain, dense": ("with_langchain.LangChain", {"hybrid": False}),
    "LangChain, hybrid": ("with_langchain.LangChain", {"hybrid": True}),
    "LlamaIndex, dense": ("with_llama_index.LlamaIndex", {"hybrid": False}),
    "LlamaIndex, hybrid": ("with_llama_index.LlamaIndex", {"hybrid": True}),
    "Haystack, dense": ("with_haystack.Haystack", {"hybrid": False}),
    "Haystack, hybrid": ("with_haystack.Haystack", {"hybrid": True}),
    "txtai, dense": ("with_txtai.Txtai", {"hybrid": False}),
    "txtai, hybrid": ("with_txtai.Txtai", {"hybrid": True}),
    NEWSDESK: ("ours.Newsdesk", {}),
}
PEERS = tuple(_MADE_BY)


def make(name: str, setting: Setting) -> Peer:
    """A peer, empty."""
    place, options = _MADE_BY[name]
    module, kind = place.split(".")
    made = getattr(import_module(f"tests.benchmarks.peers.{module}"), kind)
    return cast("Peer", made(setting, **options))
