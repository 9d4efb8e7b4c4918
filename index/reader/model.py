"""The model that reads, run by ONNX Runtime."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, cast

import numpy as np
from tokenizers import Tokenizer

from index.reader.spans import Spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    import onnxruntime
    from tokenizers import Encoding

    from index.encoder import FloatMatrix

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
MOST_TOKENS = 256
"""Tokens of a question and a text together."""
MOST_ASKED = 64
"""Tokens of a question."""


class OnnxReader:
    """An exported model; texts are read one by one, by as many threads as there are cores.

    Args:
        session: question and text as tokens in; logits of shape (1, tokens, 2) out.
        tokenizer: the model's, as JSON.

    """

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: str) -> None:
        self._session = session
        self._pairs, self._whole = Tokenizer.from_str(tokenizer), Tokenizer.from_str(tokenizer)
        for each in (self._pairs, self._whole):
            each.no_padding()
            each.no_truncation()
        self._pairs.enable_truncation(MOST_TOKENS, strategy="only_second")

    def read(self, question: str, texts: Sequence[str]) -> list[Spans]:
        """Each text, read for a question; of a text that is too long, its beginning."""
        asked = self._cut(question)
        pairs = self._pairs.encode_batch([(asked, text) for text in texts])
        if len(pairs) <= 1:
            return [self._spans(pair) for pair in pairs]
        with ThreadPoolExecutor(min(len(pairs), os.cpu_count() or 1)) as pool:
            longest_first = sorted(range(len(pairs)), key=lambda at: -len(pairs[at].ids))
            found = dict(zip(longest_first, pool.map(lambda at: self._spans(pairs[at]), longest_first), strict=True))
        return [found[at] for at in range(len(pairs))]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, uncut."""
        return [len(encoding.ids) for encoding in self._whole.encode_batch_fast(texts, add_special_tokens=False)]

    def _cut(self, question: str) -> str:
        """As much of a question as is read; no halves of characters, which no encoding can carry."""
        question = question.encode("utf-8", "ignore").decode()
        tokens = self._whole.encode(question, add_special_tokens=False)
        return question if len(tokens.ids) <= MOST_ASKED else question[: tokens.offsets[MOST_ASKED - 1][1]]

    def _spans(self, pair: Encoding) -> Spans:
        rows = (pair.ids, pair.attention_mask, pair.type_ids)
        arrays = {name: np.array([row], dtype=np.int64) for name, row in zip(INPUTS, rows, strict=True)}
        logits = cast("list[FloatMatrix]", self._session.run(None, arrays))[0][0]
        held = [at for at, of in enumerate(pair.sequence_ids) if of == 1]
        return Spans(
            offsets=np.array([pair.offsets[at] for at in held], dtype=np.int64).reshape(len(held), 2),
            starts=logits[held, 0],
            ends=logits[held, 1],
            none=float(logits[0].sum()),
        )
