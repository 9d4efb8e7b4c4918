"""What a line of a page looks like beside its neighbours (pure)."""

from __future__ import annotations

from dataclasses import replace

from index.sources.lines import FURNITURE, Kind, Line, lines_alone
from index.sources.phrases import announces_caption


def lines_in(page: str) -> list[Line]:
    """The lines of a page (plain text), each with what it looks like by itself and beside its neighbours."""
    return _with_captions(_without_leads(_without_invitations(_without_poor_blocks(lines_alone(page)))))


def _without_poor_blocks(lines: list[Line]) -> list[Line]:
    """The lines, those of short blocks that are mostly furniture being furniture too."""
    blocks: dict[int, list[int]] = {}
    for at, line in enumerate(lines):
        blocks.setdefault(line.block, []).append(at)
    marked = list(lines)
    for members in blocks.values():
        poor = sum(lines[at].kind in FURNITURE for at in members)
        sited = any(lines[at].kind in FURNITURE - {Kind.LABEL} for at in members)
        few = sum(lines[at].words for at in members) < 60
        if sited and len(blocks) > 3 and 1 < len(members) <= 8 and few and poor * 2 >= len(members):
            for at in members:
                if lines[at].kind not in FURNITURE:
                    marked[at] = replace(lines[at], kind=Kind.SITE)
    return marked


def _without_invitations(lines: list[Line]) -> list[Line]:
    """The lines, a short sentence between two that speak of the site being of it too."""
    marked = list(lines)
    for at in range(1, len(lines) - 1):
        between = lines[at - 1].kind is Kind.SITE and lines[at + 1].kind in {Kind.SITE, Kind.LABEL}
        beside = lines[at - 1].block == lines[at].block == lines[at + 1].block
        if beside and between and lines[at].kind is Kind.SENTENCE and lines[at].words < 20:
            marked[at] = replace(lines[at], kind=Kind.SITE)
    return marked


def _without_leads(lines: list[Line]) -> list[Line]:
    """The lines, those titles that follow what leads to other articles being furniture too."""
    marked = list(lines)
    for at, line in enumerate(lines[1:], 1):
        before = marked[at - 1]
        listed = before.block == line.block and before.kind is Kind.SITE and lines[at - 1].kind is Kind.HEADING
        led = before.kind is Kind.RELATED or listed
        if led and line.kind in {Kind.HEADING, Kind.CAPTION} and ":" not in lines[at - 1].text[:-1]:
            marked[at] = replace(line, kind=Kind.SITE)
    return marked


def _with_captions(lines: list[Line]) -> list[Line]:
    """The lines, those being captions that are announced as one, stand above a credit, or begin a line near by."""
    marked = list(lines)
    for at, line in enumerate(lines):
        if line.kind not in {Kind.HEADING, Kind.SENTENCE} or line.words < 4:
            continue
        announced = at > 0 and announces_caption(lines[at - 1].text)
        credited = line.kind is Kind.HEADING and at + 1 < len(lines) and lines[at + 1].kind is Kind.CAPTION
        near = (*lines[max(0, at - 3) : at], *lines[at + 1 : at + 4])
        if announced or credited or any(other.text.startswith(line.text) for other in near):
            marked[at] = replace(line, kind=Kind.CAPTION)
    return marked
