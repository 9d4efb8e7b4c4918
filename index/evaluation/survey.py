"""What an archive holds of what questions ask for: found in one pass over its passages."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Self

from index.evaluation.findings import finding
from index.evaluation.questions import names_of
from index.evaluation.wording import contains
from index.sources.languages import UNKNOWN, language_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.domain import Passage
    from index.evaluation.findings import Finding
    from index.evaluation.questions import Question


class Survey:
    """Which relevant articles an archive holds, and whether the answers stand in them.

    ``held`` are the names, of those that questions give, under which it has an article; ``articles`` counts all.
    """

    def __init__(self, questions: Sequence[Question]) -> None:
        self.held: set[str] = set()
        self.articles = 0
        self._answered: set[str] = set()
        self._examples: dict[str, Finding] = {}
        self._languages: set[str] = set()
        self._of: dict[str, str] = {}
        self._naming: dict[str, list[Question]] = defaultdict(list)
        for question in questions:
            for name in question.relevant or ():
                self._naming[name].append(question)

    @classmethod
    def of(cls, questions: Sequence[Question], passages: Iterable[Passage]) -> Self:
        """Read every passage once; those of an article follow each other."""
        survey, last = cls(questions), None
        naming: dict[str, Question] = {}
        for passage in passages:
            if passage.article is not last:
                last = passage.article
                survey.articles += 1
                survey._languages.add(last.language)
                named = names_of(last) & survey._naming.keys()
                survey.held |= named
                naming = {each.id: each for name in named for each in survey._naming[name]}
                survey._of.update(dict.fromkeys(naming, last.language))
            for question in naming.values():
                survey._look(question, passage)
        return survey

    def _look(self, question: Question, passage: Passage) -> None:
        """Take in a passage of a relevant article."""
        if question.id in self._answered:
            return
        if contains(passage.text, question.answers):
            self._answered.add(question.id)
        elif question.id in self._examples:
            return
        self._examples[question.id] = finding(passage, None)

    def answered(self, question: Question) -> bool | None:
        """Whether the answer stands in a passage of a relevant article; ``None`` where either is not known."""
        return question.id in self._answered if question.answers and question.relevant else None

    def example(self, question: Question) -> Finding | None:
        """A passage of a relevant article, one with the answer where there is one."""
        return self._examples.get(question.id)

    def missing(self, question: Question) -> bool:
        """Whether the archive holds none of the articles that a question names."""
        return bool(question.relevant) and self.held.isdisjoint(question.relevant or ())

    def language(self, question: Question) -> str:
        """The file's word for it, else the language of a relevant article.

        Else what the question looks like, where the archive has articles in that: a few words are soon mistaken.
        """
        if known := question.language or self._of.get(question.id):
            return known
        detected = language_of(None, question.text)
        return detected if detected in self._languages else UNKNOWN
