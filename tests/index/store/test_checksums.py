"""Checksums: any other value, kind or order of values gives another; digests and traces say what an article is."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import article

from index import ArticleKey
from index.store.checksums import checksum, digest, traces

VALUES = st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=8), st.binary(max_size=8)), max_size=5)


def test_a_checksum_is_crc_32_of_the_values_and_then_of_the_blobs() -> None:
    """Worked out by hand, so that a row written today is read in years."""
    assert checksum(1, "a", None) == zlib.crc32(b"[1, 'a', None]")
    assert checksum(1, b"xy", "a", b"z") == zlib.crc32(b"[1, 'a']xyz")
    assert checksum() == zlib.crc32(b"[]")


@given(VALUES)
def test_a_checksum_fits_in_a_column(values: list[object]) -> None:
    """For any values it is the same at every call, and an integer of 32 bits."""
    assert checksum(*values) == checksum(*values)
    assert 0 <= checksum(*values) < 2**32


@given(VALUES.filter(bool), st.data())
def test_a_flipped_bit_makes_another_checksum(values: list[object], data: st.DataObject) -> None:
    """A single bit of a blob, of a number or of a character's code is always told."""
    at = data.draw(st.integers(0, len(values) - 1))
    match values[at]:
        case bytes(blob) if blob:
            place, bit = data.draw(st.integers(0, len(blob) - 1)), data.draw(st.integers(0, 7))
            other: object = bytes(byte ^ (1 << bit) if i == place else byte for i, byte in enumerate(blob))
        case int(number):
            other = number ^ (1 << data.draw(st.integers(0, 20)))
        case str(text) if text:
            other = text[:-1] + chr(ord(text[-1]) ^ 1)
        case _:
            other = "what was not there"
    assert checksum(*values[:at], other, *values[at + 1 :]) != checksum(*values)


@pytest.mark.parametrize(
    ("one", "other"),
    [((1, 2), (2, 1)), (("1",), (1,)), ((None,), ("None",)), (("a", "b"), ("ab",)), (("a', 'b",), ("a", "b"))],
)
def test_values_that_look_alike_have_other_checksums(one: tuple[object, ...], other: tuple[object, ...]) -> None:
    """Order, kind and borders count."""
    assert checksum(*one) != checksum(*other)


def test_a_digest_is_of_all_but_the_key() -> None:
    """Any other field makes another digest; another key does not; the digest of a day is that of the format before."""
    base = article("Text.", title="T", published=date(2020, 1, 1), author="A", source="S", url="https://example.org")
    others = [
        replace(base, title="T2"),
        replace(base, body="Text. "),
        replace(base, published=None),
        replace(base, author=None),
        replace(base, source="A", author="S"),
        replace(base, url=None),
        replace(base, language="de"),
    ]
    assert len({digest(base), *map(digest, others)}) == len(others) + 1
    assert digest(replace(base, key=ArticleKey(root="/x", path="y"))) == digest(base)
    assert len(digest(base)) == 16


def test_traces_are_of_the_text_and_of_the_address() -> None:
    """Headline and body together, and the address, or none; nothing else counts, and any characters will do."""
    base = article("Text.", title="T", url="https://example.org", author="A")
    text, address = traces(base)
    assert traces(replace(base, author="B", key=ArticleKey(root="/x", path="y"), language="de")) == (text, address)
    assert traces(replace(base, title="U")) != (text, address)
    assert traces(replace(base, title="U"))[1] == traces(replace(base, body="V"))[1] == address
    assert len({text, traces(replace(base, title="U"))[0], traces(replace(base, body="V"))[0]}) == 3
    assert traces(replace(base, url=None)) == traces(replace(base, url="")) == (text, None)
    assert len(traces(article("\ud800", url="\udfff"))) == 2
