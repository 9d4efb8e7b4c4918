"""The same vectors without torch: a sentence-transformers model exported once, run by ONNX Runtime.

An export is a folder: ``model.onnx`` (tokens in, pooled vector out), ``tokenizer.json`` and ``export.json``, which
carries what the loader must know and is written last, so that a folder without it is no export.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, cast

import numpy as np
from tokenizers import Tokenizer

from index.encoder import FloatMatrix, unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    import onnxruntime
    from sentence_transformers import SentenceTransformer

    from index.encoder import ModelFiles

FORMAT = 2
BATCH_TOKENS = 4096
"""Tokens, padding included, in one run of the model; measured by ``make bench``."""
AGREEMENT = 0.9999
"""Cosine that an export must reach against the model it was made from, or it is refused."""

_TRIAL = ("Who was there?", "The council of the harbour town voted on Tuesday to close the old bridge, 7 to 2. " * 3)


class ExportError(Exception):
    """The model cannot be exported; it can still run on torch."""


class Manifest(TypedDict):
    """What ``export.json`` says."""

    format: int
    fingerprint: str
    inputs: list[str]
    sizes: dict[str, int]
    dimension: int
    max_tokens: int
    pad_id: int
    question_prompt: str
    passage_prompt: str


class OnnxEncoder:
    """An exported model. Not for two threads at once: one worker owns it."""

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer, manifest: Manifest) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._manifest = manifest
        self.fingerprint = manifest["fingerprint"]
        self.dimension = manifest["dimension"]
        self.max_tokens = manifest["max_tokens"]

    def encode_passages(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of shape (len(texts), dimension), unit norm. Texts of like length share a batch."""
        return self._encode([self._manifest["passage_prompt"] + text for text in texts])

    def encode_question(self, text: str) -> FloatMatrix:
        """One vector of shape (dimension,), unit norm."""
        row: FloatMatrix = self._encode([self._manifest["question_prompt"] + text])[0]
        return row

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens, uncut."""
        self._tokenizer.no_truncation()
        return [len(encoding.ids) for encoding in self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)]

    def _encode(self, texts: Sequence[str]) -> FloatMatrix:
        self._tokenizer.enable_truncation(self.max_tokens)
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(texts)]
        vectors = np.empty((len(rows), self.dimension), dtype=np.float32)
        order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
        start = 0
        while start < len(order):
            end = self._batch_end(rows, order, start)
            vectors[order[start:end]] = self._run([rows[at] for at in order[start:end]])
            start = end
        return unit(vectors)

    @staticmethod
    def _batch_end(rows: Sequence[Sequence[int]], order: Sequence[int], start: int) -> int:
        """The longest run of ``order`` from ``start`` that fits ``BATCH_TOKENS`` when padded to its last row."""
        end = start + 1
        while end < len(order) and (end + 1 - start) * len(rows[order[end]]) <= BATCH_TOKENS:
            end += 1
        return end

    def _run(self, rows: Sequence[Sequence[int]]) -> FloatMatrix:
        width = max(map(len, rows))
        ids = np.full((len(rows), width), self._manifest["pad_id"], dtype=np.int64)
        mask = np.zeros_like(ids)
        for at, row in enumerate(rows):
            ids[at, : len(row)] = row
            mask[at, : len(row)] = 1
        arrays = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        feed = {name: arrays[name] for name in self._manifest["inputs"]}
        return cast("FloatMatrix", self._session.run(None, feed)[0])


def open_export(folder: Path, model: ModelFiles) -> OnnxEncoder | None:
    """Open an export of this very model; ``None`` where there is none, or it is torn or of another version."""
    import onnxruntime  # noqa: PLC0415 - a tenth of a second that only encoding needs
    from onnxruntime.capi import onnxruntime_pybind11_state as state  # noqa: PLC0415 - as above

    try:
        manifest = cast("Manifest", json.loads((folder / "export.json").read_text("utf-8")))
        if manifest["format"] != FORMAT or manifest["fingerprint"] != model.fingerprint:
            return None
        if any((folder / name).stat().st_size != size for name, size in manifest["sizes"].items()):
            return None
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = os.cpu_count() or 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting threads burnt a third more
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
    except (OSError, state.Fail, state.InvalidGraph, state.InvalidProtobuf, state.NoSuchFile, state.RuntimeException):
        return None
    return OnnxEncoder(session, tokenizer, manifest)


def export(model: SentenceTransformer, files: ModelFiles, folder: Path) -> None:
    """Write an export beside its place, check its vectors against the model's own, and rename it there.

    Raises:
        ExportError: the model has no fast tokenizer, needs more than its tokens, or exports to other vectors.

    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".export-") as scratch:
        made = Path(scratch) / "export"
        made.mkdir()
        manifest = _describe(model, files)
        backend = getattr(model.tokenizer, "backend_tokenizer", None)
        if backend is None:
            raise ExportError("its tokenizer is not a fast one")
        (made / "tokenizer.json").write_text(backend.to_str(), "utf-8")
        _export_graph(model, manifest["inputs"], made / "model.onnx")
        manifest["sizes"] = {name: (made / name).stat().st_size for name in ("model.onnx", "tokenizer.json")}
        (made / "export.json").write_text(json.dumps(manifest, indent=1), "utf-8")
        _check(made, model, files)
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)


def _describe(model: SentenceTransformer, files: ModelFiles) -> Manifest:
    features = model.preprocess(list(_TRIAL))
    inputs: list[str] = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in features]
    others = {name for name, value in features.items() if hasattr(value, "shape")} - set(inputs)
    if "input_ids" not in inputs or others:
        raise ExportError(f"it wants more than tokens: {', '.join(sorted(others)) or 'no tokens'}")
    prompts = cast("dict[str, str]", model.prompts or {})
    if any(prompts.values()) and any(getattr(module, "include_prompt", True) is False for module in model):
        raise ExportError("its pooling leaves the prompt out")
    chosen = prompts.get(model.default_prompt_name or "", "")
    return Manifest(
        format=FORMAT,
        fingerprint=files.fingerprint,
        inputs=inputs,
        sizes={},
        dimension=int(model.get_embedding_dimension() or model.encode("one").shape[-1]),
        max_tokens=int(model.max_seq_length or 512),
        pad_id=int(model.tokenizer.pad_token_id or 0),
        question_prompt=prompts.get("query", chosen),
        passage_prompt=next((prompts[name] for name in ("document", "passage", "corpus") if name in prompts), chosen),
    )


def _export_graph(model: SentenceTransformer, inputs: Sequence[str], path: Path) -> None:
    import torch  # noqa: PLC0415 - only an export needs it

    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            features: dict[str, Any] = dict(zip(inputs, tensors, strict=True))
            return cast("torch.Tensor", self.model(features)["sentence_embedding"])

    features = model.preprocess(list(_TRIAL))
    axes = {name: {0: "texts", 1: "tokens"} for name in inputs} | {"vectors": {0: "texts"}}
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own age and of branches that batches never take
        try:
            torch.onnx.export(
                Graph().eval(),
                tuple(features[name] for name in inputs),
                str(path),
                dynamo=False,
                input_names=list(inputs),
                output_names=["vectors"],
                dynamic_axes=axes,
                opset_version=17,
            )
        except (RuntimeError, TypeError, ValueError, torch.onnx.errors.OnnxExporterError) as error:
            raise ExportError(str(error).splitlines()[0]) from error


def _check(folder: Path, model: SentenceTransformer, files: ModelFiles) -> None:
    exported = open_export(folder, files)
    if exported is None:
        raise ExportError("ONNX Runtime cannot read it")
    theirs = unit(np.asarray(model.encode_document(list(_TRIAL), show_progress_bar=False)))
    agreement = float((exported.encode_passages(_TRIAL) * theirs).sum(axis=1).min())
    if agreement < AGREEMENT:
        raise ExportError(f"its vectors agree with the model's only to {agreement:.4f}")
