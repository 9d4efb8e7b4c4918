"""The commands that keep an archive whole: verify, repair, backup, reencode."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import report
from bot.opening import archive_option, example, open_archive
from bot.progress import showing_passages
from index.encoder import DEFAULT_ENCODER

if TYPE_CHECKING:
    from bot.settings import Settings

DAMAGED = 1
"""The exit status where damage was found."""


@click.command("verify", short_help="Look for damage in every byte.", **example("newsdesk verify --deep"))
@archive_option
@click.option("--deep", is_flag=True, help="Also encode a sample of passages again, and compare.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def verify(loaded: Settings, archive: Path | None, *, deep: bool, as_json: bool) -> None:
    """Read every byte of the archive, and compare its indexes with its articles.

    Changes nothing; exits 1 where anything is not as it was written.
    """
    with open_archive(loaded, archive) as opened:
        health = opened.verify(deep=deep)
    if as_json:
        click.echo(json.dumps(asdict(health), ensure_ascii=False))
    else:
        report.show(report.health_lines(health))
    if health.damages:
        sys.exit(DAMAGED)


@click.command("repair", **example("newsdesk repair && newsdesk sync ~/articles"))
@archive_option
@click.pass_obj
def repair(loaded: Settings, archive: Path | None) -> None:
    """Mend what can be mended.

    Indexes are made anew, without encoding. Of a damaged database every sound article is carried into a new one, and
    the damaged one is kept beside it; an article whose text is damaged comes back with the next sync of its file.
    """
    with open_archive(loaded, archive) as opened:
        outcome = opened.repair()
    report.show(report.repair_lines(outcome))


@click.command(
    "backup", short_help="Copy the archive while it is in use.", **example("newsdesk backup /mnt/backups/newsdesk")
)
@click.argument("folder", type=click.Path(path_type=Path))
@archive_option
@click.pass_obj
def backup(loaded: Settings, folder: Path, archive: Path | None) -> None:
    """Copy the archive into FOLDER, while it is in use, and check the copy.

    The copy is an archive: ask it with --archive FOLDER, or put its archive.db in the place of a lost one.
    """
    with open_archive(loaded, archive) as opened:
        opened.backup(folder)
    click.echo(f"backed up to {folder}, and checked")


@click.command(
    "reencode",
    short_help="Encode the archive with another model.",
    **example("newsdesk reencode BAAI/bge-small-en-v1.5"),
)
@click.argument("encoder", required=False)
@archive_option
@click.pass_obj
def reencode(loaded: Settings, encoder: str | None, archive: Path | None) -> None:
    """Encode the archive again with another ENCODER, a sentence-transformers model by name or path.

    Questions go on being answered from the old vectors until all new ones are there. It can be stopped, and goes on
    where it was. Without ENCODER, the one in NEWSDESK_ENCODER, or the default.
    """
    name = encoder or loaded.encoder or DEFAULT_ENCODER
    with open_archive(loaded, archive) as opened, showing_passages() as progress:
        count = opened.reencode(name, progress=progress)
    click.echo(f"{count:,} passages are encoded with {name}")
    if loaded.encoder not in {None, name}:
        click.echo(f"set NEWSDESK_ENCODER={name}, or leave it empty: it says {loaded.encoder}")
