"""Where the words, numbers and acronyms of a text stand (pure)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
)
"""Scripts written without spaces between words, or, as Korean, with spaces between phrases."""
APOSTROPHES = "'’‘`ʼʻ′׳"
_MARKS = "".join(chr(at) for at in range(0x300, 0x1000) if unicodedata.category(chr(at)).startswith("M"))
_LETTER = rf"[^\W\d_{UNSPACED}]"
_QUOTED = r"(?<=[א-ת])[\"״](?=[א-ת])"  # gershayim: ישראל is יש״ל in short
_PART = rf"{_LETTER}+(?:[{_MARKS}]+{_LETTER}*)*(?:(?:[{APOSTROPHES}]|{_QUOTED}){_LETTER}+)*"
_CAPITAL = "[A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐ]"
_ORDINAL = (
    r"(?:(?i:['’]?s|st|nd|rd|th|er|re|ère|ème|eme|e|o|a|os|as)|-(?:(?:о|е|ы)?[йеяхм]|го|му|ми|ті|та|те|ша|га))(?!\w)"
)
_TOKEN = re.compile(
    rf"(?P<acronym>(?=.[.\ ])(?:\b{_LETTER}(?:(?:\.\ ?{_LETTER}\b){{1,15}}\.|(?:\.{_LETTER}\b){{1,15}})(?:['’]s\b)?"
    rf"|\b{_CAPITAL}(?:\ {_CAPITAL}\b){{1,3}}(?=\ {_CAPITAL}\w)))"
    r"|(?P<number>(?:\d{1,2}(?:,\d{2})+,\d{3}(?!\d)|\d+(?:[.,'’٬]\d{3})*(?:[.,٫]\d+)?)"
    rf"(?:{_ORDINAL})?)(?P<unit>{_LETTER}{{1,3}}\b)?"
    rf"|(?P<unspaced>[{UNSPACED}]+)"
    rf"|(?P<word>(?<![-‐‑]){_PART})(?:(?P<compound>(?:[-‐‑]{_PART})+)|[-‐‑]?(?P<tail>\d{{1,4}})(?![.,]?\d))?"
    rf"|(?P<last>{_PART})"
)
_ALONE = r"(?<![\w.,/:-])"
_SPACED_GROUPING = re.compile(
    r"[\ \u00a0\u2009\u202f](?=\d{3}(?!\d))(?:(?<=\d[\u00a0\u2009\u202f])"
    rf"|(?<={_ALONE}\d\ )|(?<={_ALONE}\d\d\ )|(?<={_ALONE}\d\d\d\ ))"
)


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Matches whose ``lastgroup`` is the kind of a token and whose text is the token.

    The kinds: acronym, number, unit (19m, 5G), unspaced (a run without spaces), word, compound (words joined by
    hyphens) tail (a word with a number: F-16, Covid19) and last
    (a word behind a hyphen that a number or sign stands before). The text is in NFKC; numbers have lost the spaces that
    part their thousands. A plain space does so only after one to three digits: 2020 500 stays two numbers.
    """
    plain = _SPACED_GROUPING.sub("", text.replace("´", "'"))
    return _TOKEN.finditer(unicodedata.normalize("NFKC", plain))
