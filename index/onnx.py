"""The same vectors without torch: a sentence-transformers model exported once, run by ONNX Runtime.

An export is a folder: ``model.onnx`` (tokens in, pooled vector out), ``tokenizer.json`` and ``export.json``, which
carries what the loader must know and is written last, so that a folder without it is no export.

In int8 the weights of the matrix products are quantized once, and what is multiplied with them while it runs. Its
vectors are others, so it has a fingerprint of its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from index.batches import TRIAL, BatchedEncoder, Reading, describe
from index.encoder import FloatMatrix, unit
from index.exporting import ExportError, export_graph, open_session, quantize

if TYPE_CHECKING:
    from collections.abc import Sequence

    import onnxruntime
    import torch
    from sentence_transformers import SentenceTransformer

    from index.encoder import ModelFiles, Precision

FORMAT = 5
BATCH_TOKENS = 512
"""Tokens, padding included, in one run of the model in fp32; 256 to 512 were best of 1 to 4096 on two cores."""
AGREEMENT = {"fp32": 0.9999, "int8": 0.98}
"""Mean cosine that an export must reach against the model it was made from, or it is refused."""

_QUANTIZATION = "1"
_FILES = ("model.onnx", "tokenizer.json")


class Manifest(Reading):
    """What ``export.json`` says; ``digests`` are sha256 of the other files."""

    format: int
    fingerprint: str
    precision: Precision
    digests: dict[str, str]


class OnnxEncoder(BatchedEncoder):
    """An exported model.

    A run has one thread, and every core a run: on two cores a tenth faster than two threads to a run, and no slower for
    a question. In int8 a text is run alone: the range of what is quantized is that of the whole batch.
    """

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: str, manifest: Manifest) -> None:
        super().__init__(
            lambda arrays: cast("FloatMatrix", session.run(None, arrays)[0]),
            tokenizer,
            manifest,
            fingerprint=manifest["fingerprint"],
            batch_tokens=0 if manifest["precision"] == "int8" else BATCH_TOKENS,
            workers=os.cpu_count() or 1,
        )


def quantized(model: ModelFiles) -> ModelFiles:
    """The model as its int8 export is known: by another fingerprint."""
    mark = f"int8 {_QUANTIZATION} {model.fingerprint}"
    return replace(model, fingerprint=hashlib.sha256(mark.encode()).hexdigest())


def open_export(folder: Path, model: ModelFiles) -> OnnxEncoder | None:
    """Open an export of this very model; ``None`` where there is none, or it is damaged or of another version."""
    try:
        manifest = cast("Manifest", json.loads((folder / "export.json").read_text("utf-8")))
        if manifest["format"] != FORMAT or manifest["fingerprint"] != model.fingerprint:
            return None
        if manifest["digests"] != _digests(folder):
            return None
        tokenizer = (folder / "tokenizer.json").read_text("utf-8")
    except (OSError, ValueError, KeyError, TypeError):
        return None
    session = open_session(folder / "model.onnx")
    return OnnxEncoder(session, tokenizer, manifest) if session else None


def export(model: SentenceTransformer, files: ModelFiles, folder: Path, precision: Precision = "fp32") -> None:
    """Write an export beside its place, check its vectors against the model's own, and rename it there.

    Raises:
        UnsuitedError: the model has no fast tokenizer, needs more than its tokens, or exports to other vectors.

    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".export-") as scratch:
        made = Path(scratch) / "export"
        made.mkdir()
        tokenizer, reading = describe(model)
        (made / "tokenizer.json").write_text(tokenizer, "utf-8")
        if precision == "int8":
            _export_graph(model, reading["inputs"], Path(scratch) / "whole.onnx")
            quantize(Path(scratch) / "whole.onnx", made / "model.onnx")
        else:
            _export_graph(model, reading["inputs"], made / "model.onnx")
        manifest = Manifest(
            **reading, format=FORMAT, fingerprint=files.fingerprint, precision=precision, digests=_digests(made)
        )
        (made / "export.json").write_text(json.dumps(manifest, indent=1), "utf-8")
        _check(made, model, files, AGREEMENT[precision])
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)


def _digests(folder: Path) -> dict[str, str]:
    """The sha256 of each file: 50 ms for 90 MB, where the processor has instructions for it."""
    digests = {}
    for name in _FILES:
        with (folder / name).open("rb") as file:
            digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return digests


def _export_graph(model: SentenceTransformer, inputs: Sequence[str], path: Path) -> None:
    import torch  # noqa: PLC0415 - only an export needs it
    from transformers import PreTrainedModel  # noqa: PLC0415 - as torch

    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            features: dict[str, Any] = dict(zip(inputs, tensors, strict=True))
            return cast("torch.Tensor", self.model(features)["sentence_embedding"])

    features = model.preprocess(list(TRIAL))
    bodies = [module for module in model.modules() if isinstance(module, PreTrainedModel)]
    export_graph(Graph().eval(), {name: features[name] for name in inputs}, {"vectors": {0: "texts"}}, path, bodies)


def _check(folder: Path, model: SentenceTransformer, files: ModelFiles, least: float) -> None:
    exported = open_export(folder, files)
    if exported is None:
        raise ExportError("ONNX Runtime cannot read it")
    theirs = unit(np.asarray(model.encode_document(list(TRIAL), show_progress_bar=False)))
    agreement = float((exported.encode_passages(TRIAL) * theirs).sum(axis=1).mean())
    if agreement < least:
        raise ExportError(f"its vectors agree with the model's only to {agreement:.4f}")
