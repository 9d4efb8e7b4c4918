"""The domain: passages and quotes are slices of their article, and nothing can be changed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import article

from index import Answer, ArticleKey, Hit, Passage, domain

if TYPE_CHECKING:
    from index.domain import Span


@st.composite
def bodies_and_spans(draw: st.DrawFn) -> tuple[str, Span, Span]:
    """A body, a span of it, and another."""
    body = draw(st.text(max_size=60))
    ends = st.tuples(st.integers(0, len(body)), st.integers(0, len(body)))
    first, second = (tuple(sorted(draw(ends))) for _ in range(2))
    return body, (first[0], first[1]), (second[0], second[1])


@given(bodies_and_spans())
def test_texts_are_slices_of_the_body(drawn: tuple[str, Span, Span]) -> None:
    """A passage's text and an answer's quote are what stands between their offsets, in characters."""
    body, (start, end), (first, last) = drawn
    one = article(body)
    hit = Hit(passage=Passage(id=7, article=one, start=start, end=end), score=0.5, cosine=0.5, bm25=0.5)
    assert hit.passage.text == "".join(body[at] for at in range(start, end))
    answer = Answer(hit=hit, start=first, end=last, highlights=(), confidence=0.5)
    assert answer.quote == "".join(body[at] for at in range(first, last))
    assert hit.article is one


def test_equal_keys_are_one_article() -> None:
    """Root, path and id together tell articles apart."""
    key = ArticleKey(root="/r", path="p", id="1")
    assert len({key, ArticleKey(root="/r", path="p", id="1")}) == 1
    others = {
        ArticleKey(root="/x", path="p", id="1"),
        ArticleKey(root="/r", path="x", id="1"),
        ArticleKey(root="/r", path="p"),
    }
    assert key not in others
    assert len(others) == 3


def test_what_is_not_known_of_an_article_is_none() -> None:
    """Only where it came from, its headline and its body have to be there; its language is then "und"."""
    bare = domain.Article(key=ArticleKey(root="/r", path="p"), title="T", body="B")
    assert (bare.published, bare.author, bare.source, bare.url, bare.language) == (None, None, None, None, "und")


@pytest.mark.parametrize("kind", [each for each in vars(domain).values() if is_dataclass(each)])
def test_values_cannot_be_changed(kind: type) -> None:
    """Every value type is frozen, without a dict for more, and made from names only."""
    values = dict.fromkeys((field.name for field in fields(kind)), 0)
    value = kind(**values)
    with pytest.raises(FrozenInstanceError):
        setattr(value, next(iter(values)), 1)
    assert not hasattr(value, "__dict__")
    assert value == kind(**values)
    with pytest.raises(TypeError):
        kind(*values.values())
