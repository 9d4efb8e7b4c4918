"""What is inside .gz and .zip."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from index.domain import Refusal
from index.sources import Limits, read, walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = b"Ferry returns\n\nThe ferry sailed again on Monday. Four hundred islanders had waited."
ROWS = "".join(json.dumps({"id": at, "text": f"It sailed {at * at * 7919} times."}) + "\n" for at in range(5000))


def _gz(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _zip(**members: bytes) -> bytes:
    return _zip_of({name.replace("__", "."): data for name, data in members.items()})


def _zip_of(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def test_gz(take: Callable) -> None:
    """A packed file has its own path and gives what it would unpacked."""
    (article,), refused = take("b/a.txt.gz", _gz(TEXT))
    assert not refused
    assert (article.key.path, article.title) == ("b/a.txt.gz", "Ferry returns")
    articles, _ = take("c.jsonl.gz", _gz(ROWS.encode()))
    assert [each.key.id for each in articles if each.key.path == "c.jsonl.gz"] == [str(at) for at in range(5000)]


def test_zip(take: Callable) -> None:
    """Members are named after an exclamation mark; hidden ones, folders and other formats are passed over."""
    members = {
        "2024/a.txt": TEXT,
        "2024/": b"",
        "b.jsonl": b'{"id": 1, "text": "It was."}\n{\n',
        "c.exe": b"x",
        ".d.txt": TEXT,
        "__MACOSX/a.txt": TEXT,
        "e.txt": b"\0",
    }
    articles, refused = take("z.zip", _zip_of(members))
    assert [(each.key.path, each.key.id) for each in articles] == [("z.zip!2024/a.txt", ""), ("z.zip!b.jsonl", "1")]
    assert [each.path for each in refused] == ["z.zip!b.jsonl, line 2", "z.zip!e.txt"]
    assert refused[1].reason == "not text"


def test_a_zip_as_root_is_named_whole(tmp_path: Path) -> None:
    """Where the root is the file, a key's path begins at the exclamation mark; a refusal names the file in full."""
    (tmp_path / "z.zip").write_bytes(_zip(a__txt=TEXT, b__txt=b""))
    (found,) = walk([tmp_path / "z.zip"])
    article, refusal = read(found, limits=Limits())
    assert not isinstance(article, Refusal)
    assert article.key.path == "!a.txt"
    assert refusal == Refusal(path=f"{tmp_path}/z.zip!b.txt", reason="empty")


def test_archives_in_archives(take: Callable) -> None:
    """Two archives within one another are opened, a third is refused, and neither stops what stands beside it."""
    deep = _zip_of(
        {"b.zip": _zip_of({"c.zip": _zip(d__txt=TEXT), "e.txt": TEXT}), "f.txt.gz": _gz(TEXT), "g.txt": TEXT}
    )
    articles, refused = take("a.zip", deep)
    assert [each.key.path for each in articles] == ["a.zip!b.zip!e.txt", "a.zip!f.txt.gz", "a.zip!g.txt"]
    assert refused == [
        Refusal(path="a.zip!b.zip!c.zip", reason="nested too deep: newsdesk opens 2 archives in one another"),
    ]
    articles, _ = take("h.zip.gz", _gz(_zip(i__txt=TEXT)))
    assert "h.zip.gz!i.txt" in [each.key.path for each in articles]


@pytest.mark.parametrize("name", ["../a.txt", "/a.txt", "b/../../a.txt", "C:/a.txt", "..\\a.txt"])
def test_names_that_climb_out(take: Callable, name: str) -> None:
    """A member whose name leads out of the zip is refused."""
    articles, refused = take("z.zip", _zip_of({name: TEXT, "ok.txt": TEXT}))
    assert [each.key.path for each in articles] == ["z.zip!ok.txt"]
    assert [each.reason for each in refused] == ["its name climbs out of the zip"]


def test_the_same_name_twice(take: Callable) -> None:
    """Of two members of one name the first is read, the second refused."""
    data = _zip_of({"a.txt": TEXT, "b.txt": TEXT}).replace(b"b.txt", b"a.txt")
    articles, refused = take("z.zip", data)
    assert len(articles) == 1
    assert refused[0].reason == "the zip holds another file of this name, which was read"


def test_locked_member(take: Callable) -> None:
    """A member that wants a password is refused as encrypted."""
    data = bytearray(_zip(a__txt=TEXT, b__txt=TEXT))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    articles, refused = take("z.zip", bytes(data))
    assert [each.key.path for each in articles] == ["z.zip!b.txt"]
    assert refused == [Refusal(path="z.zip!a.txt", reason="encrypted: unpack it and sync the folder")]


def test_unknown_packing(take: Callable) -> None:
    """A member packed in a way that nobody knows is refused."""
    data = bytearray(_zip(a__txt=TEXT))
    data[8] = data[data.index(b"PK\x01\x02") + 10] = 99
    _, refused = take("z.zip", bytes(data))
    assert refused[0].reason == "broken, or packed in a way that newsdesk does not know"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.zip", b"PK\x03\x04 no more", "a broken zip: pack it again"),
        ("a.zip", _zip(a__exe=b"x"), "no article in it"),
        ("a.txt.gz", b"no gzip", "broken, or cut short: Not a gzipped file"),
        ("a.txt.gz", _gz(TEXT)[:-12], "broken, or cut short: Compressed file ended"),
        ("a.txt.gz", _gz(b""), "empty"),
        ("a.zip", _zip(a__txt=TEXT).replace(b"\x03\x04\x14", b"\x03\x05\x14"), "broken, or packed in a way"),
    ],
)
def test_broken_packing(take: Callable, name: str, data: bytes, reason: str) -> None:
    """What is packed wrongly is refused with the reason."""
    articles, (refusal,) = take(name, data)
    assert not articles
    assert refusal.reason.startswith(reason)


def test_what_came_before_a_break_is_kept(take: Callable) -> None:
    """Rows before the place where a packed file was cut short are read; the file is refused all the same."""
    articles, (refusal,) = take("a.jsonl.gz", _gz(ROWS.encode())[:-200])
    assert articles
    assert articles[0].key.id == "0"
    assert refusal.path == "a.jsonl.gz"


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(ratio=10, ratio_floor_bytes=1000), "compressed more than 10 times"),
        (Limits(unpacked_bytes=50_000), "over the size limit: unpacks to more than 50,000 bytes"),
        (Limits(file_bytes=50_000), "over the size limit of 50,000 bytes"),
        (Limits(body_chars=50_000), "over the size limit of 50,000 characters an article"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt.gz", "a.zip"])
def test_bombs(take: Callable, name: str, limits: Limits, reason: str) -> None:
    """What unpacks to more than it may is refused."""
    much = b"It was so. " * 9000
    _, (refusal,) = take(name, _gz(much) if name.endswith("gz") else _zip(b__txt=much), limits=limits)
    assert refusal.reason.startswith(reason)


def test_too_many_members(take: Callable) -> None:
    """A zip with more files than may be is refused whole."""
    _, (refusal,) = take("a.zip", _zip(a__txt=TEXT, b__txt=TEXT), limits=Limits(members=1))
    assert refusal == Refusal(path="a.zip", reason="over the size limit: it holds more than 1 files")


def test_a_packed_archive_that_is_too_large(take: Callable) -> None:
    """A zip inside another must fit the memory."""
    inner = _zip_of({"b.txt": TEXT})
    _, (refusal,) = take("a.zip", _zip_of({"b.zip": inner}), limits=Limits(file_bytes=len(inner) - 1))
    assert refusal.path == "a.zip!b.zip"
    assert refusal.reason.startswith("over the size limit of ")
