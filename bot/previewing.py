"""What a file would give, and what a removal would take: found out in a child process, told as JSON on its stdout.

``python -m bot.previewing ARCHIVE add FILE`` and ``... remove NAME``.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot import settings
from bot.failures import one_line_errors
from bot.report_json import file_of
from index import Archive
from index.domain import Article, Refusal
from index.looking import Look
from index.passages import Chunking, split
from index.sources import read, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN = 5
_COUNTED = 200
_OPENING_CHARACTERS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An article as an admin is to know it again; ``published`` is a day as ISO 8601 has it.

    ``opening`` is how the text begins, ``same`` the headlines of articles in the archive with the same text.
    """

    title: str
    published: str | None
    source: str | None
    language: str
    opening: str = ""
    same: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The first of some articles, and how many there are.

    ``passages`` is how many they would be cut into, ``None`` where there are too many to count; ``repeated`` how many
    are in the archive already, word by word; ``refused`` why what else is in the file would not be taken in. ``files``
    are those that articles of the archive were read from.
    """

    articles: tuple[Seen, ...]
    count: int
    passages: int | None = None
    repeated: int = 0
    refused: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @classmethod
    def of(cls, printed: str) -> Preview:
        """Read what ``main`` prints.

        Raises:
            ValueError, KeyError, TypeError: it is something else.
        """
        values = json.loads(printed)
        seen = (Seen(**each | {"same": tuple(each["same"])}) for each in values.pop("articles"))
        lists = {name: tuple(values[name]) for name in ("refused", "files")}
        return cls(**values | lists | {"articles": tuple(seen)})


def preview_command(archive: Path, *words: str) -> list[str]:
    """The command that looks: ``add`` and a file, or ``remove`` and an address, an id or a file."""
    return [sys.executable, "-m", "bot.previewing", str(archive), *words]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what was asked for; what cannot be told is one line on stderr and exit status 2."""
    with one_line_errors():
        folder, action, what = arguments or sys.argv[1:]
        loaded = settings.load()
        seen = _of_file(loaded, Path(folder), Path(what)) if action == "add" else _of_name(Path(folder), what)
        sys.stdout.write(f"{json.dumps(asdict(seen))}\n")


def _of_name(folder: Path, name: str) -> Preview:
    with Look.into(folder) as look:
        articles = look.named(name)
    files = tuple(dict.fromkeys(file_of(each) for each in articles))[:_COUNTED]
    return Preview(articles=tuple(_seen(each) for each in articles[:_SHOWN]), count=len(articles), files=files)


def _of_file(loaded: settings.Settings, folder: Path, file: Path) -> Preview:
    """Read a file as a sync would, in the process apart that parses."""
    first: list[Article] = []
    titles: list[tuple[str, ...]] = []
    refused: list[str] = []
    count = repeated = 0
    with Look.into(folder) as look:
        for item in (item for candidate in walk([file]) for item in read(candidate, limits=loaded.limits)):
            if isinstance(item, Refusal):
                refused.append(item.reason)
                continue
            same = tuple(each.title for each in look.same_text(item))
            count, repeated = count + 1, repeated + bool(same)
            if count <= _COUNTED:
                first.append(item)
                titles.append(same)
    return Preview(
        articles=tuple(_seen(each, same) for each, same in zip(first[:_SHOWN], titles, strict=False)),
        count=count,
        passages=_passages(loaded, folder, first) if 0 < count <= _COUNTED else None,
        repeated=repeated,
        refused=tuple(refused[:_SHOWN]),
    )


def _passages(loaded: settings.Settings, folder: Path, articles: Sequence[Article]) -> int:
    """How many passages articles would be cut into."""
    with Archive.open(folder, encoder=loaded.encoder, cache=loaded.cache, device="cpu") as archive:
        encoder = archive.encoder
    chunking = Chunking.for_encoder(encoder.max_tokens)
    return sum(len(split(each, encoder.count_tokens, chunking)) for each in articles)


def _seen(article: Article, same: tuple[str, ...] = ()) -> Seen:
    return Seen(
        title=article.title,
        published=article.published.isoformat() if article.published else None,
        source=article.source,
        language=article.language,
        opening=article.body[:_OPENING_CHARACTERS],
        same=same[:_SHOWN],
    )


if __name__ == "__main__":
    main()
