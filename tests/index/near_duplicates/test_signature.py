"""Signatures: equal for equal bodies, everywhere; their agreement estimates what bodies share; bands find the like."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
import templates
import variants
from toys import article

from index.near_duplicates import BANDS, VERSION, Signature, Text, may_be_one_story, signature_of

VOCABULARY = [f"word{at}".translate(str.maketrans("0123456789", "abcdefghij")) for at in range(3000)]


def signature(body: str) -> Signature:
    """Of an article with this body."""
    return signature_of(Text.of(article(body)))


def words(seed: int, count: int = 400) -> list[str]:
    """Words of no meaning."""
    return random.Random(seed).choices(VOCABULARY, k=count)  # noqa: S311 - no secret


def test_a_signature_is_the_same_in_every_process() -> None:
    """It is kept: what depended on the seed of this process's hashes would find nothing tomorrow."""
    code = (
        "from index import Article, ArticleKey; from index.near_duplicates import Text, signature_of\n"
        "text = 'The river Orrin rose by 3.2 metres at Dunmarrow on Monday, and families left.'\n"
        "print(signature_of(Text.of(Article(key=ArticleKey(root='/', path='a'), title='', body=text))).minima.hex())"
    )
    here = signature("The river Orrin rose by 3.2 metres at Dunmarrow on Monday, and families left.").minima.hex()
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True, text=True
        ).stdout.strip()
        for seed in ("1", "2")
    ]
    assert runs == [here, here]


def test_a_signature_has_a_version_that_its_values_are_pinned_to() -> None:
    """Whoever changes what it is made of must change VERSION, or archives compare what cannot be compared."""
    made = signature("The river Orrin rose by 3.2 metres at Dunmarrow on Monday, and families left.")
    assert (made.size, len(made.minima), len(made.facts)) == (11, 4 * 96, 4 * 5)
    assert np.frombuffer(made.minima, dtype="<u4")[:3].tolist() == [3283405640, 3360864434, 1327889526]
    assert VERSION == "1 rensa 2"


@pytest.mark.parametrize("kept", [0.9, 0.7, 0.5, 0.3])
def test_equal_minima_estimate_how_much_is_common(kept: float) -> None:
    """Their share is Jaccard's index of the shingles, computed here by hand, within three standard errors."""
    whole = words(1, 900)
    cut = whole[: int(900 * kept)]
    sets = [{" ".join(each[at : at + 4]) for at in range(len(each) - 3)} for each in (whole, cut)]
    jaccard = len(sets[0] & sets[1]) / len(sets[0] | sets[1])
    minima = [np.frombuffer(signature(" ".join(each)).minima, dtype="<u4") for each in (whole, cut)]
    error = (jaccard * (1 - jaccard) / 96) ** 0.5
    assert abs(float(np.mean(minima[0] == minima[1])) - jaccard) < 3 * error


def test_of_a_hundred_stories_cut_in_half_nearly_all_share_a_bucket() -> None:
    """1 - (1 - 0.5 ** 3) ** 32 of them, which is 98.6 %; of two that have nothing in common none does."""
    found = 0
    for seed in range(100):
        whole = words(seed)
        found += bool(set(signature(" ".join(whole)).bands) & set(signature(" ".join(whole[:200])).bands))
    assert found >= 95
    bands = [set(signature(" ".join(words(seed))).bands) for seed in range(100)]
    assert [one & other for one, other in pairwise(bands) if one & other] == []


def test_bands_of_another_place_are_never_equal() -> None:
    """A band says which of the 32 it is: equal minima elsewhere are no coincidence worth a look."""
    made = Signature(minima=bytes(4 * 96), facts=b"", size=1)
    assert len(set(made.bands)) == BANDS
    assert max(made.bands) < 1 << 48


def test_what_differs_in_most_facts_is_not_read_side_by_side() -> None:
    """A season of one template costs its signatures only, whatever the length of what all share."""
    made = [
        signature_of(Text.of(templates.article_from(0, language, seed)))
        for language in ("en", "ru", "es")
        for seed in range(20)
    ]
    pairs = [(one, other) for at, one in enumerate(made) for other in made[at + 1 :]]
    assert sum(may_be_one_story(*pair) for pair in pairs) < 0.02 * len(pairs)


def test_a_body_without_words_has_a_signature() -> None:
    """Of one empty shingle, and like that of any other such body."""
    assert signature("") == signature("— …")
    assert signature("").size == 1
    assert may_be_one_story(signature(""), signature(""))


def test_lone_surrogates_are_no_reason_to_fail() -> None:
    """Some web pages have them in names."""
    assert signature(f"{variants.original('en').body} Caf\ud800 Rosa").size > 200
