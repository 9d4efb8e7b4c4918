"""What questions ask for, and what in a text could be it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.questions import ASKING_WORDS, Asks, asks, names, opens_with_pronoun, spans

TEXT = (
    "Netanyahu was accompanied by Zeev Elkin on 29 January 2018; the Bank of England paid $19 million, or 3.5 %, to "
    "thirty-two firms."
)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who accompanied Netanyahu?", Asks.NAME),
        ("In which country did it happen?", Asks.NAME),
        ("How many hot dogs did he eat?", Asks.NUMBER),
        ("When did it open, and who opened it?", Asks.DATE),
        ("Why did it fail?", Asks.ANYTHING),
        ("Кто открыл выставку?", Asks.NAME),
        ("Сколько жителей эвакуировали?", Asks.NUMBER),
        ("Когда открыли мост?", Asks.DATE),
        ("¿Quién ganó?", Asks.NAME),
        ("¿Cuántos votos?", Asks.NUMBER),
        ("¿Cuándo fue?", Asks.DATE),
        ("Wer hat gewonnen?", Asks.NAME),
        ("Wie viele Stimmen?", Asks.NUMBER),
        ("Wann war das?", Asks.DATE),
        ("Qui a gagné ?", Asks.NAME),
        ("Combien de voix ?", Asks.NUMBER),
        ("Quand était-ce ?", Asks.DATE),
        ("Хто виграв?", Asks.NAME),
        ("Скільки голосів?", Asks.NUMBER),
        ("Коли це було?", Asks.DATE),
        ("", Asks.ANYTHING),
        ("whose-is-it whoever", Asks.NAME),
        ("whoever somewhere", Asks.ANYTHING),
    ],
)
def test_what_a_question_asks_for(question: str, kind: Asks) -> None:
    """The first question word decides, in six languages; inside another word it is none."""
    assert asks(question) is kind


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (Asks.NAME, ["Netanyahu", "Zeev Elkin", "January", "Bank of England"]),
        (Asks.NUMBER, ["29", "2018", "$19 million", "3.5 %", "thirty-two"]),
        (Asks.DATE, ["29 January 2018"]),
    ],
)
def test_spans_that_could_be_asked_for(kind: Asks, found: list[str]) -> None:
    """Names, numbers with their units, and dates."""
    assert [TEXT[start:end] for start, end in spans(kind, TEXT)] == found


def test_anything_is_all_names_and_numbers() -> None:
    """Where the question names no kind."""
    both = [*spans(Asks.NAME, TEXT), *spans(Asks.NUMBER, TEXT)]
    assert list(spans(Asks.ANYTHING, TEXT)) == both


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The mayor met Ana María de la Cruz in Rome.", ["Ana María de la Cruz", "Rome"]),
        ("Elkin spoke.", ["Elkin"]),
        ("В Москве говорил Зеэв Элькин.", ["Москве", "Зеэв Элькин"]),
        ("nothing here", []),
        ("", []),
    ],
)
def test_names_are_runs_of_capitalised_words(text: str, found: list[str]) -> None:
    """Without a word that is capitalised only because it opens the sentence."""
    assert [text[start:end] for start, end in names(text)] == found


@pytest.mark.parametrize(
    "sentence", ["He left.", "“They won,” she said.", "Он ушёл.", "Ella ganó.", "Sie kam.", "Il part."]
)
def test_pronouns_lean_on_the_sentence_before(sentence: str) -> None:
    """In any of the languages, also inside quotation marks."""
    assert opens_with_pronoun(sentence)


@pytest.mark.parametrize("sentence", ["Helen left.", "Netanyahu said he would.", "", "…"])
def test_other_beginnings_do_not(sentence: str) -> None:
    """A name, or nothing."""
    assert not opens_with_pronoun(sentence)


@given(st.text(), st.sampled_from(Asks))
def test_spans_lie_in_any_text(text: str, kind: Asks) -> None:
    """Each is a slice that is not empty."""
    for start, end in spans(kind, text):
        assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The mayor decided on money, friends, a sung mass and the junior market.", []),
        ("Маяк, трава и груда камней у лютых вод.", []),
        ("On Monday, Jan. 5, 2020, and again in Sept. 2019.", ["Monday", "Jan. 5, 2020", "Sept. 2019"]),
        ("Between 1998 and 12.05.2020, but not 1234 or 20201.", ["1998", "12.05.2020"]),
        ("5 мая 2020 года, в среду, и в январе", ["5 мая 2020", "среду", "январе"]),
        ("El lunes 5 de mayo de 2020", ["lunes", "5 de mayo de 2020"]),
        ("Am 3. März 2021, einem Dienstag", ["3. März 2021", "Dienstag"]),
        ("Le mardi 4 août 2020", ["mardi", "4 août 2020"]),
        ("У середу, 5 травня 2020 року", ["середу", "5 травня 2020"]),
    ],
)
def test_dates_of_six_languages(text: str, found: list[str]) -> None:
    """Months, days and years; words that begin like a month or a day are none."""
    assert [text[start:end] for start, end in spans(Asks.DATE, text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It rose by 64%, to €1.5 billion.", ["64%", "€1.5 billion"]),
        ("Seven of 1,000 votes, two dozen towns", ["Seven", "1,000", "two dozen"]),
        ("Три миллиона из 10\u00a0000\u00a0000", ["Три миллиона", "10\u00a0000\u00a0000"]),
        ("из 1 740 человек, 12 345\u202f678 рублей", ["1 740", "12 345\u202f678"]),
        ("in 2018 400 people, 12 3456", ["2018", "400", "12", "3456"]),
        ("tres mil casas", ["tres mil"]),
        ("someone often alone", []),
    ],
)
def test_numbers_with_their_signs_and_scale(text: str, found: list[str]) -> None:
    """In figures or words; a word that begins or ends like one is none."""
    assert [text[start:end] for start, end in spans(Asks.NUMBER, text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("In Rome Ursula von der Leyen met AT&T's Ana Roe.", ["Rome Ursula von der Leyen", "AT&T's Ana Roe"]),
        ("Ada Lind, Tom Roe and Eve", ["Ada Lind", "Tom Roe", "Eve"]),
        ("«Рада» просила Київ", ["Рада", "Київ"]),
        ("The the The", ["The"]),
    ],
)
def test_where_a_name_ends(text: str, found: list[str]) -> None:
    """Small words of names join; marks and other words part."""
    assert [text[start:end] for start, end in names(text)] == found


def test_words_that_only_ask_mean_nothing_else_in_other_languages() -> None:
    """The German for "was", "has" and "the" are English for a fight, a cap and an end: they stay."""
    assert ASKING_WORDS.isdisjoint({"war", "hat", "die", "des", "comment", "por", "été"})
