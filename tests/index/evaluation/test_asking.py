"""A small archive, asked questions whose right answers are known."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from toys import ToyEncoder, ToyReader, article

from index import Archive
from index.evaluation import DEEPER, DEPTH, Question, Survey, Verdict, measure
from index.evaluation.asking import later
from index.ranking import Weights

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index import Article
    from index.retrieval import Found

OTHER = replace(Weights(), **{next(each.name for each in fields(Weights) if isinstance(each.default, float)): 0.4})
"""Weights of which one is another, whichever."""
FERRY = article(
    "The ferry Kittiwake was sold to Ingrid Solvang on Monday.",
    title="Ferry sold",
    path="ferry.md",
    url="https://harbour.example/ferry",
    published=date(2024, 2, 6),
)
MILL = article("The old mill burned down.\n\nNobody was hurt.", title="Mill burns", path="mill.md", id="7")
SCHOOL = article("Школа открылась в понедельник.", title="Школа", path="school.md", language="ru")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive of three articles."""
    with Archive.open(tmp_path, encoder=ToyEncoder(), reader=ToyReader(), create=True) as opened:
        opened.add([FERRY, MILL, SCHOOL])
        yield opened


def ask(text: str, number: int = 1, **rest: object) -> Question:
    """A question of a file."""
    return Question(id=f"q{number}", text=text, line=number, **rest)  # type: ignore[arg-type]


def test_a_question_that_goes_well(archive: Archive) -> None:
    """Its article stands first, its words in the first passage, and the answer quotes them."""
    question = ask(
        "Who was the ferry Kittiwake sold to?", relevant=frozenset({"ferry.md"}), answers=("Ingrid Solvang",)
    )
    ((found,),) = measure(archive, [question], [Weights()])
    assert (found.rank, found.rank_alone, found.gain, found.gain_alone) == (1.0, 1.0, 1.0, 1.0)
    assert (found.contained, found.ceiling, found.missing, found.several) == (1.0, True, False, False)
    assert (found.verdict, found.quote, found.quoted) == (Verdict.RIGHT, FERRY.body, "Ferry sold")
    assert found.first == found.right
    assert found.first is not None
    assert (found.first.rank, found.first.title, found.first.address) == (1, "Ferry sold", FERRY.url)
    assert (found.first.text, found.first.published) == (FERRY.body, date(2024, 2, 6))
    assert found.language == "en"
    assert found.seconds > 0


@pytest.mark.parametrize("name", ["7", "mill.md", "/articles/mill.md"])
def test_an_article_is_meant_by_any_of_its_names(archive: Archive, name: str) -> None:
    """Here it stands first for its own words."""
    ((found,),) = measure(archive, [ask("the mill burned down", relevant=frozenset({name}))], [Weights()])
    assert found.rank == 1.0


def test_a_right_article_below_another(archive: Archive) -> None:
    """Where it stood is told, with the passage it was found by, beside what stood first."""
    question = ask("Who was the ferry Kittiwake sold to?", relevant=frozenset({"7"}), answers=("Ingrid Solvang",))
    ((found,),) = measure(archive, [question], [Weights()])
    assert found.rank is not None
    assert 1 < found.rank <= 3
    assert found.first is not None
    assert found.right is not None
    assert (found.first.title, found.right.title, found.right.rank) == ("Ferry sold", "Mill burns", found.rank)
    assert found.verdict is Verdict.OTHER_ARTICLE
    assert found.contained == 1.0
    assert found.ceiling is False


def test_an_article_that_the_archive_lacks(archive: Archive) -> None:
    """It is missing, and nothing is shown for it."""
    ((found,),) = measure(archive, [ask("Who sold the ferry?", relevant=frozenset({"lost.md"}))], [Weights()])
    assert (found.rank, found.missing, found.right) == (float("inf"), True, None)


def test_a_question_that_the_archive_cannot_answer(archive: Archive) -> None:
    """No rank and no containment; silence is right."""
    ((found,),) = measure(archive, [ask("Who won the chess olympiad?", relevant=frozenset())], [Weights()])
    assert (found.rank, found.gain, found.contained, found.ceiling, found.right) == (None, None, None, None, None)
    assert (found.verdict, found.quote) == (Verdict.RIGHTLY_REFUSED, None)


@dataclass
class Recorder:
    """An archive that notes how it is asked."""

    archive: Archive
    asked: list[tuple[date, int, Weights]]

    def find(self, question: str, *, asked: date, k: int, weights: Weights) -> Found:
        """As the archive does."""
        self.asked.append((asked, k, weights))
        return self.archive.find(question, asked=asked, k=k, weights=weights)

    def read(self, found: Found, *, weights: Weights) -> Found:
        """As the archive does."""
        return self.archive.read(found, weights=weights)

    @property
    def encoder(self) -> object:
        """The archive's."""
        return self.archive.encoder

    @property
    def reader(self) -> object:
        """The archive's."""
        return self.archive.reader


def days(archive: Archive, questions: list[Question], years: int = 0) -> list[date]:
    """The days that questions are asked on, without the first time, which warms up."""
    recorder = Recorder(archive, [])
    survey = Survey.of(questions, archive.all_passages())
    list(measure(recorder, questions, [Weights()], years_later=years, survey=survey))  # type: ignore[arg-type]
    return [day for day, _, _ in recorder.asked][1:]


def test_questions_are_asked_on_their_day(archive: Archive) -> None:
    """Or years after it; today where they have none."""
    questions = [ask("ferry?", 1, asked=date(2024, 2, 29)), ask("mill?", 2)]
    before = datetime.now().astimezone().date()
    assert days(archive, questions)[0] == date(2024, 2, 29)
    assert days(archive, questions, years=3)[0] == date(2027, 2, 28)
    assert before <= days(archive, questions, years=3)[1] <= datetime.now().astimezone().date()


def test_a_day_of_another_year() -> None:
    """The 29th of February is the 28th where there is none."""
    assert later(date(2022, 6, 23), 3) == date(2025, 6, 23)
    assert later(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert later(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert later(date(9990, 1, 1), 100) == date(9999, 1, 1)


def test_two_configurations_take_turns(archive: Archive) -> None:
    """Neither is always asked first; outcomes come in the order of the configurations."""
    recorder, both = Recorder(archive, []), [Weights(), OTHER]
    questions = [ask("ferry?", 1, asked=date(2024, 2, 6)), ask("mill?", 2, asked=date(2024, 2, 6))]
    survey = Survey.of(questions, archive.all_passages())
    outcomes = list(measure(recorder, questions, both, survey=survey))  # type: ignore[arg-type]
    assert [weights for _, _, weights in recorder.asked] == [Weights(), Weights(), OTHER, OTHER, Weights()]
    assert [len(each) for each in outcomes] == [2, 2]


def test_what_is_far_down_is_looked_for_untimed(archive: Archive) -> None:
    """Twelve articles stand before the right one: it is asked for again, deeper, by the same weights."""
    buyers = "Ada Bea Cleo Dana Edda Fay Gwen Hana Ines Jana Kira Lena".split()
    pages = [
        article(f"The ferry was sold to {name}.", path=f"{name}.md", title=f"Ferry sold to {name}") for name in buyers
    ]
    archive.add([*pages, article("A ferry.", path="right.md", title="Other things on a quay")])
    recorder = Recorder(archive, [])
    question = ask("Who was the ferry sold to?", relevant=frozenset({"right.md"}), asked=date(2024, 3, 1))
    survey = Survey.of([question], archive.all_passages())
    ((found,),) = measure(recorder, [question], [OTHER], survey=survey)  # type: ignore[arg-type]
    assert [(k, weights) for _, k, weights in recorder.asked] == [(DEPTH, OTHER), (DEPTH, OTHER), (DEEPER, OTHER)]
    deeper = archive.find(question.text, asked=date(2024, 3, 1), k=DEEPER, weights=OTHER)
    ranked = archive.read(deeper, weights=OTHER).hits
    place = [hit.article.key.path for hit in ranked].index("right.md") + 1
    assert place > DEPTH
    assert found.rank == place
    assert found.gain == 0.0


def surveyed(questions: list[Question], *articles: Article, tmp_path: Path) -> Survey:
    """What an archive of some articles holds of questions."""
    with Archive.open(tmp_path / "other", encoder=ToyEncoder(), reader=ToyReader(), create=True) as opened:
        opened.add(articles)
        return Survey.of(questions, opened.all_passages())


def test_a_survey_tells_what_is_held(tmp_path: Path) -> None:
    """Names of articles, and whether answers stand in them; of a lacking one nothing."""
    questions = [
        ask("a?", 1, relevant=frozenset({"ferry.md", "lost.md"}), answers=("Solvang",)),
        ask("b?", 2, relevant=frozenset({"lost.md"}), answers=("Solvang",)),
        ask("c?", 3, relevant=frozenset({"7"}), answers=("Solvang", "hurt")),
        ask("d?", 4, relevant=frozenset({"7"})),
    ]
    survey = surveyed(questions, FERRY, MILL, tmp_path=tmp_path)
    assert survey.held == {"ferry.md", "7"}
    assert survey.articles == 2
    assert [survey.missing(each) for each in questions] == [False, True, False, False]
    assert [survey.answered(each) for each in questions] == [True, False, True, None]
    example = survey.example(questions[2])
    assert example is not None
    assert (example.rank, example.title, "hurt" in example.text) == (None, "Mill burns", True)


def test_the_example_of_a_right_article_has_the_answer(tmp_path: Path) -> None:
    """Of a long article the passage with the answer, wherever it stands; else its first."""
    paragraphs = "\n\n".join(f"Paragraph {at} says that the harbour was calm. " * 12 for at in range(8))
    long = article(f"{paragraphs}\n\nThe mayor was Hale.\n\n{paragraphs}", path="long.md")
    questions = [
        ask("a?", 1, relevant=frozenset({"long.md"}), answers=("Hale",)),
        ask("b?", 2, relevant=frozenset({"long.md"}), answers=("Ives",)),
    ]
    survey = surveyed(questions, long, tmp_path=tmp_path)
    with_answer, without = survey.example(questions[0]), survey.example(questions[1])
    assert with_answer is not None
    assert without is not None
    assert "The mayor was Hale." in with_answer.text
    assert without.text.startswith("Paragraph 0")


def test_the_language_is_the_files_then_the_articles_then_what_it_looks_like(tmp_path: Path) -> None:
    """What looks like a language that no article is in is of none."""
    questions = [
        ask("a?", 1, language="uk", relevant=frozenset({"school.md"})),
        ask("a?", 2, relevant=frozenset({"school.md"})),
        ask("Когда открыли новую школу в городе?", 3),
        ask("Wer hat die Brücke über den Fluss gebaut?", 4),
    ]
    survey = surveyed(questions, SCHOOL, MILL, tmp_path=tmp_path)
    assert [survey.language(each) for each in questions] == ["uk", "ru", "ru", "und"]
