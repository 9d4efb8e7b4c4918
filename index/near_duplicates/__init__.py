"""Which articles tell one story: wire copy under another headline, updates, corrections (pure)."""

from index.near_duplicates.comparison import DAYS, Text, is_one_story
from index.near_duplicates.corrections import is_correction
from index.near_duplicates.signature import BANDS, VERSION, Signature, may_be_one_story, signature_of

__all__ = [
    "BANDS",
    "DAYS",
    "VERSION",
    "Signature",
    "Text",
    "is_correction",
    "is_one_story",
    "may_be_one_story",
    "signature_of",
]
