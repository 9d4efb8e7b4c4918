"""What buttons stand for: all that was shown comes back, also what an older newsdesk wrote."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.memory import Memory, Shown
from bot.memory.shown import Also, Answered

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ALSO = st.builds(Also, title=WORDS, source=st.none() | WORDS, published=st.none() | st.dates(), url=st.none() | WORDS)


@st.composite
def shown(draw: st.DrawFn) -> Shown:
    """Anything that can have been shown; who else tells a story is known of some of its passages."""
    passages = draw(st.lists(st.integers(1, 2**40), unique=True, max_size=5))
    told = {each: tuple(draw(st.lists(ALSO, min_size=1, max_size=3))) for each in passages[1::2]}
    return Shown(
        question=draw(WORDS),
        passages=tuple(passages),
        also=told,
        answer=draw(st.none() | st.builds(Answered, address=WORDS, quote=WORDS)),
        asked=draw(st.none() | st.dates()),
        person=draw(st.integers(0, 2**52)),
    )


@given(shown())
def test_what_was_shown_comes_back(one: Shown) -> None:
    """All of it, for the chat it was shown in."""
    with Memory.open(None) as memory:
        key = memory.shown.remember(5, one)
        assert memory.shown.recall(5, key) == one
        assert memory.shown.recall(6, key) is None


def test_what_an_older_newsdesk_remembered_still_stands() -> None:
    """It kept the ids of passages, and no more."""
    with Memory.open(None) as memory:
        row = ("old", 5, "q?", "[3, 1, 1099511627776]", 1e12)
        memory._db.execute("INSERT INTO shown (key, chat, question, passages, at) VALUES (?, ?, ?, ?, ?)", row)  # noqa: SLF001
        assert memory.shown.recall(5, "old") == Shown(question="q?", passages=(3, 1, 2**40))


def test_of_very_many_articles_of_one_story_a_hundred_are_kept() -> None:
    """A reader is named four, and told how many others there are."""
    many = tuple(Also(title=str(number), published=date(2026, 1, 1)) for number in range(120))
    with Memory.open(None) as memory:
        key = memory.shown.remember(5, Shown(question="q", passages=(7,), also={7: many}))
        found = memory.shown.recall(5, key)
        assert found is not None
        assert found.also == {7: many[:100]}
