"""How an article is cut: whole sentences, exact offsets, a budget, and no change of subject inside."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import ToyEncoder, article

from index.passages import Chunking, encoder_text, sentences, split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.domain import Span

COUNT = ToyEncoder().count_tokens
SMALL = Chunking(budget=8, overlap=3)
SENTENCES = (
    "The mayor spoke on Tuesday.",
    "Nobody was hurt!",
    "Rain 🌧️ fell on 👩‍👩‍👧 all day.",
    "Мэр выступил во вторник.",
    "市长星期二讲话。",
    "A long sentence that goes on, and on, about the ferry to Orle and what it carried in the end.",
)
LINES = st.one_of(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5).map(" ".join),
    st.sampled_from(["A heading", "***", "---", "- an item", "2) another item", "", "  ", "• dots"]),
    st.text(max_size=40),
)
BODIES = st.lists(LINES, max_size=12).map("\n".join)
LANGUAGES = st.sampled_from(["en", "ru", "zh", "und", "ar", "de"])


def letters(texts: Sequence[str]) -> list[int]:
    """A token is a character that is no space."""
    return [sum(not character.isspace() for character in text) for text in texts]


def inside(inner: Span, outer: Sequence[Span]) -> bool:
    """Whether one span lies in one of others."""
    return any(start <= inner[0] and inner[1] <= end for start, end in outer)


def cut(body: str, chunking: Chunking = SMALL, language: str = "en") -> list[str]:
    """The passages of a body, as texts; a token is a word."""
    return [body[start:end] for start, end in split(article(body, language=language), COUNT, chunking)]


def test_sentences_keep_abbreviations_together_and_offsets_right_past_emoji() -> None:
    """Dr. and 5 p.m. end no sentence; offsets count characters."""
    body = "😀 Dr. Smith left at 5 p.m. on Monday. He said: “No.” Why?\n\nNobody knew."
    found = [body[start:end] for start, end in sentences(body, "en")]
    assert found == ["😀 Dr. Smith left at 5 p.m. on Monday.", "He said: “No.”", "Why?", "Nobody knew."]


@pytest.mark.parametrize(
    ("language", "body", "count"),
    [
        ("ru", "Министр А. В. Петров прибыл. Он молчал.", 2),
        ("zh", "他来了。她走了。", 2),
        ("es", "¿Quién? ¡Ella! Sí.", 3),
    ],
)
def test_sentences_of_other_languages(language: str, body: str, count: int) -> None:
    """Initials, and signs of other scripts."""
    assert len(sentences(body, language)) == count


def test_passages_are_whole_sentences_up_to_the_budget_with_a_little_overlap() -> None:
    """A sentence of three words carries over, one of four does not."""
    body = "One two three four five. Six seven eight. Nine ten eleven twelve. Thirteen fourteen."
    assert cut(body) == [
        "One two three four five. Six seven eight.",
        "Six seven eight. Nine ten eleven twelve.",
        "Thirteen fourteen.",
    ]


def test_no_passage_crosses_a_heading() -> None:
    """What follows a heading belongs to it, though there would have been room before."""
    assert cut("It rained.\n\nThe election\n\nShe won it.") == ["It rained.", "The election\n\nShe won it."]


def test_no_passage_crosses_the_end_of_a_list_or_a_separator() -> None:
    """The items of a list stand together, with what announces them."""
    assert cut("They want:\n\n- peace.\n\n- bread.\n\nIt rained.") == [
        "They want:\n\n- peace.\n\n- bread.",
        "It rained.",
    ]
    assert cut("It rained.\n\n* * *\n\nShe won.") == ["It rained.", "She won."]


def test_a_sentence_over_the_budget_is_cut_between_words() -> None:
    """Twenty words in eights, without overlap."""
    words = [f"w{at}" for at in range(20)]
    assert [len(piece.split()) for piece in cut(" ".join(words) + ".")] == [8, 8, 4]
    assert " ".join(cut(" ".join(words) + ".")) == " ".join(words) + "."


def test_a_word_over_the_budget_is_cut_by_letters() -> None:
    """Nothing is lost where a word is longer than a passage may be."""
    body = "x" * 100
    spans = split(article(body), lambda texts: [-(-len(text) // 2) for text in texts], Chunking(budget=8, overlap=0))
    assert "".join(body[start:end] for start, end in spans) == body
    assert max(end - start for start, end in spans) == 16


def test_what_is_no_text_has_no_passages() -> None:
    """An empty body, and one of separators."""
    assert cut("") == []
    assert cut("* * *\n\n---") == []


def test_the_encoder_reads_headline_and_date_before_the_passage() -> None:
    """What is missing leaves no gap."""
    full = article("It rained. It snowed.", title="Weather", published=date(2018, 1, 30))
    assert encoder_text(full, 0, 10) == "Weather. 30 January 2018\nIt rained."
    assert encoder_text(article("It rained.", title="Weather"), 0, 10) == "Weather\nIt rained."
    assert encoder_text(article("It rained.", title=""), 0, 10) == "It rained."


def test_a_small_encoder_gets_small_passages() -> None:
    """Where it reads less than the default, passages leave a quarter of it for the headline."""
    assert Chunking.for_encoder(512) == Chunking()
    assert Chunking.for_encoder(64) == Chunking(budget=48, overlap=9)
    assert Chunking.for_encoder(4).budget == 8


@given(
    st.lists(
        st.sampled_from(
            ["It rained. ", "A b c d e f g h i j k. ", "\n\n", "Heading", "- item\n", "😀 ", "他来了。", "x" * 40]
        ),
        max_size=30,
    ),
    st.sampled_from(["en", "zh", "und"]),
)
def test_passages_hold_every_sentence_in_order(parts: list[str], language: str) -> None:
    """For any layout: in order, inside the body, no space around, no letter lost, within the budget."""
    body = "".join(parts)
    spans = split(article(body, language=language), COUNT, SMALL)
    assert spans == sorted(spans)
    covered: set[int] = set()
    for start, end in spans:
        text = body[start:end]
        assert text
        assert text == text.strip()
        covered.update(range(start, end))
        assert COUNT([text])[0] <= SMALL.budget
    lost = {character for at, character in enumerate(body) if at not in covered}
    assert not any(character.isalnum() for character in lost)


@settings(max_examples=150, deadline=None)
@given(body=BODIES, language=LANGUAGES)
def test_sentences_are_ordered_slices_that_leave_nothing_out(body: str, language: str) -> None:
    """None is empty, spaced around, across a line or before the end of the last; every letter and digit is in one."""
    last = 0
    covered: set[int] = set()
    for start, end in sentences(body, language):
        text = body[start:end]
        assert text == text.strip() != ""
        assert "\n" not in text
        assert start >= last
        covered.update(range(start, end))
        last = end
    assert all(at in covered for at, character in enumerate(body) if character.isalnum())


@settings(max_examples=150, deadline=None)
@given(body=BODIES, language=LANGUAGES, budget=st.integers(3, 40), overlap=st.integers(0, 12))
def test_a_passage_begins_and_ends_where_sentences_do(body: str, language: str, budget: int, overlap: int) -> None:
    """Unless the sentence there is over the budget; every other sentence is whole in one passage."""
    spans = split(article(body, language=language), COUNT, Chunking(budget=budget, overlap=overlap))
    whole = sentences(body, language)
    starts, ends = {start for start, _ in whole}, {end for _, end in whole}
    long = [span for span in whole if COUNT([body[slice(*span)]])[0] > budget]
    for start, end in spans:
        assert start in starts or inside((start, start + 1), long)
        assert end in ends or inside((end - 1, end), long)
    assert all(inside(span, spans) for span in whole if span not in long)


@settings(max_examples=150, deadline=None)
@given(body=BODIES, language=LANGUAGES, budget=st.integers(1, 60), overlap=st.integers(0, 20))
def test_no_passage_is_over_the_budget(body: str, language: str, budget: int, overlap: int) -> None:
    """Even where each character is a token, so that words have to be cut; and none is of spaces."""
    spans = split(article(body, language=language), letters, Chunking(budget=budget, overlap=overlap))
    for start, end in spans:
        assert 0 < letters([body[start:end]])[0] <= budget
        assert body[start:end] == body[start:end].strip()


@settings(max_examples=100, deadline=None)
@given(body=BODIES, budget=st.integers(3, 30), overlap=st.integers(0, 12))
def test_what_a_passage_repeats_is_within_the_overlap(body: str, budget: int, overlap: int) -> None:
    """Each passage says something new, and repeats at most so many words of the one before."""
    spans = split(article(body), COUNT, Chunking(budget=budget, overlap=overlap))
    for (_, end), (start, after) in pairwise(spans):
        assert after > end
        assert COUNT([body[start:end]])[0] <= overlap


def test_the_overlap_gives_way_to_what_is_new() -> None:
    """A sentence as long as the budget stands alone: repeating one before it would leave it no room."""
    assert cut("A was here. One two three four five six seven eight. C was here.") == [
        "A was here.",
        "One two three four five six seven eight.",
        "C was here.",
    ]


def test_lines_of_one_subject_share_a_passage() -> None:
    """A paragraph's end is no change of subject."""
    assert cut("A was here.\n\nB was.\nC was.") == ["A was here.\n\nB was.\nC was."]


def test_headings_one_under_another_stay_together() -> None:
    """With what follows."""
    assert cut("A was here.\n\nThe Weather\nToday\nB was here.") == ["A was here.", "The Weather\nToday\nB was here."]


@pytest.mark.parametrize(
    "line", ["It rained.", "It rained!”", "It rained: so:", "下雨了。", "बारिश हुई।", "هل أمطرت؟", "x" * 71]
)
def test_a_closed_or_long_line_is_no_heading(line: str) -> None:
    """A sentence's closing mark, also within quotes and in other scripts, or more than 70 characters make it text."""
    body = f"A was.\n{line}\nB was."
    assert cut(body) == [body]


@pytest.mark.parametrize("separator", ["***", "---", "* * *", "· · ·", "——", "#", "=====", "•"])
def test_a_separator_is_in_no_passage_and_parts_two(separator: str) -> None:
    """A line of signs only is neither text nor crossed, wherever it stands."""
    body = f"{separator}\nA was.\n{separator}\n{separator}\nB was.\n{separator}"
    assert cut(body) == ["A was.", "B was."]


@pytest.mark.parametrize("mark", ["-", "*", "•", "–", "3.", "12)"])
def test_a_list_stays_with_its_introduction_and_ends_its_passage(mark: str) -> None:
    """Items follow the line that announces them; the first line that is none begins a passage."""
    body = f"He bought:\n{mark} red eggs\n{mark} white bread\nB was here."
    assert cut(body, Chunking()) == [f"He bought:\n{mark} red eggs\n{mark} white bread", "B was here."]


def test_no_piece_of_a_long_sentence_is_of_spaces() -> None:
    """A word exactly as long as a piece, before several spaces, leaves no passage of nothing behind."""
    body = "abcd    efgh   ijkl"
    spans = split(article(body), letters, Chunking(budget=4, overlap=0))
    assert [body[start:end] for start, end in spans] == ["abcd", "efgh", "ijkl"]


def test_only_the_word_over_the_budget_is_cut() -> None:
    """Where a character is a token, a word of ten is cut into four, four and two; its neighbours stay whole."""
    body = "a bcdefghijk l"
    spans = split(article(body), letters, Chunking(budget=4, overlap=0))
    assert [body[start:end] for start, end in spans] == ["a", "bcde", "fghi", "jk l"]


def test_a_long_run_without_spaces_loses_nothing() -> None:
    """A Chinese sentence of a thousand characters, each a token, is cut into five of the default budget."""
    spans = split(article("市" * 999 + "。", language="zh"), letters, Chunking())
    assert spans == [(0, 200), (200, 400), (400, 600), (600, 800), (800, 1000)]
