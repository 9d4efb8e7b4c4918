"""Whether two articles are one story, told by reading them side by side (pure).

One story is the same text: copied under another headline, cut, gone on with, a word or two put right. The same
sentences about someone else are another story: results, weather and prices are written from one template, and differ in
names and numbers. So what counts is not only how much is common, but what stands where the two differ.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Self

from index.near_duplicates.corrections import is_correction
from index.near_duplicates.words import (
    Sentence,
    facts_of,
    is_unspaced,
    most_conflicts,
    sentences_of,
    shingles_of,
    tolerance,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from index.domain import Article

DAYS = 7
"""Days between a story's first article and its last: later, the same words tell of something else."""

_CONTAINED = 0.8
_SHORTEST = 24
_BRIEF = 60
_SHORT = 200
_STEM = 4
_ALTERED = 0.4
_LINES, _AROUND = 60, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An article as it is compared: all but ``sentences`` in lower case."""

    day: date | None
    title: Sentence
    sentences: tuple[Sentence, ...]
    words: frozenset[str]
    shingles: frozenset[str]
    facts: frozenset[str]
    correction: bool

    @classmethod
    def of(cls, article: Article) -> Self:
        """Read an article."""
        sentences = sentences_of(article.body)
        folded = [token.casefold() for sentence in sentences for token in sentence]
        return cls(
            day=article.published,
            title=tuple(token.casefold() for sentence in sentences_of(article.title) for token in sentence),
            sentences=tuple(sentences),
            words=frozenset(folded),
            shingles=frozenset(shingles_of(folded)),
            facts=frozenset(facts_of(sentences)),
            correction=is_correction(article),
        )


def is_one_story(one: Text, other: Text) -> bool:
    """Whether two articles tell one story; the order does not matter."""
    if one.day and other.day and abs((one.day - other.day).days) > DAYS:
        return False
    shorter = min(len(one.shingles), len(other.shingles))
    if shorter < _SHORTEST:  # a line or two says little without its headline
        return one.title == other.title and one.shingles == other.shingles
    if len(one.shingles & other.shingles) < _CONTAINED * shorter or not _is_announced(one, other, shorter):
        return False
    if one.shingles == other.shingles:
        return True
    one, other = sorted((one, other), key=lambda text: (len(text.sentences), text.sentences))
    return _is_put_right(one, other) and not _is_about_another(one, other)


def _is_announced(one: Text, other: Text, shorter: int) -> bool:
    """Whether headlines speak of their bodies: what a page says instead of its article stands under many of them.

    Of a brief both must, of a short article one; a long one is more than such a notice.
    """
    if shorter >= _SHORT or one.title == other.title:
        return True
    spoken = [_speaks_of_its_body(text) for text in (one, other)]
    return all(spoken) if shorter < _BRIEF else any(spoken)


def _speaks_of_its_body(text: Text) -> bool:
    said = {word[:_STEM] for word in text.words}
    words = [token[:_STEM] for token in text.title if len(token) >= _STEM or is_unspaced(token)]
    return sum(word in said for word in words) > 0.2 * len(words)


def _is_about_another(one: Text, other: Text) -> bool:
    """Whether each headline names what its own body names and the other article nowhere does."""
    missing = [
        set(text.title) & text.facts - rest.words - set(rest.title) for text, rest in ((one, other), (other, one))
    ]
    return all(missing) and not (one.correction or other.correction)


def _is_put_right(one: Text, other: Text) -> bool:
    """Whether so few names and numbers stand in another's place that they are corrections, not another story's."""
    shared = len(one.facts & other.facts)
    conflicts = min(len(one.facts), len(other.facts)) - shared
    corrects = one.correction or other.correction
    if conflicts > most_conflicts(shared + conflicts, corrects=corrects):
        return False
    common, slots = _slots(one, other)
    return slots <= tolerance(corrects=corrects) * (common + slots)


def _slots(one: Text, other: Text) -> tuple[float, int]:
    """How many facts stand in what the two share, and in how many places of a shared sentence one stands for another.

    A sentence of one is compared with the sentence of the other that has most of its words, if it has many of them:
    what was written anew, as a lead often is, says nothing of a template.
    """
    facts = one.facts | other.facts
    lines = [{tuple(map(str.casefold, line)): line for line in text.sentences} for text in (one, other)]
    common = sum(_weight(line, facts) for line in lines[0].keys() & lines[1].keys())
    rest = [[line for line in lines[at] if line not in lines[1 - at]] for at in (0, 1)]
    slots = 0
    for line, beside in _beside(*rest):
        near = max(beside, key=lambda each: (_overlap(line, each), each), default=())
        if _overlap(line, near) >= _ALTERED:
            kept, replaced = _altered(line, near, facts)
            common, slots = common + kept, slots + replaced
    return common, slots


def _beside(lines: Sequence[Sentence], others: Sequence[Sentence]) -> Iterator[tuple[Sentence, Sequence[Sentence]]]:
    """The sentences to compare, each with those that it may stand for: of long texts a sample, and what is about there.

    So the time that two articles take is bounded, whatever they are.
    """
    step = -(-len(lines) // _LINES) or 1
    for at in range(0, len(lines), step):
        middle = at * len(others) // len(lines)
        first = max(0, min(middle - _AROUND, len(others) - 2 * _AROUND))
        yield lines[at], others[first : first + 2 * _AROUND]


def _altered(line: Sentence, near: Sentence, facts: frozenset[str]) -> tuple[float, int]:
    """How many facts two sentences share, and in how many places one stands for another: also one gone, one come."""
    kept = 0.0
    places = Counter[str]()
    for kind, start, end, begin, stop in SequenceMatcher(None, line, near, autojunk=False).get_opcodes():
        gone, come = _weight(line[start:end], facts), _weight(near[begin:stop], facts)
        if kind == "equal":
            kept += gone
        elif kind != "replace" or (gone and come):
            places[kind] += bool(gone or come)
    return kept, places["replace"] + min(places["delete"], places["insert"])


def _weight(tokens: Sentence, facts: frozenset[str]) -> float:
    """How many facts there are; where a script has no capitals, one character in twenty counts as one."""
    return sum(0.05 if is_unspaced(token) else token in facts for token in tokens)


def _overlap(line: Sentence, other: Sentence) -> float:
    """The share of the longer of two sentences that is in the shorter, in tokens."""
    return (Counter(line) & Counter(other)).total() / max(len(line), len(other), 1)
