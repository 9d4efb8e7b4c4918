"""What every command that opens an archive has in common."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index import Archive

if TYPE_CHECKING:
    from bot.settings import Settings

archive_option = click.option("--archive", type=click.Path(path_type=Path), help="The archive's folder.")


def example(text: str) -> dict[str, Any]:
    """How a command's help ends."""
    return {"epilog": f"\b\nExample:\n  {text}", "context_settings": {"help_option_names": ["-h", "--help"]}}


def open_archive(loaded: Settings, archive: Path | None, *, create: bool = False) -> Archive:
    """The archive that an option names, else the settings'."""
    place = archive or loaded.archive
    return Archive.open(place, encoder=loaded.encoder, cache=loaded.cache, device=loaded.device, create=create)
