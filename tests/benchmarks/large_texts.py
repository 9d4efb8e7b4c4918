"""A large archive that is not there: articles of words of our own making, as frequent and as bunched as in news.

English function words come at the rates counted in 3.6 million words of news. All others are invented; their
frequencies fall as r**-a, and from some rank on faster (two regimes, as Ferrer i Cancho and Solé found in 2001), with
the constants that fit the same news. Which of them an article holds depends on its topics and on the article: within
an octave of ranks, each topic and each article has few words of its own.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from tests.benchmarks.data import Question

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from index.domain import Span

    Whole = npt.NDArray[np.int64]

BLOCK = 512
"""Articles made in one go; each block can be made without those before it."""
VOCABULARY = 500_000
_RATES = """the 59 to 27 and 24 of 24 a 23 in 22 for 10 that 9.5 on 9.3 is 7.6 with 6.4 was 5.9 as 5.8 at 5.7 it 5.5 he
4.9 from 4.8 are 4.1 by 4.1 has 4.0 be 4.0 have 3.9 his 3.9 an 3.6 will 3.5 this 3.2 but 3.2 who 3.1 not 2.9
more 2.8 they 2.7 or 2.5 i 2.5 their 2.5 we 2.5 after 2.4 about 2.3 her 2.2 been 2.2 were 2.2 she 2.1 one 2.1
had 2.0 first 2.0 also 2.0 up 1.9 which 1.8 its 1.8 than 1.8 would 1.7 all 1.7 you 1.7 when 1.7 two 1.6 out
1.6 what 1.5 can 1.5 other 1.5 no 1.4 there 1.4 over 1.4 if 1.3 some 1.3 last 1.3 into 1.3 our 1.2 could 1.2
so 1.1 during 1.1 most 1.1 just 1.1 before 1.0 while 1.0 now 1.0 us 1.0 how 0.9 where 0.9 may 0.9 many 0.9
them 0.9 those 0.9 since 0.9 him 0.8 because 0.8 only 0.8 through 0.8 back 0.8 against 0.8 do 0.8 still 0.7
your 0.7 being 0.7 off 0.7 even 0.7 down 0.7 any 0.6 then 0.6 my 0.6 did 0.6 these 0.6 much 0.6 under 0.6 here
0.6 around 0.5 both 0.5 such 0.5 should 0.5 among 0.5 between 0.5 very 0.4 me 0.4 until 0.4 own 0.4 without
0.4 each 0.4 few 0.3 does 0.3 yet 0.3 why 0.3 within 0.3"""
"""Function words, each with how often it comes in a thousand words of news."""
_HEAD, _TAIL, _BREAK = 0.42, 1.3, 1700.0
_TOPICS, _TOPICS_OF_ARTICLE = 3000, 3
_TOPICAL, _OWN = 0.4, 0.25  # shares of the invented words
_PASSAGES, _SENTENCES, _SHORTEST, _LONGEST = 6, 5, 9, 27  # of an article, of a passage; words of a sentence
_HEADLINE = 8
_LONGEST_QUESTION, _JOINED = 14, 0.6
_FIRST_DAY, _ARTICLES_A_DAY = date(2015, 1, 1), 55
_OPENINGS = ("What did the", "When was the", "Who said that the", "How many of the", "Why did the", "Where is the")
_JOINTS = ("of the", "and the", "in the", "with", "after the", "that was in", "for the", "by a", "from", "to the")


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeArticle:
    """An invented article; ``spans`` are its passages in ``body``."""

    id: str
    title: str
    body: str
    published: date
    spans: tuple[Span, ...]


def large_articles(passages: int, seed: int = 1) -> Iterator[LargeArticle]:
    """Articles in the order of their dates, until there are so many passages; the first of many are those of few."""
    left = passages
    for article in itertools.chain.from_iterable(_block(seed, number) for number in itertools.count()):
        if left <= 0:
            return
        left -= len(article.spans)
        yield article


def large_questions(passages: int, count: int = 200, seed: int = 1) -> list[Question]:
    """Questions of 6 to 14 words as people ask them; each of them is about a sentence of an article."""
    draw = np.random.default_rng([seed, 7])
    blocks = max(1, passages // _PASSAGES // BLOCK)
    questions: list[Question] = []
    for number in np.linspace(0, blocks - 1, min(blocks, 20)).astype(int).tolist():
        articles = list(_block(seed, number))
        wanted = (count - len(questions)) if number == blocks - 1 else -(-count // min(blocks, 20))
        questions += [_question(articles[at], draw) for at in draw.integers(0, len(articles), wanted).tolist()]
    return questions[:count]


def _question(article: LargeArticle, draw: np.random.Generator) -> Question:
    """A few words of a sentence of the article, in their order, between words that ask; one more is the answer."""
    start, end = article.spans[int(draw.integers(len(article.spans)))]
    sentences = article.body[start:end].lower().removesuffix(".").split(". ")
    own = [word for word in sentences[int(draw.integers(len(sentences)))].split() if word not in _rates()]
    own = list(dict.fromkeys(own if len(set(own)) > 3 else article.title.lower().split()))
    answer, *order = draw.permutation(len(own)).tolist()
    places = sorted(order[: int(draw.integers(3, 7))])
    words = _OPENINGS[int(draw.integers(len(_OPENINGS)))].split()
    for at in places:
        joint = _JOINTS[int(draw.integers(len(_JOINTS)))].split() if at != places[0] and draw.random() < _JOINED else []
        words += [*joint, own[at]] if len(words) + len(joint) < _LONGEST_QUESTION else []
    return Question(text=f"{' '.join(words)}?", answers=(own[answer],), relevant=frozenset({article.id}), fold=0)


def _block(seed: int, number: int) -> Iterator[LargeArticle]:
    draw = np.random.default_rng([seed, number])
    passages = 1 + draw.poisson(_PASSAGES - 1, BLOCK)
    sentences = passages * _SENTENCES + 1  # the first is the headline
    lengths = draw.integers(_SHORTEST, _LONGEST + 1, int(sentences.sum()))
    firsts = np.cumsum(sentences) - sentences
    lengths[firsts] = _HEADLINE
    owner = np.repeat(np.arange(BLOCK) + number * BLOCK, np.add.reduceat(lengths, firsts))
    words = _words()[_drawn(owner, draw)].tolist()
    ends = np.cumsum(lengths).tolist()
    begins = [0, *ends[:-1]]
    for at, (first, count) in enumerate(zip(firsts.tolist(), sentences.tolist(), strict=True)):
        lines = [" ".join(words[begins[i] : ends[i]]).capitalize() for i in range(first, first + count)]
        yield _article(number * BLOCK + at, lines)


def _article(number: int, lines: list[str]) -> LargeArticle:
    parts = [". ".join(lines[at : at + _SENTENCES]) + "." for at in range(1, len(lines), _SENTENCES)]
    ends = list(itertools.accumulate(len(part) + 1 for part in parts))
    return LargeArticle(
        id=str(number),
        title=lines[0],
        body="\n".join(parts),
        published=_FIRST_DAY + timedelta(days=number // _ARTICLES_A_DAY),
        spans=tuple((end - 1 - len(part), end - 1) for end, part in zip(ends, parts, strict=True)),
    )


def _drawn(owner: Whole, draw: np.random.Generator) -> Whole:
    """A word for each place in articles, as its place in ``_words()``; ``owner`` is the number of its article."""
    rank = np.searchsorted(_cumulated(), draw.random(len(owner)))
    kind = draw.random(len(owner))
    place = owner * _TOPICS_OF_ARTICLE + draw.integers(0, _TOPICS_OF_ARTICLE, len(owner))
    topic = (_TOPICS * (_mixed(place) % 65_536 / 65_536) ** 2).astype(np.int64)  # some topics are more in the news
    invented = rank - len(_rates())
    bunch = np.where(kind < _OWN, -1 - owner, topic)
    scattered = (kind >= _OWN + _TOPICAL) | (invented < 16)
    return np.where((invented < 0) | scattered, rank, len(_rates()) + _bunched(np.maximum(invented, 1), bunch, kind))


def _bunched(rank: Whole, bunch: Whole, kind: npt.NDArray[np.float64]) -> Whole:
    """Of the octave of each rank, one of the words that a topic or an article has of it: 2 in an article's, else √n."""
    octave = np.log2(rank).astype(np.int64)
    width = np.left_shift(1, octave)
    few = np.where(kind < _OWN, 2, np.left_shift(1, octave // 2))
    chosen = width + _mixed(bunch * 1_000_003 + octave * 1009 + rank % few) % width
    return np.where(chosen < VOCABULARY, chosen, rank)


def _mixed(values: Whole) -> Whole:
    """Numbers that look drawn, the same for the same values (the finalizer of SplitMix64)."""
    mixed = values.astype(np.uint64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(1)).astype(np.int64)


@cache
def _rates() -> dict[str, float]:
    each = iter(_RATES.split())
    return {word: float(rate) / 1000 for word, rate in zip(each, each, strict=True)}


@cache
def _cumulated() -> npt.NDArray[np.float64]:
    """How likely a word is one of the first so many of ``_words()``."""
    function = np.array(list(_rates().values()))
    ranks = np.arange(1, VOCABULARY + 1)
    invented = ranks**-_HEAD * (1 + ranks / _BREAK) ** -_TAIL
    return np.cumsum(np.concatenate([function, invented / invented.sum() * (1 - function.sum())]))


@cache
def _words() -> npt.NDArray[np.object_]:
    """The function words, then the invented ones by falling frequency: syllables, two of them or three or four."""
    syllables = [first + then for first in "bdfghklmnprstvwz" for then in "aeiou"]
    invented: list[str] = []
    for length in (2, 3, 4):
        whole = len(syllables) ** length
        for at in range(min(whole, VOCABULARY + len(_rates()) - len(invented))):
            number, word = at * 7919 % whole, ""
            for _ in range(length):
                number, digit = divmod(number, len(syllables))
                word += syllables[digit]
            if word not in _rates():
                invented.append(word)
    return np.array([*_rates(), *invented[:VOCABULARY]], dtype=object)
