"""The command that measures an archive by questions whose right answers are known."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from bot.evaluation.as_json import evaluation_json
from bot.evaluation.page import page
from bot.evaluation.progress import showing_questions
from bot.evaluation.results import Evaluation
from bot.evaluation.table import show
from bot.failures import INTERRUPTED, USER_ERROR
from bot.opening import archive_option, example, open_archive
from index import NewsdeskError
from index.evaluation import Survey, changed, compare_outcomes, described, measure, read_questions, summarise
from index.ranking import Weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.settings import Settings
    from index import Archive
    from index.evaluation import Outcome, Question


_HELP = """\
Measure how well the archive answers QUESTIONS whose right answers are known.

QUESTIONS is a file of JSON lines, or CSV with a header (UTF-8), a question a line:

\b
question    what is asked
answers     words that answer it (CSV: several between |)
relevant    the articles that answer it, each by its id in its
            file, its address or its path (CSV: between |);
            empty where the archive cannot say
answerable  false where the archive cannot say
asked       the day it is asked on, as 2024-02-06; else today
undated, month
            other forms of the question, for --form
id, tier, kind, language
            what figures are given apart by

What readers said of answers is CSV with these columns; a yes makes the article a right one, a no one that should
not be answered from again:

\b
question    what was asked
helpful     yes or no
address     the article that was quoted
answer      the quote; where there is no address, the words
            that a right answer holds
reason      in the reader's words
asked       the day it was asked on

Ctrl-C ends the asking, and shows the figures of the questions asked so far.
"""


class Options(TypedDict):
    """What is asked and how, and where the figures go."""

    form: str
    relevant: str
    settings: tuple[str, ...]
    compared: tuple[str, ...]
    years_later: int
    limit: int | None
    as_json: bool
    html: Path | None


@click.command(
    "eval",
    help=_HELP,
    short_help="Measure the archive by questions with known answers.",
    **example("newsdesk eval questions.jsonl --html misses.html\n  newsdesk eval feedback.csv --compare recency=0"),
)
@click.argument("questions", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@archive_option
@click.option(
    "--form",
    type=click.Choice(["question", "undated", "month"]),
    default="question",
    show_default=True,
    help="The field that is asked.",
)
@click.option(
    "--relevant",
    type=click.Choice(["relevant", "linked"]),
    default="relevant",
    show_default=True,
    help="The field that names the right articles; questions that name none in linked are left out.",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help=f"Ask with another weight; as it is: {described(Weights())}.",
)
@click.option("--compare", "compared", multiple=True, metavar="NAME=VALUE", help="Ask again with this, and compare.")
@click.option(
    "--years-later", type=click.IntRange(0, 100), default=0, help="Ask each question so many years after its day."
)
@click.option("--limit", type=click.IntRange(1), help="Ask only the first so many questions.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with what came of each question.")
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page that shows each miss to this file."
)
@click.pass_obj
def evaluate(loaded: Settings, questions: Path, archive: Path | None, **options: Unpack[Options]) -> None:
    """Ask, and show the figures."""
    first = changed(Weights(), options["settings"])
    weights = [first, changed(first, options["compared"])] if options["compared"] else [first]
    html = options["html"]
    if html and not html.absolute().parent.is_dir():
        raise click.UsageError(f"--html {html}: there is no folder {html.absolute().parent}")
    known = read_questions(questions, form=options["form"], relevant=options["relevant"], limit=options["limit"])
    if options["years_later"] and not any(question.asked for question in known):
        raise click.UsageError(f"--years-later needs the day that questions were asked on: {questions} has no asked")
    with open_archive(loaded, archive) as opened:
        evaluation = _evaluate(opened, known, weights, options["years_later"])
    evaluation = replace(
        evaluation,
        file=questions.name,
        form=options["form"],
        archive=str(archive or loaded.archive),
        configurations=_names(options),
    )
    if options["as_json"]:
        click.echo(evaluation_json(evaluation))
    else:
        show(evaluation, page=html)
    if html:
        html.write_text("\n".join(page(evaluation)), "utf-8")
    if evaluation.asked < evaluation.total:
        sys.exit(USER_ERROR if evaluation.error else INTERRUPTED)


def _names(options: Options) -> tuple[str, ...]:
    """What the configurations are called: what is set, and what the second has otherwise."""
    first = ", ".join(options["settings"]) or "the usual weights"
    return (first, ", ".join(options["compared"])) if options["compared"] else (first,)


def _evaluate(archive: Archive, questions: Sequence[Question], weights: Sequence[Weights], years: int) -> Evaluation:
    """Ask until all are asked, or something or a person stops it; with nothing asked there is nothing to show."""
    error = ""
    asked: list[tuple[Outcome, ...]] = []
    with showing_questions(len(questions)) as shown:
        survey = Survey.of(questions, archive.all_passages())
        try:
            for outcomes in measure(archive, questions, weights, years_later=years, survey=survey):
                asked.append(outcomes)
                shown(len(asked))
        except (KeyboardInterrupt, NewsdeskError) as stopped:
            if not asked:
                raise
            error = str(stopped)
    lists = tuple(zip(*asked, strict=True))
    return Evaluation(
        articles=survey.articles,
        years_later=years,
        total=len(questions),
        error=error,
        outcomes=lists,
        summaries=tuple(summarise(each) for each in lists),
        compared=compare_outcomes(*lists) if len(lists) > 1 else {},
    )
