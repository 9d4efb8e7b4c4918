"""Models of torch to ONNX, and such opened."""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.batches import UnsuitedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import onnxruntime
    import torch
    from transformers import PreTrainedModel


class ExportError(UnsuitedError):
    """The model cannot be exported; it can still run on torch."""


def open_session(path: Path) -> onnxruntime.InferenceSession | None:
    """Open a model for runs of one thread each; ``None`` where it cannot be read."""
    import onnxruntime  # noqa: PLC0415 - a tenth of a second that only encoding needs
    from onnxruntime.capi import onnxruntime_pybind11_state as state  # noqa: PLC0415 - as above

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except (OSError, state.Fail, state.InvalidGraph, state.InvalidProtobuf, state.NoSuchFile, state.RuntimeException):
        return None


def export_graph(
    graph: torch.nn.Module,
    trial: Mapping[str, torch.Tensor],
    outputs: Mapping[str, Mapping[int, str]],
    path: Path,
    bodies: Sequence[PreTrainedModel],
) -> None:
    """Write a module as ONNX.

    Args:
        graph: takes the tensors of ``trial`` by place.
        trial: inputs by name, each of shape (texts, tokens), to trace it with.
        outputs: the names of what it gives, and of the axes of each that may differ from the trial's.
        path: the file.
        bodies: the models within, whose attention is exported as plain products.

    Raises:
        ExportError: it cannot be traced, or has operators that ONNX lacks.

    """
    import torch  # noqa: PLC0415 - only an export needs it

    axes = {name: {0: "texts", 1: "tokens"} for name in trial} | {name: dict(named) for name, named in outputs.items()}
    with torch.no_grad(), warnings.catch_warnings(), _plain_attention(bodies):
        warnings.simplefilter("ignore")  # the exporter warns of its own age and of branches that batches never take
        try:
            torch.onnx.export(
                graph,
                tuple(trial.values()),
                str(path),
                dynamo=False,
                input_names=list(trial),
                output_names=list(outputs),
                dynamic_axes=axes,
                opset_version=17,
            )
        except (RuntimeError, TypeError, ValueError, KeyError, torch.onnx.errors.OnnxExporterError) as error:
            raise ExportError(str(error).splitlines()[0]) from error


@contextmanager
def _plain_attention(bodies: Sequence[PreTrainedModel]) -> Iterator[None]:
    """Attention as plain products: torch's own kernel exports to more operators, a twentieth (int8: a sixth) slower."""
    before = [body.config._attn_implementation for body in bodies]  # noqa: SLF001 - it has a setter, and no getter
    try:
        for body in bodies:
            body.set_attn_implementation("eager")
        yield
    finally:
        for body, name in zip(bodies, before, strict=True):
            body.set_attn_implementation(name)


def quantize(whole: Path, path: Path) -> None:
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
