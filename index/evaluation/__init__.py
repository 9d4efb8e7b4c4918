"""How good an archive is at questions whose right answers are known."""

from index.evaluation.asking import measure
from index.evaluation.comparison import Comparison, compare, permutation_test, sign_test
from index.evaluation.configuration import SettingUnknown, changed, described
from index.evaluation.estimates import Estimate, auroc, interval
from index.evaluation.findings import Finding
from index.evaluation.measures import Measure
from index.evaluation.misses import Miss, miss_of, misses
from index.evaluation.outcomes import DEEPER, DEPTH, Outcome, Verdict
from index.evaluation.question_files import read_questions
from index.evaluation.questions import Question, QuestionsUnreadable, names_of
from index.evaluation.ranking import first_rank, ndcg, recall_at, reciprocal_rank
from index.evaluation.summary import Figure, Group, Summary, compare_outcomes, summarise
from index.evaluation.survey import Survey
from index.evaluation.wording import contains, normalise, token_f1

__all__ = [
    "DEEPER",
    "DEPTH",
    "Comparison",
    "Estimate",
    "Figure",
    "Finding",
    "Group",
    "Measure",
    "Miss",
    "Outcome",
    "Question",
    "QuestionsUnreadable",
    "SettingUnknown",
    "Summary",
    "Survey",
    "Verdict",
    "auroc",
    "changed",
    "compare",
    "compare_outcomes",
    "contains",
    "described",
    "first_rank",
    "interval",
    "measure",
    "miss_of",
    "misses",
    "names_of",
    "ndcg",
    "normalise",
    "permutation_test",
    "read_questions",
    "recall_at",
    "reciprocal_rank",
    "sign_test",
    "summarise",
    "token_f1",
]
