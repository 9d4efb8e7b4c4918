"""What a file's name says it holds."""

from __future__ import annotations

from pathlib import PurePosixPath

SUFFIXES = (".txt", ".md", ".html", ".htm", ".json", ".jsonl", ".csv", ".pdf", ".docx")
"""Formats that hold articles; each is also read inside ``.gz`` and ``.zip``."""


def suffix_of(name: str) -> str:
    """The last suffix of a file that newsdesk reads, in lower case; empty for any other file."""
    path = PurePosixPath(name.lower())
    if path.suffix == ".gz":
        return ".gz" if suffix_of(path.stem) else ""
    return path.suffix if path.suffix in SUFFIXES or path.suffix == ".zip" else ""
