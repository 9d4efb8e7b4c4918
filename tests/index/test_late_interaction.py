"""Late interaction: where words stand, what their tokens make of them, and how near two texts come."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from index.encoder import unit
from index.late_interaction import max_sim, word_spans, words_in_context

STATES = arrays(np.float32, st.tuples(st.integers(1, 6), st.just(4)), elements=st.floats(-1, 1, width=32)).map(
    lambda rows: unit(rows + np.float32(0.01))
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Who opened it?", ["Who", "opened", "it"]),
        ("O'Neill paid £4.6 million.", ["O'Neill", "paid", "4.6", "million"]),
        ("Кто — мэр?", ["Кто", "мэр"]),
        ("市长讲话", ["市", "长", "讲", "话"]),
        ("iPhone手机2", ["iPhone", "手", "机", "2"]),
        ("a..... b", ["a", "b"]),
        ("?!", []),
        ("", []),
    ],
)
def test_words_and_where_they_stand(text: str, words: list[str]) -> None:
    """With what stands within a word; of a script without spaces each character."""
    assert [text[slice(*span)] for span in word_spans(text)] == words


@given(st.text(max_size=40))
def test_words_stand_in_any_text_once_and_in_order(text: str) -> None:
    """None is empty, none begins before the last has ended."""
    end = 0
    for start, stop in word_spans(text):
        assert end <= start < stop <= len(text)
        end = stop


def test_a_word_is_the_mean_of_its_tokens() -> None:
    """Special tokens, punctuation and the prompt are of no word; a token may begin with the space before it."""
    text = "ask: new mayors, no"
    offsets = [(0, 0), (0, 3), (3, 4), (5, 8), (8, 11), (11, 15), (15, 16), (16, 19), (0, 0)]
    states = np.array([[9, 9], [8, 8], [7, 7], [1, 0], [1, 0], [0, 1], [5, 5], [0, -2], [6, 6]], dtype=np.float32)
    words = words_in_context(states, offsets, text, start=5)
    assert words == pytest.approx(np.array([[1, 0], [0.5**0.5, 0.5**0.5], [0, -1]]), abs=1e-6)


def test_words_that_were_cut_off_are_left_out() -> None:
    """A model reads so many tokens and no more."""
    words = words_in_context(np.eye(2, dtype=np.float32), [(0, 3), (4, 7)], "one two three four")
    assert words.tolist() == [[1, 0], [0, 1]]
    assert words_in_context(np.ones((2, 3), dtype=np.float32), [(0, 0), (0, 0)], "one").shape == (0, 3)
    assert words_in_context(np.ones((1, 3), dtype=np.float32), [(0, 1)], "?").shape == (0, 3)


def test_max_sim_by_hand() -> None:
    """Each word of the question has its nearest; the text's others count nothing."""
    question = np.array([[1, 0], [0, 1]], dtype=np.float32)
    text = unit(np.array([[1, 0], [-1, 0], [1, 1]]))
    assert max_sim(question, text) == pytest.approx((1 + 0.5**0.5) / 2)
    assert max_sim(question[:0], text) == max_sim(question, text[:0]) == 0.0


@given(STATES, STATES, STATES)
def test_max_sim_of_more_words_is_no_less(question: np.ndarray, text: np.ndarray, more: np.ndarray) -> None:
    """It is a share of likeness: in [-1, 1], and 1 of what holds every word."""
    near = max_sim(question, text)
    assert -1.0001 <= near <= max_sim(question, np.vstack([text, more])) + 1e-6
    assert max_sim(question, np.vstack([text, question])) == pytest.approx(1, abs=1e-3)
