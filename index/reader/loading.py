"""The reader's model: the default encoder's with low-rank changes to its weights, exported to ONNX once.

What was learned lies in ``weights.safetensors``: for each linear layer two matrices whose product is added to its
weights (Hu et al. 2021, LoRA), and the layer that tells where answers begin and end. It runs in int8: twice as fast,
and answers on news, SQuAD and XQuAD were as good.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import tempfile
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, cast

from index import encoder as encoders
from index.errors import NewsdeskError
from index.exporting import ExportError, export_graph, open_session, quantize
from index.reader.model import INPUTS, OnnxReader

if TYPE_CHECKING:
    from collections.abc import Mapping

    import onnxruntime
    import torch
    from transformers import PreTrainedModel

    from index.encoder import ModelFiles

log = logging.getLogger(__name__)

_FORMAT = "1"
_MODEL, _DIGEST = "model.onnx", "sha256"


class ReaderError(NewsdeskError):
    """The model that reads cannot be made or opened."""


def load_reader(cache: Path | None = None) -> OnnxReader:
    """Load the model that reads; its export is made where there is none, or one that is damaged.

    Args:
        cache: where exports lie; the user's cache folder where none is given.

    Raises:
        EncoderError: the default encoder, whose weights it shares, cannot be found or trusted.
        ReaderError: it cannot be exported.

    """
    model = encoders.locate(encoders.DEFAULT_ENCODER)
    with as_file(files(__package__) / "weights.safetensors") as learned:
        name = hashlib.sha256(f"{_FORMAT} {model.weights} {digest(learned)}".encode()).hexdigest()[:32]
        folder = (cache or encoders.default_cache()) / "readers" / name
        tokenizer = (model.folder / "tokenizer.json").read_text("utf-8")
        try:
            return OnnxReader(_open(folder), tokenizer)
        except (OSError, ValueError):
            return OnnxReader(_made(model, learned, folder), tokenizer)


def _open(folder: Path) -> onnxruntime.InferenceSession:
    """Open an export, beside which its own digest stands.

    Raises:
        OSError, ValueError: there is none, or it is damaged.

    """
    path = folder / _MODEL
    if (folder / _DIGEST).read_text("ascii") != digest(path):
        raise ValueError(f"{path} is damaged")
    opened = open_session(path)
    if opened is None:
        raise ValueError(f"{path} cannot be opened")
    return opened


def _made(model: ModelFiles, learned: Path, folder: Path) -> onnxruntime.InferenceSession:
    """Export the model, open it, and keep it in its folder; where that cannot be written, it serves this once."""
    for place in (folder.parent, None):  # the cache, or where the system keeps what is temporary
        try:
            if place:
                place.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=place, prefix=".export-") as scratch:
                made = Path(scratch) / "export"
                made.mkdir()
                _export(model, learned, Path(scratch) / "whole.onnx")
                quantize(Path(scratch) / "whole.onnx", made / _MODEL)
                (made / _DIGEST).write_text(digest(made / _MODEL), "ascii")
                opened = _open(made)
                if place:
                    shutil.rmtree(folder, ignore_errors=True)
                    made.rename(folder)
                return opened
        except ExportError as error:
            raise ReaderError(f"the model that reads answers cannot be exported: {error}") from error
        except (OSError, ValueError) as error:
            refused = error
            log.info("the model that reads answers is not kept: %s", error)
    raise ReaderError(
        f"the model that reads answers cannot be exported: {refused}; free space on the disk"
    ) from refused


def _export(model: ModelFiles, learned: Path, path: Path) -> None:
    import torch  # noqa: PLC0415 - only an export needs it, and the next
    from safetensors.torch import load_file  # noqa: PLC0415 - as above

    taught = load_file(learned)
    body = taught_model(cast("PreTrainedModel", encoders.load_torch(model)[0].auto_model), taught)
    head = torch.nn.Linear(body.config.hidden_size, 2)
    head.load_state_dict({name: taught[f"head.{name}"].float() for name in ("weight", "bias")})

    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body, self.head = body, head

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            read = self.body(**dict(zip(INPUTS, tensors, strict=True)))
            logits: torch.Tensor = self.head(read.last_hidden_state)
            return logits

    ids = torch.arange(1000, 1016).reshape(2, 8)
    trial = dict(zip(INPUTS, (ids, torch.ones_like(ids), torch.zeros_like(ids)), strict=True))
    export_graph(Graph().eval(), trial, {"logits": {0: "texts", 1: "tokens"}}, path, [body])


def taught_model(body: PreTrainedModel, taught: Mapping[str, torch.Tensor]) -> PreTrainedModel:
    """The model with what was learned added to its weights."""
    for name in sorted({name.rpartition(".")[0] for name in taught if name.endswith(".a")}):
        body.get_parameter(f"{name}.weight").data += taught[f"{name}.b"].float() @ taught[f"{name}.a"].float()
    body.get_parameter("embeddings.token_type_embeddings.weight").data.copy_(taught["types"])
    return body


def digest(path: Path) -> str:
    """The sha256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
