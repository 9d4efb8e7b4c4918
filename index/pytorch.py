"""Models on torch itself: those that cannot be exported, and all of them where there is a CUDA card."""

from __future__ import annotations

import copy
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from index.batches import TRIAL, BatchedEncoder, Reading, TokenMatrix, UnsuitedError, describe
from index.encoder import FloatMatrix, unit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sentence_transformers import SentenceTransformer

    from index.encoder import Encoder, ModelFiles

BATCH_TOKENS = 32768
"""Tokens, padding included, in one run on a card."""
WORKERS = 2
"""Threads that feed a card: while one waits for it, the other pads the next batch."""
AGREEMENT = 0.9999
"""Cosine that half precision must reach against single, or the card computes in single: rounding does not lose more."""

_SIGNS = ("/proc/driver/nvidia", "/dev/nvidia0", "/dev/dxg")


def sees_card() -> bool:
    """Whether torch finds a CUDA card; torch, a second to import, is asked only where there are signs of one."""
    try:
        if version("torch").endswith("+cpu"):
            return False
    except PackageNotFoundError:
        return False
    if sys.platform != "win32" and not any(Path(sign).exists() for sign in _SIGNS):
        return False
    import torch  # noqa: PLC0415 - a second, see above

    return torch.cuda.is_available()


class TorchEncoder:
    """A model run by sentence-transformers itself, whatever it needs."""

    def __init__(self, model: SentenceTransformer, files: ModelFiles) -> None:
        self._model = model
        self._counting = copy.deepcopy(model.tokenizer)  # its own: another thread may be encoding
        self.fingerprint = files.fingerprint
        self.dimension = int(model.get_embedding_dimension() or len(self.encode_question("one")))
        self.max_tokens = int(model.max_seq_length or 512)

    def encode_passages(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of shape (len(texts), dimension), unit norm."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return unit(np.asarray(self._model.encode_document(list(texts), show_progress_bar=False)))

    def encode_question(self, text: str) -> FloatMatrix:
        """One vector of shape (dimension,), unit norm."""
        return unit(np.asarray(self._model.encode_query(text, show_progress_bar=False)))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens, uncut; also while another thread encodes."""
        return [len(self._counting.encode(text, add_special_tokens=False, verbose=False)) for text in texts]


def on_card(model: SentenceTransformer, files: ModelFiles, device: str = "cuda") -> Encoder:
    """Put a model on a card, in half precision where that gives its vectors but for rounding.

    The fingerprint stays: what half precision changes is less than what storing vectors as float16 does.
    """
    try:
        tokenizer, reading = describe(model)
    except UnsuitedError:
        model.to(device)
        return TorchEncoder(model, files)
    expected = unit(np.asarray(model.encode_document(list(TRIAL), show_progress_bar=False)))
    model.to(device)
    encoder = _batched(model, tokenizer, reading, files)
    if device != "cpu":  # a processor has no half precision worth the name
        model.half()
        if float((encoder.encode_passages(TRIAL) * expected).sum(axis=1).min()) < AGREEMENT:
            model.float()
    return encoder


def _batched(model: SentenceTransformer, tokenizer: str, reading: Reading, files: ModelFiles) -> BatchedEncoder:
    return BatchedEncoder(
        _runner(model),
        tokenizer,
        reading,
        fingerprint=files.fingerprint,
        batch_tokens=BATCH_TOKENS,
        workers=WORKERS,
    )


def _runner(model: SentenceTransformer) -> Callable[[dict[str, TokenMatrix]], FloatMatrix]:
    import torch  # noqa: PLC0415 - its caller has loaded it

    def run(arrays: dict[str, TokenMatrix]) -> FloatMatrix:
        with torch.inference_mode():
            features = {name: torch.from_numpy(array).to(model.device) for name, array in arrays.items()}
            return cast("FloatMatrix", model(features)["sentence_embedding"].float().cpu().numpy())

    return run
