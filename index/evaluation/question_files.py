"""Files of questions whose right answers are known: test sets, and what readers said of answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from index.evaluation.questions import Question, QuestionsUnreadable
from index.evaluation.rows import read_rows
from index.questions import asks

if TYPE_CHECKING:
    from pathlib import Path

_YES = frozenset({"yes", "y", "true", "1", "up", "👍"})
_NO = frozenset({"no", "n", "false", "0", "down", "👎"})


def read_questions(
    path: Path, *, form: str = "question", relevant: str = "relevant", limit: int | None = None
) -> list[Question]:
    """The questions of a file, in its order.

    Args:
        path: JSON lines, or CSV with a header; what readers said of answers where it has a column ``helpful``.
        form: the field that is asked.
        relevant: the field that names the right articles. Where it is not ``relevant``, questions that name none in
            it are left out.
        limit: how many to read, the first; all where none is given.

    Raises:
        QuestionsUnreadable: the file holds no question that can be judged, or a line is not as it should be.

    """
    questions: list[Question] = []
    lines: dict[str, int] = {}
    for line, row in read_rows(path):
        if relevant != "relevant" and not row.get(relevant):
            continue
        question = _Line(f"{path} line {line}", line, row).question(form, relevant)
        if question.id in lines:
            raise QuestionsUnreadable(
                f"{path} line {line} has the id {question.id} of line {lines[question.id]}: give each its own, or none"
            )
        lines[question.id] = line
        questions.append(question)
        if len(questions) == limit:
            break
    if not any(question.judged for question in questions):
        raise QuestionsUnreadable(
            f"{path} says of no question what is right: add {relevant} (articles) or answers, as newsdesk eval --help "
            "shows"
        )
    return questions


class _Line:
    """One row, read field by field; what is wrong names the line."""

    def __init__(self, where: str, number: int, row: dict[str, Any]) -> None:
        self._where = where
        self._number = number
        self._row = row

    def question(self, form: str, relevant: str) -> Question:
        text = self._text(form)
        if not any(character.isalnum() for character in text):
            rest = "write one, or delete the line" if form == "question" else "choose another field with --form"
            raise QuestionsUnreadable(f"{self._where} has no {form}: {rest}")
        known, rejected, answers = self._relevant(relevant), frozenset[str](), self._texts("answers")
        if "helpful" in self._row:
            helped, rejected, quoted = self._feedback()
            known, answers = known or helped, answers or quoted
        else:
            answers = answers or self._texts("answer")
        return Question(
            id=self._text("id") or f"line {self._number}",
            text=text,
            line=self._number,
            answers=answers or (),
            relevant=known,
            rejected=rejected,
            asked=self._day("asked"),
            tier=self._text("tier"),
            language=self._text("language").lower(),
            kind=self._text("kind") or asks(text).value,
            note=self._text("reason"),
        )

    def _feedback(self) -> tuple[frozenset[str] | None, frozenset[str], tuple[str, ...]]:
        """What a reader's yes makes relevant, or a no rejects; where a yes has no address, the words that helped."""
        said, named = self._text("helpful").casefold(), frozenset(self._texts("address") or ())
        if said in _YES:
            quote = self._text("answer")
            return named or None, frozenset(), () if named or not quote else (quote,)
        if said in _NO:
            return None, named, ()
        raise self._wrong("helpful", "yes or no")

    def _relevant(self, field: str) -> frozenset[str] | None:
        """The articles that answer: none where the archive cannot say, ``None`` where it is not known."""
        answerable = str(self._row.get("answerable", "")).strip().casefold()
        if answerable in _NO:
            return frozenset()
        if answerable not in _YES | {"", "none"}:
            raise self._wrong("answerable", "true or false")
        named = self._texts(field)
        return None if named is None or (answerable in _YES and not named) else frozenset(named)

    def _text(self, field: str) -> str:
        value = self._row.get(field)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self._wrong(field, "a text")
        return " ".join(value.split())

    def _texts(self, field: str) -> tuple[str, ...] | None:
        """A list, or what stands between bars; ``None`` where there is no such field."""
        value = self._row.get(field)
        if value is None:
            return None
        parts = value.split("|") if isinstance(value, str) else value
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise self._wrong(field, 'a list of texts, such as ["Saturday", "on Saturday"]')
        return tuple(part.strip() for part in parts if part.strip())

    def _day(self, field: str) -> date | None:
        value = self._text(field)
        try:
            return datetime.fromisoformat(value).date() if value else None
        except ValueError:
            raise self._wrong(field, "a day, such as 2024-02-06") from None

    def _wrong(self, field: str, right: str) -> QuestionsUnreadable:
        return QuestionsUnreadable(f"{self._where}: {field} is {str(self._row[field])[:60]!r}; it must be {right}")
