"""Reading: quotes that are slices, spans inside them, and None where nothing is sure enough."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import ToyEncoder, ToyReader, article

from index import candidates, reading
from index.analysis import question_terms
from index.candidates import Sentence, sentences_to_weigh
from index.dates import Interval, Time
from index.domain import Hit, Passage
from index.highlights import highlight
from index.passages import Chunking, split
from index.reading import ALONE, UNTIMELY, Confidence, Selection, lead, read_answer, untimely
from index.retrieval import Found
from index.second_stage import second_stage

if TYPE_CHECKING:
    from index import Article
    from index.domain import Answer
    from index.reader import Reader, Spans

ENCODER = ToyEncoder()
READER = ToyReader()
QUESTIONS = (
    "Who opened the ferry terminal?",
    "When did the storm close the harbour?",
    "How many people live in Orle?",
    "Why did it rain?",
    "Кто открыл музей?",
    "市长星期几讲话?",
    "??",
)
SENTENCES = (
    "Ada Lind opened the ferry terminal in Ashford.",
    "She paid $19 million for it on 5 May 2020.",
    "The storm closed the harbour of Orle 🌧️ on Monday.",
    "He said no.",
    "Музей открыл Иван Петров.",
    "Он сказал: «нет».",
    "市长星期二讲话。",
    "A heading",
    "Who opened the ferry terminal?",
)
BODIES = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=9).flatmap(
    lambda parts: st.sampled_from([" ", "\n\n"]).map(lambda between: between.join(parts))
)


def hit(one: Article, score: float = 0.5, start: int = 0, end: int | None = None) -> Hit:
    """A hit on a passage of an article: all of it, where no end is given."""
    passage = Passage(id=1, article=one, start=start, end=len(one.body) if end is None else end)
    return Hit(passage=passage, score=score, cosine=0.5, bm25=0.5)


def found(question: str, *hits: Hit, rarity: dict[tuple[str, ...], float] | None = None) -> Found:
    """What a search would give: these hits, best first; each word of the question is as rare as any other."""
    words = question_terms(question, {each.article.language for each in hits})
    best = {each.article.key: each for each in reversed(hits)}
    return Found(
        question=question,
        vector=ENCODER.encode_question(question),
        rarity=dict.fromkeys(words, 1.0) if rarity is None else rarity,
        slips={},
        time=Time(),
        signals={},
        passages=hits,
        hits=tuple(sorted(best.values(), key=lambda each: -each.score)),
    )


def answered(asked: Found, reader: Reader = READER) -> Answer | None:
    """What is answered by what was found, in the order of the first stage."""
    return read_answer(second_stage(asked, reader, 0.0))


def sentence(
    text: str,
    *,
    coverage: float = 0.0,
    behind: float = 0.0,
    odds: float | None = None,
    answer: tuple[int, int] | None = None,
) -> Sentence:
    """A sentence that is a whole article."""
    return Sentence(
        hit=hit(article(text)), start=0, end=len(text), coverage=coverage, behind=behind, odds=odds, answer=answer
    )


def marked(question: str, text: str) -> list[str]:
    """What is highlighted of a sentence, each word of the question as rare as any other."""
    rarity = dict.fromkeys(question_terms(question, ["en"]), 1.0)
    return [text[start:end] for start, end in highlight(question, sentence(text), rarity)]


@pytest.fixture
def credulous(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every best sentence is sure enough."""
    monkeypatch.setattr(reading, "CONFIDENCE", replace(reading.CONFIDENCE, threshold=0.0))


def test_the_score_of_a_sentence_is_the_weighted_sum() -> None:
    """Log odds are linear in each part, but for depth, of which one more than it is taken to the logarithm."""
    weights = Selection(odds=2.0, coverage=3.0, behind=-7.0, depth=-11.0)
    third = replace(sentence("A.\n\nB.\n\nC.", odds=0.5, coverage=0.25, behind=0.125), start=8)
    assert third.depth == 2
    assert weights.score(third) == pytest.approx(1.0 + 0.75 - 0.875 - 11.0 * math.log(3))
    assert weights.score(replace(third, odds=None)) == pytest.approx(0.75 - 0.875 - 11.0 * math.log(3))


@pytest.mark.parametrize(
    ("published", "text", "lost"),
    [
        (date(2018, 6, 20), "Rovers won the cup.", False),
        (date(2017, 12, 25), "Rovers won the cup.", False),
        (date(2017, 12, 20), "Rovers won the cup.", True),
        (date(2020, 1, 1), "Rovers won the cup.", False),
        (date(2020, 1, 3), "Rovers won the cup.", True),
        (date(2020, 1, 3), "Rovers won the cup in 2018.", False),
        (date(2020, 1, 3), "Rovers won the cup in 2019, for 12018 pounds.", True),
        (None, "Rovers won the cup.", False),
    ],
)
def test_an_article_of_other_days_is_no_answer(published: date | None, text: str, *, lost: bool) -> None:
    """Asked of 2018: before it but for ten days, and a year after it, unless the sentence names the year."""
    asked = Time(interval=Interval(first=date(2018, 1, 1), last=date(2018, 12, 31)), explicit=True)
    one = replace(sentence(text), hit=hit(article(text, published=published)))
    assert untimely(asked, one) == (UNTIMELY if lost else 0.0)
    assert untimely(Time(), one) == 0.0
    weights = Confidence(odds=0, unread=0, coverage=0, depth=0, lead=0, intercept=5.0, threshold=0.5)
    assert (weights.of(one, 0.0, untimely(asked, one)) == 0.5) is lost


def test_confidence_is_a_probability() -> None:
    """The logistic function of the weighted sum: log odds of ln 3 are three to one."""
    weights = Confidence(odds=4, unread=3, coverage=1, depth=0, lead=2, intercept=-1, threshold=0.5)
    assert weights.of(sentence("A.", odds=0.5), -0.5) == 0.5
    assert weights.of(sentence("A.", coverage=1.0, odds=0.0), math.log(3) / 2) == pytest.approx(0.75)
    assert weights.of(sentence("A.", coverage=1.0, odds=0.0), 0.0) == 0.5
    assert weights.of(sentence("A."), -1.0) == 0.5


@given(odds=st.floats(-20, 20), coverage=st.floats(0, 1), ahead=st.floats(-1, 1), more=st.floats(0, 1))
def test_what_speaks_for_an_answer_never_makes_it_less_sure(
    odds: float, coverage: float, ahead: float, more: float
) -> None:
    """The fitted weights of the odds, the words and the lead are positive; probabilities lie in (0, 1)."""
    one = sentence("A.", coverage=coverage, odds=odds)
    sure = reading.CONFIDENCE.of(one, ahead)
    assert 0 < sure < 1
    assert reading.CONFIDENCE.of(replace(one, coverage=coverage + more), ahead) >= sure
    assert reading.CONFIDENCE.of(one, ahead + more) >= sure
    assert reading.CONFIDENCE.of(replace(one, odds=odds + more), ahead) >= sure


def test_coverage_weighs_words_by_their_rarity() -> None:
    """A sentence with the rare one of two words, three times as rare, holds three quarters."""
    one = hit(article("The ferry sank. The mayor spoke."))
    rarity = {("ferri",): 3.0, ("mayor",): 1.0}
    by_text = {each.text: each for each in sentences_to_weigh(found("mayor ferry", one, rarity=rarity), READER)}
    assert {text: each.coverage for text, each in by_text.items()} == {
        "The ferry sank.": 0.75,
        "The mayor spoke.": 0.25,
    }


def test_a_sentence_is_read_for_its_best_answer() -> None:
    """Its log odds, and where that stands in the article; a headline is read, and answers nothing."""
    one = hit(article("It was wet. Lind was there.", title="Ada Lind"))
    wet, there = _in_order(found("Who was in Orle?", one))
    assert (wet.odds, there.odds) == (4.0, 4.0)
    assert [each.hit.article.body[slice(*each.answer)] for each in (wet, there) if each.answer] == ["It", "Lind"]
    assert {each.odds for each in _in_order(found("It Lind", one))} == {-4.0}


def test_what_is_asked_for_goes_before_a_likelier_description() -> None:
    """A name by a question for one, unless the reader finds it far less likely; else the likeliest words."""

    class Describing(ToyReader):
        def __init__(self, name: float) -> None:
            super().__init__()
            self.name = name

        def _spans(self, question: str, text: str) -> Spans:
            read = super()._spans(question, text)
            sure = np.where(read.starts > 0, self.name / 2, np.where(read.offsets[:, 0] == text.find("pilot"), 4, -4))
            return replace(read, starts=sure, ends=sure)

    one = hit(article("The pilot was Ada Lind.", title="news"))
    for question, name, said in (
        ("Who was it?", 1.0, "Ada Lind"),
        ("Who was it?", -1.0, "pilot"),
        ("Why was it?", 1.0, "pilot"),
        ("Who was Ada Lind?", 1.0, "pilot"),
    ):
        (read,) = sentences_to_weigh(found(question, one), Describing(name))
        assert read.odds == 8.0
        assert read.answer
        assert one.article.body[slice(*read.answer)] == said


def test_the_likeliest_sentence_is_read_alone_then_all_of_its_article_together() -> None:
    """In their order under its headline, each article's apart; an article with one is read once."""
    reader = ToyReader()
    hits = [hit(article("The ferry sank. Ice. Rain.", title="Storm")), hit(article("Fog.", path="b", title="Air"), 0.4)]
    sentences_to_weigh(found("rain", *hits), reader)
    assert reader.read_texts == ["Storm\nRain. ", "Air\nFog. ", "Storm\nThe ferry sank. Ice. Rain. "]


def test_alone_it_tells_whether_its_article_answers_and_together_how_surely_itself() -> None:
    """The relevance is of the one reading, the odds and the answer are of the other."""

    class Both(ToyReader):
        def _spans(self, question: str, text: str) -> Spans:
            read = super()._spans(question, text)
            return replace(read, none=1.0 if "Rain." in text and "sank" in text else 0.0)

    first, *others = sentences_to_weigh(found("rain", hit(article("It sank. Rain. Ice.", title="news"))), Both())
    assert (first.text, first.odds) == ("Rain.", 3.0)
    assert first.relevance is not None
    assert first.relevance > first.odds
    assert [each.relevance for each in others] == [None, None]


def test_many_sentences_are_read_on_several_sheets() -> None:
    """Of six at most, and fewer of long ones, beside that of the likeliest alone."""
    reader, body = ToyReader(), " ".join(f"Ferry {at} sank." for at in range(9))
    assert len(sentences_to_weigh(found("ferry", hit(article(body))), reader)) == 9
    assert [text.count("sank") for text in reader.read_texts] == [1, 6, 3]
    reader, body = ToyReader(), " ".join(f"Ferry {'x' * 500} sank." for _ in range(3))
    sentences_to_weigh(found("ferry", hit(article(body))), reader)
    assert [text.count("sank") for text in reader.read_texts] == [1, 2, 1]


def test_only_languages_that_were_learned_are_read() -> None:
    """Of other sentences nothing is said."""
    reader = ToyReader()
    one = hit(article("Музей открыл Иван Петров.", language="ru"))
    (russian,) = sentences_to_weigh(found("Кто открыл музей?", one), reader)
    assert (russian.odds, russian.answer, reader.read_texts) == (None, None, [])


def test_a_sentence_is_behind_by_what_its_passage_is() -> None:
    """The best passage is behind by nothing."""
    first, second = hit(article("The ferry sank."), 0.75), hit(article("A ferry came.", path="b"), 0.5)
    behind = {each.text: each.behind for each in sentences_to_weigh(found("ferry", first, second), READER)}
    assert behind == {"The ferry sank.": 0.0, "A ferry came.": 0.25}


def test_a_sentence_in_two_passages_is_weighed_once() -> None:
    """Passages overlap; the better one counts."""
    one = article("A was here. B was here. C was here.")
    both = found("was here", hit(one, 0.75, 0, 23), hit(one, 0.5, 12, 35))
    weighed = sorted((each.start, each.end, each.behind) for each in sentences_to_weigh(both, READER))
    assert weighed == [(0, 11, 0.0), (12, 23, 0.0), (24, 35, 0.25)]


def test_the_best_of_each_story_then_the_best_of_all_are_read() -> None:
    """As many as are read at all; of a story beyond the last that is read nothing."""
    long = hit(article(" ".join(f"Rain fell in year {1900 + at}." for at in range(30)) + " The ferry sank."), 0.9)
    others = [hit(article("Ice. The ferry came.", path=str(at)), 0.8 - at / 100) for at in range(candidates.STORIES)]
    weighed = sentences_to_weigh(found("ferry sank", long, *others), READER)
    assert len(weighed) == candidates.SENTENCES
    firsts = weighed[: candidates.STORIES]
    assert [each.text for each in firsts] == ["The ferry sank.", *["The ferry came."] * (candidates.STORIES - 1)]
    assert [each.hit for each in firsts] == [long, *others[:-1]]
    assert {each.hit.article.key.path for each in weighed[candidates.STORIES :]} == {"a.txt"}


def test_an_earlier_sentence_goes_before_a_later_one_that_says_as_much() -> None:
    """News says first what matters: paragraphs count, sentences of one do not."""
    body = "The ferry came.\n\nIt was wet.\n\nThe ferry sank."
    early, late = [], []
    for at, each in enumerate(sentences_to_weigh(found("ferry", hit(article(body))), READER)):
        (early if each.text == "The ferry came." else late).append(at)
    assert early == [0]


def test_of_an_article_the_best_passages_are_looked_at() -> None:
    """Those beyond the third are not."""
    body = "One ferry. Two ferries. Three ferries. Four ferries."
    one = article(body)
    hits = [hit(one, 0.9 - at / 10, *span) for at, span in enumerate([(0, 10), (11, 23), (24, 38), (39, 52)])]
    texts = {each.text for each in sentences_to_weigh(found("ferry", *hits), READER)}
    assert texts == {"One ferry.", "Two ferries.", "Three ferries."}


def test_long_sentences_are_fewer() -> None:
    """Together they have so many tokens at most, but the first is read however long it is."""
    body = " ".join(f"Ferry {'on ' * 200}{at}." for at in range(5))
    assert len(sentences_to_weigh(found("ferry", hit(article(body))), READER)) == candidates.TOKENS // 204
    endless = hit(article(f"Ferry {'on ' * 2 * candidates.TOKENS}."))
    assert len(sentences_to_weigh(found("ferry", endless), READER)) == 1


def test_nothing_found_is_nothing_read() -> None:
    """No passages have no sentences and no answer."""
    reader = ToyReader()
    assert answered(found("ferry"), reader) is None
    assert reader.read_texts == []


def test_the_lead_is_over_the_best_of_another_article() -> None:
    """Passages of the article itself do not count; behind is negative, alone it leads as usual."""
    one, other = article("A."), article("B.", path="b")
    first, again, second = hit(one, 0.75), hit(one, 0.7), hit(other, 0.5)
    assert lead([first, again, second], first) == 0.25
    assert lead([first, again, second], second) == -0.25
    assert lead([first, again], first) == ALONE


def test_a_sentence_with_the_questions_words_answers() -> None:
    """It is quoted alone, with the answer that the reader points at."""
    one = article("Rain fell. Ada Lind opened the ferry terminal. Nobody was hurt.")
    other = hit(article("Nothing else.", path="b"), 0.5)
    answer = answered(found("Who opened the ferry terminal?", hit(one, 0.9), other))
    assert answer is not None
    assert answer.quote == "Ada Lind opened the ferry terminal."
    assert [one.body[start:end] for start, end in answer.highlights] == ["Ada Lind"]
    assert reading.CONFIDENCE.threshold <= answer.confidence < 1


def test_a_sentence_with_none_of_them_is_no_answer() -> None:
    """Not sure enough is None."""
    one, other = hit(article("Rain fell."), 0.05), hit(article("Ice froze.", path="b"), 0.05)
    assert answered(found("Who opened the ferry terminal?", one, other)) is None


def test_the_threshold_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same sentence answers at its own confidence, and not just above it."""
    other = hit(article("Nothing else.", path="b"), 0.5)
    asked = found("Who opened the ferry terminal?", hit(article("Ada Lind opened the ferry terminal."), 0.9), other)
    answer = answered(asked)
    assert answer is not None
    for threshold, is_sure in ((answer.confidence, True), (answer.confidence + 1e-9, False)):
        monkeypatch.setattr(reading, "CONFIDENCE", replace(Confidence(), threshold=threshold))
        assert (answered(asked) is not None) is is_sure


@pytest.mark.usefixtures("credulous")
@pytest.mark.parametrize(
    ("body", "quote"),
    [
        ("Ada Lind came. She opened the ferry terminal.", "Ada Lind came. She opened the ferry terminal."),
        ("Rain fell. Ada Lind opened the ferry terminal.", "Ada Lind opened the ferry terminal."),
        ("She opened the ferry terminal. Rain fell.", "She opened the ferry terminal."),
        (
            "Rain 🌧️ fell.\n\nAda Lind came.\n\nShe opened the ferry terminal.",
            "Ada Lind came.\n\nShe opened the ferry terminal.",
        ),
    ],
)
def test_a_pronoun_takes_the_sentence_before_it_along(body: str, quote: str) -> None:
    """A quote that begins with "she" begins a sentence earlier, where there is one."""
    answer = answered(found("Who opened the ferry terminal?", hit(article(body))))
    assert answer is not None
    assert answer.quote == quote


@pytest.mark.parametrize(
    ("question", "text", "found_there"),
    [
        ("Who opened the terminal?", "Ada Lind opened the terminal in Ashford.", ["Ada Lind"]),
        ("Who met Ada Lind?", "Ada Lind met John Roe at noon.", ["John Roe"]),
        ("How much did the terminal cost?", "In 2019 and later the terminal cost $19 million.", ["$19 million"]),
        ("When did the terminal open?", "The terminal for 40 ships will open on 5 May 2020.", ["5 May 2020"]),
        ("Who opened the terminal?", "The terminal was opened.", []),
        ("When did it open?", "The mayor decided on money.", []),
        ("Why did the ferry sink?", "The old ferry, a small ship, did sink.", ["The", "ferry", "did", "sink"]),
        ("Why?", "Rain fell.", []),
    ],
)
def test_what_is_highlighted(question: str, text: str, found_there: list[str]) -> None:
    """What is asked for, near the question's words and not in the question; else the words both share."""
    assert marked(question, text) == found_there


def test_what_the_reader_points_at_is_highlighted() -> None:
    """Where it reads the language; else what the words tell."""
    text = "Ada Lind opened the terminal in Ashford."
    for answer, said in (((32, 39), "Ashford"), (None, "Ada Lind")):
        spans = highlight("Who opened the terminal?", sentence(text, odds=0.5, answer=answer), {("open",): 1.0})
        assert [text[start:end] for start, end in spans] == [said]


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("the mayor Solvang-Hale spoke.", "Solvang-Hale"),
        ("the road to O'Brien's-Hill, was closed.", "O'Brien's-Hill"),
        ("they met 'Lind' there.", "Lind"),
        ("they met Lind- and left.", "Lind"),
    ],
)
def test_an_answer_is_whole_words(body: str, answer: str) -> None:
    """A reader's token may be part of one."""
    (one,) = sentences_to_weigh(found("who was met?", hit(article(body))), ToyReader())
    assert one.answer is not None
    assert body[slice(*one.answer)] == answer


def test_only_the_rarer_words_are_highlighted() -> None:
    """Those at least half as rare as the rarest that is there."""
    text = "The ferry to Orle sank."
    rarity = {("the",): 0.4, ("ferri",): 1.0, ("orl",): 2.0, ("zorblax",): 9.0}
    spans = highlight("Why the ferry, Orle, zorblax?", sentence(text), rarity)
    assert [text[start:end] for start, end in spans] == ["ferry", "Orle"]


@pytest.mark.usefixtures("credulous")
@settings(max_examples=80, deadline=None)
@given(bodies=st.lists(BODIES, min_size=1, max_size=3), question=st.sampled_from(QUESTIONS), budget=st.integers(3, 30))
def test_a_quote_is_a_slice_and_highlights_lie_inside(bodies: list[str], question: str, budget: int) -> None:
    """Whatever is found: a quote stands in its article, its highlights in it, in order, with no empty one."""
    articles = [article(body, path=str(at)) for at, body in enumerate(bodies)]
    spans = [(one, span) for one in articles for span in split(one, ENCODER.count_tokens, Chunking(budget=budget))]
    hits = [hit(one, 1 / (at + 1), *span) for at, (one, span) in enumerate(spans)]
    answer = answered(found(question, *hits))
    assert answer is not None
    body = answer.hit.article.body
    assert answer.quote == body[answer.start : answer.end] == answer.quote.strip() != ""
    assert answer.end <= answer.hit.passage.end
    last = answer.start
    for start, end in answer.highlights:
        assert last <= start < end <= answer.end
        last = end


def _in_order(asked: Found) -> list[Sentence]:
    """The sentences weighed, as they stand."""
    return sorted(sentences_to_weigh(asked, READER), key=lambda each: each.start)


def test_a_list_or_heading_before_a_pronoun_is_not_quoted() -> None:
    """Only a whole sentence can say who "he" is."""
    one = article("- brie\n\n- gouda\n\nHe invented the folding shovel in Orle.")
    other = hit(article("Nothing else.", path="b"), 0.2)
    answer = answered(found("Who invented the folding shovel?", hit(one, 0.9), other))
    assert answer is not None
    assert answer.quote == "He invented the folding shovel in Orle."
