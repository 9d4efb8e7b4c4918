"""What a file would give, and a removal take, as the child prints it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from bot import previewing
from bot.previewing import Preview, Seen, main, preview_command
from index import Archive

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _cache(monkeypatch: pytest.MonkeyPatch, newsdesk_cache: Path, tmp_path: Path) -> None:
    """The encoder of the tests, and no .env."""
    monkeypatch.setenv("NEWSDESK_CACHE", str(newsdesk_cache))
    monkeypatch.chdir(tmp_path)


def seen(capsys: pytest.CaptureFixture[str], *words: str) -> Preview:
    """What the child prints, read."""
    main(words)
    return Preview.of(capsys.readouterr().out)


def test_what_is_printed_is_read_back() -> None:
    """A preview is the same on both ends of the pipe."""
    article = Seen(title="A", published="2025-03-04", source=None, language="en", opening="B", same=("C",))
    preview = Preview(articles=(article,), count=3, passages=4, repeated=1, refused=("D",), files=("/e",))
    printed = json.dumps(previewing.asdict(preview))
    assert Preview.of(printed) == preview


def test_a_file_is_read_as_a_sync_reads_it(
    sample_archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As many passages as the archive cuts it into; what is known already is named; the archive stays as it was."""
    rows = [{"title": f"Buoy {number}", "text": f"Buoy {number} is red. " * 60} for number in range(7)]
    file = tmp_path / "buoys.jsonl"
    file.write_text("\n".join([*map(json.dumps, rows), "{"]), "utf-8")
    folder = tmp_path / "archive"
    shutil.copytree(sample_archive, folder)
    before = seen(capsys, str(folder), "add", str(file))
    assert [each.title for each in before.articles] == [f"Buoy {number}" for number in range(5)]
    assert (before.count, before.repeated, len(before.refused)) == (7, 0, 1)
    assert before.articles[0].opening == ("Buoy 0 is red. " * 60)[:600]
    with Archive.open(folder) as archive:
        was = archive.stats()
        archive.sync([file])
        now = archive.stats()
    assert before.passages == now.passages - was.passages > 7
    after = seen(capsys, str(folder), "add", str(file))
    assert after.repeated == 7
    assert after.articles[1].same == ("Buoy 1",)


def test_what_has_many_articles_is_counted_and_not_cut(
    sample_archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Over 200, passages are not counted: that would take longer than anybody waits."""
    file = tmp_path / "buoys.jsonl"
    file.write_text("\n".join(json.dumps({"id": n, "title": "", "text": f"Buoy {n} is red."}) for n in range(201)))
    preview = seen(capsys, str(sample_archive), "add", str(file))
    assert (preview.count, preview.passages, len(preview.articles)) == (201, None, 5)


def test_a_name_is_what_remove_would_take_it_for(sample_archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An address, or a path below a root; nothing else is guessed."""
    address = "https://meridianwire.example/2018/01/30/netanyahu-putin-moscow"
    by_address = seen(capsys, str(sample_archive), "remove", address)
    by_path = seen(capsys, str(sample_archive), "remove", "2018-01-30-netanyahu-putin-moscow.md")
    assert by_address == by_path
    assert [each.title for each in by_address.articles] == [
        "Netanyahu and Putin talk Syria and Iran during Moscow visit"
    ]
    assert by_address.files[0].endswith("/2018-01-30-netanyahu-putin-moscow.md")
    assert seen(capsys, str(sample_archive), "remove", "Netanyahu").count == 0
    assert seen(capsys, str(sample_archive), "remove", "").count == 0


def test_where_there_is_no_archive_one_line_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And exit status 2; no archive is made."""
    with pytest.raises(SystemExit) as ended:
        main([str(tmp_path / "none"), "remove", "a"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("newsdesk: no archive in ")
    assert not (tmp_path / "none").exists()


def test_the_command_runs_this_module(tmp_path: Path) -> None:
    """By the interpreter that runs the bot."""
    assert preview_command(tmp_path, "add", "a")[1:] == ["-m", "bot.previewing", str(tmp_path), "add", "a"]
