"""Articles of our own invention, each with a word that stands in no other, before and after a day's changes."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_STARTS = ("bran", "dor", "fel", "gris", "hal", "jor", "kel", "lum", "mor", "nim")
_ENDS = ("avik", "ebrut", "ixo", "omund", "uzka", "yrth", "eldo", "agosh")
_LONG = 100
"""Paragraphs of a long article, a passage or so each: three of them fill a sync's batch of 256."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A file with an article: the word that only it has, and how many paragraphs."""

    word: str
    paragraphs: int = 1

    def text(self) -> str:
        """What stands in the file."""
        head = f"---\ntitle: The {self.word} of the valley\ndate: 2024-03-05\nlanguage: en\n---\n\n"
        return head + "\n\n".join(self._paragraph(at) for at in range(self.paragraphs)) + "\n"

    def _paragraph(self, at: int) -> str:
        own = 10_000 * (zlib.crc32(self.word.encode()) % 9973)  # other numbers in each: no two are one story
        counts = range(own + at * 31, own + at * 31 + 19)
        fill = " ".join(f"Farmers counted {count} sheep near the {self.word} bridge." for count in counts)
        return fill if self.paragraphs > 1 else f"Nobody had seen the {self.word} for years. It was found by the mill."


def words() -> Iterator[str]:
    """Invented words, each once."""
    return (start + end for end in _ENDS for start in _STARTS)


def before() -> dict[str, Story]:
    """Forty files."""
    word = words()
    return {f"{at % 4}/{at:02}.md": Story(word=next(word)) for at in range(40)}


def after() -> dict[str, Story]:
    """The same a day later: five are gone, six say something else, eight are new, three of them long."""
    word = iter(list(words())[40:])
    kept = dict(list(before().items())[5:])
    changed = {name: replace(story, word=next(word)) for name, story in list(kept.items())[::6]}
    new = {f"new/{at}.md": Story(word=next(word), paragraphs=_LONG if at < 3 else 1) for at in range(8)}
    return kept | changed | new


def write(folder: Path, stories: Mapping[str, Story]) -> None:
    """Make the folder hold just these files; those that say the same are left as they are."""
    for path in [path for path in folder.rglob("*.md") if path.relative_to(folder).as_posix() not in stories]:
        path.unlink()
    for name, story in stories.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text("utf-8") != story.text():
            path.write_text(story.text(), "utf-8")
