"""Encoders: which model, from where, under which fingerprint, and vectors that depend on nothing but the text."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from index import encoder, onnx, pytorch
from index.errors import EncoderError

if TYPE_CHECKING:
    from index import Encoder

HERE = Path(__file__).resolve().parents[2]
LONG = "the council of the harbour town voted on tuesday to close the old bridge " * 9


def in_a_process(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=os.environ | {"PYTHONPATH": str(HERE)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def default(newsdesk_cache: Path) -> Encoder:
    """The default encoder, exported."""
    return encoder.load(cache=newsdesk_cache)


@given(
    arrays.arrays(np.float64, st.tuples(st.integers(1, 5), st.just(3)), elements=st.floats(-1e6, 1e6, width=32)),
)
def test_rows_become_of_length_one(rows: np.ndarray) -> None:
    """Each is divided by the root of the sum of its squares; one too small for that stays short."""
    for row, made in zip(rows, encoder.unit(rows), strict=True):
        norm = sum(float(value) ** 2 for value in row) ** 0.5
        assert made == pytest.approx([float(value) / max(norm, 1e-12) for value in row], abs=1e-6)


def test_a_zero_row_stays_zero_and_the_rest_is_as_faiss_wants_it() -> None:
    """Vectors are C-contiguous float32, whatever they were before."""
    made = encoder.unit(np.asfortranarray([[0.0, 0.0], [3.0, 4.0]]))
    assert made.tolist() == [[0.0, 0.0], pytest.approx([0.6, 0.8])]
    assert made.dtype == np.float32
    assert made.flags.c_contiguous


def test_a_vector_does_not_depend_on_its_batch(newsdesk_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts of many lengths in several batches, in any order, get the vectors that they get alone."""
    monkeypatch.setattr(onnx, "BATCH_TOKENS", 200)
    default = encoder.load(cache=newsdesk_cache)
    texts = [" ".join(LONG.split()[: 1 + at * 7 % 64]) for at in range(30)]
    together = default.encode_passages(texts)
    backwards = default.encode_passages(texts[::-1])[::-1]
    alone = np.concatenate([default.encode_passages([text]) for text in texts])
    assert np.abs(together - backwards).max() < 1e-5
    assert np.abs(together - alone).max() < 1e-5


def test_what_is_beyond_the_most_tokens_is_not_read(default: Encoder) -> None:
    """Texts that differ only behind 254 tokens, which with the two special ones is all, have one vector."""
    assert default.max_tokens == 256
    words = "harbour " * 254
    assert default.count_tokens([words]) == [254]
    cut, whole = default.encode_passages([f"{words} bridge", words])
    assert np.array_equal(cut, whole)
    shorter, other = default.encode_passages(["harbour " * 253, "harbour " * 253 + "bridge"])
    assert not np.allclose(shorter, other, atol=1e-4)


def test_counting_does_not_change_what_is_encoded(default: Encoder) -> None:
    """Tokens are counted uncut, and a text encoded after that is cut as before."""
    before = default.encode_question(LONG * 5)
    assert default.count_tokens([LONG * 5]) == [5 * default.count_tokens([LONG])[0]]
    assert np.array_equal(default.encode_question(LONG * 5), before)


def test_like_texts_are_nearer_than_unlike_ones(default: Encoder) -> None:
    """The default encoder knows that a ferry is a boat."""
    question = default.encode_question("Which boat was late?")
    ferry, tax = default.encode_passages(["The ferry came an hour after its time.", "Taxes will rise in spring."])
    assert ferry @ question > tax @ question + 0.2


def test_tokens_are_counted_while_another_thread_encodes(default: Encoder) -> None:
    """One thread encodes texts of many lengths, two others count, over and over: each gets what it gets alone."""
    texts = [" ".join(LONG.split()[: 1 + at * 7 % 64]) * 6 for at in range(12)]
    counts, vectors = default.count_tokens(texts), default.encode_passages(texts)
    with ThreadPoolExecutor(3) as pool:
        encoding = [pool.submit(default.encode_passages, texts) for _ in range(4)]
        counting = [pool.submit(default.count_tokens, texts) for _ in range(800)]
        assert all(each.result() == counts for each in counting)
        assert all(np.abs(each.result() - vectors).max() < 1e-5 for each in encoding)


def test_exports_lie_in_the_users_cache() -> None:
    """Where no other place is named."""
    assert encoder.default_cache() == Path(platformdirs.user_cache_dir("newsdesk"))


def model_folder(folder: Path, weights: dict[str, bytes], files: dict[str, bytes]) -> Path:
    """A folder of these files."""
    for name, content in (weights | files).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_one_file_of_weights_is_known_by_its_own_digest(tmp_path: Path) -> None:
    """As sha256sum gives it."""
    folder = model_folder(tmp_path, {"model.safetensors": b"weights"}, {"config.json": b"{}"})
    assert encoder.locate(str(folder)).weights == hashlib.sha256(b"weights").hexdigest()


@pytest.mark.parametrize(
    ("change", "weights_too"),
    [
        ({"model-1.safetensors": b"other"}, True),
        ({"pytorch_model.bin": b"more"}, True),
        ({"2_Dense/model.safetensors": b"more"}, True),
        ({"config.json": b"{ }"}, False),
        ({"1_Pooling/config.json": b"{}"}, False),
        ({"vocab.txt": b"words"}, False),
        ({"sentencepiece.model": b"pieces"}, False),
    ],
)
def test_whatever_makes_other_vectors_makes_another_fingerprint(
    tmp_path: Path,
    change: dict[str, bytes],
    weights_too: bool,  # noqa: FBT001 - pytest gives it by name
) -> None:
    """Weights in any format and folder, configuration, vocabulary."""
    weights = {"model-1.safetensors": b"one", "model-2.safetensors": b"two"}
    before = encoder.locate(str(model_folder(tmp_path / "m", weights, {"config.json": b"{}"})))
    after = encoder.locate(str(model_folder(tmp_path / "m", {}, change)))
    assert after.fingerprint != before.fingerprint
    assert (after.weights != before.weights) is weights_too


def test_what_makes_no_vectors_makes_no_other_fingerprint(tmp_path: Path) -> None:
    """Neither a read-me, nor an export of others, nor where the folder lies."""
    folder = model_folder(tmp_path / "m", {"model.safetensors": b"one"}, {"config.json": b"{}"})
    before = encoder.locate(str(folder))
    model_folder(folder, {}, {"README.md": b"Hello", "onnx/model.onnx": b"graph"})
    assert encoder.locate(str(folder)).fingerprint == before.fingerprint
    moved = shutil.copytree(folder, tmp_path / "elsewhere")
    assert encoder.locate(str(moved)).fingerprint == before.fingerprint


def test_a_folder_is_found_from_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path becomes absolute, so that it stays right."""
    model_folder(tmp_path / "m", {"model.safetensors": b"one"}, {})
    monkeypatch.chdir(tmp_path)
    assert encoder.locate("m").folder == (tmp_path / "m").resolve()


def test_weights_that_are_none_are_one_clear_error(tmp_path: Path) -> None:
    """The message names the folder, and says what went wrong."""
    folder = model_folder(tmp_path / "m", {"model.safetensors": b"one"}, {"config.json": b"{}"})
    with pytest.raises(EncoderError, match="cannot be loaded from"):
        encoder.load(str(folder), cache=tmp_path / "cache")


def test_a_hubs_model_without_a_network_is_one_clear_error_at_once() -> None:
    """The setting, the name and what may be wrong, without long tries to reach a hub."""
    code = """
from index import encoder, errors
try:
    encoder.load("nobody/nothing-here")
except errors.EncoderError as error:
    print(error)
"""
    begun = time.monotonic()
    done = in_a_process(code, HF_HUB_OFFLINE="1")
    assert done.stdout.startswith("NEWSDESK_ENCODER=nobody/nothing-here cannot be downloaded (no network"), done.stderr
    assert time.monotonic() - begun < 120


def test_a_first_load_says_nothing(tmp_path: Path) -> None:
    """Neither bars nor warnings of the libraries that an export needs reach the terminal."""
    load = f"encoder.load(cache=Path({str(tmp_path)!r})).dimension"
    done = in_a_process(f"from pathlib import Path; from index import encoder; print({load})")
    assert (done.returncode, done.stdout, done.stderr) == (0, "384\n", "")
    (made,) = (tmp_path / "encoders").iterdir()
    assert sorted(file.name for file in made.iterdir()) == ["export.json", "model.onnx", "tokenizer.json"]


def test_a_cache_that_cannot_be_written_means_torch(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The vectors are right all the same; the log says why it is slow."""
    (tmp_path / "cache").write_text("a file, not a folder", "utf-8")
    with caplog.at_level(logging.WARNING):
        slow = encoder.load(cache=tmp_path / "cache")
    assert isinstance(slow, pytorch.TorchEncoder)
    assert "all-MiniLM-L6-v2 runs on torch, slower: " in caplog.text
    assert str(tmp_path / "cache") in caplog.text
    assert (slow.dimension, slow.max_tokens) == (384, 256)


def test_an_export_that_another_process_made_meanwhile_is_used(
    newsdesk_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever comes second takes what the first has put there."""

    def beaten(_model: object, _files: object, folder: Path, _precision: str) -> None:
        shutil.copytree(newsdesk_cache / "encoders" / folder.name, folder)
        raise OSError(39, "Directory not empty")

    monkeypatch.setattr(onnx, "export", beaten)
    with caplog.at_level(logging.WARNING):
        assert isinstance(encoder.load(cache=tmp_path), onnx.OnnxEncoder)
    assert "torch" not in caplog.text


def test_an_export_that_cannot_be_read_back_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the folder to remove."""
    monkeypatch.setattr(onnx, "open_export", lambda *_: None)
    monkeypatch.setattr(onnx, "export", lambda *_: None)
    with pytest.raises(EncoderError, match=r"remove .*encoders.* and try again"):
        encoder.load(cache=tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "7", "{}", '{"format": 3}'])
def test_a_manifest_of_another_shape_is_none(tmp_path: Path, content: str) -> None:
    """Whatever JSON it is, or none at all, what it stands for is not trusted."""
    (tmp_path / "export.json").write_text(content, "utf-8")
    assert onnx.open_export(tmp_path, encoder.locate(encoder.DEFAULT_ENCODER)) is None


def test_int8_where_nothing_can_be_written_is_one_clear_error(tmp_path: Path) -> None:
    """On torch it would have other vectors than those it is asked for."""
    (tmp_path / "cache").write_text("a file, not a folder", "utf-8")
    with pytest.raises(EncoderError, match=r"cannot be made int8: .*; leave :int8 out of NEWSDESK_ENCODER"):
        encoder.load(cache=tmp_path / "cache", precision="int8")


def test_the_default_encoder_in_int8_has_nearly_the_same_vectors(default: Encoder, newsdesk_cache: Path) -> None:
    """Their cosines are .98 and better, none is the same, and the fingerprint says so."""
    quantized = encoder.load(f"{encoder.DEFAULT_ENCODER}:int8", cache=newsdesk_cache)
    texts = [" ".join(LONG.split()[at:][: 5 + at * 7 % 64]) for at in range(20)]
    cosines = (quantized.encode_passages(texts) * default.encode_passages(texts)).sum(axis=1)
    assert cosines.min() >= 0.98
    assert cosines.max() < 0.99999
    assert quantized.fingerprint != default.fingerprint
    assert (quantized.dimension, quantized.max_tokens) == (default.dimension, default.max_tokens)


@pytest.mark.parametrize("device", ["auto", "cpu"])
def test_without_a_card_the_processor_is_used(
    newsdesk_cache: Path, monkeypatch: pytest.MonkeyPatch, device: encoder.Device
) -> None:
    """By the export, on which no library of a card is asked for."""
    monkeypatch.setattr(pytorch, "sees_card", lambda: False)
    assert isinstance(encoder.load(cache=newsdesk_cache, device=device), onnx.OnnxEncoder)


def test_the_processor_can_be_asked_for_where_there_is_a_card(
    newsdesk_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And int8 runs nowhere else."""
    monkeypatch.setattr(pytorch, "sees_card", lambda: True)
    assert isinstance(encoder.load(cache=newsdesk_cache, device="cpu"), onnx.OnnxEncoder)
    assert isinstance(encoder.load(cache=newsdesk_cache, precision="int8"), onnx.OnnxEncoder)


def test_a_card_that_is_there_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an export: nothing is written."""
    monkeypatch.setattr(pytorch, "sees_card", lambda: True)
    monkeypatch.setattr(pytorch, "on_card", lambda model, files: (type(model).__name__, files.name))
    assert encoder.load(cache=tmp_path) == ("SentenceTransformer", "all-MiniLM-L6-v2")
    assert encoder.load(cache=tmp_path, device="cuda") == ("SentenceTransformer", "all-MiniLM-L6-v2")
    assert list(tmp_path.iterdir()) == []


def test_a_card_that_is_not_there_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """As is one for int8, which runs on the processor."""
    monkeypatch.setattr(pytorch, "sees_card", lambda: False)
    with pytest.raises(EncoderError, match="no CUDA card; set NEWSDESK_DEVICE=auto"):
        encoder.load(device="cuda")
    with pytest.raises(EncoderError, match="int8 runs on the processor"):
        encoder.load(device="cuda", precision="int8")
