"""Calibration: what is unlike is as unlike with one encoder as with another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from toys import ToyEncoder

from index import encoder
from index.calibration import FITTED, QUESTIONS, SENTENCES, Floors, floors, stretched
from index.encoder import unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.encoder import FloatMatrix


class NarrowEncoder(ToyEncoder):
    """All that it gives leans to one side, as the vectors of some models do: no two are far apart."""

    def read_passages(self, texts: Sequence[str]) -> tuple[FloatMatrix, list[FloatMatrix]]:
        """A toy's, drawn together."""
        vectors, words = super().read_passages(texts)
        return _drawn(vectors), [_drawn(each) for each in words]


def _drawn(rows: FloatMatrix) -> FloatMatrix:
    return unit(np.hstack([rows, np.full((len(rows), 1), 2, dtype=np.float32)]))


@pytest.mark.parametrize("name", [encoder.DEFAULT_ENCODER, f"{encoder.DEFAULT_ENCODER}:int8"])
def test_the_weights_were_fitted_on_the_scale_of_the_default_encoder(newsdesk_cache: Path, name: str) -> None:
    """Its floors are those that stand in the code; in eight bits they are nearly the same."""
    found = floors(encoder.load(name, cache=newsdesk_cache, device="cpu"))
    assert found.cosine == pytest.approx(FITTED.cosine, abs=0.0001 if name == encoder.DEFAULT_ENCODER else 0.01)
    assert found.max_sim == pytest.approx(FITTED.max_sim, abs=0.0001 if name == encoder.DEFAULT_ENCODER else 0.01)


def test_floors_are_measured_once_an_encoder() -> None:
    """Of every question with every sentence."""
    toy = ToyEncoder()
    assert floors(toy) == floors(toy) == floors(ToyEncoder())
    assert toy.encoded == [*QUESTIONS, *SENTENCES]


def test_another_scale_is_stretched_to_the_fitted_one() -> None:
    """The floor falls on the fitted one, 1 stays 1, and what lies between keeps its order."""
    assert stretched(0.7, 0.7, 0.1) == pytest.approx(0.1)
    assert stretched(1.0, 0.7, 0.1) == pytest.approx(1.0)
    assert stretched(0.85, 0.7, 0.1) == pytest.approx(0.55)
    assert stretched(0.6, 0.7, 0.1) < 0.1
    assert stretched(1.0, 1.0, 0.1) == pytest.approx(0.1)


def test_an_encoder_to_which_all_is_alike_is_no_surer() -> None:
    """Its floors are high; what has nothing in common is then as unlike as to any other."""
    narrow, toy = floors(NarrowEncoder()), floors(ToyEncoder())
    assert isinstance(narrow, Floors)
    assert narrow.cosine > 0.8 > toy.cosine
    assert stretched(narrow.max_sim, narrow.max_sim, FITTED.max_sim) == pytest.approx(FITTED.max_sim)
