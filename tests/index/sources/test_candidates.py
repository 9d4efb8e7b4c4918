"""Which files are read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.domain import Refusal
from index.errors import PathEmpty, PathMissing
from index.sources import Limits, read, walk


def _files(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("Title\n\nIt was so.")


def test_finds_what_it_reads(tmp_path: Path) -> None:
    """Files with the suffixes of formats, also in capitals and packed, are found in the order of their names."""
    read_names = ["A.TXT", "b/c.md", "d.html", "e.jsonl.gz", "f.zip", "g.docx.gz", "h.PDF", "i.zip.gz"]
    _files(tmp_path, *read_names, "j.doc", "k.tar.gz", "l", "m.gz", ".hidden.txt", ".git/n.txt")
    assert [found.path for found in walk([tmp_path])] == read_names


def test_a_file_is_a_root(tmp_path: Path) -> None:
    """A path that is a file has an empty path below itself, and what tells whether it changed."""
    _files(tmp_path, "a.txt")
    (found,) = walk([tmp_path / "a.txt"])
    status = (tmp_path / "a.txt").stat()
    assert (found.root, found.path) == (str(tmp_path / "a.txt"), "")
    assert (found.size, found.mtime_ns, found.inode) == (status.st_size, status.st_mtime_ns, status.st_ino)


def test_a_path_inside_another_is_walked_once(tmp_path: Path) -> None:
    """A folder within another given path, and a path given twice, give each file once, below the outer path."""
    _files(tmp_path, "a.txt", "b/c.txt")
    found = walk([tmp_path / "b", tmp_path, tmp_path, tmp_path / "b" / ".." / "b"])
    assert [(each.root, each.path) for each in found] == [(str(tmp_path), "a.txt"), (str(tmp_path), "b/c.txt")]


def test_files_are_looked_up_each_time(tmp_path: Path) -> None:
    """What comes and goes after the walk began is seen by the next look, and counted by it."""
    _files(tmp_path, "a.txt", "b/c.txt")
    found = walk([tmp_path])
    assert len(found) == 2
    (tmp_path / "a.txt").unlink()
    _files(tmp_path, "b/a.txt", "d.txt")
    assert [each.path for each in found] == ["b/a.txt", "b/c.txt", "d.txt"]
    assert len(found) == 3


def test_loops_of_links_end(tmp_path: Path) -> None:
    """A link to a folder above is followed nowhere; a link to a folder elsewhere is followed."""
    _files(tmp_path, "in/a.txt", "out/b.txt")
    (tmp_path / "in" / "up").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "z").symlink_to(tmp_path / "out")
    assert [found.path for found in walk([tmp_path / "in"])] == ["a.txt", "z/b.txt"]


def test_missing_path_is_an_error(tmp_path: Path) -> None:
    """A path that is not there is an error that names it."""
    with pytest.raises(PathMissing, match=r"nowhere is not there"):
        walk([tmp_path / "nowhere"])


def test_unlistable_path_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A given folder that may not be listed is an error that says so."""
    monkeypatch.setattr(os, "scandir", _forbidden)
    with pytest.raises(PathMissing, match="may not be read"):
        walk([tmp_path])


@pytest.mark.parametrize("name", [".dot.txt", "a.doc", "b/c.exe"])
def test_empty_path_is_an_error(tmp_path: Path, name: str) -> None:
    """A folder without a file that is read is an error that says what is read."""
    _files(tmp_path, name)
    with pytest.raises(PathEmpty, match=r"nothing that newsdesk reads \(\.txt"):
        walk([tmp_path])


def test_unread_file_is_an_error(tmp_path: Path) -> None:
    """A given file of another format is an error."""
    _files(tmp_path, "a.doc")
    with pytest.raises(PathEmpty):
        walk([tmp_path / "a.doc"])


def test_a_folder_that_cannot_be_listed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder inside that may not be listed is a candidate, marked, whose reading is a refusal."""
    _files(tmp_path, "a.txt", "locked/b.txt")
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: _forbidden(path) if Path(path).name == "locked" else scandir(path))
    open_file, locked = walk([tmp_path])
    assert (open_file.folder, locked.folder, locked.path) == (False, True, "locked")
    assert list(read(locked, limits=Limits())) == [
        Refusal(path="locked", reason="no permission to list this folder"),
    ]


def test_a_dead_link_is_refused(tmp_path: Path) -> None:
    """A link that leads nowhere is a candidate without a size, whose reading is a refusal."""
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone.txt")
    (found,) = walk([tmp_path])
    assert found.size == 0
    assert list(read(found, limits=Limits())) == [
        Refusal(path="a.txt", reason="no longer there, or a link that leads nowhere"),
    ]


@pytest.mark.parametrize(
    ("error", "reason"),
    [(PermissionError(13, "no"), "no permission to read it"), (OSError(5, "Input/output error"), "Input/output error")],
)
def test_a_file_that_cannot_be_opened_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, reason: str
) -> None:
    """What the system says when a file is opened is the reason."""
    _files(tmp_path, "a.txt")
    (found,) = walk([tmp_path])

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("index.sources.articles._without_waiting", fail)
    (refusal,) = read(found, limits=Limits())
    assert isinstance(refusal, Refusal)
    assert reason in refusal.reason


def test_names_that_are_no_unicode_are_written_out(tmp_path: Path) -> None:
    """A name in another encoding becomes one that can be stored, and the file is still read."""
    name = os.fsdecode(b"caf\xe9.txt")
    (tmp_path / name).write_text("Title\n\nIt was so.")
    (found,) = walk([tmp_path])
    assert found.path == "caf\\xe9.txt"
    (article,) = read(found, limits=Limits())
    assert not isinstance(article, Refusal)
    assert (article.key.path, article.title) == ("caf\\xe9.txt", "Title")


def _forbidden(path: object) -> None:
    raise PermissionError(13, "Permission denied", str(path))
