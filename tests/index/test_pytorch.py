"""Models on torch: finding a card without importing torch for it, and the code of a card run on the processor."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from index import batches, encoder, pytorch

TEXTS = ["who?", "", "the council voted, 7 to 2. " * 9, "harbour " * 400, "Ünïcode Ж 北京 😀", "one two three"]


@pytest.fixture
def files() -> encoder.ModelFiles:
    """The default model's files."""
    return encoder.locate(encoder.DEFAULT_ENCODER)


@pytest.fixture
def model(files: encoder.ModelFiles) -> SentenceTransformer:
    """The default model, on the processor."""
    return SentenceTransformer(str(files.folder), device="cpu").eval()


def test_the_code_of_a_card_gives_the_models_own_vectors(
    model: SentenceTransformer, files: encoder.ModelFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In several batches, tokenized apart, under the same fingerprint; without a card in single precision."""
    expected = model.encode(TEXTS)
    monkeypatch.setattr(pytorch, "BATCH_TOKENS", 300)
    ours = pytorch.on_card(model, files, "cpu")
    assert isinstance(ours, batches.BatchedEncoder)
    assert (ours.encode_passages(TEXTS) * encoder.unit(expected)).sum(axis=1).min() >= 0.99999
    assert (ours.encode_question(TEXTS[2]) * encoder.unit(expected)[2]).sum() >= 0.99999
    assert ours.encode_passages([]).shape == (0, 384)
    assert ours.fingerprint == files.fingerprint


@pytest.mark.parametrize(("least", "kept"), [(0.9999, torch.float16), (1.1, torch.float32)])
def test_half_precision_is_kept_where_it_agrees(
    model: SentenceTransformer,
    files: encoder.ModelFiles,
    monkeypatch: pytest.MonkeyPatch,
    least: float,
    kept: torch.dtype,
) -> None:
    """A card is stood in for by the processor, which can do it too, if slowly; vectors are float32 all the same."""
    expected = encoder.unit(model.encode(TEXTS))
    monkeypatch.setattr(model, "to", lambda _: model)
    monkeypatch.setattr(pytorch, "AGREEMENT", least)
    ours = pytorch.on_card(model, files)
    assert model.dtype == kept
    vectors = ours.encode_passages(TEXTS)
    assert vectors.dtype == np.float32
    assert (vectors * expected).sum(axis=1).min() >= 0.9999


def test_a_model_that_needs_more_than_tokens_is_run_by_its_own_library(
    model: SentenceTransformer, files: encoder.ModelFiles
) -> None:
    """Where pooling leaves the prompt out, for one."""
    model.prompts = {"query": "query: ", "document": "passage: "}
    model[1].include_prompt = False
    assert isinstance(pytorch.on_card(model, files, "cpu"), pytorch.TorchEncoder)


def test_tokens_are_counted_while_torch_encodes(model: SentenceTransformer, files: encoder.ModelFiles) -> None:
    """Cutting texts for the model does not reach the counting, nor the other way."""
    slow = pytorch.TorchEncoder(model, files)
    counts, vectors = slow.count_tokens(TEXTS), slow.encode_passages(TEXTS)
    with ThreadPoolExecutor(2) as pool:
        encoding = [pool.submit(slow.encode_passages, TEXTS) for _ in range(5)]
        for _ in range(200):
            assert slow.count_tokens(TEXTS) == counts
        assert all(np.abs(each.result() - vectors).max() < 1e-5 for each in encoding)


@pytest.mark.parametrize(
    ("version", "signs", "available", "found"),
    [
        ("2.13.0+cpu", True, True, False),
        ("2.13.0", False, True, False),
        ("2.13.0", True, False, False),
        ("2.13.0", True, True, True),
        (None, True, True, False),
    ],
)
def test_a_card_is_there_when_torch_says_so(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    version: str | None,
    signs: bool,  # noqa: FBT001 - pytest gives it by name
    available: bool,  # noqa: FBT001 - as above
    found: bool,  # noqa: FBT001 - as above
) -> None:
    """A torch without CUDA, or a machine without a sign of a card, needs no asking."""

    def installed(name: str) -> str:
        if version is None:
            raise PackageNotFoundError(name)
        return version

    monkeypatch.setattr(pytorch, "version", installed)
    monkeypatch.setattr(pytorch, "_SIGNS", (str(tmp_path if signs else tmp_path / "none"),))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: available)
    assert pytorch.sees_card() is found


def test_looking_for_a_card_imports_no_torch_where_there_is_no_sign_of_one() -> None:
    """It would take a second of every start."""
    code = (
        "import sys; from index import pytorch; pytorch._SIGNS = (); pytorch.sys.platform = 'linux'; "
        "print(pytorch.sees_card(), 'torch' in sys.modules)"
    )
    here = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=here, capture_output=True, text=True, check=False)
    assert done.stdout == "False False\n", done.stderr
