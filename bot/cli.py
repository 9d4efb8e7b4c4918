"""The newsdesk command: it reads settings, calls the archive, and prints what it returns."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import report, report_json, settings, upkeep
from bot.conversation import LONGEST_QUESTION, cleaned
from bot.evaluating import evaluate
from bot.failures import one_line_errors
from bot.opening import archive_option, example, open_archive
from bot.progress import showing
from bot.terminal import safe
from index import FieldMapping, RemovalRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from index import SyncProgress, SyncReport


def main() -> None:
    """Run the command; our errors are one line on standard error and exit status 2."""
    with one_line_errors():
        sys.exit(commands.main(prog_name="newsdesk", standalone_mode=False))


class _Help(click.Group):
    """Commands in the order a person needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of their definition."""
        del ctx
        return list(self.commands)


@click.group(cls=_Help, **example('newsdesk sync ~/articles && newsdesk ask "who opened the exhibition?"'))
@click.version_option(package_name="newsdesk", message="%(prog)s %(version)s")
@click.option(
    "--archive", type=click.Path(path_type=Path), help="The archive's folder [default: $NEWSDESK_ARCHIVE or ./archive]."
)
@click.pass_context
def commands(context: click.Context, archive: Path | None) -> None:
    """Ask a news archive in your own words; get the sentence that says so, with its source."""
    loaded = settings.load()
    logging.basicConfig(level=loaded.log_level, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # its addresses hold the bot's token
    context.obj = loaded.model_copy(update={"archive": archive}) if archive else loaded


@commands.command(**example("newsdesk sync ~/articles dump.jsonl.gz --mapping title=hed,text=story.body"))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@archive_option
@click.option("--mapping", help="Where fields stand in JSON and CSV: FIELD=PATH, separated by commas.")
@click.option("--allow-removal", is_flag=True, help="Remove even more than a third of the archive or of a path.")
@click.option("--json", "as_json", is_flag=True, help="Progress and outcome as JSON, a line each.")
@click.pass_obj
def sync(
    loaded: settings.Settings,
    paths: tuple[Path, ...],
    archive: Path | None,
    mapping: str | None,
    *,
    allow_removal: bool,
    as_json: bool,
) -> None:
    """Bring the archive in step with files and folders.

    Reads .txt, .md, .html, .json, .jsonl, .csv, .pdf and .docx, each also in .gz and .zip. What is new is added, what
    changed is replaced, what vanished is removed. Without PATHS, the ones in NEWSDESK_SOURCES.
    """
    chosen = paths or tuple(loaded.sources)
    if not chosen:
        raise click.UsageError("name a file or folder with articles, or set NEWSDESK_SOURCES")
    fields = FieldMapping.parse(mapping) if mapping else None
    with open_archive(loaded, archive, create=True) as opened:
        if as_json:
            outcome = opened.sync(
                chosen,
                mapping=fields,
                limits=loaded.limits,
                allow_removal=allow_removal,
                progress=_print_progress,
            )
            click.echo(json.dumps({"report": report_json.sync_json(outcome)}, ensure_ascii=False))
            return
        _sync_shown(partial(opened.sync, chosen, mapping=fields, limits=loaded.limits), allow_removal=allow_removal)


def _sync_shown(sync: Callable[..., SyncReport], *, allow_removal: bool) -> None:
    """Sync with its progress on the screen, ask before much is removed, and print what came of it."""
    try:
        with showing() as progress:
            outcome = sync(allow_removal=allow_removal, progress=progress)
    except RemovalRefused as error:
        if not sys.stdin.isatty():
            raise
        what, _, _ = str(error).partition(" If they should go: ")  # the command, which a yes makes needless
        if not click.confirm(f"{safe(what)}\nRemove them?", err=True):
            raise RemovalRefused("nothing was removed; the rest was taken in") from None
        with showing() as progress:
            outcome = sync(allow_removal=True, progress=progress)
    report.show(report.sync_lines(outcome))


def _print_progress(progress: SyncProgress) -> None:
    click.echo(json.dumps({"progress": asdict(progress)}))


@commands.command(short_help="Answer a question.", **example('newsdesk ask "who accompanied Netanyahu?"'))
@click.argument("question", nargs=-1, required=True)
@archive_option
@click.option("-k", "count", default=5, show_default=True, type=click.IntRange(1, 50), help="Passages to show.")
@click.option("--asked", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day it is asked on, today if not given.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with offsets into the article's text.")
@click.pass_obj
def ask(
    loaded: settings.Settings,
    question: tuple[str, ...],
    archive: Path | None,
    count: int,
    day: datetime | None,
    *,
    as_json: bool,
) -> None:
    """Answer a question by a sentence of an article, or say that the archive does not say."""
    asked = _asked(question)
    with open_archive(loaded, archive) as opened:
        reply = opened.ask(asked, asked=day and day.date(), k=count)
    if as_json:
        click.echo(report_json.reply_json(reply))
    else:
        report.show(report.reply_lines(reply))


@commands.command(**example('newsdesk search "peace talks in Sochi" -k 20'))
@click.argument("question", nargs=-1, required=True)
@archive_option
@click.option("-k", "count", default=10, show_default=True, type=click.IntRange(1, 200), help="Passages to show.")
@click.option("--asked", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day it is asked on, today if not given.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with offsets into the article's text.")
@click.pass_obj
def search(
    loaded: settings.Settings,
    question: tuple[str, ...],
    archive: Path | None,
    count: int,
    day: datetime | None,
    *,
    as_json: bool,
) -> None:
    """Rank passages for a question, at most one an article."""
    asked = _asked(question)
    with open_archive(loaded, archive) as opened:
        hits = opened.search(asked, asked=day and day.date(), k=count)
    if as_json:
        click.echo(report_json.hits_json(asked, hits))
        return
    report.show(report.hits_lines(hits))


@commands.command(**example("newsdesk chat --once 'who accompanied Netanyahu?'"))
@archive_option
@click.option("--once", metavar="QUESTION", help="Ask one question, print the answer, and leave.")
@click.option("--sample", is_flag=True, help="Talk to the sample archive that comes with newsdesk.")
@click.pass_obj
def chat(loaded: settings.Settings, archive: Path | None, once: str | None, *, sample: bool) -> None:
    """Talk to the archive in the terminal, as in Telegram.

    Where there is no archive yet, the sample that comes with newsdesk is indexed and opened.
    """
    from bot import console  # noqa: PLC0415 - line editing, which the other commands do without

    console.run(loaded.model_copy(update={"archive": archive}) if archive else loaded, once=once, sample=sample)


@commands.command("bot", **example("NEWSDESK_TELEGRAM_TOKEN=... newsdesk bot"))
@archive_option
@click.option("--check", "checks", is_flag=True, help="Run nothing: show whether all that it needs is right.")
@click.pass_obj
def telegram(loaded: settings.Settings, archive: Path | None, *, checks: bool) -> None:
    """Run the Telegram bot, with what the environment and .env say.

    With --check, a line each for token, archive, encoder, admins and the rest; exits 1 where anything is not right.
    """
    chosen = loaded.model_copy(update={"archive": archive}) if archive else loaded
    if checks:
        from bot.preflight.checking import check  # noqa: PLC0415 - the Telegram library, which the other commands do without

        sys.exit(int(not check(chosen)))
    from bot import app, logs  # noqa: PLC0415 - as above

    logs.configure(level=chosen.log_level, form=chosen.log_format, texts=chosen.log_texts)
    app.run(chosen)


@commands.command(**example("newsdesk stats --json"))
@archive_option
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def stats(loaded: settings.Settings, archive: Path | None, *, as_json: bool) -> None:
    """Show what the archive holds."""
    with open_archive(loaded, archive) as opened:
        figures = opened.stats()
    if as_json:
        click.echo(report_json.stats_json(figures))
    else:
        report.show(report.stats_lines(figures))


@commands.command(
    short_help="Remove an article and keep it out.", **example("newsdesk remove https://example.org/2018/01/talks")
)
@click.argument("what", required=False)
@archive_option
@click.option("--undo", is_flag=True, help="Let everything removed by hand in again at the next sync.")
@click.pass_obj
def remove(loaded: settings.Settings, what: str | None, archive: Path | None, *, undo: bool) -> None:
    """Remove an article by its address, id or file, and keep it out of later syncs."""
    if bool(what and what.strip()) == undo:
        raise click.UsageError("name an article by its address, id or file, or use --undo")
    with open_archive(loaded, archive) as opened:
        if undo:
            click.echo(f"{_articles(opened.readmit())} may come in again at the next sync")
            return
        count = opened.remove(str(what))
        backups = opened.backups()
    if not count:
        raise click.ClickException(f"no article has the address, id or file {what}; newsdesk search --json shows them")
    click.echo(f"removed {_articles(count)}")
    for place, made in backups:
        click.echo(
            f"still in the backup of {made.astimezone():%Y-%m-%d %H:%M} in {place}: newsdesk backup makes it anew"
        )


def _articles(count: int) -> str:
    return f"{count:,} article{'' if count == 1 else 's'}"


def _asked(words: tuple[str, ...]) -> str:
    """A question as typed, on one line."""
    question = cleaned(" ".join(words))
    if not any(char.isalnum() for char in question):
        raise click.UsageError('ask in words, such as "who opened the exhibition?"')
    if len(question) > LONGEST_QUESTION:
        raise click.UsageError(f"that is {len(question):,} characters long; ask in up to {LONGEST_QUESTION:,}")
    return question


for _command in (upkeep.verify, upkeep.repair, upkeep.backup, upkeep.reencode, evaluate):
    commands.add_command(_command)
