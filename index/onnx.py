"""The same vectors without torch: a sentence-transformers model exported once, run by ONNX Runtime.

An export is a folder: ``model.onnx`` (tokens in, pooled vector and the tokens' states out), ``tokenizer.json`` and
``export.json``, which carries what the loader must know and is written last, so that a folder without it is no export.

In int8 the weights of the matrix products are quantized once, and what is multiplied with them while it runs. Its
vectors are others, so it has a fingerprint of its own.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from index.batches import TRIAL, BatchedEncoder, Reading, UnsuitedError, describe
from index.encoder import FloatMatrix, unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import onnxruntime
    from sentence_transformers import SentenceTransformer

    from index.batches import TokenMatrix
    from index.encoder import ModelFiles, Precision

FORMAT = 4
BATCH_TOKENS = 512
"""Tokens, padding included, in one run of the model in fp32; 256 to 512 were best of 1 to 4096 on two cores."""
AGREEMENT = {"fp32": 0.9999, "int8": 0.98}
"""Mean cosine that an export must reach against the model it was made from, or it is refused."""

_QUANTIZATION = "1"
_FILES = ("model.onnx", "tokenizer.json")
_OUTPUTS = ["vectors", "states"]


class ExportError(UnsuitedError):
    """The model cannot be exported; it can still run on torch."""


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
        def run(arrays: dict[str, TokenMatrix], *, states: bool) -> tuple[FloatMatrix, FloatMatrix | None]:
            found = cast("list[FloatMatrix]", session.run(_OUTPUTS[: 1 + states], arrays))
            return found[0], found[1] if states else None

        super().__init__(
            run,
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
    import onnxruntime  # noqa: PLC0415 - a tenth of a second that only encoding needs
    from onnxruntime.capi import onnxruntime_pybind11_state as state  # noqa: PLC0415 - as above

    try:
        manifest = cast("Manifest", json.loads((folder / "export.json").read_text("utf-8")))
        if manifest["format"] != FORMAT or manifest["fingerprint"] != model.fingerprint:
            return None
        if manifest["digests"] != _digests(folder):
            return None
        tokenizer = (folder / "tokenizer.json").read_text("utf-8")
    except (OSError, ValueError, KeyError, TypeError):
        return None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
    except (OSError, state.Fail, state.InvalidGraph, state.InvalidProtobuf, state.NoSuchFile, state.RuntimeException):
        return None
    return OnnxEncoder(session, tokenizer, manifest)


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
            _quantize(Path(scratch) / "whole.onnx", made / "model.onnx")
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

    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            features: dict[str, Any] = dict(zip(inputs, tensors, strict=True))
            read = self.model(features)
            return read["sentence_embedding"], read["token_embeddings"]

    features = model.preprocess(list(TRIAL))
    axes = {name: {0: "texts", 1: "tokens"} for name in inputs} | {
        "vectors": {0: "texts"},
        "states": {0: "texts", 1: "tokens"},
    }
    with torch.no_grad(), warnings.catch_warnings(), _plain_attention(model):
        warnings.simplefilter("ignore")  # the exporter warns of its own age and of branches that batches never take
        try:
            torch.onnx.export(
                Graph().eval(),
                tuple(features[name] for name in inputs),
                str(path),
                dynamo=False,
                input_names=list(inputs),
                output_names=_OUTPUTS,
                dynamic_axes=axes,
                opset_version=17,
            )
        except (RuntimeError, TypeError, ValueError, KeyError, torch.onnx.errors.OnnxExporterError) as error:
            raise ExportError(str(error).splitlines()[0]) from error


@contextmanager
def _plain_attention(model: SentenceTransformer) -> Iterator[None]:
    """Attention as plain products: torch's own kernel exports to more operators, a twentieth (int8: a sixth) slower."""
    from transformers import PreTrainedModel  # noqa: PLC0415 - as torch

    bodies = [module for module in model.modules() if isinstance(module, PreTrainedModel)]
    before = [body.config._attn_implementation for body in bodies]  # noqa: SLF001 - it has a setter, and no getter
    try:
        for body in bodies:
            body.set_attn_implementation("eager")
        yield
    finally:
        for body, name in zip(bodies, before, strict=True):
            body.set_attn_implementation(name)


def _quantize(whole: Path, path: Path) -> None:
    """Weights to seven bits a channel: sums of products then fit 16 bits, so that every processor gets the same."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 - only an export needs it

    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # it advises on the root logger to do what the session does by itself
    try:
        quantize_dynamic(
            whole,
            path,
            op_types_to_quantize=["MatMul", "Gemm"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
        )
    except (RuntimeError, ValueError) as error:
        raise ExportError(str(error).splitlines()[0]) from error
    finally:
        root.setLevel(level)


def _check(folder: Path, model: SentenceTransformer, files: ModelFiles, least: float) -> None:
    exported = open_export(folder, files)
    if exported is None:
        raise ExportError("ONNX Runtime cannot read it")
    theirs = unit(np.asarray(model.encode_document(list(TRIAL), show_progress_bar=False)))
    agreement = float((exported.encode_passages(TRIAL) * theirs).sum(axis=1).mean())
    if agreement < least:
        raise ExportError(f"its vectors agree with the model's only to {agreement:.4f}")
