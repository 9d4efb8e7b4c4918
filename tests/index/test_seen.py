"""What came by is remembered, whatever it is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.domain import ArticleKey
from index.seen import Seen


@given(st.lists(st.text()), st.lists(st.text()))
def test_those_that_did_not_come_by_are_missing(came: list[str], keys: list[str]) -> None:
    """As a set would say it, in the order of the keys, and as often as they are asked for."""
    seen = Seen()
    for each in came:
        seen.add(each)
    assert list(seen.missing(keys)) == [key for key in keys if key not in set(came)]


def test_an_article_is_told_from_its_like() -> None:
    """By root, path and number in its file."""
    seen = Seen()
    seen.add(ArticleKey(root="/news", path="a.jsonl", id="1"))
    like = [ArticleKey(root="/news", path="a.jsonl", id=each) for each in ("1", "2", "")]
    assert list(seen.missing(like)) == like[1:]
