"""What was measured, as it is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.benchmarks.peers.cases import COLLECTIONS, FORMS, NEWS, SPANS
from tests.benchmarks.peers.every_peer import NEWSDESK, PEERS
from tests.benchmarks.peers.figures import figures, gains, latency, paired_difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.benchmarks.peers.figures import Rank

Results = dict[str, dict[str, Any]]
"""By peer and collection, what ``run`` printed; and by peer its ``rate``."""

_WIDE = 26
_MEASURES = ("recall@1", "MRR@10")
_HEADS = "   r@1   r@5   MRR"


def lines(results: Results) -> Iterator[str]:
    """The tables, and newsdesk's differences to the best peer."""
    yield from _news(results)
    yield ""
    yield from _block("undated, by what the organisers link alone", {"linked": _ranks(results, "undated", "linked")})
    yield ""
    yield from _block("passages as articles", {name: _ranks(results, name) for name in SPANS})
    yield ""
    for name in ("undated", *SPANS):
        yield from _differences(name, _ranks(results, name))
    yield from _differences("undated, linked", _ranks(results, "undated", "linked"))


def _news(results: Results) -> Iterator[str]:
    columns = {form: _ranks(results, form) for form in FORMS}
    yield f"{'news':{_WIDE}}" + "".join(f"{form:>18}" for form in columns) + f"{'':10}{'ms a question':>14}"
    yield " " * _WIDE + _HEADS * len(columns) + "  articles/s  median   p95     MB"
    for peer in PEERS:
        if NEWS not in results.get(peer, {}):
            continue
        found = results[peer][NEWS]
        rate = results[peer].get("rate")
        median, late = latency(found["cases"]["undated"]["seconds"])
        shown = f"{rate:12.1f}" if rate else f"{'':12}"
        row = "".join(str(figures(ranks[peer])) for ranks in columns.values())
        yield f"{peer:{_WIDE}}{row}{shown}{median:8.1f}{late:6.0f}{found['memory']:7.0f}"


def _block(title: str, columns: Mapping[str, Mapping[str, list[Rank]]]) -> Iterator[str]:
    yield title
    yield " " * _WIDE + "".join(f"{name:>18}" for name in columns)
    yield " " * _WIDE + _HEADS * len(columns)
    for peer in PEERS:
        if any(peer in ranks for ranks in columns.values()):
            cells = (str(figures(ranks[peer])) if peer in ranks else " " * len(_HEADS) for ranks in columns.values())
            yield f"{peer:{_WIDE}}" + "".join(cells)


def _differences(title: str, ranks: Mapping[str, list[Rank]]) -> Iterator[str]:
    """What newsdesk has more than the peer that is best by the same measure; nothing where either is missing."""
    if NEWSDESK not in ranks or len(ranks) == 1:
        return
    for measure in _MEASURES:
        values = {peer: gains(each, measure) for peer, each in ranks.items()}
        ours = values.pop(NEWSDESK)
        best = max(values, key=lambda peer: sum(values[peer]))
        more = paired_difference(ours, values[best])
        yield f"{title}, {measure}: newsdesk less {best}: {more} ({len(ours)} questions)"


def _ranks(results: Results, case: str, of: str = "ranks") -> dict[str, list[Rank]]:
    """By peer; of the linked ones, only the questions that have any."""
    found: dict[str, list[Rank]] = {}
    for peer in PEERS:
        for collection in COLLECTIONS:
            asked = results.get(peer, {}).get(collection, {"cases": {}})["cases"].get(case)
            if asked:
                kept = asked["has_linked"] if of == "linked" else [True] * len(asked["ranks"])
                found[peer] = [rank for rank, keep in zip(asked[of], kept, strict=True) if keep]
    return found
