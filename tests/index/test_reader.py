"""The model that points at answers: what it says, how it is exported, and what is damaged or full."""

from __future__ import annotations

import shutil
import tempfile
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.exporting import ExportError
from index.reader import Spans, load_reader, loading
from index.reader.loading import ReaderError
from index.reader.model import MOST_ASKED, MOST_TOKENS, OnnxReader
from index.reader.spans import LONGEST, NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TEXT = "Harbour opens\nThe mayor opened the new harbour on Friday. Ada Lind designed it. It cost nine million crowns. "


@pytest.fixture(scope="session")
def reader(newsdesk_cache: Path) -> OnnxReader:
    """The real one."""
    return load_reader(newsdesk_cache)


def spans(starts: Sequence[float], ends: Sequence[float], none: float = 0.0) -> Spans:
    """A text of words of two letters and a space."""
    offsets = np.array([(3 * at, 3 * at + 2) for at in range(len(starts))], np.int64).reshape(len(starts), 2)
    return Spans(offsets=offsets, starts=np.array(starts, np.float32), ends=np.array(ends, np.float32), none=none)


def test_the_best_span_is_the_likeliest_that_begins_before_it_ends() -> None:
    """By the sum of both logits, less that of there being none."""
    read = spans([0, 5, 1, 0], [6, 0, 2, 1], none=1.5)
    assert read.best(0, 11) == (5.5, (3, 8))
    assert read.best(0, 2) == (4.5, (0, 2))
    assert read.best(6, 11) == (1.5, (6, 8))


def test_a_part_without_tokens_says_nothing() -> None:
    """As where a text was cut off before it."""
    assert spans([1.0], [1.0]).best(1, 2) == (NOTHING, (1, 1))
    assert spans([], []).best(0, 100) == (NOTHING, (0, 0))


@given(
    st.lists(st.tuples(st.floats(-9, 9, width=32), st.floats(-9, 9, width=32)), min_size=1, max_size=40),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_the_best_span_is_that_of_trying_all(logits: list[tuple[float, float]], first: int, size: int) -> None:
    """Within the part, and of so many tokens at most."""
    read = spans([start for start, _ in logits], [end for _, end in logits])
    held = [at for at in range(len(logits)) if 3 * at >= first and 3 * at + 2 <= first + size]
    sums = [logits[begin][0] + logits[end][1] for begin in held for end in held if begin <= end < begin + LONGEST]
    odds, (start, end) = read.best(first, first + size)
    assert odds == pytest.approx(max(sums, default=NOTHING), abs=1e-5)
    assert first <= start <= end <= max(first + size, start)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who designed the harbour?", "Ada Lind"),
        ("When was the harbour opened?", "Friday"),
        ("How much did the harbour cost?", "nine million crowns"),
    ],
)
def test_it_points_at_what_is_asked_for(reader: OnnxReader, question: str, answer: str) -> None:
    """The likeliest span of the text."""
    (read,) = reader.read(question, [TEXT])
    _, span = read.best(0, len(TEXT))
    assert TEXT[slice(*span)] == answer


def test_it_is_surer_of_a_text_that_answers(reader: OnnxReader) -> None:
    """And order of the texts is kept."""
    texts = ["Rain fell in Orle. ", TEXT, "The ferry sank. "]
    odds = [read.best(0, 200)[0] for read in reader.read("Who designed the harbour?", texts)]
    assert max(odds) == odds[1] > max(odds[0], odds[2]) + 2
    assert reader.read("Who designed the harbour?", []) == []


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=80), st.text(max_size=200))
def test_any_text_is_read(reader: OnnxReader, question: str, text: str) -> None:
    """Offsets lie in the text; logits are numbers."""
    (read,) = reader.read(question, [text])
    assert ((read.offsets >= 0) & (read.offsets <= len(text))).all()
    assert np.isfinite(read.starts).all()
    assert np.isfinite(read.ends).all()
    assert len(read.offsets) == len(read.starts) == len(read.ends)


def test_what_is_too_long_is_cut(reader: OnnxReader) -> None:
    """Of a question its first tokens, of a text as many as then fit."""
    (read,) = reader.read("who " * 1000, ["rain " * 1000])
    assert len(read.offsets) == MOST_TOKENS - MOST_ASKED - 3
    assert read.best(4000, 5000)[0] == NOTHING
    assert reader.count_tokens(["rain " * 1000, ""]) == [1000, 0]


def test_an_export_that_is_damaged_is_made_again(newsdesk_cache: Path, tmp_path: Path) -> None:
    """Then it is the same as before."""
    shutil.copytree(newsdesk_cache / "readers", tmp_path / "readers")
    (folder,) = (tmp_path / "readers").iterdir()
    before = (folder / "sha256").read_text()
    with (folder / "model.onnx").open("r+b") as file:
        file.seek(1000)
        file.write(b"damage")
    assert load_reader(tmp_path).read("who?", ["Ada."])[0].offsets.tolist() == [[0, 3], [3, 4]]
    assert (folder / "sha256").read_text() == before
    assert [path.name for path in (tmp_path / "readers").iterdir()] == [folder.name]


def test_an_export_that_onnx_runtime_cannot_read_is_made_again(newsdesk_cache: Path, tmp_path: Path) -> None:
    """Though its digest is right."""
    shutil.copytree(newsdesk_cache / "readers", tmp_path / "readers")
    (folder,) = (tmp_path / "readers").iterdir()
    (folder / "model.onnx").write_bytes(b"no model")
    (folder / "sha256").write_text(loading.digest(folder / "model.onnx"))
    assert load_reader(tmp_path).read("who?", ["Ada."])[0].offsets.tolist() == [[0, 3], [3, 4]]


def test_where_the_cache_cannot_be_written_it_reads_all_the_same(tmp_path: Path) -> None:
    """The export is made where what is temporary is kept, and is gone then."""
    (tmp_path / "readers").write_text("a file")
    assert load_reader(tmp_path).read("who?", ["Ada."])[0].offsets.tolist() == [[0, 3], [3, 4]]


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to do, and why."""

    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", full)
    with pytest.raises(ReaderError, match=r"cannot be exported: .*No space left on device; free space on the disk"):
        load_reader(tmp_path)


def test_a_model_that_cannot_be_exported_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left behind."""

    def refused(*_: object) -> None:
        raise ExportError("no such operator")

    monkeypatch.setattr(loading, "export_graph", refused)
    with pytest.raises(ReaderError, match="cannot be exported: no such operator"):
        load_reader(tmp_path)
    assert list((tmp_path / "readers").iterdir()) == []
