"""What the commands print for people: answers, passages, figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from bot.citing import ALSO
from bot.rendering import is_old
from bot.report_json import file_of
from bot.terminal import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from index.domain import Answer, Article, Health, Hit, Repair, Reply, Stats, SyncReport

Line = tuple[str, Text]
"""A margin, and words that are wrapped to its right."""

_PREVIEW = 240
_WIDEST = 100
_PADDED = 12


def show(lines: Iterable[Line]) -> None:
    """Print lines: wrapped between words in a terminal, whole elsewhere; an address is never broken."""
    console = Console(highlight=False)
    width = min(console.width, _WIDEST) if console.is_terminal else None
    for margin, words in lines:
        rows = list(words.wrap(console, max(width - len(margin), 1)) if width else words.split(allow_blank=True))
        for place, row in enumerate(rows or [Text()]):
            line = Text.assemble(" " * len(margin) if place else margin, row)
            line.rstrip()
            console.print(line, soft_wrap=True)


def reply_lines(reply: Reply) -> list[Line]:
    """An answer as a person reads it, with the next best passages below."""
    answer, others = reply.answer, reply.hits
    if answer is None:
        lines = [("", Text("The archive does not say.", style="bold"))]
        title = "Closest articles:"
    else:
        article = answer.hit.article
        if article.published and is_old(article, reply.asked):
            lines = [("", Text(f"As of {day(article.published)}:"))]
        else:
            lines = []
        lines += [("", _quote(answer)), _blank(), *_source(article, "  "), *_also(answer.hit, "  ")]
        lines.append(("  ", Text(f"confidence {answer.confidence:.0%}", style="dim")))
        others, title = others[1:], "More passages:"
    if others:
        lines += [_blank(), ("", Text(title))]
    for number, hit in enumerate(others, start=1):
        lines += [_blank(), *hit_lines(number, hit)]
    return lines


def hit_lines(number: int, hit: Hit) -> list[Line]:
    """A passage in a ranked list."""
    words = _one_line(hit.passage.text)
    preview = words if len(words) <= _PREVIEW else words[:_PREVIEW].rsplit(" ", 1)[0] + " …"
    return [*_source(hit.article, f"{number:>2}. "), *_also(hit, "    "), ("    ", Text(preview, style="dim"))]


def _also(hit: Hit, margin: str) -> list[Line]:
    """Who else tells the story."""
    names = [f"{_one_line(each.source or each.title)} ({day(each.published)})" for each in hit.also[:ALSO]]
    if rest := len(hit.also) - len(names):
        names.append(f"and others: {rest}")
    return [(margin, Text(f"also reported by {'; '.join(names)}", style="dim"))] if names else []


def hits_lines(hits: Sequence[Hit]) -> list[Line]:
    """A ranked list of passages."""
    if not hits:
        return [("", Text("Nothing in the archive is near that."))]
    lists = [[*([_blank()] if number > 1 else []), *hit_lines(number, hit)] for number, hit in enumerate(hits, 1)]
    return [line for lines in lists for line in lines]


def stats_lines(stats: Stats) -> list[Line]:
    """An archive in figures."""
    moment = stats.last_sync
    rows = (
        ("articles", f"{stats.articles:,}"),
        ("passages", f"{stats.passages:,}"),
        ("sources", _sources(stats)),
        ("dates", f"{day(stats.first)} to {day(stats.last)}" if stats.first else "none"),
        ("encoder", stats.encoder or "none yet"),
        ("on disk", f"{stats.disk / 1_000_000:,.1f} MB"),
        ("last sync", f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else "never"),
    )
    return [(name.ljust(_PADDED), Text(_one_line(value))) for name, value in rows]


def sync_lines(report: SyncReport) -> list[Line]:
    """Each refused file with its reason, then a sync's outcome, in articles."""
    lines = [("refused: ", Text(_one_line(f"{refusal.path}: {refusal.reason}"))) for refusal in report.refused]
    if lines:
        lines.append(_blank())
    counts = [(name, getattr(report, name)) for name in ("added", "changed", "unchanged", "removed")]
    return [
        *lines,
        *((name.ljust(_PADDED), Text(f"{count:>9,}")) for name, count in counts),
        ("refused".ljust(_PADDED), Text(f"{len(report.refused):>9,}")),
    ]


def health_lines(health: Health) -> list[Line]:
    """What reading every byte of an archive found."""
    lines = [("damaged: ", Text(_one_line(f"{damage.where}: {damage.what}"))) for damage in health.damages]
    held = f"{health.articles:,} articles, {health.passages:,} passages"
    if not health.damages:
        again = f"; {health.encoded:,} passages encoded again, and alike" if health.encoded else ""
        return [("", Text(f"{held}: every byte is as it was written{again}"))]
    mended = (
        "its indexes are made anew from its articles"
        if all(each.derived for each in health.damages)
        else ("what is sound is kept, and newsdesk sync then reads again what is not")
    )
    return [*lines, _blank(), ("", Text(f"run: newsdesk repair ({mended})"))]


def repair_lines(outcome: Repair) -> list[Line]:
    """What mending did."""
    if outcome.kept is None:
        return [("", Text("the articles are as they were written; the indexes were made anew"))]
    lines = [("lost: ", Text(_one_line(name))) for name in outcome.lost]
    if lines:
        lines += [
            _blank(),
            ("", Text("run newsdesk sync: what was lost comes back from its files where they still are")),
        ]
    if outcome.encoded:
        lines.append(("", Text(f"articles cut and encoded again: {outcome.encoded:,}")))
    return [*lines, ("", Text(f"all that is sound was carried over; the damaged database is kept: {outcome.kept}"))]


def day(when: date | None) -> str:
    """A date in words, or that there is none."""
    return f"{when.day} {when:%B %Y}" if when else "no date"


def _blank() -> Line:
    return "", Text()


def _quote(answer: Answer) -> Text:
    """The quote, what matters in it in bold."""
    text, body, place = Text("“"), answer.hit.article.body, answer.start
    for start, end in sorted(answer.highlights):
        text.append(safe(body[place:start]))
        text.append(safe(body[max(start, place) : end]), style="bold")
        place = max(place, end)
    text.append(safe(body[place : answer.end]))
    return text.append("”")


def _source(article: Article, margin: str) -> list[Line]:
    """Headline; source and date; the address, or the file where there is none."""
    rest = " " * len(margin)
    lines = [(margin, Text(_one_line(article.title) or "Without a headline", style="bold"))]
    about = [_one_line(article.source or ""), day(article.published) if article.published else ""]
    if any(about):
        lines.append((rest, Text(" · ".join(part for part in about if part))))
    place = article.url or file_of(article)
    lines.append((rest, Text(_one_line(place), style="underline", overflow="ignore", no_wrap=True)))
    return lines


def _sources(stats: Stats) -> str:
    named = ", ".join(f"{name or 'unnamed'} ({count:,})" for name, count in stats.sources[:5])
    rest = len(stats.sources) - 5
    return f"{named} and {rest} more" if rest > 0 else named or "none"


def _one_line(text: str) -> str:
    return safe(" ".join(text.split()))
