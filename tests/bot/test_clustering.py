"""Alike questions together: against a naive clustering, worked examples, and paraphrases with the real encoder."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clustering import ALIKE, clusters, grouped
from bot.memory.unanswered import Asked
from index import encoder

if TYPE_CHECKING:
    from pathlib import Path

    from index.encoder import FloatMatrix

PARAPHRASES = (
    ("Who won the rowing race on the lake?", "Which crew came first in the lake regatta?", "lake rowing race winner"),
    ("When does the new tram line open?", "From what day will trams run on the new line?", "opening date new tram"),
    ("How much does a ferry ticket cost?", "What does one pay for the ferry?", "ferry ticket price"),
    ("Why was the town library closed?", "What made the council shut the library?", "reason for library closure"),
    ("Who is the mayor of Kittiwake?", "Kittiwake mayor name", "Who runs the town hall in Kittiwake?"),
    ("Who is the mayor of Ostend Bay?", "Ostend Bay mayor"),
    ("When does the old tram line close?", "Until when will trams run on the old line?"),
    ("Who won the cycling race in the hills?", "cycling race in the hills: who came first?"),
    ("How many people visited the harbour fair?", "How many visitors did the fair at the harbour have?"),
    ("What did the minister say about fishing quotas?", "the minister's opinion on limits for fishermen"),
    ("Who designed the new bridge?", "Which architect drew the plans of the new bridge?", "new bridge architect"),
    ("How long is the new bridge?", "What is the length of the new bridge in metres?"),
    ("What caused the fire at the mill?", "How did the mill fire begin?", "mill fire cause"),
    ("Was anybody hurt in the fire at the mill?", "How many were injured when the mill burned?"),
    ("When is the next council election?", "On what date do we vote for the council?"),
    ("Who is standing in the council election?", "Candidates for the council", "Which people want to be elected?"),
    ("What is the weather tomorrow?", "Will it rain tomorrow?", "weather forecast for tomorrow"),
    ("Did the school get a new headteacher?", "Who is the new head of the school?"),
    ("Why are the buses on strike?", "What do the bus drivers on strike demand?", "reasons of the bus strike"),
    ("When will the bus strike end?", "How long will the buses not run?"),
    ("How old is the oak in the park?", "age of the park oak"),
    ("Where was the missing boat found?", "In what place did they find the boat that was lost?"),
    ("Who found the missing boat?", "The lost boat was found by whom?"),
    ("How much will the swimming pool cost?", "price of the new pool", "What does the town pay for the pool?"),
)
"""Ways to ask the same, in a row; even rows chose the threshold, odd rows check it."""
SUBJECTS = ((1, 6), (10, 11), (12, 13), (14, 15), (18, 19), (21, 22))
"""Rows that ask different things of one subject, which may come together."""


def naive(vectors: FloatMatrix, threshold: float) -> list[list[int]]:
    """Merge the two groups of the highest mean cosine while it reaches the threshold: by definition, slowly."""
    groups = [[place] for place in range(len(vectors))]
    while len(groups) > 1:
        means = {
            (a, b): np.mean([float(vectors[i] @ vectors[j]) for i in groups[a] for j in groups[b]])
            for a, b in combinations(range(len(groups)), 2)
        }
        (a, b), best = max(means.items(), key=lambda each: each[1])
        if best < threshold:
            break
        groups[a] += groups.pop(b)
    return sorted(sorted(each) for each in groups)


@settings(deadline=None, max_examples=150)
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(0, 14),
    directions=st.integers(2, 6),
    threshold=st.floats(-0.2, 0.95),
)
def test_it_is_average_linkage(seed: int, count: int, directions: int, threshold: float) -> None:
    """The chain finds the groups that merging the closest pair again and again finds."""
    vectors = np.random.default_rng(seed).normal(size=(count, directions))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    assert clusters(vectors, threshold) == naive(vectors.astype(np.float64), threshold)


def test_equal_vectors_are_one_group_and_opposite_ones_are_not() -> None:
    """Ties are no problem."""
    vectors = np.array([[1, 0], [-1, 0], [1, 0], [1, 0], [-1, 0]], dtype=np.float32)
    assert clusters(vectors, 0.5) == [[0, 2, 3], [1, 4]]


def test_groups_tell_how_often_what_and_when() -> None:
    """The one asked most comes first, then the one asked last; days that are not known are left out."""
    day = date(2024, 2, 6)
    asked = [
        Asked(question="tram?", asked=None),
        Asked(question="ferry, please?", asked=day),
        Asked(question="library?"),
        Asked(question="ferry?", asked=day - timedelta(days=3)),
    ]
    groups = grouped(asked, np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0]], dtype=np.float32))
    assert [group.newest for group in groups] == ["ferry, please?", "tram?", "library?"]
    assert [len(group.questions) for group in groups] == [2, 1, 1]
    assert [group.days for group in groups] == [(day - timedelta(days=3), day), None, None]


def test_paraphrases_come_together_and_others_stay_apart(newsdesk_cache: Path) -> None:
    """With the real encoder: of pairs that ask the same most are together, of pairs of two subjects none."""
    model = encoder.load(encoder.DEFAULT_ENCODER, cache=newsdesk_cache)
    meant = [number for number, group in enumerate(PARAPHRASES) for _ in group]
    vectors = np.stack([model.encode_question(question) for group in PARAPHRASES for question in group])
    found = {place: number for number, group in enumerate(clusters(vectors, ALIKE)) for place in group}
    together = {(a, b): found[a] == found[b] for a, b in combinations(range(len(meant)), 2)}
    for rows, least in ((0, 0.95), (1, 0.6)):
        same = [is_one for (a, b), is_one in together.items() if meant[a] == meant[b] and meant[a] % 2 == rows]
        assert sum(same) / len(same) >= least
    wrong = [{meant[a], meant[b]} for (a, b), is_one in together.items() if is_one and meant[a] != meant[b]]
    assert all(each in [set(subject) for subject in SUBJECTS] for each in wrong)


def test_a_thousand_questions_are_grouped_as_they_lie() -> None:
    """Those that point in one of fifty directions are fifty groups."""
    random = np.random.default_rng(7)
    centres = np.linalg.qr(random.normal(size=(64, 50)))[0].T
    which = random.integers(0, 50, size=1000)
    vectors = centres[which] + random.normal(scale=0.02, size=(1000, 64))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    found = clusters(vectors, 0.7)
    assert sorted(map(tuple, found)) == sorted(tuple(np.flatnonzero(which == each)) for each in set(which))
