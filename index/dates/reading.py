"""A question to the time that it speaks of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.dates.absolute import joined, written_dates
from index.dates.interval import Lean, Time
from index.dates.relative import relative_date

if TYPE_CHECKING:
    from datetime import date

_PRESENT = re.compile(
    r"(?<!\w)(?:latest|newest|currently|current|now|right now|recently|recent|nowadays|these days|at the moment"
    r"|at present|just"
    r"|сейчас|теперь|недавно|ныне|в настоящее время|зараз|тепер|нещодавно|нині"
    r"|ahora|actualmente|recientemente|últimamente|aktuell\w*|derzeit|jetzt|kürzlich|neulich|momentan|gerade"
    r"|maintenant|actuellement|récemment|en ce moment)(?!\w)",
    re.IGNORECASE,
)
_HISTORY = re.compile(
    r"(?<!\w)(?:back then|in those days|originally|historically|centur(?:y|ies) ago"
    r"|in the (?:last|\d+th|nineteenth|twentieth) century"
    r"|когда-то|в те годы|тогда|исторически|в прошлом веке|колись|entonces|en aquella época|históricamente|damals|einst"
    r"|à l['’]époque|autrefois|jadis)(?!\w)",
    re.IGNORECASE,
)


def time_of(question: str, asked: date) -> Time:
    """The time that a question asked on a day speaks of; any text will do.

    A date that is written out beats one that is told from the day of asking; several that are written out are joined.
    What lies in the future is what is asked about, not when it was reported.
    """
    written = [each for each in written_dates(question, asked) if each.interval.first <= asked]
    if written:
        lean = Lean.PAST if any(each.lean is Lean.PAST for each in written) else Lean.NONE
        spans = tuple(each.span for each in written if each.droppable)
        return Time(interval=joined(written), spans=spans, explicit=True, lean=lean)
    told = relative_date(question, asked)
    if told is not None:
        return Time(interval=told[0], spans=(told[1],))
    if _HISTORY.search(question):
        return Time(lean=Lean.PAST)
    return Time(lean=Lean.PRESENT if _PRESENT.search(question) else Lean.NONE)
