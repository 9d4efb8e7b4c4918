"""Files of questions: what is read from them, and what is said of those that are not as they should be."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from index.evaluation import Question, QuestionsUnreadable, read_questions

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of questions, not written yet."""
    return tmp_path / "questions"


def write(file: Path, *rows: object) -> None:
    """Write JSON lines."""
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def test_json_lines_hold_everything_that_is_known(file: Path) -> None:
    """Each field in its kind; fields of no meaning here are passed over."""
    write(
        file,
        {
            "id": "q7",
            "question": "Who  opened\nthe tram?",
            "answers": ["Mayor Hale", " Hale "],
            "relevant": ["a:1", "a:2"],
            "asked": "2023-08-30",
            "tier": "gold",
            "language": "EN",
            "spans": [[3, "Hale"]],
            "colour": "red",
        },
    )
    assert read_questions(file) == [
        Question(
            id="q7",
            text="Who opened the tram?",
            line=1,
            answers=("Mayor Hale", "Hale"),
            relevant=frozenset({"a:1", "a:2"}),
            asked=date(2023, 8, 30),
            tier="gold",
            language="en",
            kind="name",
        )
    ]


def test_the_form_says_which_field_is_asked(file: Path) -> None:
    """What is asked for is read off the form too, where the file says no kind of its own."""
    row = {"question": "Who won?", "month": "In June 2022, how many won?", "undated": "When?", "relevant": ["1"]}
    write(file, row, {**row, "kind": "sport"})
    asked = {
        form: [(each.text, each.kind) for each in read_questions(file, form=form)] for form in ("month", "undated")
    }
    assert asked == {
        "month": [("In June 2022, how many won?", "number"), ("In June 2022, how many won?", "sport")],
        "undated": [("When?", "date"), ("When?", "sport")],
    }


def test_the_archive_cannot_say_where_nothing_is_relevant(file: Path) -> None:
    """An empty list, or a false answerable whatever is named; without the field it is not known."""
    write(
        file,
        {"question": "a?", "relevant": []},
        {"question": "b?", "relevant": ["1"], "answerable": False},
        {"question": "c?", "answers": ["x"]},
        {"question": "d?"},
        {"question": "e?", "relevant": ["1"], "answerable": True},
        {"question": "f?", "relevant": [], "answerable": True},
    )
    read = read_questions(file)
    assert [each.relevant for each in read] == [frozenset(), frozenset(), None, None, frozenset({"1"}), None]
    assert [each.answerable for each in read] == [False, False, True, None, True, None]
    assert [each.judged for each in read] == [True, True, True, False, True, False]


def test_csv_is_read_by_its_header(file: Path) -> None:
    """Lists between bars, quoted commas and line breaks, empty lines, any order; the line is where a row ends."""
    file.write_text(
        "\ufeffAnswers,question,relevant,answerable,asked\n"
        'Hale | Mayor Hale,"Who, if anyone,\nopened it?",a.md|https://x.example/a,,2024-02-06T10:00:00+00:00\n'
        "\n"
        ",Who won?,,,\n"
        ",Who lost?,b.md,no,\n",
        "utf-8",
    )
    first, second, third = read_questions(file)
    assert (first.text, first.answers) == ("Who, if anyone, opened it?", ("Hale", "Mayor Hale"))
    assert first.relevant == {"a.md", "https://x.example/a"}
    assert (first.asked, first.line, first.id) == (date(2024, 2, 6), 3, "line 3")
    assert (second.relevant, second.answers, second.line) == (frozenset(), (), 5)
    assert (third.relevant, third.line) == (frozenset(), 6)


def test_one_answer_may_be_called_so(file: Path) -> None:
    """Without readers' feedback, a field answer is a list of one, or of what stands between bars."""
    write(file, {"question": "a?", "answer": "Hale"}, {"question": "b?", "answer": "Hale", "answers": ["Ives"]})
    assert [each.answers for each in read_questions(file)] == [("Hale",), ("Ives",)]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_spreadsheets_of_other_countries_are_read(file: Path, delimiter: str) -> None:
    """Their commas are semicolons, or tabs."""
    file.write_text(delimiter.join(["question", "relevant"]) + "\n" + delimiter.join(["Who, then?", "a.md"]) + "\n")
    (question,) = read_questions(file)
    assert (question.text, question.relevant) == ("Who, then?", {"a.md"})


def test_feedback_says_what_is_right_and_what_is_not(file: Path) -> None:
    """A yes makes the article relevant, or the words right where there is none; a no rejects it."""
    file.write_text(
        "question,helpful,address,answer,reason,asked\n"
        "Who won?,Yes,https://x.example/a,Hale won.,,2024-02-06\n"
        "Who won?,👍,,Hale won.,,\n"
        'Who lost?,no,https://x.example/b,Hale won.,"old, and wrong",\n'
        "Who left?,0,,,,\n",
        "utf-8",
    )
    read = read_questions(file)
    assert [each.relevant for each in read] == [{"https://x.example/a"}, None, None, None]
    assert [each.answers for each in read] == [(), ("Hale won.",), (), ()]
    assert [each.rejected for each in read] == [frozenset(), frozenset(), {"https://x.example/b"}, frozenset()]
    assert [each.judged for each in read] == [True, True, True, False]
    assert [each.note for each in read] == ["", "", "old, and wrong", ""]


def test_an_editor_adds_the_right_article_to_feedback(file: Path) -> None:
    """A column relevant, or answers, says more than the reader could."""
    file.write_text("question,helpful,address,relevant,answers\nWho lost?,no,b.md,a.md,Hale\n", "utf-8")
    (question,) = read_questions(file)
    assert (question.relevant, question.rejected, question.answers) == ({"a.md"}, {"b.md"}, ("Hale",))


def test_questions_that_link_nothing_are_left_out(file: Path) -> None:
    """Where the right articles are those of another field."""
    write(
        file,
        {"question": "a?", "relevant": ["1", "2"], "linked": ["2"]},
        {"question": "b?", "relevant": ["1"], "linked": []},
        {"question": "c?", "relevant": ["1"]},
    )
    assert [(each.text, each.relevant) for each in read_questions(file, relevant="linked")] == [("a?", {"2"})]


def test_only_the_first_questions_are_read(file: Path) -> None:
    """What comes after them may be anything."""
    file.write_text('{"question": "a?", "relevant": []}\n\n{"question": "b?", "relevant": []}\n{broken\n')
    assert [each.text for each in read_questions(file, limit=2)] == ["a?", "b?"]


GOOD = '{"question": "a?", "relevant": ["1"]}\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty: write a question a line"),
        ("\n  \n", "is empty: write a question a line"),
        ('[{"question": "a?"}]', "is one JSON list: write each of its objects on a line of its own"),
        (GOOD + "{broken\n", "line 2 is not JSON (Expecting property name"),
        (GOOD + "[1]\n", "line 2 is no JSON object: write such as"),
        (GOOD + "{" + '"a":[' * 100_000 + "\n", "line 2 is not JSON ("),
        (GOOD + '{"relevant": []}\n', "line 2 has no question: write one, or delete the line"),
        (GOOD + '{"question": "?!", "relevant": []}\n', "line 2 has no question"),
        (GOOD + '{"question": 7, "relevant": []}\n', "line 2: question is '7'; it must be a text"),
        (GOOD + '{"question": "b?", "relevant": [1]}\n', "line 2: relevant is '[1]'; it must be a list of texts"),
        (GOOD + '{"question": "b?", "answers": {}}\n', "line 2: answers is '{}'; it must be a list of texts"),
        (
            GOOD + '{"question": "b?", "asked": "last week"}\n',
            "line 2: asked is 'last week'; it must be a day, such as",
        ),
        (GOOD + '{"question": "b?", "answerable": 2}\n', "line 2: answerable is '2'; it must be true or false"),
        (GOOD + '{"question": "b?", "relevent": ["1"]}\n', "line 2 has a field 'relevent': if it is meant as relevant"),
        ('{"id": "x", "question": "a?", "relevant": []}\n' * 2, "line 2 has the id x of line 1: give each its own"),
        ('{"question": "a?"}\n', "says of no question what is right: add relevant (articles) or answers"),
        ("who,what\na,b\n", "line 1 must name the columns, one of them question (it says: who, what)"),
        ("question,answers,question\n", "line 1 names the column question twice"),
        ("question,anwsers\na?,b\n", "line 1 has a field 'anwsers': if it is meant as answers, write it so"),
        ("question,answers\na?,b\nWho, then?,c\n", "line 3 has 3 fields, the header 2: put fields that hold commas"),
        ('question,answers\na?,b\nc?,"d" e\n', "line 3 is not CSV ("),
        ('question,answers\na?,b\nc?,"d\ne\n', "line 4 is not CSV ("),
        ("question,answers\n", "says of no question what is right"),
        ("question,helpful,address\na?,maybe,a.md\n", "line 2: helpful is 'maybe'; it must be yes or no"),
        ("question,helpful,address\na?,,a.md\n", "line 2: helpful is ''; it must be yes or no"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(file: Path, text: str, message: str) -> None:
    """And with what to do, on one line that opens with the file."""
    file.write_text(text, "utf-8")
    with pytest.raises(QuestionsUnreadable) as raised:
        read_questions(file)
    said = str(raised.value)
    assert said.startswith(str(file))
    assert message in said
    assert "\n" not in said


def test_another_encoding_is_said_with_its_line(file: Path) -> None:
    """The line is that of the first byte that is not UTF-8."""
    file.write_bytes("question,answers\na?,b\nwho?,é\n".encode("latin-1"))
    with pytest.raises(QuestionsUnreadable, match="line 3 is not UTF-8: save the file again as UTF-8"):
        read_questions(file)


def test_a_form_that_a_line_lacks_is_said(file: Path) -> None:
    """With the option that chooses another."""
    write(file, {"question": "a?", "undated": "a?", "relevant": ["1"]}, {"question": "b?", "relevant": ["1"]})
    with pytest.raises(QuestionsUnreadable, match="line 2 has no undated: choose another field with --form"):
        read_questions(file, form="undated")
